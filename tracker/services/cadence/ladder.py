"""The ladder at work: the running clocks of open cases, the rungs that clocks reach today, and the rows that say so."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from tracker.domain.cadence.ladder import WAITING, Reached, Rung, Watched, WatchedClock, latest_due, reached, read_ladder
from tracker.domain.cases.facts import DUE_DATE_REMINDS, OPEN, CaseState
from tracker.domain.house.errors import Incomplete
from tracker.domain.rules.deadlines import OfficeHours, due
from tracker.domain.rules.limits import Limit, Stage, choose
from tracker.domain.rules.workdays import WorkCalendar
from tracker.services.cases.assign_clock import start_of
from tracker.services.house.work import Work, wiring
from tracker.services.rules import rules, values
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.cadence.reminders import OpenCase
from tracker.storage.house.base import inserting

S = CaseState
ROWS = ReminderRow.__table__


def ladder(on: date) -> tuple[Rung, ...]:
    """The rungs in force on a day: those of the rule book, and those of everybody else whom a case waits for."""
    return (*read_ladder(values.value("ladder", on)), *WAITING)


def word_of(code: str, on: date) -> str:
    """What a rung was called on a day; its code where the ladder of that day has no such rung any more."""
    return next((rung.word for rung in ladder(on) if rung.code == code), code)


def quiet_hours(on: date) -> str:
    """The hours of a day in which no mail goes out."""
    return str(values.value("quiet_hours", on))


def _submitted_on(case: OpenCase) -> date | None:
    return _office_day(case.submitted_at)


def _assigning_from(case: OpenCase) -> date | None:
    return start_of(case.waits_since) if case.waits_since is not None else None


def _verified_on(case: OpenCase) -> date | None:
    return _office_day(case.verified_at)


def is_to_publish(case: OpenCase) -> bool:
    """Whether a verified case waits for a public notice rather than for its closing."""
    return case.is_notice_required and case.history == "own"


# What a case waits for whose row names the date itself, and where a limit counts from a day. A suspended case waits for nothing.
NAMED: Mapping[CaseState, tuple[WatchedClock, Callable[[OpenCase], date | None]]] = {
    S.checking: (WatchedClock.confirm, lambda case: case.confirm_due_on),
    S.assigned: (WatchedClock.acknowledge, lambda case: case.acknowledge_due_on),
    S.phased: (WatchedClock.phase, lambda case: case.phase_next_on),
}
COUNTED: Mapping[CaseState, Callable[[OpenCase], tuple[WatchedClock, Stage, date | None]]] = {
    S.registered: lambda case: (WatchedClock.assign, Stage.assign, _assigning_from(case)),
    S.submitted: lambda case: (WatchedClock.verify, Stage.verify, _submitted_on(case)),
    S.verified: lambda case: (WatchedClock.publish if is_to_publish(case) else WatchedClock.close, Stage.close,
                              _verified_on(case)),
    S.noticed: lambda case: (WatchedClock.close, Stage.close, case.notice_to_on),
}


class Watcher:
    """Finds the clocks of cases, and remembers each limit's date."""

    def __init__(self, limits: Sequence[Limit] | None = None) -> None:
        self._limits, self._places = rules.limits() if limits is None else limits, rules.calendars()
        self._dates: dict[tuple[str, str, Stage, date], date | None] = {}
        self._hours: dict[date, OfficeHours] = {}
        self._calendars: dict[str, WorkCalendar] = {}

    def of(self, case: OpenCase, waiting: Watched | None) -> Iterator[Watched]:
        """The clocks that run on a case; `waiting` is the one found for it by `waiting`."""
        if case.state in DUE_DATE_REMINDS and case.due_on is not None:
            yield Watched(case.stream, case.round, WatchedClock.rectify, case.due_on)
        if case.supervision_due_on is not None and case.state in OPEN:
            yield Watched(case.stream, case.round, WatchedClock.answer, case.supervision_due_on)
        if waiting is not None:
            yield waiting

    def waiting(self, case: OpenCase) -> Watched | None:
        """The clock of whoever the case waits for besides the work itself: to assign, to sign, to verify, to publish, to
        close."""
        if case.state in NAMED:
            watch, named_by = NAMED[case.state]
            on = named_by(case)
        elif case.state in COUNTED:
            watch, stage, start = COUNTED[case.state](case)
            on = self._limit_end(case, stage, start) if start is not None else None
        else:
            return None
        return Watched(case.stream, case.round, watch, on) if on is not None else None

    def _limit_end(self, case: OpenCase, stage: Stage, start: date) -> date | None:
        """The last day of a limit; None where no limit was in force, for a reminder is no reason to stop the run."""
        key = (case.source_key, case.jurisdiction, stage, start)
        if key not in self._dates:
            try:
                limit = choose(self._limits, case.source_key, stage, start)
                self._dates[key] = due(limit, start, self._calendar_of(case.jurisdiction), self._hours_of(start)).on
            except Incomplete:
                self._dates[key] = None
        return self._dates[key]

    def _calendar_of(self, area_code: str) -> WorkCalendar:
        if area_code not in self._calendars:
            self._calendars[area_code] = self._places.of(area_code)
        return self._calendars[area_code]

    def _hours_of(self, on: date) -> OfficeHours:
        if on not in self._hours:
            self._hours[on] = values.office_hours(on)
        return self._hours[on]


def reached_now(clocks: Iterable[Watched], on: date, given: Mapping[tuple[str, int, str], set[str]]) -> tuple[Reached, ...]:
    """The rungs newly reached on a day by these clocks, under the ladder and the calendar in force."""
    return reached(clocks, on, rules.calendar(), ladder(on), given)


def farthest_due(on: date) -> date:
    """The latest due date with which anything stands on a rung on a day."""
    calendar = rules.calendar()
    return max(latest_due(rung, on, calendar) for rung in ladder(on))


def write(work: Work, found: Sequence[Reached], on: date) -> set[tuple[str, str]]:
    """Write the rungs that were reached and those passed over; returns the (stream, rung) that nobody told before.

    The unique key decides: of two runs at once only one gets a rung back, and only that one tells it.
    """
    told = sorted(_rung_place(each, each.rung) for each in found)
    passed = sorted(_rung_place(each, rung) for each in found for rung in each.passed)
    if not told:
        return set()
    fixed = inserting(work.session)(ROWS).values({"on_date": on, "made_at": work.clock.now()})  # type: ignore[arg-type]
    statement = fixed.on_conflict_do_nothing(index_elements=["stream", "round", "lap", "rung"])
    fresh = {(row.stream, row.rung) for row in work.session.execute(statement.returning(ROWS.c.stream, ROWS.c.rung),
                                                                    _rung_rows(told, is_told=True))}
    if passed:
        work.session.execute(statement, _rung_rows(passed, is_told=False))
    return fresh


def _rung_place(each: Reached, rung: Rung) -> tuple[str, int, str, str, date]:
    """Where a rung stands: in this order two runs at once never wait for each other crosswise."""
    clock = each.watched
    return clock.stream, clock.round, clock.lap, rung.code, clock.due_on


def _rung_rows(places: Iterable[tuple[str, int, str, str, date]], *, is_told: bool) -> list[dict[str, object]]:
    return [{"stream": stream, "round": round_, "lap": lap, "rung": rung, "due_on": due_on, "is_told": is_told}
            for stream, round_, lap, rung, due_on in places]


def _office_day(at: datetime | None) -> date | None:
    return wiring().clock.local(at).date() if at is not None else None
