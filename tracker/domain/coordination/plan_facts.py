"""A programme as its facts had told it by a day: nothing but facts is read, so the same day is told alike ever after."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from tracker.domain.acts.fact_kinds import DutyFactKinds
from tracker.domain.acts.facts import DutyState
from tracker.domain.coordination.programmes import Indicator, ProgrammeSteps
from tracker.domain.coordination.schedules import PlannedMilestone

Told = Mapping[str, Any]


class ToldFact(Protocol):
    """A fact with its words."""

    @property
    def kind(self) -> str: ...
    @property
    def details(self) -> dict[str, Any]: ...


@dataclass
class PlanThen:
    """The plan as far as it was told: names of zones and phases by code, the cells that are left out, and the milestones by their
    number; of a draft by that in the draft, from adoption on by that of their duty."""

    zones: dict[str, str] = field(default_factory=dict)
    phases: dict[str, str] = field(default_factory=dict)
    phase_days: dict[str, date] = field(default_factory=dict)
    blanks: set[tuple[str, str]] = field(default_factory=set)
    milestones: dict[int, PlannedMilestone] = field(default_factory=dict)
    is_adopted: bool = False
    outside: set[str] = field(default_factory=set)  # attached cases that lie outside their zone

    def apply(self, kind: str, told: Told, on: date) -> None:
        """One fact more."""
        follow = _FOLLOWED.get(kind)
        if follow is not None:
            follow(self, told, on)

    @property
    def cases(self) -> frozenset[str]:
        """The streams of all attached cases."""
        return frozenset(case for each in self.milestones.values() for case in each.cases)

    def in_order(self) -> tuple[PlannedMilestone, ...]:
        """The milestones as they are numbered."""
        return tuple(self.milestones[position] for position in sorted(self.milestones))

    def change(self, position: object, **values: Any) -> None:
        """What is another way with one milestone now."""
        number = int(str(position))
        self.milestones[number] = replace(self.milestones[number], **values)


def plan_of(facts: Iterable[tuple[date, ToldFact]], until: date) -> PlanThen:
    """The plan at the end of a day, from facts in order with their office days."""
    plan = PlanThen()
    for on, fact in facts:
        if on <= until:
            plan.apply(fact.kind, fact.details, on)
    return plan


def _follow_draft(plan: PlanThen, told: Told, on: date) -> None:
    plan.zones = _named_codes(told["zone_codes"], told.get("zones"))
    lines = str(told.get("phases") or "").splitlines()
    plan.phases = _named_codes(told["phase_codes"], "\n".join(line.rpartition(" ")[0] for line in lines))
    plan.phase_days = {code: date.fromisoformat(day) for code, day in zip(told["phase_codes"], told["phase_days"], strict=True)}


def _follow_milestone(plan: PlanThen, told: Told, on: date) -> None:
    cell, goal = (told["zone_code"], told["phase_code"]), _quantity_of(told.get("goal_now"))
    due_on = date.fromisoformat(told["due_on"])
    plan.blanks.discard(cell)
    plan.milestones[told["position"]] = PlannedMilestone(
        told["position"], *cell, str(told.get("title") or ""), told["unit_ids"][0], told["weight"],
        date.fromisoformat(told["starts_on"]), due_on, Indicator(told["indicator"]), goal, str(told.get("measure") or ""),
        first_due_on=due_on, first_goal=goal)


def _follow_drop(plan: PlanThen, told: Told, on: date) -> None:
    del plan.milestones[int(told["position"])]


def _follow_blank(plan: PlanThen, told: Told, on: date) -> None:
    plan.blanks.add((told["zone_code"], told["phase_code"]))


def _follow_adoption(plan: PlanThen, told: Told, on: date) -> None:
    """From now on each has the number of its duty."""
    plan.is_adopted = True
    plan.milestones = {number: replace(plan.milestones[drafted], position=number)
                       for number, drafted in enumerate(told["positions"], start=1)}


def _follow_attachment(plan: PlanThen, told: Told, on: date) -> None:
    position = int(told["position"])
    plan.change(position, cases=(*plan.milestones[position].cases, told["case"]))
    if told.get("remark"):
        plan.outside.add(told["case"])


def _follow_detachment(plan: PlanThen, told: Told, on: date) -> None:
    position = int(told["position"])
    plan.change(position, cases=tuple(case for case in plan.milestones[position].cases if case != told["case"]))
    plan.outside.discard(told["case"])


def _follow_revision(plan: PlanThen, told: Told, on: date) -> None:
    before = plan.milestones[int(told["position"])]
    due_on = date.fromisoformat(told["due_on"]) if told.get("due_on") else before.due_on
    plan.change(before.position, due_on=due_on, goal=_quantity_of(told.get("goal_now")) or before.goal,
                revised_on=(*before.revised_on, on))


def _follow_answer(plan: PlanThen, told: Told, on: date) -> None:
    plan.change(told["position"], state=DutyState.answered, reported=_quantity_of(told.get("quantity")))


def _follow_return(plan: PlanThen, told: Told, on: date) -> None:
    plan.change(told["position"], state=DutyState.open, reported=None)


def _follow_booking(plan: PlanThen, told: Told, on: date) -> None:
    plan.change(told["position"], state=DutyState.open, reported=None, passed=_quantity_of(told.get("quantity")))


def _follow_passing(plan: PlanThen, told: Told, on: date) -> None:
    plan.change(told["position"], state=DutyState.met, reported=None, passed=_quantity_of(told.get("quantity")))


def _follow_waiver(plan: PlanThen, told: Told, on: date) -> None:
    plan.change(told["position"], state=DutyState.waived, reported=None)


def _quantity_of(said: object) -> Decimal | None:
    return Decimal(str(said)) if said not in (None, "") else None


def _named_codes(codes: Iterable[str], names: object) -> dict[str, str]:
    """Codes with their names; where these were erased, the codes themselves."""
    said = str(names or "").splitlines()
    found = list(codes)
    return dict(zip(found, said if len(said) == len(found) else found, strict=True))


_FOLLOWED: Mapping[str, Callable[[PlanThen, Told, date], None]] = {
    ProgrammeSteps.draft.fact: _follow_draft, ProgrammeSteps.add_milestone.fact: _follow_milestone,
    ProgrammeSteps.drop_milestone.fact: _follow_drop, ProgrammeSteps.leave_out.fact: _follow_blank,
    ProgrammeSteps.adopt.fact: _follow_adoption, ProgrammeSteps.attach.fact: _follow_attachment,
    ProgrammeSteps.detach.fact: _follow_detachment, ProgrammeSteps.revise.fact: _follow_revision,
    DutyFactKinds.answered: _follow_answer, DutyFactKinds.sent_back: _follow_return, DutyFactKinds.booked: _follow_booking,
    DutyFactKinds.passed: _follow_passing, DutyFactKinds.waived: _follow_waiver,
}
