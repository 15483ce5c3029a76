"""What somebody signs for, read for many cases in as many statements as for one: files, facts, and who still owes an opinion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.evidence.evidence import Dossier, evidence_set_digest
from tracker.domain.house.actor import Scope
from tracker.storage.cases.belonging.parts import CasePart
from tracker.storage.cases.cases import Case
from tracker.storage.cases.entries import FactEntry, entries_of_many
from tracker.storage.cases.exhibits import EvidenceLine, exhibits_of, lines_of_many
from tracker.storage.cases.scope import visible
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import Source

C, PARTS, SOURCES, UNITS = Case.__table__.c, CasePart.__table__.c, Source.__table__.c, Unit.__table__.c


@dataclass(frozen=True)
class SignedFor:
    """One case with everything that its closing rests on. `owing` are supporting units without an answer, each with its day."""

    number: str
    evidence: tuple[EvidenceLine, ...]
    facts: tuple[FactEntry, ...]
    dossier: Dossier
    close_gate: str
    owing: tuple[tuple[str, date], ...]

    @property
    def digest(self) -> str:
        """The exact set of evidence that is shown."""
        return evidence_set_digest(self.dossier.exhibits)


def signed_for(session: Session, scope: Scope, numbers: Sequence[str]) -> dict[str, SignedFor]:
    """The cases of these numbers that the reader may see."""
    query = select(C.id, C.number, C.round, C.history, C.has_no_work_basis, C.verified_at, SOURCES.close_gate).where(
        C.number.in_(numbers), visible(scope)).select_from(Case.__table__.join(Source.__table__, SOURCES.id == C.source_id))
    cases = session.execute(query).all()
    streams = [f"case:{case.number}" for case in cases]
    files, facts = lines_of_many(session, streams), entries_of_many(session, streams)
    owing = _owing_units(session, [case.id for case in cases])
    found = {}
    for case, stream in zip(cases, streams, strict=True):
        shown = Dossier(exhibits_of(files[stream]), case.round, case.has_no_work_basis, case.verified_at is not None,
                        case.history == "imported")
        found[case.number] = SignedFor(case.number, files[stream], facts.get(stream, ()), shown, case.close_gate,
                                       tuple(owing.get(case.id, ())))
    return found


def _owing_units(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, date]]]:
    query = select(PARTS.case_id, UNITS.name, PARTS.answer_due_on).join(Unit.__table__, UNITS.id == PARTS.unit_id).where(
        PARTS.case_id.in_(ids), PARTS.answer_due_on.is_not(None), PARTS.answered_on.is_(None)).order_by(UNITS.code)
    found: dict[int, list[tuple[str, date]]] = {}
    for case_id, name, due_on in session.execute(query):
        found.setdefault(case_id, []).append((name, due_on))
    return found
