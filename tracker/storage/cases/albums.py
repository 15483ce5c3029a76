"""The photos of one case, found from one of them: for who looks at them one by one."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Scope
from tracker.domain.house.errors import NotFound
from tracker.storage.cases.cases import Case
from tracker.storage.cases.exhibits import EvidenceLine, evidence_lines
from tracker.storage.cases.scope import told_of
from tracker.storage.evidence.evidence import EvidenceRow

CASES, EVIDENCE = Case.__table__.c, EvidenceRow.__table__.c


@dataclass(frozen=True)
class Album:
    """The case, its photos in the order in which they came, and which of them is looked at."""

    number: str
    title: str
    lat: float | None
    lng: float | None
    datum: str | None
    photos: tuple[EvidenceLine, ...]
    at: int

    @property
    def photo(self) -> EvidenceLine:
        """The one that is looked at."""
        return self.photos[self.at]

    def beside(self, step: int) -> EvidenceLine | None:
        """The one before (-1) or after (1) it."""
        return self.photos[self.at + step] if 0 <= self.at + step < len(self.photos) else None

    @property
    def before(self) -> EvidenceLine | None:
        """The before-photo that an after-photo is tied to."""
        return next((each for each in self.photos if each.id == self.photo.pair_id), None)


def album_of(session: Session, scope: Scope, evidence_id: int) -> Album:
    """The album of the case that has this photo, opened at it. Raises `NotFound` for absent and forbidden alike, and for a
    file that is no photo."""
    row = session.execute(
        select(CASES.number, CASES.title, CASES.lat, CASES.lng, CASES.datum)
        .join(EvidenceRow, EVIDENCE.subject == "case:" + CASES.number)
        .where(EVIDENCE.id == evidence_id, told_of(scope))).first()
    photos = tuple(e for e in evidence_lines(session, f"case:{row.number}") if e.has_picture) if row else ()
    at = next((index for index, each in enumerate(photos) if each.id == evidence_id), None)
    if row is None or at is None:
        raise NotFound("没有找到这张照片，或您无权查看。")
    return Album(*row, photos, at)
