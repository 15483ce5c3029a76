"""The words of facts, apart from them: what people wrote can be erased, and the fact keeps a commitment that fits nothing else.

The database lets a row be added and be erased, and nothing besides (triggers in the migration).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, FromClause, LargeBinary, and_, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.domain.house.words import Texts, put_replaced
from tracker.storage.house.base import Base, BigId, code_column

SALT_BYTES = 32


class WordRow(Base):
    """One text of one fact, with the salt of its commitment; both empty once it is erased."""

    __tablename__ = "words"
    __table_args__ = (
        CheckConstraint(f"length(salt) = CASE WHEN erased_at IS NULL THEN {SALT_BYTES} ELSE 0 END", name="salt"),
        CheckConstraint("erased_at IS NULL OR text = ''", name="erased"),
    )

    stream: Mapped[code_column] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    name: Mapped[code_column] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str]
    erased_at: Mapped[datetime | None]


def erase(session: Session, stream: str, which: Collection[tuple[int, str]], at: datetime) -> None:
    """Empty these texts of a stream, by number and name, with their salts."""
    for seq, name in which:
        row = (W.stream == stream, W.seq == seq, W.name == name)
        session.execute(update(WordRow).where(*row).values(text="", salt=b"", erased_at=at))


class WordOfFact(NamedTuple):
    """One text as it lies there."""

    salt: bytes
    text: str
    erased_at: datetime | None


WordsByStream = dict[str, dict[tuple[int, str], WordOfFact]]
W = WordRow.__table__.c
OF_FACT: tuple[Any, ...] = (W.name, W.text, W.erased_at)  # what a query of facts reads beside them, by an outer join


def add(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Write texts, in one statement."""
    if rows:
        session.execute(insert(WordRow.__table__), rows)  # type: ignore[arg-type]


def rows_in(session: Session, streams: Collection[str], names: Collection[str] = ()) -> WordsByStream:
    """The texts of these streams, of these names when given, as they lie there, by number and name: for who checks them."""
    found: WordsByStream = {stream: {} for stream in streams}
    query = select(W.stream, W.seq, W.name, W.salt, *OF_FACT[1:]).where(W.stream.in_(streams))
    for stream, seq, name, *row in session.execute(query.where(W.name.in_(names)) if names else query):
        found[stream][seq, name] = WordOfFact(*row)
    return found


def beside(facts: Any, names: Collection[str] = ()) -> FromClause:
    """A table of facts with the texts beside each, of these names when given: a row for each text, one for a fact without."""
    table: FromClause = facts.outerjoin(WordRow.__table__, and_(
        W.stream == facts.c.stream, W.seq == facts.c.seq, *((W.name.in_(names),) if names else ())))
    return table


def gathered(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[tuple[Any, ...], Texts]]:
    """Such rows as facts again, each once with its texts by name. The last columns are `OF_FACT`, and the others tell one fact
    from the next."""
    width = len(OF_FACT)
    for columns, group in groupby(rows, key=lambda row: tuple(row[:-width])):
        yield columns, {name: text if erased_at is None else None
                        for name, text, erased_at in (row[-width:] for row in group) if name is not None}


def gathered_stream(rows: Iterable[Sequence[Any]], seq_at: int) -> list[tuple[tuple[Any, ...], Texts]]:
    """The same of one stream, with what was said anew in place of what was erased; `seq_at` is where the number stands."""
    found = [(columns, dict(texts)) for columns, texts in gathered(rows)]
    put_replaced({columns[seq_at]: texts for columns, texts in found})
    return list(found)


FOLDS: Folds = (Unfolded("words", "held by the commitments in the facts beside which they lie"),)
