"""The head job: it carries its own tree on from its own file, entry by entry, and signs; it signs nothing that does not extend
what it signed before (`ledger.md` §4)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Broken, Incomplete
from tracker.domain.house.ledger import Fact, FactKind, digest_of
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.notes import LogHead, Note, PublicKey, read_vkey
from tracker.domain.house.log.tree import BLOCK, leaf_of, root_of
from tracker.domain.house.say import Say
from tracker.gateways.upkeep.head_files import Carried
from tracker.services.house.positions import instant
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.storage.house import log
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import Checkpoint, LogBlock, LoggedFact, PublicHead

KEYS_OF = {LedgerFacts.key_stated: ("vkey",), LedgerFacts.key_rotated: ("old", "new"), LedgerFacts.key_retired: ("new",)}


@dataclass(frozen=True)
class _Signing:
    """One head to be signed: where, and the day of the seal that it covers, if it covers one."""

    head: LogHead
    at: datetime
    seal_on: date | None


def sign_new() -> str:
    """Sign what came since the last head; nothing to sign is fine. Raises `Broken` saying why there is no new head."""
    own = wiring()
    with own.heads.locked():
        session, before = reading(), own.heads.read()
        origin = origin_of(session)
        if origin is None:
            return "账本还是空的"
        if before is None:
            _require_first(session)
            before = Carried()
        require_tail(session, before)
        last = log.end(session)[0]
        if last == before.peaks.size:
            return Say("没有新的记录，账本第 {size:,} 条", size=last)
        signer = own.signing.signer(origin)
        if signer.public.vkey not in _stated_keys(session):
            _state_key(signer.public.vkey)
            last = log.end(session)[0]
        carried, to_sign, blocks = _carry_on(session, before.copy(), origin, last)
        notes = [(each, Note(each.head, (signer.sign(each.head),)).text) for each in to_sign]
        carried.signed_at = to_sign[-1].at.isoformat()
        own.heads.write(carried, [(each.at, note) for each, note in notes])
        _project_heads(notes, blocks)
    return Say("账本第 {size:,} 条已签名", size=carried.peaks.size)


def require_tail(session: Session, before: Carried) -> None:
    """The log still ends, at least, with what was signed last. Raises `Broken`."""
    size = before.peaks.size
    last = log.end(session)[0]
    if last < size:
        raise Broken(Say("账本缺第 {first:,} 条，比签名头少 {count:,} 条，已停止签名", first=last + 1, count=size - last), code="log_cut")
    found = log.leaf_parts(session, size - len(before.tail), size)
    for expected, leaf in zip(before.tail, found, strict=False):
        position, logged_at, _, digest = leaf
        if not digest:
            raise Broken(Say("账本缺第 {position:,} 条，已停止签名", position=position), code="log_cut")
        if leaf_of(digest, logged_at) != expected:
            raise not_as_signed(size, before.signed_at)


def not_as_signed(size: int, signed_at: str) -> Broken:
    """What is said of a log whose past is another than the signed one."""
    at = wiring().clock.local(datetime.fromisoformat(signed_at)) if signed_at else None
    return Broken(Say("账本第 {size:,} 条以前的记录与 {at} 的签名头不符，已停止签名", size=size,
                      at=at or "—"), code="log_changed")


def origin_of(session: Session) -> str | None:
    """Whose ledger this is, as its first fact says for ever; None for an empty one."""
    body = session.scalar(select(FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.begun)
                          .order_by(FactRow.seq).limit(1))
    return json.loads(body)["origin"] if body else None


def known_keys(session: Session) -> tuple[PublicKey, ...]:
    """Every public key that the ledger names, and those of the settings."""
    return tuple(filter(None, map(read_vkey, [*_stated_keys(session), *wiring().known_vkeys])))


@deed
def accept(work: Work, reason: str) -> str:
    """An operator says that the log as it stands is the one to go on from; kept in the ledger for ever."""
    return _go_on_from_here(work, LedgerFacts.heads_accepted, {"reason": checked_reason(reason)})


@deed
def note_restore(work: Work, made_at: str) -> str:
    """The log is the one of a backup, made at this moment, from now on; kept in the ledger for ever."""
    return _go_on_from_here(work, LedgerFacts.restored, {"made_at": made_at})


def _go_on_from_here(work: Work, kind: FactKind, said: Mapping[str, object]) -> str:
    from_size = (kept.peaks.size if (kept := _kept_or_none()) else 0)
    work.record(LEDGER, kind, CLOCK, {**said, "from": from_size, "to": log.end(work.session)[0]})
    work.enter_log()
    session, carried = work.session, Carried()
    for _position, logged_at, _mac, digest in log.leaf_parts(session):
        carried.add(leaf_of(digest or "0" * 64, logged_at), logged_at)
    carried.signed_at = work.clock.now().isoformat()
    work.afterwards.append(lambda: _put_accepted(carried))
    return Say("从账本第 {size:,} 条起重新签名", size=carried.peaks.size)


def checked_reason(reason: str) -> str:
    """Why something is done that stands in the ledger for ever. Raises `Incomplete` without one."""
    if not reason.strip():
        raise Incomplete("请写明原因（--reason）。", field="reason")
    return reason.strip()


def _put_accepted(carried: Carried) -> None:
    own = wiring()
    with own.heads.locked():
        own.heads.write(carried, [])


def _kept_or_none() -> Carried | None:
    try:
        return wiring().heads.read()
    except Broken:
        return None


def _require_first(session: Session) -> None:
    """Without a file of its own a clock signs only where nobody has signed before."""
    signed = session.scalar(select(func.max(PublicHead.position)))
    if signed:
        raise Broken(Say("本机没有签名头文件，而账本已签名到第 {size:,} 条：核对后请执行 flask ledger heads accept --reason 原因", size=signed),
                     code="heads_gone")


def _carry_on(session: Session, carried: Carried, origin: str, until: int) -> tuple[Carried, list[_Signing], list[LogBlock]]:
    """Carry the tree on over every new entry, each looked at."""
    to_sign: list[_Signing] = []
    blocks: list[LogBlock] = []
    for entry in log.entries(session, carried.peaks.size, until):
        fact = require_entry(entry, carried)
        carried.add(leaf_of(fact.digest, entry.logged_at), entry.logged_at)
        if carried.peaks.size % BLOCK == 0:
            blocks.append(LogBlock(number=carried.peaks.size // BLOCK - 1, hash=root_of(carried.tail)))
        if fact.kind == LedgerFacts.sealed:
            on = date.fromisoformat(str(fact.payload["on"]))
            to_sign.append(_Signing(LogHead(origin, carried.peaks.size, carried.peaks.root()), fact.at, on))
    if not to_sign or to_sign[-1].head.size != carried.peaks.size:
        to_sign.append(_Signing(LogHead(origin, carried.peaks.size, carried.peaks.root()), instant(carried.logged_at), None))
    return carried, to_sign, blocks


def require_entry(entry: LoggedFact, carried: Carried) -> Fact:
    """The fact of a new entry, which follows the last one, was entered by us, and is what its digest says. Raises `Broken`."""
    position, fact = carried.peaks.size + 1, entry.fact
    if entry.position != position or fact is None:
        raise Broken(Say("账本缺第 {position:,} 条，已停止签名", position=position), code="log_cut")
    if not wiring().cipher.is_entered(position, fact.digest, entry.logged_at, entry.mac):
        raise Broken(Say("第 {position:,} 条没有有效的登记码，已停止签名", position=position), code="no_mac")
    if fact.digest != digest_of(fact.stream, fact.seq, fact.kind, fact.actor_id, fact.at, fact.body, fact.previous):
        raise Broken(Say("第 {position:,} 条的内容与哈希不符，已停止签名", position=position), code="digest")
    if entry.logged_at < carried.logged_at and fact.kind != LedgerFacts.clock_set_back:
        raise Broken(Say("第 {position:,} 条的登记时间早于前一条，已停止签名", position=position), code="time_falls")
    return fact


def _stated_keys(session: Session) -> Iterator[str]:
    rows = session.execute(select(FactRow.kind, FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind.in_(KEYS_OF))
                           .order_by(FactRow.seq))
    for row in rows:
        said = json.loads(row.body)
        yield from (said[name] for name in KEYS_OF[FactKind(row.kind)] if name in said)


@deed
def _state_key(work: Work, vkey: str) -> None:
    """Whose signature the ledger carries from here on."""
    if any(True for _ in _stated_keys(work.session)):
        raise Broken("LEDGER_KEY 不是账本上记录的那把：换钥请执行 flask ledger keys rotate，遗失请执行 flask ledger keys retire。", code="wrong_key")
    work.record(LEDGER, LedgerFacts.key_stated, CLOCK, {"vkey": vkey})
    work.enter_log()


@deed
def _project_heads(work: Work, notes: list[tuple[_Signing, str]], blocks: list[LogBlock]) -> None:
    """What the doors print and proofs are made with."""
    for signed, note in notes:
        log.put_head(work.session, signed.head, signed.at)
        if signed.seal_on is not None:
            work.session.merge(Checkpoint(size=signed.head.size, on=signed.seal_on, root=signed.head.root, note=note,
                                          signed_at=signed.at))
    for block in blocks:
        work.session.merge(block)
