"""A year's calendar entered, and every running case whose date leaned on the missing year counted again, with a fact on each.

Only provisional dates move. A date that was counted with a published year stays, even where a later notice changes that year:
people were told it as certain.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select

from tracker.domain.cases import due_sheet
from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.due_sheet import ClockSheet, DueFact
from tracker.domain.cases.facts import UNSIGNED, CaseState
from tracker.domain.cases.flow import ASSIGNED, OtherFacts
from tracker.domain.cases.recounting import recounted
from tracker.domain.house.actor import CLOCK, OPERATOR, Actor, Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.rules.deadlines import due
from tracker.domain.rules.fact_kinds import CalendarFacts
from tracker.domain.rules.limits import Limit, Stage, choose
from tracker.domain.rules.workdays import CalendarDay, DayKind, amended, published_years
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules import calendar as calendars
from tracker.services.rules import rules, values
from tracker.services.rules.calendar import STREAM, LoadedCalendar, Owed
from tracker.services.rules.rules import Calendars
from tracker.storage.cases import recounts
from tracker.storage.cases.cases import Case
from tracker.storage.cases.recounts import Running
from tracker.storage.house import ledger
from tracker.storage.people.accounts import Person

SHOWN = 200
FEWEST_HOLIDAYS = 11  # statutory days off of a year since 2008 at the least
FIRST_LIMITS: dict[Literal["acknowledge_due_on", "return_until_on"], Stage] = {
    "acknowledge_due_on": Stage.acknowledge, "return_until_on": Stage.return_request}
REASON = "工作日历已录入，暂定的时限按新日历重算。"


@dataclass(frozen=True)
class Change:
    """What moves on one case: the columns that take another value, and the due date before and after."""

    number: str
    state: CaseState
    before: date | None
    after: date | None
    is_still_provisional: bool
    columns: CaseChanges

    @property
    def is_other_date(self) -> bool:
        """Whether the due date itself moves; else only its mark goes, or an earlier limit moves."""
        return self.before != self.after


@dataclass(frozen=True)
class Preview:
    """What a file would do: days, cases, and what is odd about it. `changes` are the first of `change_count`."""

    days: tuple[CalendarDay, ...]
    added: int
    changed: int
    removed: int
    settled: tuple[int, ...]
    changes: tuple[Change, ...]
    change_count: int
    moved_count: int
    odd: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What was done: the days, and how many cases were counted again."""

    loaded: LoadedCalendar
    recomputed: int


@dataclass(frozen=True)
class LoadingEntry:
    """One loading on record."""

    at: datetime
    by: str
    years: tuple[int, ...]
    file: str
    added: int
    changed: int
    removed: int


@dataclass(frozen=True)
class _Law:
    """What a date is counted with."""

    places: Calendars
    limits: tuple[Limit, ...]
    settled: frozenset[int]

def preview(actor: Actor | None, days: tuple[CalendarDay, ...]) -> Preview:
    """What loading these days would change; nothing is written."""
    _check_right(actor)
    old = rules.country_calendar()
    new, known = amended(old, days), {day.on: day for day in old.days}
    settled = published_years(days) - old.published_years
    before = calendars.owed()
    law = _law_in_force(rules.calendars().amended(days), settled | before.years if before is not None else settled)
    shown, count, moved = list[Change](), 0, 0
    for change in _all_changes(law):
        count, moved = count + 1, moved + change.is_other_date
        if len(shown) < SHOWN:
            shown.append(change)
    added = sum(day.on not in known for day in days)
    return Preview(days, added, sum(day.on in known and day != known[day.on] for day in days),
                   len(old.days) + added - len(new.days),
                   tuple(sorted(settled)), tuple(shown), count, moved, tuple(_oddities_of(days)))


def load(actor: Actor | None, days: tuple[CalendarDay, ...], file: str = "", portion: int = recounts.PORTION) -> Done:
    """Enter the days, then count the provisional cases again, portion by portion.

    A run cut short is finished by the next loading, of the same file too, or by the clock at night: `finish`.
    """
    _check_right(actor)
    loaded = calendars.load(actor, days, file)
    return Done(loaded, _recount_portions(calendars.owed(), portion))


def finish(portion: int = recounts.PORTION) -> int | None:
    """Count again what a loading left owed; returns how many cases changed, None where nothing was owed."""
    owed = calendars.owed()
    return _recount_portions(owed, portion) if owed is not None else None


def _recount_portions(owed: Owed | None, portion: int) -> int:
    """Every case that leans on what these years were thought to be; only when all are through is nothing owed any more."""
    years = owed.years if owed is not None else frozenset()
    numbers = [change.number for change in _all_changes(_law_in_force(rules.calendars(), years))]
    done = sum(recompute(numbers[first:first + portion], sorted(years)) for first in range(0, len(numbers), portion))
    if owed is not None:
        calendars.settle(owed)
    return done


