"""What the morning list is gathered from: the open cases of an area, the rungs they have behind them, and their units.

Each of these is one statement, however many cases there are.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, literal, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import ACTIVE, CaseState, Request
from tracker.domain.rules.area_codes import beyond
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.cadence.rungs import CASE_STREAM, stream_of_case
from tracker.storage.cases.belonging.chiefs import posts_column, silent_column
from tracker.storage.cases.belonging.parts import CasePart, UnitPart
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.cases.scope import asks_notice_column
from tracker.storage.cases.waiting import waits_since
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import Source

CASES, SOURCES, TYPES, PARTS = Case.__table__.c, Source.__table__.c, CaseCategory.__table__.c, CasePart.__table__.c
RUNGS, UNITS = ReminderRow.__table__.c, Unit.__table__.c
_BETWEEN = "\n"  # the codes of rungs are single words


class OpenCase(NamedTuple):
    """One open case, as far as reminders need it: no title, no description, nobody outside the offices."""

    id: int
    number: str
    state: CaseState
    round: int
    jurisdiction: str
    area_code: str | None
    lead_unit_id: int | None
    sponsor_id: int | None
    due_on: date | None
    is_due_provisional: bool
    acknowledge_due_on: date | None
    confirm_due_on: date | None
    phase_next_on: date | None
    pending: Request | None
    pending_by_id: int | None
    pending_for_id: int | None
    submitted_at: datetime | None
    submitted_by_id: int | None
    submitted_for_id: int | None
    submitted_unit_id: int | None
    submitted_for_unit_id: int | None
    verified_at: datetime | None
    verified_by_id: int | None
    verified_for_id: int | None
    notice_to_on: date | None
    history: str
    supervision_level: str | None
    supervision_due_on: date | None
    waits_since: datetime | None
    source_key: str
    is_notice_required: bool
    posts: str | None  # of who is chief where it lies, while it is being checked
    silent_units: str | None  # that were asked and have not answered, by id

    @property
    def stream(self) -> str:
        """Its stream in the ledger."""
        return stream_of_case(self.number)


class AskedCase(NamedTuple):
    """One open case, as far as bounds on what may be asked for it need it."""

    number: str
    state: CaseState
    return_count: int
    extension_count: int


class UnitRow(NamedTuple):
    """A unit, and the one above it."""

    id: int
    code: str
    name: str
    parent_id: int | None


def open_cases(session: Session, area_code: str) -> list[OpenCase]:
    """The open cases of an area, the nearest due date first."""
    return [OpenCase._make(row) for row in session.execute(_open_cases(), _area_bounds(area_code)).all()]


def asked_for(session: Session, area_code: str) -> list[AskedCase]:
    """How often the open cases of an area were sent back and put off, by number."""
    query = select(CASES.number, CASES.state, CASES.return_count, CASES.extension_count).where(_open_in_area())
    return [AskedCase._make(row) for row in session.execute(query.order_by(CASES.number), _area_bounds(area_code))]


def types(session: Session, area_code: str) -> dict[int, list[str]]:
    """The types of those cases."""
    found: dict[int, list[str]] = {}
    for case_id, category in session.execute(_types_query(), _area_bounds(area_code)).all():
        found.setdefault(case_id, []).append(category)
    return found


def supporting_units(session: Session, area_code: str) -> dict[int, list[int]]:
    """The supporting units of the cases that wait for a verification."""
    found: dict[int, list[int]] = {}
    for case_id, unit_id in session.execute(_supporting_query(), _area_bounds(area_code)):
        found.setdefault(case_id, []).append(unit_id)
    return found


def awaited_replies(session: Session, area_code: str) -> list[tuple[int, int, date]]:
    """The opinions that supporting units of those cases still owe: case, unit and day."""
    return [(row.case_id, row.unit_id, row.answer_due_on) for row in session.execute(_awaited_query(), _area_bounds(area_code))]


def given(session: Session, area_code: str) -> dict[tuple[str, int, str], set[str]]:
    """The rungs that those cases have behind them in their present round, by (stream, round, lap)."""
    return {(stream, round_, lap): set(rungs.split(_BETWEEN))
            for stream, round_, lap, rungs in session.execute(_given_query(), _area_bounds(area_code)).all()}


def units(session: Session) -> dict[int, UnitRow]:
    """Every unit by its id."""
    return {row.id: UnitRow._make(row) for row in session.execute(select(UNITS.id, UNITS.code, UNITS.name, UNITS.parent_id))}


def _area_bounds(code: str) -> dict[str, str]:
    return {"first": code, "beyond": beyond(code)}


def _open_in_area() -> Any:
    """Open, and in the area. Codes are hierarchical text, so an area is a range of them."""
    return and_(CASES.state.in_(ACTIVE), CASES.jurisdiction >= bindparam("first"), CASES.jurisdiction < bindparam("beyond"))


def _open_cases() -> Select[Any]:
    columns = [CASES[name] for name in OpenCase._fields[:-5]] + [waits_since, SOURCES.key, asks_notice_column, posts_column,
                                                              silent_column]
    query = select(*columns).select_from(Case.__table__.join(Source.__table__, SOURCES.id == CASES.source_id))
    return query.where(_open_in_area()).order_by(CASES.list_due_on, CASES.id)


def _types_query() -> Select[Any]:
    return (select(TYPES.case_id, TYPES.category)
            .select_from(CaseCategory.__table__.join(Case.__table__, CASES.id == TYPES.case_id))
            .where(_open_in_area()).order_by(TYPES.case_id, TYPES.category))


def _supporting_query() -> Select[Any]:
    return (select(PARTS.case_id, PARTS.unit_id).select_from(CasePart.__table__.join(Case.__table__, CASES.id == PARTS.case_id))
            .where(_open_in_area(), CASES.state == CaseState.submitted, PARTS.part == UnitPart.supporting.value))


def _awaited_query() -> Select[Any]:
    return (select(PARTS.case_id, PARTS.unit_id, PARTS.answer_due_on)
            .select_from(CasePart.__table__.join(Case.__table__, CASES.id == PARTS.case_id))
            .where(_open_in_area(), PARTS.answer_due_on.is_not(None), PARTS.answered_on.is_(None))
            .order_by(PARTS.answer_due_on, PARTS.case_id, PARTS.unit_id))


def _given_query() -> Select[Any]:
    same = and_(RUNGS.stream == literal(CASE_STREAM) + CASES.number, CASES.round == RUNGS.round)
    lap = (RUNGS.stream, RUNGS.round, RUNGS.lap)
    return select(*lap, func.aggregate_strings(RUNGS.rung, _BETWEEN)).select_from(
        ReminderRow.__table__.join(Case.__table__, same)).where(_open_in_area()).group_by(*lap)
