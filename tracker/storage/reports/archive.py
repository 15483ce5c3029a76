"""The archive of frozen reports as a reader may see it, and the cases behind their figures."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Scope
from tracker.domain.house.errors import Invalid
from tracker.domain.reports.sight import Readable
from tracker.domain.tables.cells import whole_number
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.people.accounts import Unit
from tracker.storage.reports.circulars import Circular
from tracker.storage.reports.stored import StoredReport

PAGE_SIZE = 50
SLICE = 400  # numbers asked for in one statement
R = StoredReport


@dataclass(frozen=True)
class Archived:
    """One frozen report in the list, without its body."""

    id: int
    name: str
    period: str
    area_code: str
    title: str
    as_of: datetime
    case_count: int
    digest: str
    made_at: datetime


@dataclass(frozen=True)
class ArchivePage:
    """A page of the archive, the latest first; `after` continues it."""

    lines: tuple[Archived, ...]
    after: str


@dataclass(frozen=True)
class CaseBehind:
    """A case that a figure counted, as it stands today; `nth` where it was counted several times."""

    number: str
    title: str
    state: CaseState
    unit: str | None
    due_on: date | None
    nth: int = 1


@dataclass(frozen=True)
class CasesPage:
    """Cases behind a figure in the order of their numbers; `after` continues the list."""

    lines: tuple[CaseBehind, ...]
    after: str


_COLUMNS: tuple[Any, ...] = (R.id, R.name, R.period, R.area_code, R.title, R.as_of, R.case_count, R.digest, R.made_at)


def archive(session: Session, readable: Readable, name: str = "", period: str = "", after: str = "",
            size: int = PAGE_SIZE) -> ArchivePage:
    """Up to a page of reports, of one name and of periods that begin so when given. Raises `Invalid` for a strange mark."""
    query = select(*_COLUMNS).where(_readable_condition(readable))
    query = query.where(R.name == name) if name else query
    query = query.where(R.period.startswith(period, autoescape=True)) if period else query
    if after:
        last_id = whole_number(after)
        if last_id is None:
            raise Invalid("翻页位置无法识别，请回到第一页。", field="after")
        query = query.where(R.id < last_id)
    rows = session.execute(query.order_by(R.id.desc()).limit(size + 1)).all()
    lines = tuple(Archived(*row) for row in rows[:size])
    return ArchivePage(lines, str(lines[-1].id) if len(rows) > size else "")


def every(session: Session, name: str = "") -> tuple[Archived, ...]:
    """All frozen reports, of one name when given, in the order in which they were frozen: for who checks the archive."""
    query = select(*_COLUMNS).where(R.name == name) if name else select(*_COLUMNS)
    return tuple(Archived(*row) for row in session.execute(query.order_by(R.id)))


def newest(session: Session, readable: Readable, names: Collection[str], area_code: str) -> StoredReport | None:
    """The last frozen report of these names and this area."""
    query: Select[Any] = select(R).where(_readable_condition(readable), R.name.in_(names),
                                         R.area_code == area_code).order_by(R.as_of.desc(), R.id.desc())
    found: StoredReport | None = session.scalars(query.limit(1)).first()
    return found


def seen_of(session: Session, scope: Scope, numbers: Sequence[str]) -> frozenset[str]:
    """Those of the numbers that this reader may open."""
    if "" in scope.areas:
        return frozenset(numbers)
    wanted = sorted(set(numbers))
    return frozenset(number for at in range(0, len(wanted), SLICE) for number in session.scalars(
        select(Case.number).where(Case.number.in_(wanted[at:at + SLICE]), visible(scope))))


def cases_behind(session: Session, scope: Scope, numbers: Sequence[str], after: str = "", size: int = PAGE_SIZE) -> CasesPage:
    """A page of the cases of a figure that this reader may see, one that was counted twice with two lines. What they
    may not see is left out without a word."""
    times = Counter(numbers)
    wanted, found = [number for number in sorted(times) if number > after], list[CaseBehind]()
    for at in range(0, len(wanted), SLICE):
        rows = session.execute(_lines_query(scope, wanted[at:at + SLICE]))
        found += [CaseBehind(*row) for row in rows]
        if len(found) > size:
            break
    lines = tuple(replace(each, nth=nth) for each in found[:size] for nth in range(1, times[each.number] + 1))
    return CasesPage(lines, found[size - 1].number if len(found) > size else "")


def _lines_query(scope: Scope, numbers: Sequence[str]) -> Select[Any]:
    columns: tuple[Any, ...] = (Case.number, Case.title, Case.state, Unit.name, Case.due_on)
    query = select(*columns).select_from(Case).outerjoin(Unit, Unit.id == Case.lead_unit_id)
    return query.where(Case.number.in_(numbers), visible(scope)).order_by(Case.number)


def _readable_condition(readable: Readable) -> ColumnElement[bool]:
    whole = [R.area_code.startswith(code) for code in readable.whole]
    above = [code[:length] for code in readable.concerned for length in range(len(code))]
    concerned = [R.area_code.startswith(code) for code in readable.concerned] + ([R.area_code.in_(above)] if above else [])
    waits = exists().where(Circular.report_id == R.id, Circular.issued_at.is_(None))
    ways = [*whole, *([and_(R.name.in_(readable.circulars), or_(*concerned), ~waits)] if concerned else [])]
    return or_(*ways) if ways else false()


def latest_of(session: Session, areas: Collection[str]) -> dict[str, Archived]:
    """The report of each area that was frozen last."""
    newest = select(func.max(R.id)).where(R.area_code.in_(areas)).group_by(R.area_code)
    return {row.area_code: Archived(*row) for row in session.execute(select(*_COLUMNS).where(R.id.in_(newest)))}
