"""The log over all facts: one position each, given last in the transaction, and what is handed out of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, bindparam, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.domain.house.ledger import Fact
from tracker.domain.house.log.notes import LogHead
from tracker.storage.house.base import Base, BigId, inserting
from tracker.storage.house.ledger import FactRow

LOCK = 7310301  # of PostgreSQL's advisory locks, the one under which positions are given
PORTION = 4096


class LogRow(Base):
    """One entry. `logged_at` counts microseconds since 1970; `mac` (key id, colon, hex) says that one of us entered it."""

    __tablename__ = "log"
    __table_args__ = (CheckConstraint("position >= 1", name="position"), )

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    fact_id: Mapped[int] = mapped_column(ForeignKey("facts.id", ondelete="RESTRICT"), unique=True)
    logged_at: Mapped[int]
    mac: Mapped[str] = mapped_column(String(80))


class LogBlock(Base):
    """The root over 256 entries, number 0 being the first of them: a cache for proofs, which `verify` recomputes."""

    __tablename__ = "log_blocks"

    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Checkpoint(Base):
    """A signed note that was handed out as a day's: with the seal it covers."""

    __tablename__ = "checkpoints"

    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    on: Mapped[date] = mapped_column("day", index=True)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str]
    signed_at: Mapped[datetime]


class PublicHead(Base):
    """A head that was signed: what the doors print and what readers compare with; they read no log."""

    __tablename__ = "public_heads"

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(100))
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    signed_at: Mapped[datetime]

    @property
    def head(self) -> LogHead:
        """As the law knows it."""
        return LogHead(self.origin, self.position, self.root)


@dataclass(frozen=True)
class LoggedFact:
    """An entry with its fact; `fact` is None where an entry has none, which nobody but a tamperer can bring about."""

    position: int
    logged_at: int
    mac: str
    fact: Fact | None


@dataclass(frozen=True)
class LogEnd:
    """The last entry, and the database's own clock at this moment (None where it has none but the machine's)."""

    position: int
    logged_at: int
    database_at: datetime | None


_L = LogRow.__table__.c
_F = FactRow.__table__.c
_LAST = select(_L.position, _L.logged_at).order_by(_L.position.desc()).limit(1)
_LAST_TIMED = text("SELECT clock_timestamp() AS here, l.position, l.logged_at FROM (SELECT 1) one LEFT JOIN LATERAL "
                   "(SELECT position, logged_at FROM log ORDER BY position DESC LIMIT 1) l ON true")
_LOCKED = text(f"SELECT pg_advisory_xact_lock({LOCK})")
_WHOLE = (_L.position, _L.logged_at, _L.mac, _F.id.label("fact_id"), _F.stream, _F.seq, _F.kind, _F.actor_id, _F.at, _F.body,
          _F.previous, _F.digest)
_JOINED = LogRow.__table__.outerjoin(FactRow.__table__, _F.id == _L.fact_id)
_PAGE = (select(*_WHOLE).select_from(_JOINED)
         .where(_L.position > bindparam("after"), _L.position <= bindparam("until"))
         .order_by(_L.position).limit(PORTION))


def locked_end(session: Session) -> LogEnd:
    """The end of the log, which nobody moves before this transaction ends. On PostgreSQL the lock is a statement of its own: the
    snapshot of one that waited for it would be older than the wait."""
    if session.get_bind().dialect.name != "postgresql":
        found = session.execute(_LAST).first()
        return LogEnd(found.position, found.logged_at, None) if found else LogEnd(0, 0, None)
    session.execute(_LOCKED)
    row = session.execute(_LAST_TIMED).one()
    return LogEnd(row.position or 0, row.logged_at or 0, row.here)


def end(session: Session) -> tuple[int, int]:
    """The last position and its microsecond; (0, 0) for an empty log."""
    found = session.execute(_LAST).first()
    return (found.position, found.logged_at) if found else (0, 0)


def enter(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Write entries in one statement."""
    session.execute(insert(LogRow.__table__), rows)  # type: ignore[arg-type]


def entries(session: Session, after: int = 0, until: int | None = None) -> Iterator[LoggedFact]:
    """Every entry behind a position, in order, up to another; read in portions so that memory stays flat."""
    last = until if until is not None else end(session)[0]
    while rows := session.execute(_PAGE, {"after": after, "until": last}).all():
        for row in rows:
            told = Fact(row.stream, row.seq, row.kind, row.actor_id, row.at, row.body, row.previous,
                        row.digest) if row.fact_id is not None else None
            yield LoggedFact(row.position, row.logged_at, row.mac, told)
        after = rows[-1].position


def leaf_parts(session: Session, after: int = 0, until: int | None = None) -> Iterator[tuple[int, int, str, str]]:
    """Position, microsecond, mac and the fact's digest ("" where there is none) of every entry behind a position."""
    last = until if until is not None else end(session)[0]
    query = (select(_L.position, _L.logged_at, _L.mac, func.coalesce(_F.digest, "")).select_from(_JOINED)
             .where(_L.position > bindparam("after"), _L.position <= bindparam("until")).order_by(_L.position).limit(PORTION))
    while rows := session.execute(query, {"after": after, "until": last}).all():
        yield from (tuple(row) for row in rows)
        after = rows[-1].position


def position_of(session: Session, stream: str, seq: int) -> int | None:
    """Where a fact stands in the log."""
    return session.scalar(select(_L.position).join(FactRow.__table__, _F.id == _L.fact_id).where(_F.stream == stream,
                                                                                                  _F.seq == seq))


def newest_head(session: Session) -> LogHead | None:
    """The newest head that was signed."""
    row = session.scalars(select(PublicHead).order_by(PublicHead.position.desc()).limit(1)).first()
    return row.head if row else None


def short_head(session: Session) -> str:
    """The short form of the newest signed head, for papers; "" before anything was signed."""
    head = newest_head(session)
    return head.short if head is not None else ""


def latest_note(session: Session) -> str:
    """The whole note of the newest day's checkpoint, "" before there is one."""
    return session.scalar(select(Checkpoint.note).order_by(Checkpoint.size.desc()).limit(1)) or ""


def put_head(session: Session, head: LogHead, at: datetime) -> None:
    """Keep a signed head for the doors; the same one twice is one."""
    session.execute(inserting(session)(PublicHead).values(position=head.size, origin=head.origin, root=head.root, signed_at=at)
                    .on_conflict_do_nothing(index_elements=["position"]))


FOLDS: Folds = (
    Unfolded("log", "positions of the facts, held by their macs and the tree over them"),
    Unfolded("log_blocks", "a cache for proofs, made anew and compared at each verification"),
    Unfolded("checkpoints", "signed notes, compared with the tree over the log"),
    Unfolded("public_heads", "heads that were signed, compared with the tree over the log"),
)
