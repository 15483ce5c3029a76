"""Is the log whole? Its entries, macs and times, the tree over them, and every head of it that is known."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Broken
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.notes import Note, notes_in
from tracker.domain.house.log.tree import BLOCK, Peaks, leaf_of, root_of
from tracker.domain.house.say import Say
from tracker.gateways.house.signing import is_signed
from tracker.services.house.faults import Fault
from tracker.services.house.work import wiring
from tracker.services.upkeep import seals
from tracker.services.upkeep.heads import known_keys, require_tail
from tracker.storage.house import log
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import Checkpoint, LogBlock, LogRow, PublicHead

MOST_NAMED = 20


@dataclass
class KnownHead:
    """A root that was handed out or kept: where it comes from, in words."""

    size: int
    root: bytes
    whence: str


@dataclass
class TreeWalk:
    """One pass over all entries: the roots at the sizes that are asked for, and what is wrong on the way."""

    wanted: dict[int, list[KnownHead]] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    size: int = 0

    def ask(self, known: KnownHead) -> None:
        """Compare this one when its size is reached."""
        self.wanted.setdefault(known.size, []).append(known)

    def blame(self, position: int, reason: str) -> None:
        """Name an entry."""
        if len(self.faults) < MOST_NAMED:
            self.faults.append(Fault(Say("账本第 {position:,} 条", position=position), reason))


def troubles(session: Session) -> Iterator[Fault]:
    """Everything that is wrong with log, tree, heads and seals; the first of each kind by name."""
    walk = TreeWalk()
    notes = _kept_notes(session)
    for known in (*_projected_heads(session), *_begun_roots(session), *(_known_note(note) for note in notes)):
        walk.ask(known)
    yield from _walk_faults(session, walk)
    yield from _unlogged_facts(session)
    yield from _head_file_faults(session)
    yield from _signature_faults(session, notes)
    yield from _seal_faults(session)


def roots_at(session: Session, sizes: set[int]) -> dict[int, bytes]:
    """The roots of the log as it stands, at these sizes, in one pass."""
    roots, peaks = {}, Peaks()
    for position, logged_at, _, digest in log.leaf_parts(session, until=max(sizes, default=0)):
        peaks.add(leaf_of(digest or "0" * 64, logged_at))
        if position in sizes:
            roots[position] = peaks.root()
    return roots


def _walk_faults(session: Session, walk: TreeWalk) -> Iterator[Fault]:
    cipher, peaks, last_at, block = wiring().cipher, Peaks(), 0, []
    kept_blocks = {row.number: row.hash for row in session.execute(select(LogBlock.number, LogBlock.hash))}
    stretches = _stretch_starts(session)
    for position, logged_at, mac, digest in log.leaf_parts(session):
        if position != peaks.size + 1:
            walk.blame(peaks.size + 1, "不见了：账本不连续")
            break
        if not digest:
            walk.blame(position, "对应的记录不见了")
        elif not cipher.is_entered(position, digest, logged_at, mac):
            walk.blame(position, "没有有效的登记码")
        if logged_at < last_at and position not in stretches:
            walk.blame(position, "登记时间早于前一条")
        last_at = logged_at
        leaf = leaf_of(digest or "0" * 64, logged_at)
        peaks.add(leaf)
        block.append(leaf)
        if len(block) == BLOCK:
            kept = kept_blocks.get(position // BLOCK - 1)
            if kept is not None and kept != root_of(block):
                walk.blame(position, "证明用的缓存 log_blocks 与账本不符")
            block = []
        if position in walk.wanted:
            walk.roots[position] = peaks.root()
    walk.size = peaks.size
    yield from walk.faults
    yield from _root_faults(walk)


def _root_faults(walk: TreeWalk) -> Iterator[Fault]:
    for size, known in sorted(walk.wanted.items()):
        for each in known:
            if size > walk.size:
                yield Fault(each.whence, Say("检查点到第 {size:,} 条，账本只有 {count:,} 条：账本被回退", size=size, count=walk.size))
                return
            if size and walk.roots.get(size) != each.root:
                yield Fault(each.whence, Say("账本第 {size:,} 条以前的记录与签名头不符", size=size))
                return


def _stretch_starts(session: Session) -> set[int]:
    """Where the time may fall: an operator said that the clock had been ahead."""
    query = select(LogRow.position).join(FactRow, FactRow.id == LogRow.fact_id).where(
        FactRow.stream == LEDGER, FactRow.kind.in_((LedgerFacts.clock_set_back, LedgerFacts.heads_accepted,
                                                    LedgerFacts.restored)))
    return set(session.scalars(query))


def _unlogged_facts(session: Session) -> Iterator[Fault]:
    query = (select(FactRow.stream, FactRow.seq, FactRow.kind).outerjoin(LogRow, LogRow.fact_id == FactRow.id)
             .where(LogRow.position.is_(None)).order_by(FactRow.id).limit(MOST_NAMED))
    for row in session.execute(query):
        yield Fault(f"{row.stream}#{row.seq} {row.kind}", "没有有效的登记码")


def _projected_heads(session: Session) -> Iterator[KnownHead]:
    for row in session.execute(select(PublicHead.position, PublicHead.root, PublicHead.signed_at)):
        yield KnownHead(row.position, row.root, Say("{at} 的签名头", at=wiring().clock.local(row.signed_at)))


def _begun_roots(session: Session) -> Iterator[KnownHead]:
    for body in session.scalars(select(FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.begun)):
        said = json.loads(body)
        if "root" in said:
            yield KnownHead(said["facts"], bytes.fromhex(said["root"]), "启用时的记录")


def _kept_notes(session: Session) -> list[tuple[str, Note]]:
    """Every note that is kept here: of the days, and in the files of the clock."""
    found = [(Say("{on} 的检查点", on=row.on), note) for row in session.execute(select(Checkpoint.on, Checkpoint.note))
             for note in notes_in(row.note)]
    return found + [("签名头文件", note) for text in wiring().heads.texts() for note in notes_in(text)]


def _known_note(kept: tuple[str, Note]) -> KnownHead:
    whence, note = kept
    return KnownHead(note.head.size, note.head.root, whence)


def _signature_faults(session: Session, notes: list[tuple[str, Note]]) -> Iterator[Fault]:
    keys = known_keys(session)
    for whence, note in notes:
        if not is_signed(note, keys):
            yield Fault(whence, "签名不是账本的密钥所签")
            return


def _head_file_faults(session: Session) -> Iterator[Fault]:
    try:
        kept = wiring().heads.read()
        if kept is not None:
            require_tail(session, kept)
    except Broken as broken:
        yield Fault("签名头文件", broken.sentence)


def _seal_faults(session: Session) -> Iterator[Fault]:
    """A day between the first and the last seal, or yesterday, without one."""
    sealed = seals.sealed_days(session)
    if not sealed:
        return
    missing = [day for n in range((max(sealed) - min(sealed)).days) if (day := min(sealed) + timedelta(days=n)) not in sealed]
    for day in missing[:MOST_NAMED]:
        yield Fault("账本", Say("缺 {on} 的封签", on=day))


