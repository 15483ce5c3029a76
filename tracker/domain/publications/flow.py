"""PUBLICATION_FLOW: what the public shall read is drafted by one and reviewed by another, who publishes it; it is withdrawn with
a reason, replaced by its next version, or leaves the door after its last day. One table that buttons, guards and tests ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.lifecycle import STAY, FlowRule, Lifecycle, Step, Who, rows_of
from tracker.domain.publications.fact_kinds import PublicationFacts


class PublicationState(StrEnum):
    """Where it stands."""

    draft = "draft"
    published = "published"
    withdrawn = "withdrawn"
    superseded = "superseded"
    discarded = "discarded"


class PublicationWhy(StrEnum):
    """Why somebody may not."""

    wrong_state = "wrong_state"
    no_permission = "no_permission"
    out_of_reach = "out_of_reach"
    same_person = "same_person"
    has_hand = "has_hand"
    not_last = "not_last"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the law must know of a publication: where it stands, whose area it is of, whose words stand in it, who had a hand in
    what it is about, and whether its last day is over."""

    state: PublicationState
    area_code: str
    drafters: frozenset[int] = frozenset()
    hands: frozenset[int] = frozenset()
    is_past: bool = False


def _over_area(permission: Permission) -> Who[Standing]:
    return Who(permission, lambda actor, standing: actor.has_in(permission, standing.area_code))


def _is_another(actor: Actor, standing: Standing) -> bool:
    return standing.drafters.isdisjoint(actor.persons)


def _had_no_hand(actor: Actor, standing: Standing) -> bool:
    return standing.hands.isdisjoint(actor.persons)


def _is_past(actor: Actor, standing: Standing) -> bool:
    return standing.is_past


S = PublicationState
DRAFTS, REVIEWS = _over_area(Permission.publication_draft), _over_area(Permission.publication_review)
BY_CLOCK: Who[Standing] = Who(Permission.clock_tick, lambda actor, standing: actor.is_clock)
ANOTHER = FlowRule(PublicationWhy.same_person, _is_another)
REASON = Given("reason", "理由", FieldKind.long_text, longest=500)


class PublicationSteps:
    """The steps."""

    edit = Step((S.draft,), STAY, (DRAFTS,), PublicationFacts.edited)
    discard = Step((S.draft,), S.discarded, (DRAFTS,), PublicationFacts.discarded, (REASON,))
    return_ = Step((S.draft,), STAY, (REVIEWS,), PublicationFacts.returned, (REASON,), (ANOTHER,))
    publish = Step((S.draft,), S.published, (REVIEWS,), PublicationFacts.published, (),
                   (ANOTHER, FlowRule(PublicationWhy.has_hand, _had_no_hand)))
    withdraw = Step((S.published,), S.withdrawn, (REVIEWS,), PublicationFacts.withdrawn, (REASON,))
    expire = Step((S.published,), S.withdrawn, (BY_CLOCK,), PublicationFacts.expired, (),
                  (FlowRule(PublicationWhy.not_last, _is_past),))


PUBLICATION_FLOW: Lifecycle[Standing, Step[Any]] = Lifecycle(rows_of(PublicationSteps, Step), lambda standing: standing.state,
                                                             PublicationWhy)

# --- words ----------------------------------------------------------------------------------------------------------------------

STATES: Mapping[PublicationState, str] = {S.draft: "待复核", S.published: "已公开", S.withdrawn: "已撤下", S.superseded: "已被新版代替",
                                          S.discarded: "草稿作废"}
P = PublicationSteps
STEP_WORDS: Mapping[str, str] = {P.edit.name: "修改", P.discard.name: "作废草稿", P.return_.name: "退回修改", P.publish.name: "复核并公开",
                                 P.withdraw.name: "撤下", P.expire.name: "期满撤下"}
REFUSALS: Mapping[StrEnum, str] = {
    PublicationWhy.wrong_state: "这份公开内容的状态已经变了，请核对后再办。",
    PublicationWhy.no_permission: "公开内容由登记员、调度员或执法员起草，由调度员或区领导复核。",
    PublicationWhy.out_of_reach: "公开内容由本区域的人起草和复核。",
    PublicationWhy.same_person: "不能复核自己起草或修改过的公开内容。",
    PublicationWhy.has_hand: "经手过这件事的人不能复核它的公开内容。",
    PublicationWhy.not_last: "公开期还没有满。",
}


def refusal_sentence(why: StrEnum) -> str:
    """A reason as a sentence."""
    return REFUSALS[why]
