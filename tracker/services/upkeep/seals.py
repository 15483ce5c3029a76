"""Seals: one hash a day over the heads of all streams, so that the ledger's past is anchored outside the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import collate, func, select, text
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Invalid
from tracker.domain.house.ledger import seal_of
from tracker.domain.house.say import Say
from tracker.services.house.work import Work, deed
from tracker.storage.house.ledger import FactRow, Seal

PORTION = 2000


@dataclass(frozen=True)
class Sealed:
    """A seal as it is printed."""

    on: date
    digest: str
    stream_count: int
    fact_count: int
    sealed_at: datetime

    def sentence(self) -> str:
        """One line for a mail or a log."""
        return Say("{on} 封签 {digest}(记录流 {streams} 条，事实 {facts} 条)", on=self.on, digest=self.digest, streams=self.stream_count,
                   facts=self.fact_count)


@deed
def seal(work: Work, on: date | None = None) -> Sealed:
    """The seal of a business date (today when not given): made once, and the same one ever after."""
    today = work.clock.today()
    on = on or today
    if on > today:
        raise Invalid(Say("不能为将来的日期 {on} 封签，今天是 {today}。", on=on, today=today), field="on")
    _let_no_fact_in(work.session)
    made = work.session.get(Seal, on)
    if made is None:
        last_id, fact_count = work.session.execute(select(func.max(FactRow.id), func.count())).one()
        count = _Counted(heads(work.session, last_id or 0))
        digest = seal_of(count)
        made = Seal(on=on, digest=digest, stream_count=count.amount, fact_count=fact_count, sealed_at=work.clock.now())
        work.session.add(made)
        work.session.flush()
    return Sealed(made.on, made.digest, made.stream_count, made.fact_count, made.sealed_at)


def first_broken(session: Session) -> Seal | None:
    """The earliest seal that today's facts no longer bear out; None when the latest one holds, for it covers all before it."""
    made = list(session.scalars(select(Seal).order_by(Seal.fact_count, Seal.on)))
    if not made or _seal_holds(session, made[-1]):
        return None
    low, high = 0, len(made) - 1  # the last one is broken; what one seal misses, every later one misses too
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if _seal_holds(session, made[middle]) else (low, middle)
    return made[low]


def heads(session: Session, last_id: int) -> Iterator[tuple[str, int, str]]:
    """The head of every stream as of a fact, in the order of the streams' bytes, which no locale changes."""
    newest = select(FactRow.stream,
                    func.max(FactRow.seq).label("seq")).where(FactRow.id <= last_id).group_by(FactRow.stream).subquery()
    order = collate(FactRow.stream, "C" if session.get_bind().dialect.name == "postgresql" else "BINARY")
    query = select(FactRow.stream, FactRow.seq, FactRow.digest).join(
        newest, (FactRow.stream == newest.c.stream) & (FactRow.seq == newest.c.seq)).order_by(order)
    for row in session.execute(query.execution_options(yield_per=PORTION)):
        yield row.stream, row.seq, row.digest


def _seal_holds(session: Session, made: Seal) -> bool:
    """Whether the facts that were there at the sealing, the first `fact_count` ever written, still give the same hash."""
    if made.fact_count == 0:
        return True
    last_id = session.scalar(select(FactRow.id).order_by(FactRow.id).offset(made.fact_count - 1).limit(1))
    if last_id is None:
        return False
    count = _Counted(heads(session, last_id))
    return seal_of(count) == made.digest and count.amount == made.stream_count


def _let_no_fact_in(session: Session) -> None:
    """No fact may be half-written while the heads are read: SQLite's unit of work is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE facts IN SHARE MODE"))


class _Counted:
    """Heads on their way into a hash, counted as they pass."""

    def __init__(self, inner: Iterator[tuple[str, int, str]]) -> None:
        self._inner = inner
        self.amount = 0

    def __iter__(self) -> Iterator[tuple[str, int, str]]:
        for head in self._inner:
            self.amount += 1
            yield head
