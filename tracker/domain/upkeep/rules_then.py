"""The rules that were in force at a position of the log: limits, working calendar, values of the rule book, sources."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from tracker.domain.cases.belonging.candidates import Post
from tracker.domain.evidence.sources import asks_notice
from tracker.domain.reports.rule_book import read, rule_named
from tracker.domain.rules.area_codes import codes_above
from tracker.domain.rules.deadlines import Due, due
from tracker.domain.rules.limits import Limit, LimitUnit, Stage, choose
from tracker.domain.rules.shapes import hours_of
from tracker.domain.rules.workdays import CalendarDay, DayKind, DaySource, WorkCalendar, published_years, with_own_days
from tracker.domain.upkeep.folded_case import FoldedCase
from tracker.domain.upkeep.timelines import Row, Timelines

_DAYS = ("calendar_days", "own_days")


@dataclass
class RulesThen:
    """What the law asks of the rules, as of a position."""

    past: Timelines

    def source(self, source_id: int, position: int) -> Row:
        """The source of a case. KeyError for none."""
        history = self.past.rows["sources"][str(source_id)]
        row = history.at(position)
        if row is None:
            raise KeyError(source_id)
        return row

    def posts(self, case: FoldedCase, position: int) -> tuple[Post, ...]:
        """Who was chief of the section in which a case lies that is being checked."""
        section = case.place_beside.get("section_code")
        if not case.candidates or not section:
            return ()
        return tuple(Post(row["person_id"], date.fromisoformat(row["valid_from"]), _day_or_none(row["valid_to"]))
                     for row in self.past.all_at("chiefs", position) if row["section_code"] == section and row["person_id"])

    def most_requests(self, on: date, position: int) -> tuple[int, int]:
        """How often a case may be sent back, and its date put off, on a day."""
        return self.past.kept(("rule_values",), on, position, partial(self._read_requests, on, position))

    def _read_requests(self, on: date, position: int) -> tuple[int, int]:
        returns, extensions = (self._value_of(key, on, position) for key in ("most_returns", "most_extensions"))
        assert isinstance(returns, int)
        assert isinstance(extensions, int)
        return returns, extensions

    def value(self, key: str, on: date, position: int) -> object:
        """A value of the rule book, as it held on a day."""
        return self.past.kept(("rule_values",), (key, on), position, partial(self._value_of, key, on, position))

    def since(self, key: str, on: date, position: int) -> date | None:
        """Since when that value holds; None where none was set."""
        days = [row["effective_from"] for row in self.past.all_at("rule_values", position) if row["key"] == key]
        return max((day for text in days if (day := date.fromisoformat(text)) <= on), default=None)

    def number(self, key: str, on: date, position: int) -> int:
        """A number of the rule book, as it held on a day."""
        found = self._value_of(key, on, position)
        assert isinstance(found, int)
        return found

    def due(self, source: str, stage: Stage, on: date, position: int, area: str = "") -> Due:
        """The due date of a stage that begins on a day, in a place."""
        around = self._places_around(position, area)
        return self.past.kept(("limits", *_DAYS, "rule_values"), (source, stage, on, around), position,
                              partial(self._due_of, source, stage, on, position, area))

    def calendar(self, position: int, area: str = "") -> WorkCalendar:
        """The working calendar of a place: the country's, and the days that it and those around it have of their own."""
        return self.past.kept(_DAYS, ("calendar", self._places_around(position, area)), position,
                              partial(self._read_calendar, position, area))

    def _places_around(self, position: int, area: str) -> tuple[str, ...]:
        """The places around one, and itself, that have days of their own; the widest first."""
        own = self.past.kept(_DAYS, "own", position, partial(self._read_own_days, position))
        return tuple(code for code in (*codes_above(area), area) if code in own) if own else ()

    def _due_of(self, source: str, stage: Stage, on: date, position: int, area: str) -> Due:
        limits = self.past.kept(("limits",), "limits", position, partial(self._read_limits, position))
        hours = hours_of(str(self._value_of("office_hours", on, position)))
        return due(choose(limits, source, stage, on), on, self.calendar(position, area), hours)

    def _value_of(self, key: str, on: date, position: int) -> object:
        dated = sorted((row["effective_from"], row["value"]) for row in self.past.all_at("rule_values", position)
                       if row["key"] == key)
        place = bisect_right([day for day, _ in dated], on.isoformat())
        return read(key, dated[place - 1][1]) if place else rule_named(key).default

    def _read_limits(self, position: int) -> tuple[Limit, ...]:
        return tuple(Limit(r["source_key"] or None, Stage(r["stage"]), r["amount"], LimitUnit(r["unit"]),
                           r["is_first_day_counted"], r["basis"], date.fromisoformat(r["effective_from"]),
                           _day_or_none(r["effective_to"]), bool(r.get("rolls"))) for r in self.past.all_at("limits", position))

    def _read_own_days(self, position: int) -> dict[str, list[CalendarDay]]:
        found: dict[str, list[CalendarDay]] = defaultdict(list)
        for row in self.past.all_at("own_days", position):
            found[row["area_code"]].append(_day_of(row, DaySource.entered))
        return dict(found)

    def _read_calendar(self, position: int, area: str) -> WorkCalendar:
        if around := self._places_around(position, area):
            own = self.past.kept(_DAYS, "own", position, partial(self._read_own_days, position))
            return with_own_days(self.calendar(position), [day for code in around for day in own[code]])
        days = tuple(_day_of(row, DaySource(row["source"]))
                     for row in sorted(self.past.all_at("calendar_days", position), key=lambda row: row["day"]))
        return WorkCalendar(days, published_years(days))


def _day_of(row: Row, source: DaySource) -> CalendarDay:
    return CalendarDay(date.fromisoformat(row["day"]), DayKind(row["kind"]), row["name"], source, row["paper"])


def _day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def notice_then(source: Row, verified_at: datetime | str | None) -> bool:
    """Whether a case needed a public notice, by the row of its source as it was told then."""
    since, is_required = source.get("notice_since"), bool(source["is_notice_required"])
    if not since:
        return asks_notice(is_required, None, None)
    return asks_notice(is_required, datetime.fromisoformat(since),
                       datetime.fromisoformat(verified_at) if isinstance(verified_at, str) else verified_at)
