"""Imports made on the page: the job from the file to its end, the sealed file itself while it is needed, and saved layouts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds, Unfolded
from tracker.storage.house.base import Base, id_column

STATES = ("uploaded", "mapped", "checked", "queued", "running", "done", "failed", "withdrawn")


class ImportJob(Base):
    """One file on its way in. `wants` says what the clock is asked for: to check it, or to enter it. `report` is what was found,
    as JSON: counts and sentences, never a cell that tells who reported."""

    __tablename__ = "import_jobs"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(each) for each in STATES)})", name="state"),
        CheckConstraint("wants IN ('', 'check', 'enter')", name="wants"),
        CheckConstraint("length(digest) = 64", name="digest"),
        Index("ix_import_jobs_state", "state", "lease_until"),
        Index("ix_import_jobs_person_id", "person_id", "id"),
    )

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    sign_in: Mapped[str] = mapped_column(String(80))  # the session in which it was asked for
    state: Mapped[str] = mapped_column(String(20))
    wants: Mapped[str] = mapped_column(String(10))
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    source_key: Mapped[str] = mapped_column(String(20))
    area_code: Mapped[str] = mapped_column(String(12))
    choices: Mapped[str] = mapped_column(Text)
    layout_key: Mapped[str] = mapped_column(String(40))
    skips_bad: Mapped[bool]
    report: Mapped[str] = mapped_column(Text)
    error: Mapped[str] = mapped_column(Text)
    done: Mapped[int]
    total: Mapped[int]
    is_writing: Mapped[bool] = mapped_column(server_default=false())  # the cases; before that the table is read
    batches: Mapped[str] = mapped_column(String(400))  # codes, one blank between two
    made_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int]


class ImportFile(Base):
    """What belongs to a job and names people: the file as it came, and the book of its bad rows. Sealed, and gone in a day."""

    __tablename__ = "import_files"
    __table_args__ = (CheckConstraint("kind IN ('table', 'errors')", name="kind"),)

    job_id: Mapped[int] = mapped_column(ForeignKey("import_jobs.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ImportLayout(Base):
    """How tables with these headers are read: made once by hand, chosen by itself the next time."""

    __tablename__ = "import_layouts"
    __table_args__ = (
        Index("ix_import_layouts_headers", "headers_digest"),
        Index("uq_import_layouts_key", "key", unique=True),
        CheckConstraint("length(headers_digest) = 64", name="headers_digest"),
    )

    id: Mapped[id_column]
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    area_code: Mapped[str] = mapped_column(String(12))
    headers: Mapped[str] = mapped_column(Text)  # a JSON list
    headers_digest: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[str] = mapped_column(Text)  # by header: the column, "" where it is left out
    value_map: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(String(20))
    options: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    valid_to: Mapped[date | None]


FOLDS: Folds = (
    Unfolded("import_jobs", "a try that may be given up: what came of it is told by the facts of its batches"),
    Unfolded("import_files", "kept for a day at most: the file's digest stands in the facts of its batches"),
    Fold("import_layouts", ("id",), ("id", "key", "name", "area_code", "headers", "headers_digest", "mapping", "source_key",
                                     "options", "made_by_id", "made_at", "valid_to"), ("value_map",)),
)
