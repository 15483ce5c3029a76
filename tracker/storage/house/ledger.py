"""The facts. The database refuses UPDATE and DELETE (triggers in the migration)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.domain.house.ledger import GENESIS, Fact
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.storage.house import words
from tracker.storage.house.base import Base, code_column, id_column


class FactRow(Base):
    """One fact. `body` is the canonical JSON text that the digest covers."""

    __tablename__ = "facts"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("length(digest) = 64 AND length(previous) = 64", name="digest"),
        Index("ix_facts_kind_at", "kind", "at"),
    )

    id: Mapped[id_column]
    stream: Mapped[code_column]
    seq: Mapped[int]
    kind: Mapped[code_column]
    actor_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
    body: Mapped[str]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))

    def fact(self) -> Fact:
        """The row as the law knows it."""
        return Fact(self.stream, self.seq, self.kind, self.actor_id, self.at, self.body, self.previous, self.digest)


_INSERT = insert(FactRow.__table__)  # type: ignore[arg-type]
_INSERT_MANY = _INSERT.returning(FactRow.stream, FactRow.seq, FactRow.id)


def append(session: Session, facts: Sequence[Fact]) -> list[int]:
    """Write facts, in order, in one statement. Hands out their ids."""
    rows = [
        {"stream": f.stream, "seq": f.seq, "kind": f.kind, "actor_id": f.actor_id, "at": f.at, "body": f.body,
         "previous": f.previous, "digest": f.digest}
        for f in facts
    ]
    if len(rows) == 1:  # past the ORM's bulk road, which is twice as slow
        made = session.execute(_INSERT, rows[0])
        return [made.inserted_primary_key[0]]  # type: ignore[attr-defined]
    if not rows:
        return []
    ids = {(stream, seq): fact_id for stream, seq, fact_id in session.execute(_INSERT_MANY, rows)}
    return [ids[fact.stream, fact.seq] for fact in facts]


_F = FactRow.__table__.c
_COLUMNS = (_F.stream, _F.seq, _F.kind, _F.actor_id, _F.at, _F.body, _F.previous, _F.digest)
_WHOLE = select(*_COLUMNS, *words.OF_FACT).select_from(words.beside(FactRow.__table__))
_STREAM = _WHOLE.where(_F.stream == bindparam("wanted")).order_by(_F.seq)
_HEAD = select(_F.seq, _F.digest).where(_F.stream == bindparam("wanted")).order_by(_F.seq.desc()).limit(1)


def head(session: Session, stream: str) -> tuple[int, str]:
    """Number and digest of the last fact of a stream; (0, GENESIS) for a new one."""
    found = session.execute(_HEAD, {"wanted": stream}).first()
    return (found.seq, found.digest) if found else (0, GENESIS)


Redactions = dict[tuple[str, int], tuple[int, str]]


def redact(session: Session, stream: str, seq: int, body: str) -> None:
    """Put another body in the place of a fact's: the database lets it pass where a fact `ledger:redacted` says the same."""
    session.execute(update(FactRow).where(FactRow.stream == stream, FactRow.seq == seq).values(body=body))


def redactions(session: Session) -> Redactions:
    """The facts of which one of the ledger's says that texts in their body were erased: its number, and the digest of what is
    left."""
    said = ((fact, fact.payload) for fact in facts_like(session, _F.stream == LEDGER, _F.kind == LedgerFacts.redacted))
    return {(str(told["stream"]), int(str(told["seq"]))): (fact.seq, str(told["body_digest"])) for fact, told in said}


def began_at(session: Session, kind: str) -> datetime | None:
    """The moment of the first fact, the ledger's own left out, or of the first of this kind where that is earlier: what was
    brought in with its own moments may have been written later. None for an empty ledger."""
    first = select(_F.at).where(_F.stream != LEDGER).order_by(_F.id).limit(1).scalar_subquery()
    earliest = select(func.min(_F.at)).where(_F.kind == kind).scalar_subquery()
    return min((at for at in session.execute(select(first, earliest)).one() if at is not None), default=None)


def stream_of(session: Session, stream: str) -> tuple[Fact, ...]:
    """All facts of one stream, in order, with their words."""
    rows = session.execute(_STREAM, {"wanted": stream})
    return tuple(Fact(*[*columns, texts]) for columns, texts in words.gathered_stream(rows, 1))


def facts_like(session: Session, *conditions: ColumnElement[bool]) -> Iterator[Fact]:
    """The facts that these conditions hold for, stream by stream, in order, with their words."""
    rows = session.execute(_WHOLE.where(*conditions).order_by(_F.stream, _F.seq))
    return (Fact(*[*columns, texts]) for columns, texts in words.gathered(rows))


FOLDS: Folds = (
    Unfolded("facts", "the facts themselves, held by their chains"),
)
