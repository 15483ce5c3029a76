"""What cases have to show: their files, as pages show them and as gates see them; of one case or of many in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, select
from sqlalchemy.orm import Session

from tracker.domain.evidence.evidence import EvidenceRole, Exhibit
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.people.accounts import Person

_E, PEOPLE = EvidenceRow.__table__.c, Person.__table__


@dataclass(frozen=True)
class EvidenceLine:
    """One evidence file. Where a sealed one was taken is told to nobody."""

    id: int
    role: EvidenceRole
    round: int
    name: str
    media_type: str
    size: int
    digest: str
    pair_id: int | None
    taken_at: str | None
    uploaded_at: datetime
    uploaded_by: str | None
    has_picture: bool
    lat: float | None
    lng: float | None
    is_original_sealed: bool


_FILES = (
    select(_E.subject, _E.id, _E.role, _E.round, _E.original_name, _E.media_type, _E.size, _E.digest, _E.pair_id, _E.taken_at,
           _E.uploaded_at, PEOPLE.c.name, _E.shown_digest.is_not(None),
           *(case((_E.is_original_sealed, None), else_=at) for at in (_E.lat, _E.lng)), _E.is_original_sealed)
    .order_by(_E.id).select_from(EvidenceRow.__table__.outerjoin(PEOPLE, PEOPLE.c.id == _E.uploaded_by_id))
)
_OF_ONE = _FILES.where(_E.subject == bindparam("stream"))
_OF_MANY = _FILES.where(_E.subject.in_(bindparam("streams", expanding=True)))


def evidence_lines(session: Session, stream: str) -> tuple[EvidenceLine, ...]:
    """The files of one case, in the order in which they came."""
    return tuple([EvidenceLine(*each) for _, *each in session.execute(_OF_ONE, {"stream": stream})])


def lines_of_many(session: Session, streams: Sequence[str]) -> dict[str, tuple[EvidenceLine, ...]]:
    """The same of many cases, by their streams."""
    found: dict[str, list[EvidenceLine]] = {stream: [] for stream in streams}
    for subject, *row in session.execute(_OF_MANY, {"streams": list(streams)}):
        found[subject].append(EvidenceLine(*row))
    return {stream: tuple(lines) for stream, lines in found.items()}


def exhibits_of(lines: Iterable[EvidenceLine]) -> tuple[Exhibit, ...]:
    """The files as a gate sees them."""
    return tuple(Exhibit(e.id, e.role, e.digest, e.round, e.has_picture, e.pair_id) for e in lines)


def paired(lines: Sequence[EvidenceLine]) -> tuple[tuple[EvidenceLine | None, EvidenceLine], ...]:
    """After-photos with the before-photo that each is tied to."""
    by_id = {e.id: e for e in lines}
    afters = [e for e in lines if e.role is EvidenceRole.after and e.has_picture]
    return tuple((by_id.get(e.pair_id) if e.pair_id else None, e) for e in afters)
