"""Requests about reporters as readers see them: their own, and those of the areas where they decide. Never the reporter."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.cases.identities.requesting import MOST_OPENINGS, RequestPurpose, RequestState
from tracker.storage.acts.acts import Act
from tracker.storage.cases.belonging.parts import CasePart
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity, IdentityRequest
from tracker.storage.people.accounts import Person

KEY_ID = 8  # letters of what is sealed that name its key

MOST_SHOWN = 100


@dataclass(frozen=True)
class IdentityLine:
    """One request with the names of who asked and who decided."""

    id: int
    number: str
    jurisdiction: str
    purpose: str
    state: str
    reason_code: str
    reason: str
    document_no: str
    asked_by_id: int
    asked_for_id: int | None
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision: str
    open_until: datetime
    opened_count: int
    unit_ids: frozenset[int]

    def standing(self, now: datetime) -> RequestState:
        """Where it stands now: what is over has lapsed, though the clock has not said so yet."""
        state = RequestState(self.state)
        is_waiting = state in (RequestState.asked, RequestState.granted)
        return RequestState.lapsed if is_waiting and self.open_until <= now else state

    def may_be_opened(self, now: datetime) -> bool:
        """Whether who asked may open it now."""
        return (self.standing(now) is RequestState.granted and self.purpose == RequestPurpose.reveal
                and self.opened_count < MOST_OPENINGS)


_asker, _decider = aliased(Person), aliased(Person)
_R = IdentityRequest
_COLUMNS = (
    _R.id, Case.number, Case.jurisdiction, _R.purpose, _R.state, _R.reason_code, _R.reason, _R.document_no, _R.asked_by_id,
    _R.asked_for_id, _asker.name.label("asked_by"), _R.asked_at, _decider.name.label("decided_by"), _R.decided_at, _R.decision,
    _R.open_until, _R.opened_count, _R.case_id,
)


def requests_seen(session: Session, person_id: int, areas: Sequence[str]) -> tuple[IdentityLine, ...]:
    """What this person asked, and what was asked in these areas; the newest first."""
    query = _lines_seen(person_id, areas).order_by(_R.id.desc()).limit(MOST_SHOWN)
    rows = session.execute(query).all()
    units = _units_of(session, [row.case_id for row in rows])
    return tuple(_line_of(row, units) for row in rows)


def request_seen(session: Session, person_id: int, areas: Sequence[str], request_id: int) -> IdentityLine | None:
    """One of them; None for what is absent or not theirs to see."""
    row = session.execute(_lines_seen(person_id, areas).where(_R.id == request_id)).first()
    return _line_of(row, _units_of(session, [row.case_id])) if row is not None else None


def kept_count(session: Session) -> int:
    """How many reporters are kept."""
    return session.scalar(select(func.count()).select_from(Identity).where(Identity.sealed.is_not(None))) or 0


def one_of_each_key(session: Session) -> tuple[str, ...]:
    """Of each key with which a reporter, or the person in an act, is sealed, one sealed text."""
    found = [session.scalars(select(func.min(sealed)).where(sealed != "").group_by(func.substr(sealed, 1, KEY_ID)))
             for sealed in (Identity.sealed, Act.person_party)]
    return tuple(each for rows in found for each in rows if each)


def _units_of(session: Session, case_ids: Sequence[int]) -> defaultdict[int, frozenset[int]]:
    """The units that rectify each of these cases."""
    units: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for row in session.execute(select(CasePart.case_id, CasePart.unit_id).where(CasePart.case_id.in_(case_ids))):
        units[row.case_id] |= {row.unit_id}
    return units


def _line_of(row: Any, units: Mapping[int, frozenset[int]]) -> IdentityLine:
    *told, case_id = row
    return IdentityLine(*[*told, units[case_id]])


def _lines_seen(person_id: int, areas: Sequence[str]) -> Select[Any]:
    seen = or_(_R.asked_by_id == person_id, *(Case.jurisdiction.startswith(area) for area in areas), false())
    columns: Any = _COLUMNS
    query: Select[Any] = select(*columns)
    return (query.join(Case, Case.id == _R.case_id).join(_asker, _asker.id == _R.asked_by_id)
            .outerjoin(_decider, _decider.id == _R.decided_by_id).where(seen))
