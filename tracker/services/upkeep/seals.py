"""Seals: every day's last word on all streams, a fact of the stream `ledger`, so that the last fact of each is known for ever."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import collate, func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Broken, Invalid
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.tree import Peaks, hash_of_leaf
from tracker.domain.house.say import Say
from tracker.services.house.positions import instant
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.upkeep.head_alarm import sign_or_tell
from tracker.storage.house import log
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import Checkpoint, LogRow
from tracker.storage.house.preferences import Counter

PORTION = 2000


@dataclass(frozen=True)
class Sealed:
    """A seal as it is printed."""

    on: date
    position: int
    stream_count: int
    sealed_at: datetime

    def sentence(self) -> str:
        """One line for a mail or a log."""
        return Say("{on} 封签：账本第 {position:,} 条，记录流 {streams:,} 条", on=self.on, position=self.position,
                   streams=self.stream_count)


@deed
def seal(work: Work, on: date | None = None) -> Sealed:
    """The seal of a business date (today when not given): made once, and the same one ever after. A day that was missed gets its
    own later, which says so. Signed as soon as it is committed, where there is a key."""
    today = work.clock.today()
    on = on or today
    if on > today:
        raise Invalid(Say("不能为将来的日期 {on} 封签，今天是 {today}。", on=on, today=today), field="on")
    size = work.enter_log()
    made = _made_before(work.session, on)
    if made is not None:
        return made
    peaks = Peaks()
    for stream, seq, digest in stream_heads(work.session):
        peaks.add(hash_of_leaf(f"{stream}\n{seq}\n{digest}".encode()))
    numbers = {row.key: row.last for row in work.session.execute(select(Counter.key, Counter.last).order_by(Counter.key))}
    told: dict[str, object] = {"on": on, "size": size, "heads_root": peaks.root().hex(), "streams": peaks.size,
                               "numbers": numbers}
    work.record(LEDGER, LedgerFacts.sealed, CLOCK, told | ({"is_caught_up": True} if on < today else {}))
    position = work.enter_log()
    if work.wiring.signing.is_here and work.wiring.wall is None:
        work.afterwards.append(_sign_quietly)
    return Sealed(on, position, peaks.size, work.clock.now())


def seal_missed(until: date) -> int:
    """Seal every day from the ledger's first on that has no seal, up to a day. Returns how many there were."""
    session = reading()
    # what comes before only says whose ledger it is, and which rows were there
    began = session.scalar(select(LogRow.logged_at).join(FactRow, FactRow.id == LogRow.fact_id).where(FactRow.stream != LEDGER)
                           .order_by(LogRow.position).limit(1))
    if began is None:
        return 0
    first = wiring().clock.local(instant(began)).date()
    missing = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    sealed = sealed_days(session)
    days = [day for day in missing if day not in sealed]
    session.rollback()
    for day in days:
        seal(day)
    return len(days)


def sealed_days(session: Session) -> set[date]:
    """Every day that has its seal."""
    bodies = session.scalars(select(FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.sealed))
    return {date.fromisoformat(json.loads(body)["on"]) for body in bodies}


def note_of(on: date) -> str | None:
    """The signed note that covers the seal of a day; None while it is not signed."""
    return reading().scalar(select(Checkpoint.note).where(Checkpoint.on == on).order_by(Checkpoint.size.desc()).limit(1))


def stream_heads(session: Session, last_id: int | None = None) -> Iterator[tuple[str, int, str]]:
    """The head of every stream (as of a fact), in the order of the streams' bytes, which no locale changes."""
    newest = select(FactRow.stream, func.max(FactRow.seq).label("seq")).group_by(FactRow.stream)
    if last_id is not None:
        newest = newest.where(FactRow.id <= last_id)
    last = newest.subquery()
    order = collate(FactRow.stream, "C" if session.get_bind().dialect.name == "postgresql" else "BINARY")
    query = select(FactRow.stream, FactRow.seq, FactRow.digest).join(
        last, (FactRow.stream == last.c.stream) & (FactRow.seq == last.c.seq)).order_by(order)
    for row in session.execute(query.execution_options(yield_per=PORTION)):
        yield row.stream, row.seq, row.digest


def _made_before(session: Session, on: date) -> Sealed | None:
    """The seal of this day, which was not made before the day began."""
    query = select(FactRow.seq, FactRow.at, FactRow.body).where(
        FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.sealed, FactRow.at >= wiring().clock.end_of(on - timedelta(days=1)))
    for row in session.execute(query.order_by(FactRow.seq)):
        said = json.loads(row.body)
        if said["on"] == on.isoformat():
            return Sealed(on, log.position_of(session, LEDGER, row.seq) or 0, said["streams"], row.at)
    return None


def _sign_quietly() -> None:
    """The minute's head job tells of what hinders it; a seal is made all the same."""
    with suppress(Broken):
        sign_or_tell()
