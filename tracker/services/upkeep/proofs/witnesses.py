"""What witnesses signed below our heads, brought back by file and kept in the ledger; a silent one is shown (`ledger.md`
§5.4)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Broken, Incomplete, Invalid
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.notes import COSIGNED, Note, PublicKey, notes_in, read_vkey
from tracker.domain.house.say import Say
from tracker.gateways.house.signing import is_signed
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.upkeep import heads
from tracker.services.upkeep.checks.tree import roots_at
from tracker.storage.house import log
from tracker.storage.house.ledger import FactRow

SILENT_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class WitnessStanding:
    """A witness of the settings, and what it signed last: up to which fact, at which moment; None for one never heard of."""

    name: str
    size: int = 0
    at: datetime | None = None
    is_silent: bool = True


def known_witnesses() -> tuple[PublicKey, ...]:
    """The witnesses of the settings."""
    return tuple(filter(None, map(read_vkey, wiring().witnesses)))


def take_in(text: str) -> str:
    """Keep what witnesses signed below one of our notes. Raises `Incomplete` without a known witness, `Invalid` for a text
    without one's signature, `Broken` where the note is not of this log."""
    if not known_witnesses():
        raise Incomplete("还没有设置见证方：请把见证方的公钥写入 LEDGER_WITNESSES。")
    notes = notes_in(text)
    if not notes:
        raise Invalid("没有找到检查点。", code="no_checkpoint", field="file")
    note = notes[-1]
    signed = [(key, moment) for key in known_witnesses() if (moment := _signed_at(note, key)) is not None]
    if not signed:
        raise Invalid("检查点下没有已设置的见证方的签名。", code="no_cosignature", field="file")
    _require_ours(note)
    fresh = _keep_signed(note, signed)
    return Say("已记入账本：{names}见证到第 {size:,} 条", names=" ".join(fresh), size=note.head.size) if fresh else Say(
        "这份见证早已记入账本（第 {size:,} 条）", size=note.head.size)


def standing_of(session: Session, now: datetime) -> tuple[WitnessStanding, ...]:
    """Each witness of the settings, as it was last heard of."""
    last = {name: WitnessStanding(name, size, at, now - at > SILENT_AFTER) for name, size, at in _told_of(session)}
    return tuple(last.get(key.name) or WitnessStanding(key.name) for key in known_witnesses())


def _require_ours(note: Note) -> None:
    session = reading()
    if note.head.origin != heads.origin_of(session) or not is_signed(note, heads.known_keys(session)):
        raise Broken("这份检查点不是本账本签的。", code="not_ours")
    last = log.end(session)[0]
    if note.head.size > last:
        raise Broken("检查点比账本新：账本被回退", code="rolled_back")
    if roots_at(session, {note.head.size})[note.head.size] != note.head.root:
        raise Broken(Say("账本第 {size:,} 条以前的记录与见证的不符", size=note.head.size), code="log_changed")


def _signed_at(note: Note, key: PublicKey) -> datetime | None:
    if key.kind != COSIGNED or not is_signed(note, [key]):
        return None
    body = next(each.body for each in note.signatures if (each.name, each.key_id) == (key.name, key.key_id))
    return datetime.fromtimestamp(int.from_bytes(body[:8], "big"), UTC)


@deed
def _keep_signed(work: Work, note: Note, signed: list[tuple[PublicKey, datetime]]) -> list[str]:
    known = {(name, size) for name, size, _ in _told_of(work.session)}
    fresh = [(key, moment) for key, moment in signed if (key.name, note.head.size) not in known]
    for key, moment in fresh:
        work.record(LEDGER, LedgerFacts.witnessed, OPERATOR, {
            "witness": key.name, "size": note.head.size, "root": note.head.root.hex(), "signed_at": moment.isoformat()})
    return [key.name for key, _ in fresh]


def _told_of(session: Session) -> Iterator[tuple[str, int, datetime]]:
    query = select(FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.witnessed).order_by(FactRow.seq)
    for body in session.scalars(query):
        told = json.loads(body)
        yield told["witness"], told["size"], datetime.fromisoformat(told["signed_at"])
