"""Whose key signs the ledger: stated, rotated, retired (`ledger.md` §3); checkpoints by hand; and the witness's signature."""

from base64 import b64decode, b64encode
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Broken, Incomplete, Invalid
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.notes import COSIGNED, LogHead, Note, notes_in
from tracker.domain.house.log.tree import consistency_path, extends
from tracker.domain.house.say import Say
from tracker.gateways.house.signing import Signer, seed_of
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.upkeep import heads
from tracker.services.upkeep.checks.tree import roots_at
from tracker.services.upkeep.proofs.proving import LogSpans
from tracker.storage.house import log


def checkpoint(position: int | None = None) -> Note:
    """A signed note of the log as it stands, or of its beginning up to a position. Raises `Invalid` beyond its end."""
    session = reading()
    origin, last = heads.origin_of(session), log.end(session)[0]
    size = last if position is None else position
    if origin is None or not 0 < size <= last:
        raise Invalid(Say("账本现在有 {last:,} 条，没有第 {size:,} 条。", last=last, size=size), field="position")
    kept = wiring().heads.read()
    if kept is not None:
        heads.require_tail(session, kept)
    head = LogHead(origin, size, roots_at(session, {size})[size])
    return Note(head, (wiring().signing.signer(origin).sign(head),))


def rotate(new_seed: str, reason: str) -> Note:
    """A new key from here on: stated as a fact, one checkpoint signed by both. The old seed may be destroyed afterwards."""
    session = reading()
    origin = _required_origin()
    old, new = wiring().signing.signer(origin), _signer_of(origin, new_seed)
    if old.public.vkey not in {key.vkey for key in heads.known_keys(session)}:
        raise Broken("现在的 LEDGER_KEY 不是账本上记录的那把，不能由它换钥；遗失请执行 flask ledger keys retire 编号 --lost。", code="wrong_key")
    _state_key(LedgerFacts.key_rotated, {"old": old.public.vkey, "new": new.public.vkey, "reason": heads.checked_reason(reason)})
    session = reading()
    size = log.end(session)[0]
    head = LogHead(origin, size, roots_at(session, {size})[size])
    return Note(head, (old.sign(head), new.sign(head)))


def retire(key_id: str, new_seed: str, reason: str) -> str:
    """The old key is lost: a new one signs from here on, and checkpoints of the old count only as far as they are outside."""
    origin = _required_origin()
    lost = next((key for key in heads.known_keys(reading()) if key.key_id.hex() == key_id.lower()), None)
    if lost is None:
        raise Invalid(Say("账本上没有编号为 {key_id} 的公钥。", key_id=key_id), field="key_id")
    new = _signer_of(origin, new_seed)
    _state_key(LedgerFacts.key_retired, {"lost": lost.vkey, "new": new.public.vkey, "reason": heads.checked_reason(reason)})
    return new.public.vkey


def cosign(text: str, seed: str, name: str, before: str, moment: datetime) -> str:
    """A witness's signature below a note. `before` is the note it signed last ("" for none): what is not shown to extend that one
    is refused. The text holds the note and, above it, what `growth_of` wrote."""
    note = _one_note(text)
    known = _one_note(before) if before.strip() else None
    if known is not None:
        _require_growth(known, note, text)
    signed = _witness_of(seed, name).cosign(note.head, int(moment.timestamp()))
    return Note(note.head, (*note.signatures, signed)).text


def witness_vkey(seed: str, name: str) -> str:
    """By what a witness's signatures are known."""
    return _witness_of(seed, name).public.vkey


def require_signer() -> None:
    """Whoever keeps the clock can sign, with a key that this ledger knows or that is its first. Raises `Broken`."""
    origin = heads.origin_of(reading()) or f"xiaohao/{wiring().home_area}"
    vkey, known = wiring().signing.signer(origin).public.vkey, heads.known_keys(reading())
    if known and vkey not in {key.vkey for key in known}:
        raise Broken("LEDGER_KEY 不是账本上记录的那把：请换回原来的；要换钥执行 flask ledger keys rotate，遗失执行 keys retire --lost。", code="wrong_key")


def read_seed(path: Path) -> str:
    """What a key file holds. Raises `Invalid`."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(Say("密钥文件读不出（{kind}）。", kind=type(error).__name__), field="key") from None


def growth_of(old: int, note: Note) -> str:
    """The lines that show a witness that the note extends the one of `old` entries, as C2SP's tlog-witness writes them."""
    if not 0 <= old <= note.head.size:
        raise Invalid(Say("上次见证到第 {old:,} 条，账本只有 {size:,} 条。", old=old, size=note.head.size), field="since")
    path = consistency_path(old, note.head.size, LogSpans(reading(), note.head.size)) if old else []
    return "".join(f"{line}\n" for line in (f"old {old}", *(b64encode(each).decode() for each in path), ""))


def _require_growth(known: Note, note: Note, text: str) -> None:
    old, path = _growth_in(text)
    is_longer = note.head.origin == known.head.origin and old == known.head.size
    if known.head != note.head and not (is_longer and extends(old, known.head.root, note.head.size, note.head.root, path)):
        raise Broken("与上次见证的账本不一致。", code="not_extending")


def _growth_in(text: str) -> tuple[int, list[bytes]]:
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    old = next((line for line in lines if line.startswith("old ")), "old 0").removeprefix("old ")
    path = list(takewhile(bool, lines))
    try:
        return int(old), [b64decode(line, validate=True) for line in path]
    except ValueError:
        raise Invalid("检查点上方的“old”几行无法识别。", field="file") from None


def _one_note(text: str) -> Note:
    notes = notes_in(text)
    if not notes:
        raise Invalid("没有找到检查点。", code="no_checkpoint", field="file")
    return notes[-1]


def _witness_of(seed: str, name: str) -> Signer:
    raw = seed_of(seed)
    if raw is None:
        raise Invalid("见证密钥不是 32 字节的 base64。", field="key")
    return Signer(name, raw, COSIGNED)


def _signer_of(origin: str, seed: str) -> Signer:
    raw = seed_of(seed)
    if raw is None:
        raise Invalid("新密钥不是 32 字节的 base64。", field="key")
    return Signer(origin, raw)


def _required_origin() -> str:
    origin = heads.origin_of(reading())
    if origin is None:
        raise Incomplete("账本还是空的，没有密钥可换。")
    return origin


@deed
def _state_key(work: Work, kind: FactKind, said: dict[str, object]) -> None:
    work.record(LEDGER, kind, OPERATOR, said)
