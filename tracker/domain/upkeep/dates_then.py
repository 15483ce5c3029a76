"""The dates that a step may set, by the rules of its position: one day, or the days between two."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracker.domain.cases.step_rows import CaseStep, DateRule
from tracker.domain.rules.deadlines import notice_window, remaining_after_reject, shift_for_pause
from tracker.domain.rules.limits import LimitUnit, Stage
from tracker.domain.rules.workdays import WorkCalendar
from tracker.domain.upkeep.folded_case import FoldedCase
from tracker.domain.upkeep.rules_then import RulesThen
from tracker.domain.upkeep.timelines import instant

BOUNDED_SINCE = 3  # the edition from which dates that people give by hand are judged too
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Allowed:
    """The day by rule, None for none, and beside it those from `first` to `last`, where people may choose."""

    by_rule: date | None
    first: date | None = None
    last: date | None = None

    def has(self, on: date | None) -> bool:
        """Whether this may be the date."""
        is_between = on is not None and self.first is not None and self.first <= on and (self.last is None or on <= self.last)
        return on == self.by_rule or is_between


@dataclass(frozen=True)
class DatedStep:
    """A step as it was taken: on which day, at which position, what it says and sets, and the case before it."""

    case: FoldedCase
    step: CaseStep
    position: int
    on: date
    edition: int
    payload: Mapping[str, Any]
    rules: RulesThen
    day_of: Callable[[datetime], date]

    @property
    def calendar(self) -> WorkCalendar:
        """The working calendar of the case's place."""
        return self.rules.calendar(self.position, self.case.jurisdiction)

    @property
    def unit(self) -> LimitUnit:
        """What the time of the case is counted in."""
        return LimitUnit(self.case.limit_unit or LimitUnit.calendar_day.value)

    def due(self, stage: Stage) -> date:
        """The last day of a stage that begins with this step."""
        source = self.rules.source(self.case.source_id, self.position)["key"]
        return self.rules.due(source, stage, self.on, self.position, self.case.jurisdiction).on


def dates_by_rule(taken: DatedStep) -> dict[str, Allowed]:
    """What each date may be that this step sets; a date of which nothing is said is not judged."""
    judged = _JUDGED.get(taken.step.dates)
    if judged is not None:
        return judged(taken)
    if taken.edition < BOUNDED_SINCE:
        return {}
    later = _LATER.get(taken.step.dates, _of_restart if taken.step.restarts_clock else None)
    return later(taken) if later is not None else {}


def _of_assignment(taken: DatedStep) -> dict[str, Allowed]:
    by_rule = {"acknowledge_due_on": Allowed(taken.due(Stage.acknowledge)),
               "return_until_on": Allowed(taken.due(Stage.return_request))}
    if not taken.payload.get("due_reason") and not (taken.payload.get("words") or {}).get("due_reason"):
        by_rule["due_on"] = Allowed(taken.case.due_on or taken.due(Stage.rectify))
    return by_rule


def _of_sending(taken: DatedStep) -> dict[str, Allowed]:
    return {"confirm_due_on": Allowed(taken.due(Stage.confirm))}


def _of_notice(taken: DatedStep) -> dict[str, Allowed]:
    first = date.fromisoformat(taken.payload["set"]["notice_from_on"])
    return {"notice_to_on": Allowed(notice_window(first, taken.payload["workdays"], taken.calendar).last)}


def _of_pause(taken: DatedStep) -> dict[str, Allowed]:
    case = taken.case
    if case.paused_from_on is None or case.due_on is None:
        return {}
    return {"due_on": Allowed(shift_for_pause(case.due_on, taken.unit, case.paused_from_on, taken.on, taken.calendar,
                                              rolls=case.is_due_rolling).on)}


def _of_rejection(taken: DatedStep) -> dict[str, Allowed]:
    case = taken.case
    if case.due_on is None or case.submitted_at is None:
        return {}
    left = remaining_after_reject(taken.day_of(instant(str(case.submitted_at))), case.due_on, taken.on, taken.unit,
                                              taken.calendar, rolls=case.is_due_rolling)
    return {"due_on": Allowed(left.on, first=taken.on)}


def _of_extension(taken: DatedStep) -> dict[str, Allowed]:
    if taken.case.due_on is None:
        return {}
    most = taken.rules.number("longest_extension_days", taken.on, taken.position)
    last = taken.case.due_on + timedelta(days=most)
    return {"due_on": Allowed(last, first=taken.case.due_on + ONE_DAY, last=last)}


def _of_phase(taken: DatedStep) -> dict[str, Allowed]:
    due_on = taken.case.due_on
    node = taken.case.pending_on if taken.step.decides else taken.case.phase_next_on
    return {} if due_on is None else {"due_on": Allowed(max(due_on, node) if node else due_on)}


def _of_restart(taken: DatedStep) -> dict[str, Allowed]:
    return {"due_on": Allowed(taken.due(Stage.rectify), first=taken.on)}


_JUDGED: dict[DateRule, Callable[[DatedStep], dict[str, Allowed]]] = {
    DateRule.assigned: _of_assignment, DateRule.noticed: _of_notice, DateRule.resumed: _of_pause,
    DateRule.sent_down: _of_sending,
}
_LATER: dict[DateRule, Callable[[DatedStep], dict[str, Allowed]]] = {
    DateRule.merged: _of_pause, DateRule.rejected: _of_rejection, DateRule.extended: _of_extension, DateRule.phased: _of_phase,
}
