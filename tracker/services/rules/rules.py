"""The rules in force: calendar, limits, sources, routing, areas. Read from the database; what every page asks is
kept until it changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.domain.evidence.sources import SAMPLE
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.area_codes import AreaLevel, codes_above
from tracker.domain.rules.limits import Limit, LimitUnit, Stage
from tracker.domain.rules.workdays import CalendarDay, DayKind, DaySource, WorkCalendar, amended, published_years, with_own_days
from tracker.domain.territory.routing import RoutingRule
from tracker.domain.territory.territory import Area, AreaKind, Gazetteer
from tracker.services.house.caching import amended_in_work, rules_changed, until_a_rule_changes, version_column, version_noted
from tracker.services.house.work import reading, wiring
from tracker.storage.rules.rules import CalendarRow, LimitRow, OwnDay
from tracker.storage.territory.territory import AreaRow, RoutingRow, RuleList, Source

_SOURCE = select(Source, version_column.label("version")).where(Source.key == bindparam("wanted"))


@dataclass
class Calendars:
    """The country's calendar, and those of the places that have days of their own, made when somebody asks."""

    country: WorkCalendar
    own: dict[str, list[CalendarDay]]
    made: dict[tuple[str, ...], WorkCalendar] = field(default_factory=dict)

    def of(self, area_code: str) -> WorkCalendar:
        """The calendar of an area."""
        around = tuple(code for code in (*codes_above(area_code), area_code) if code in self.own)
        if not around:
            return self.country
        if around not in self.made:
            self.made[around] = with_own_days(self.country, [day for code in around for day in self.own[code]])
        return self.made[around]

    def amended(self, days: tuple[CalendarDay, ...]) -> "Calendars":
        """The same with these days entered for the country."""
        return Calendars(amended(self.country, days), self.own)


def calendar(area_code: str | None = None) -> WorkCalendar:
    """The working calendar in force in an area, and in the home area where none is named: the country's, with the days that this
    place and those around it have of their own, the narrowest area deciding."""
    return calendars().of(area_code or wiring().home_area)


def country_calendar() -> WorkCalendar:
    """The country's, without the days that places have of their own."""
    return calendars().country


def calendars() -> Calendars:
    """The country's calendar, and with it those of every place."""
    return until_a_rule_changes("calendar", _read_calendars)


def limits() -> tuple[Limit, ...]:
    """All limits, dated."""
    return until_a_rule_changes("limits", _read_limits)


def routing(on: date) -> tuple[RoutingRule, ...]:
    """The lines of the responsibility list that is in force on a day."""
    holds = (RuleList.valid_from <= on, or_(RuleList.valid_to.is_(None), RuleList.valid_to >= on))
    query = select(RoutingRow, RuleList.number).join(RuleList, RuleList.id == RoutingRow.list_id).where(*holds)
    query = query.order_by(RoutingRow.number)
    return tuple(rule_of(row, version) for row, version in reading().execute(query))


def rule_of(row: RoutingRow, version: int) -> RoutingRule:
    """A line as the law reads it."""
    return RoutingRule(row.number, row.category or None, row.area_code or None, _comma_words(row.keywords), row.lead_unit_code,
                       _comma_words(row.supporting_unit_codes), row.reason, row.valid_from, row.valid_to, row.side or None,
                       row.work or None, row.clause or str(row.number), row.basis, version)


def gazetteer() -> Gazetteer:
    """All divisions known, old and new."""
    return until_a_rule_changes("gazetteer", _read_areas)


def areas_changed(session: Session, known: Gazetteer, old: Sequence[Area], new: Sequence[Area]) -> None:
    """To be called by every deed that puts areas in place of others: a sheet of many of them does not read them all for each."""
    rules_changed(session)
    amended_in_work(session, "gazetteer", known.amended(old, new))


def source(key: str) -> Source:
    """The source with this key. Raises `Invalid` listing the known ones."""
    session = reading()
    found = session.execute(_SOURCE, {"wanted": key.strip()}).first()
    if found is None:
        known = Listed(f"{s.key}({s.name})" for s in sources())
        raise Invalid(Say("没有来源“{key}”；已有来源：{known}。", key=key, known=known), field="source")
    version_noted(session, found.version)
    row: Source = found[0]
    return row


def sources() -> list[Source]:
    """All sources, in the order of their keys."""
    return list(reading().scalars(select(Source).order_by(Source.key)))


def offered_sources() -> list[Source]:
    """Those that lists offer: a district does not choose a sample of another city."""
    return [source for source in sources() if source.kind != SAMPLE]


def _read_calendars(session: Session) -> Calendars:
    rows = session.scalars(select(CalendarRow).order_by(CalendarRow.on))
    days = tuple(CalendarDay(r.on, DayKind(r.kind), r.name, DaySource(r.source), r.paper) for r in rows)
    own: dict[str, list[CalendarDay]] = {}
    for r in session.scalars(select(OwnDay).order_by(OwnDay.area_code, OwnDay.on)):
        own.setdefault(r.area_code, []).append(CalendarDay(r.on, DayKind(r.kind), r.name, DaySource.entered, r.paper))
    return Calendars(WorkCalendar(days, published_years(days)), own)


def _read_limits(session: Session) -> tuple[Limit, ...]:
    return tuple(
        Limit(r.source_key or None, Stage(r.stage), r.amount, LimitUnit(r.unit), r.is_first_day_counted, r.basis,
              r.effective_from, r.effective_to, r.rolls)
        for r in session.scalars(select(LimitRow).order_by(LimitRow.id))
    )


def _read_areas(session: Session) -> Gazetteer:
    rows = session.scalars(select(AreaRow).order_by(AreaRow.code, AreaRow.valid_from))
    return Gazetteer(tuple(
        Area(code=r.code, name=r.name, level=AreaLevel(r.level), parent_code=r.parent_code or None,
             valid_from=None if r.valid_from == date.min else r.valid_from, valid_to=r.valid_to,
             successor_codes=_comma_words(r.successors), kind=AreaKind(r.kind), formal_code=r.formal_code,
             document_no=r.document_no)
        for r in rows
    ), wiring().home_area)


def _comma_words(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)
