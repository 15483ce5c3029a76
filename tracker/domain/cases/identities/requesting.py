"""A reporter is opened or erased by two persons: one asks, another decides. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotAllowed
from tracker.domain.house.fields import Choices
from tracker.domain.house.lifecycle import StepName

OPEN_MINUTES, MOST_OPENINGS = 30, 3
DECIDED_WITHIN = timedelta(days=3)
FEWEST_LETTERS, LONGEST = 10, 500
MOST_A_DAY = 5  # openings by one person, before auditors and leads are told
DECIDE = StepName("decide_identity")  # the one step of a request


class RequestPurpose(StrEnum):
    """What is asked for."""

    reveal = "reveal"
    erase = "erase"


class RequestState(StrEnum):
    """Where a request stands."""

    asked = "asked"
    granted = "granted"
    refused = "refused"
    lapsed = "lapsed"
    done = "done"


PURPOSES: dict[RequestPurpose, str] = {RequestPurpose.reveal: "查阅", RequestPurpose.erase: "删除"}
REQUEST_STATES: dict[RequestState, str] = {
    RequestState.asked: "待审批", RequestState.granted: "已同意", RequestState.refused: "不同意", RequestState.lapsed: "已失效",
    RequestState.done: "已办理",
}
REASONS: Choices = (
    ("verify_by_call", "回访核实"), ("clarify", "核对地点或事实"), ("reward", "核发举报奖励"), ("protect", "保护举报人"),
    ("authority", "司法、监察机关依法调取"), ("own_request", "举报人本人要求查阅"), ("other", "其他"),
)
# On what an erasure rests: the law and its article.
BASES: Choices = (
    ("pipl_47_purpose", "《个人信息保护法》第四十七条：处理目的已实现、无法实现或不再必要"),
    ("pipl_47_term", "《个人信息保护法》第四十七条：保存期限已届满"),
    ("pipl_47_consent", "《个人信息保护法》第四十七条：个人撤回同意"),
    ("pipl_47_unlawful", "《个人信息保护法》第四十七条：违反法律、行政法规或约定处理"),
    ("ruling", "人民法院、检察机关或监察机关的生效文书"),
)
CHOICES: dict[RequestPurpose, Choices] = {RequestPurpose.reveal: REASONS, RequestPurpose.erase: BASES}


@dataclass(frozen=True)
class AskedIdentity:
    """What the law looks at: whose case it is, who rectifies it, and who asked."""

    area_code: str
    unit_ids: frozenset[int]
    persons: Collection[int | None]


def decider_refusal(actor: Actor, asked: AskedIdentity) -> NotAllowed | None:
    """Why this person may not decide; None when they may: another custodian or a lead of the area, of no rectifying unit."""
    if not actor.has_in(Permission.identity_decide, asked.area_code):
        return NotAllowed("举报人信息的申请由另一名身份保管员或区领导审批。", code="no_permission")
    if set(actor.persons) & set(asked.persons):
        return NotAllowed("不能审批自己提出的申请。", code="own_request")
    if asked.unit_ids & set(actor.all_units):
        return NotAllowed("整改单位的人员不能审批本案举报人信息的申请。", code="same_unit")
    return None
