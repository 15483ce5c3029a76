"""What a joint meeting decided of an item, as steps of the case that the item is about: in its transaction, or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.coordination.meetings import ItemOutcome
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.lifecycle import StepName
from tracker.domain.house.say import Say
from tracker.services.acts.effects import ActDoing, case_of
from tracker.services.cases import steps as case_steps
from tracker.storage.people.accounts import Unit

CaseSteps = list[tuple[StepName, Mapping[str, object]]]


@dataclass(frozen=True)
class Decision:
    """One item of a meeting, and what was decided of it."""

    doing: ActDoing
    target: str
    position: int
    outcome: ItemOutcome
    lead: Sequence[Unit]
    units: Sequence[Unit]

    @property
    def label(self) -> Say:
        """Which item of which meeting, as the case will say."""
        return Say("{number} 第 {position} 项", number=self.doing.act.number, position=self.position)

    @property
    def text(self) -> str:
        """What was decided, in words."""
        return self.doing.text("text")


def carry_onto_case(decision: Decision) -> list[str]:
    """The names of the steps that its case took. Raises what the case's own flow refuses, and `Invalid` where a decision needs a
    case and the item has none."""
    asked = CARRIED.get(decision.outcome, _noted_decision)
    case = case_of(decision.doing.work, decision.target)
    if case is None and asked in (_designation_asked, _extension_asked):
        raise Invalid("这项议题没有关联案件，不能指定办理或同意延期。", field="outcome")
    if case is None or (asked is _noted_decision and case.state not in CASE_FLOW.steps[Steps.joint_meeting_decision.name].froms):
        return []  # nothing to note it on, or the case ended meanwhile: the minutes tell what was decided
    steps = asked(decision)
    for step, raw in steps:
        given = {name: value for name, value in raw.items() if value not in (None, "", [])}
        case_steps.take(decision.doing.actor, case.number, step, given)
    return [step for step, _ in steps]


def _designation_asked(decision: Decision) -> CaseSteps:
    if not decision.lead:
        raise Incomplete("请填写“主办单位”。", field="lead_unit")
    due_on = decision.doing.day("due_on")
    return [(Steps.designate.name, {
        "lead_unit": decision.lead[0].code, "supporting_units": [unit.code for unit in decision.units],
        "designated_by": "joint_meeting", "reason": decision.text, "meeting": decision.label,
        "due_on": due_on, "due_reason": decision.label if due_on else None})]


def _extension_asked(decision: Decision) -> CaseSteps:
    return [(Steps.grant_extension.name, {"new_due_on": decision.doing.day("due_on"), "reason": decision.text}),
            *_noted_decision(decision)]


def _upward_asked(decision: Decision) -> CaseSteps:
    return [(Steps.escalate.name, {"reason": decision.text}), *_noted_decision(decision)]


def _noted_decision(decision: Decision) -> CaseSteps:
    return [(Steps.joint_meeting_decision.name, {
        "held_on": decision.doing.act.began_on, "text": decision.text, "meeting": decision.label,
        "outcome": decision.outcome.value})]


CARRIED: Mapping[ItemOutcome, Callable[[Decision], CaseSteps]] = {  # every other one is noted
    ItemOutcome.designation: _designation_asked, ItemOutcome.extend: _extension_asked, ItemOutcome.refer_up: _upward_asked,
}
