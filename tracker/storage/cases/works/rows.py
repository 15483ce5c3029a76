"""One row for each work of a case, the shadow of its facts: every row of a case has the same standard and version."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.cases.works.items import NO_WORKS, STANDARDS, CaseWorks, WorkResult
from tracker.domain.house.folds import Fold, Folds
from tracker.domain.territory.routing import WORKS
from tracker.storage.house.base import Base

RESULT = ("got", "most", "failed_musts", "round")
_WORKS, _STANDARDS = (", ".join(f"'{code}'" for code in codes) for codes in (WORKS, STANDARDS))
SCORED_WHOLE = " AND ".join(f"(got IS NULL) = ({name} IS NULL)" for name in RESULT[1:])


class CaseWork(Base):
    """One work of one case. `standard_from` is the first day of the version by which it is judged, none where it is the list that
    holds while none was set; the rest is what the last scored verification found."""

    __tablename__ = "case_works"
    __table_args__ = (
        CheckConstraint(f"work IN ({_WORKS})", name="work"),
        CheckConstraint(f"standard IN ({_STANDARDS})", name="standard"),
        CheckConstraint(SCORED_WHOLE, name="scored_whole"),
        CheckConstraint("got IS NULL OR (0 <= got AND got <= most AND failed_musts >= 0 AND round >= 1)", name="scored_within"),
        Index("ix_case_works_work", "work", "standard", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    work: Mapped[str] = mapped_column(String(10), primary_key=True)
    standard: Mapped[str] = mapped_column(String(10))
    standard_from: Mapped[date | None]
    got: Mapped[int | None]
    most: Mapped[int | None]
    failed_musts: Mapped[int | None]
    round: Mapped[int | None]


_W: Any = CaseWork.__table__.c


def works_of(session: Session, case_id: int) -> CaseWorks:
    """The works of a case as its facts set them."""
    return works_among(session.execute(select(_W).where(_W.case_id == case_id)).mappings().all())


def works_among(rows: Sequence[Any]) -> CaseWorks:
    """What the rows of one case say."""
    if not rows:
        return NO_WORKS
    found: dict[str, WorkResult] = {row["work"]: {"got": row["got"], "most": row["most"], "failed_musts": row["failed_musts"],
                                                  "round": row["round"]} for row in sorted(rows, key=lambda row: row["work"])}
    return {"standard": rows[0]["standard"], "standard_from": rows[0]["standard_from"], "works": found}


def replace_works(session: Session, case_id: int, works: CaseWorks) -> None:
    """What a fact sets."""
    session.execute(delete(CaseWork).where(CaseWork.case_id == case_id))
    if works["works"]:
        session.execute(insert(CaseWork), [
            {"case_id": case_id, "work": work, "standard": works["standard"], "standard_from": works["standard_from"], **result}
            for work, result in works["works"].items()])


FOLDS: Folds = (Fold("case_works", ("case_id", "work"), ("standard", "standard_from", *RESULT), is_of_cases=True),)
