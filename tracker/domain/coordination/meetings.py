"""MEETING_FLOW （联席会议）: what is put on the agenda, who is called, what is decided of each item, and the minutes."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from tracker.domain.acts.facts import ActFacts, ActWhy, is_clock
from tracker.domain.acts.step_rows import (
    ANSWERS,
    DECIDES,
    FILES,
    RUNS,
    TARGET,
    UNOPENED,
    ActFlow,
    ActParty,
    ActStep,
    ActWho,
    reason,
)
from tracker.domain.cases.step_fields import MEETING_OUTCOMES
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, rows_of
from tracker.domain.house.say import Listed, Say

F, Step = FactKind, ActStep
KIND, RECORDER, CHAIR = "meeting", "recorder", "chair"
FOLLOWS, OUTCOME = "follows", "outcome"
MINUTES, MINUTES_DIGEST = "minutes", "minutes_digest"  # the text of the minutes in the fact of their issue, and its digest
ITEMS = "items"  # under which an act keeps its agenda: rows of position, target, outcome and the facts that tell of them


class MeetingState(StrEnum):
    """Where a meeting stands."""

    drafting = "drafting"
    called = "called"
    held = "held"
    issued = "issued"
    settled = "settled"
    cancelled = "cancelled"


class ItemOutcome(StrEnum):
    """What is decided of an item."""

    designation = "designation"
    measure = "measure"
    extend = "extend"
    defer = "defer"
    refer_up = "refer_up"
    none = "none"


S = MeetingState
SERIES: Choices = (("rail", "铁路沿线"), ("enforcement", "执法联动"), ("other", "其他"))
DAY_OFF = Say("休息日")
ITEM = Given("position", "第几项议题", FieldKind.number)
PREPARING = (S.drafting, S.called, S.held)  # what stands on an agenda there is decided there
HELD_AT = Given("held_at", "时间", FieldKind.instant)
PLACE = Given("place", "地点", longest=120)


def undecided(facts: ActFacts) -> tuple[int, ...]:
    """The items of which nothing was decided yet, by their positions."""
    return tuple(int(str(item["position"])) for item in facts.rows(ITEMS) if not item.get("outcome") and not item.get("dropped"))


def standing_items(items: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """The agenda without what was taken off it."""
    return tuple(item for item in items if not item.get("dropped"))


def item_key(number: str, item: Mapping[str, Any]) -> str:
    """What an item is about, over all meetings: the stream of a case or an act, or the item without one that was there first."""
    return str(item.get(TARGET) or item.get(FOLLOWS) or f"{number}/{item['position']}")


def _undecided_said(facts: ActFacts) -> str:
    """Which items keep the minutes back."""
    return Say("第 {positions} 项议题还没有议定。", positions=Listed(map(str, undecided(facts))))


def _has_items(actor: Actor, facts: ActFacts) -> bool:
    return bool(standing_items(facts.rows(ITEMS)))


def _all_decided(actor: Actor, facts: ActFacts) -> bool:
    return not undecided(facts)


def _is_the_chair(actor: Actor, facts: ActFacts) -> bool:
    return facts.details.get(CHAIR) in actor.persons


def _is_not_the_chair(actor: Actor, facts: ActFacts) -> bool:
    return not _is_the_chair(actor, facts)


def _nothing_owed(actor: Actor, facts: ActFacts) -> bool:
    return facts.owed_count == 0


CLOCK: ActWho = ActWho(Permission.clock_tick, is_clock)


class MeetingSteps:
    """The steps of a meeting."""

    open = Step(UNOPENED, S.drafting, (RUNS,), F("meeting:opened"),
        (Given("series", "会议类别", FieldKind.choice, choices=SERIES), Given("title", "会议名称", longest=80),
         Given("planned_on", "拟开日期", FieldKind.date)))
    add_item = Step((S.drafting, S.called, S.held), STAY, (RUNS, ANSWERS), F("meeting:item_added"),
        (Given(TARGET, "案件或事项编号", is_required=False, longest=40, hint="没有编号的，只写议题"),
         Given(FOLLOWS, "承接的议题", is_required=False, longest=24, hint="上次缓议、没有编号的议题，如 HY-2026-0001/2"),
         Given("question", "需议定的事项", FieldKind.long_text, longest=500)), is_quiet=True)
    drop_item = Step((S.drafting, S.called), STAY, (RUNS,), F("meeting:item_dropped"), (ITEM, reason("撤下理由")), is_quiet=True)
    call = Step((S.drafting,), S.called, (RUNS,), F("meeting:called"),
        (HELD_AT, PLACE, Given("chair", "主持人", FieldKind.person), Given("units", "参会单位", FieldKind.units),
         reason("提前不足的理由", is_required=False)),
        (FlowRule(ActWhy.no_items, _has_items),), told_to=(ActParty.units, ActParty.heads))
    postpone = Step((S.called,), STAY, (RUNS,), F("meeting:postponed"), (HELD_AT, reason("改期理由")), is_quiet=True,
        told_to=(ActParty.units, ActParty.heads))
    hold = Step((S.called,), S.held, (RUNS,), F("meeting:held"),
        (HELD_AT, Given("units", "到会单位", FieldKind.units), Given("person_count", "到会人数", FieldKind.number), FILES))
    decide_item = Step((S.held,), STAY, (RUNS,), F("meeting:item_decided"),
        (ITEM, Given("outcome", "议定结果", FieldKind.choice, choices=MEETING_OUTCOMES), Given("text", "议定内容", FieldKind.long_text),
         Given("lead_unit", "主办单位", FieldKind.unit, is_required=False),
         Given("units", "落实或协办单位", FieldKind.units, is_required=False),
         Given("due_on", "完成日期", FieldKind.date, is_required=False)),
        (FlowRule(ActWhy.is_chair, _is_not_the_chair, since=5),), hand=RECORDER, told_to=(ActParty.absent,))
    issue = Step((S.held,), S.issued, (RUNS, DECIDES), F("meeting:issued", MINUTES), (Given("document_no", "纪要文号", longest=60),),
        (FlowRule(ActWhy.items_open, _all_decided), FlowRule(ActWhy.not_chair, _is_the_chair)), hand=CHAIR,
        told_to=(ActParty.units, ActParty.heads))
    settle = Step((S.issued,), S.settled, (CLOCK,), F("meeting:settled"), (), (FlowRule(ActWhy.duties_open, _nothing_owed),))
    cancel = Step((S.drafting, S.called), S.cancelled, (RUNS,), F("meeting:cancelled"), (reason("取消理由"),), is_quiet=True,
        told_to=(ActParty.units, ActParty.heads))
    correct = Step((S.issued, S.settled), STAY, (RUNS,), F("meeting:corrected"), (ITEM, Given("text", "更正为", FieldKind.long_text),
        reason("更正理由")), is_quiet=True)


MEETING = ActFlow(
    kind=KIND, word="联席会议", prefix="HY", subkinds=SERIES,
    states={S.drafting: "筹备", S.called: "已通知", S.held: "已召开", S.issued: "已印发", S.settled: "已办结", S.cancelled: "取消"},
    finals=frozenset({S.settled, S.cancelled}), rows=rows_of(MeetingSteps, ActStep),
    step_words={
        MeetingSteps.open.name: "筹备会议", MeetingSteps.add_item.name: "列入议题", MeetingSteps.drop_item.name: "撤下议题",
        MeetingSteps.call.name: "通知开会", MeetingSteps.postpone.name: "改期", MeetingSteps.hold.name: "记录召开",
        MeetingSteps.decide_item.name: "议定", MeetingSteps.issue.name: "印发纪要", MeetingSteps.settle.name: "办结",
        MeetingSteps.cancel.name: "取消会议", MeetingSteps.correct.name: "更正纪要",
    },
    words={"day_off": "当天"}, says={ActWhy.items_open: _undecided_said},
    parts={RECORDER: "记录", CHAIR: "签发"},
    codes={"series": SERIES, "outcome": MEETING_OUTCOMES},
)