@deed
def recompute(work: Work, numbers: Sequence[str], settled: Sequence[int]) -> int:
    """Count these cases again under the calendar in force; returns how many changed.

    An administrator takes no step on a case, so the fact is the clock's and names the loading that caused it.
    """
    query = select(Case).where(Case.number.in_(numbers)).order_by(Case.id).with_for_update(of=Case).execution_options(
        populate_existing=True)
    cases = {case.number: case for case in work.session.scalars(query)}
    law, (version, digest) = _law_in_force(rules.calendars(), frozenset(settled)), ledger.head(work.session, STREAM)
    changes = [change for each in recounts.running(work.session, numbers) if (change := _case_change(each, law)) is not None]
    for change in changes:
        case = cases[change.number]
        work.move(case, OtherFacts.due_recomputed.fact, CLOCK, case.state, change.columns, {
            "from_due_on": change.before, "to_due_on": change.after, "calendar_version": version, "calendar_digest": digest[:16],
            "reason": REASON})
    return len(changes)


def history() -> tuple[LoadingEntry, ...]:
    """Who loaded what when, the newest first."""
    session = reading()
    facts = [fact for fact in ledger.stream_of(session, STREAM) if fact.kind == CalendarFacts.loaded]
    names = {row.id: row.name
             for row in session.execute(select(Person.id, Person.name).where(Person.id.in_({f.actor_id for f in facts})))}
    return tuple(_loading_entry(fact.at, names.get(fact.actor_id, OPERATOR.name), fact.payload) for fact in reversed(facts))


def _loading_entry(at: datetime, by: str, told: Mapping[str, Any]) -> LoadingEntry:
    added = told.get("added", len(told["days"]))
    changed = len(told["days"]) - added  # a day mended as a row tells its cells in place of their number
    return LoadingEntry(at, by, tuple(told["years"]), str(told.get("file") or ""), added, changed, len(told.get("removed", ())))


def _check_right(actor: Actor | None) -> None:
    if actor is not None:
        permits.require(actor, Permission.rules_manage)


def _law_in_force(places: Calendars, settled: frozenset[int]) -> _Law:
    return _Law(places, rules.limits(), settled)


def _all_changes(law: _Law) -> Iterator[Change]:
    reached = date(min(law.settled), 1, 1) if law.settled else date.max
    for portion in recounts.portions(reading(), reached):
        yield from (change for each in portion if (change := _case_change(each, law)) is not None)


def _case_change(case: Running, law: _Law) -> Change | None:
    """What the calendar moves on a case, None when nothing."""
    columns = _due_columns(case, law) | _first_limits(case, law)
    if not columns:
        return None
    after = columns.get("due_on", case.due_on)
    return Change(case.number, case.state, case.due_on, after, columns.get("is_due_provisional", case.is_due_provisional),
                  columns)


def _due_columns(case: Running, law: _Law) -> CaseChanges:
    if not case.is_due_provisional or case.due_on is None:
        return {}
    sheet = _clock_sheet(case, law)
    if not sheet.counts or sheet.is_withdrawn:
        return {}
    found = recounted(sheet.counts[-1], law.places.of(case.jurisdiction), values.office_hours(sheet.counts[-1].start))
    if found is None or (found.on == case.due_on and found.is_provisional):
        return {}
    columns: CaseChanges = {"due_on": found.on, "is_due_provisional": found.is_provisional}
    first = sheet.counts[-1].moves[0]
    is_of_this_clock = len(sheet.counts) == 1 or case.original_due_on == first.after
    if is_of_this_clock and not first.is_overruled and found.first != case.original_due_on:
        columns["original_due_on"] = found.first
    return columns


def _clock_sheet(case: Running, law: _Law) -> ClockSheet:
    local = wiring().clock.local
    told = [DueFact(fact.seq, fact.kind, local(fact.at).date(), fact.body) for fact in case.facts]
    return due_sheet.read(told, lambda on: choose(law.limits, case.source_key, Stage.rectify, on),
                          law.places.of(case.jurisdiction), values.office_hours)


def _first_limits(case: Running, law: _Law) -> CaseChanges:
    """The limits that run from the assignment, where they lean on a year that has just been published."""
    if case.state not in UNSIGNED:
        return {}
    assigned = next((fact for fact in reversed(case.facts) if fact.kind in ASSIGNED), None)
    if assigned is None:
        return {}
    start, found = wiring().clock.local(assigned.at).date(), CaseChanges()
    for column, stage in FIRST_LIMITS.items():
        held = getattr(case, column)
        if held is None or not law.settled & set(range(start.year, held.year + 1)):
            continue
        try:
            limit, place = choose(law.limits, case.source_key, stage, start), law.places.of(case.jurisdiction)
            on = due(limit, start, place, values.office_hours(start)).on
        except Refusal:
            continue
        if on != held:
            found[column] = on
    return found


def _oddities_of(days: Sequence[CalendarDay]) -> Iterator[str]:
    """What looks incomplete: a year that would count as published with hardly a holiday in it."""
    for year in sorted(published_years(days)):
        holidays = sum(day.on.year == year and day.kind is DayKind.holiday for day in days)
        if holidays < FEWEST_HOLIDAYS and len([d for d in rules.country_calendar().days if d.on.year == year
                                               and d.source != "estimated"]) < FEWEST_HOLIDAYS:
            yield Say("{year} 年只有 {holidays} 个放假日，全年一般不少于 {fewest_holidays} 天；录入后这一年就算已公布，请核对文件是否完整。", year=year,
                      holidays=holidays, fewest_holidays=FEWEST_HOLIDAYS)
