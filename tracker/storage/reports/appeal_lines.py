"""Appeals as readers see them: all of a report's for who reads the whole area, those of the own units for an officer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from tracker.domain.house.actor import Scope
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.reports.appeals import Appeal
from tracker.storage.reports.stored import StoredReport


@dataclass(frozen=True)
class AppealLine:
    """One appeal with the names of all concerned. `is_open` until it is decided."""

    id: int
    report: str
    period: str
    area_code: str
    unit_id: int
    unit: str
    rule: str
    clause: str
    word: str
    case_number: str
    seq: int
    fact_on: date
    points: str
    text: str
    raised_by_id: int
    raised_for_id: int | None
    raised_by: str
    raised_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    outcome: str | None
    reason: str

    @property
    def is_open(self) -> bool:
        """Whether it still has to be decided."""
        return self.outcome is None


_raiser, _decider = aliased(Person), aliased(Person)
A, R = Appeal, StoredReport
_COLUMNS = (
    A.id, R.name.label("report"), R.period, R.area_code, A.unit_id, Unit.name.label("unit"), A.rule, A.clause, A.word,
    A.case_number, A.seq,
    A.fact_on, A.points, A.text, A.raised_by_id, A.raised_for_id, _raiser.name.label("raised_by"), A.raised_at,
    _decider.name.label("decided_by"), A.decided_at, A.outcome, A.reason,
)


def of_report(session: Session, scope: Scope, report_id: int) -> tuple[AppealLine, ...]:
    """The appeals against a report that this reader may see, the oldest first."""
    return _read_lines(session, _lines_query().where(A.report_id == report_id, _seen_condition(scope)).order_by(A.id))


def one(session: Session, scope: Scope, appeal_id: int) -> AppealLine | None:
    """An appeal; None when absent, or not this reader's to see."""
    return next(iter(_read_lines(session, _lines_query().where(A.id == appeal_id, _seen_condition(scope)))), None)


def upheld_before(session: Session, instant: datetime, area_code: str) -> tuple[AppealLine, ...]:
    """The appeals against appraisals of an area that were upheld before an instant."""
    decided = (A.outcome == "upheld", A.decided_at < instant, R.area_code == area_code)
    return _read_lines(session, _lines_query().where(*decided).order_by(A.id))


def _lines_query() -> Select[Any]:
    columns: tuple[Any, ...] = _COLUMNS
    return (select(*columns).select_from(A).join(R, R.id == A.report_id).join(Unit, Unit.id == A.unit_id)
            .join(_raiser, _raiser.id == A.raised_by_id).outerjoin(_decider, _decider.id == A.decided_by_id))


def _seen_condition(scope: Scope) -> Any:
    if "" in scope.areas:
        return true()
    ways: list[Any] = [R.area_code.startswith(code) for code in scope.areas]
    if scope.unit_ids:
        ways.append(A.unit_id.in_(scope.unit_ids))
    return or_(*ways) if ways else false()


def _read_lines(session: Session, query: Select[Any]) -> tuple[AppealLine, ...]:
    return tuple(AppealLine(**row._mapping) for row in session.execute(query))
