"""A month of beats as the page of supervision shows it: every beat that is due on a day, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.domain.cadence.beats import BEATS, Beat, due_periods, next_due
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.periods import Period, PeriodKind, period_named, period_of
from tracker.services.cadence import gaps
from tracker.services.cadence.gaps import Books, DueBeat
from tracker.services.house.work import reading, wiring
from tracker.storage.cadence import records
from tracker.storage.cadence.records import Beaten
from tracker.web.house.business_day import today

# How a beat stands: word, shape and colour.
MARKS: dict[str, tuple[str, str, str]] = {
    "done": ("完成", "✓", "green"), "late": ("补发", "◷", "yellow"), "missing": ("缺", "■", "red"), "failed": ("失败", "✕", "red"),
    "running": ("办理中", "◐", "blue"), "due": ("待办理", "▲", "yellow"), "next": ("未到时", "○", "none"),
    "absent": ("无记录", "○", "none"),
}
MOST_WEEKS = 6
A_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class BeatMark:
    """One beat on its day."""

    cadence: Beat
    period: str
    due_at: datetime
    how: str
    is_signed: bool = False

    @property
    def short(self) -> str:
        """The cadence in two or three characters."""
        return self.cadence.brief

    @property
    def span(self) -> Period:
        """The period that it is of."""
        return period_named(self.period)

    @property
    def said(self) -> tuple[str, str, str]:
        """Word, shape and colour."""
        return MARKS[self.how]


@dataclass(frozen=True)
class Day:
    """A day of the month view; those of other months are empty."""

    on: date
    is_inside: bool
    marks: tuple[BeatMark, ...]


@dataclass(frozen=True)
class Ahead:
    """A cadence with its next beat, and its last record where it has one."""

    cadence: Beat
    period: Period
    due_at: datetime
    last: BeatMark | None


def month_named(text: str) -> date:
    """The first day of a month given as 2026-11; of this month for nothing. Raises `Invalid` otherwise."""
    if not text:
        return today().on.replace(day=1)
    try:
        period = period_named(text)
    except Invalid:
        period = None
    if period is None or period.kind is not PeriodKind.month:
        raise Invalid("月份无法识别，应写作 2026-11。", field="month")
    return period.first


def weeks_of(first: date, area_code: str, kept: Books) -> list[list[Day]]:
    """The weeks of a month, from Monday to Sunday, with everything that is due."""
    month = period_of(PeriodKind.month, first)
    marks = _marks_by_day(month, area_code, kept)
    start = month.first - timedelta(days=month.first.weekday())
    days = [start + timedelta(days=n) for n in range(MOST_WEEKS * 7)]
    weeks = [days[at:at + 7] for at in range(0, len(days), 7)]
    return [[Day(on, month.first <= on <= month.last, tuple(marks.get(on, ()))) for on in week] for week in weeks
            if week[0] <= month.last]


def ahead(area_code: str) -> list[Ahead]:
    """Every cadence with when it is due next and how it last went."""
    now, calendar, zone = wiring().clock.now(), today().calendar, wiring().zone
    last = records.latest_of_each(reading(), area_code)
    return [Ahead(each, *next_due(each, now, calendar, zone), last=_row_mark(each, last[each.id], now) if each.id in last
                  else None)
            for each in BEATS]


def how_unrecorded(beat: DueBeat, kept: Books, now: datetime) -> str:
    """How a beat without a record stands."""
    is_absent = beat.due_at <= now and kept.is_before(beat)
    return "absent" if is_absent else how(None, beat.cadence, beat.due_at, now)


def how(row: Beaten | None, cadence: Beat, due_at: datetime, now: datetime) -> str:
    """How a beat stands, by its record where it has one."""
    if row is not None:
        return ("late" if row.is_caught_up else "done") if row.state == "done" else row.state
    if due_at > now:
        return "next"
    return "missing" if now > due_at + timedelta(minutes=cadence.grace_minutes) else "due"


def _marks_by_day(month: Period, area_code: str, kept: Books) -> dict[date, list[BeatMark]]:
    zone, now = wiring().zone, wiring().clock.now()
    opens, closes = (datetime.combine(on, time(), zone) for on in (month.first, month.last + timedelta(days=1)))
    began = _began_before(opens, area_code, kept)
    known = {(row.cadence, row.period): row for row in records.due_between(reading(), area_code, opens, closes)}
    found: dict[date, list[BeatMark]] = defaultdict(list)
    for cadence in BEATS:
        for period in due_periods(cadence, opens - A_TICK, closes - A_TICK, today().calendar, zone):
            due_at, row = cadence.due_at(period, today().calendar, zone), known.pop((cadence.id, period.key), None)
            beat = DueBeat(cadence, period, area_code, due_at)
            if row is not None:
                found[due_at.date()].append(BeatMark(cadence, period.key, due_at, how(row, cadence, due_at, now),
                                                     bool(row.signed_at)))
            elif due_at > now or not (kept.is_before(beat) and gaps.why_empty(beat, began)):
                found[due_at.date()].append(BeatMark(cadence, period.key, due_at, how_unrecorded(beat, kept, now)))
    for row in known.values():  # due on this day by the calendar of then
        cadence = next(each for each in BEATS if each.id == row.cadence)
        found[wiring().clock.local(row.due_at).date()].append(_row_mark(cadence, row, now))
    return {on: sorted(marks, key=lambda mark: mark.due_at) for on, marks in found.items()}


def _began_before(moment: datetime, area_code: str, kept: Books) -> date | None:
    """Since when the ledger tells anything; asked only of a time in which some beat was not kept yet."""
    instants = [kept.since_of(cadence, area_code) for cadence in BEATS]
    return gaps.began_on() if any(since is None or moment < since for since in instants) else None


def _row_mark(cadence: Beat, row: Beaten, now: datetime) -> BeatMark:
    return BeatMark(cadence, row.period, row.due_at, how(row, cadence, row.due_at, now), bool(row.signed_at))
