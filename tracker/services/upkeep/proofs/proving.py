"""Proofs for a stranger (`ledger.md` §5): a case's facts, words and evidence, each with the path to a signed root."""

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Scope
from tracker.domain.house.errors import Invalid, NotFound, Refusal
from tracker.domain.house.ledger import instant_text
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.tree import BLOCK, hash_of_leaf, inclusion_path, leaf_of, node_of
from tracker.domain.house.say import Say
from tracker.services.house.work import reading, wiring
from tracker.services.upkeep import heads, seals
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house import log, words
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import Checkpoint, LogBlock, LogRow

CHECKER = Path(__file__).resolve().parents[4] / "docs" / "check.py"
EXHIBIT = "sha256"
Told = dict[str, object]


class LogSpans:
    """The hashes of stretches of the log up to a size: from the kept blocks where there are whole ones, else from entries."""

    def __init__(self, session: Session, size: int) -> None:
        self._session, self._size = session, size
        self._blocks: dict[int, bytes] = {row.number: row.hash for row in session.execute(select(LogBlock.number, LogBlock.hash))}
        self._known: dict[tuple[int, int], bytes] = {}

    def __call__(self, low: int, high: int) -> bytes:
        """The hash over leaves `low` up to, not including, `high` (from 0)."""
        if (low, high) not in self._known:
            self._known[low, high] = self._hash_of(low, high)
        return self._known[low, high]

    def _hash_of(self, low: int, high: int) -> bytes:
        if high - low == BLOCK and low % BLOCK == 0 and low // BLOCK in self._blocks:
            return self._blocks[low // BLOCK]
        if high - low == 1:
            self._read_block(low // BLOCK)
            return self._known[low, high]
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        return node_of(self(low, middle), self(middle, high))

    def _read_block(self, number: int) -> None:
        for position, logged_at, _, digest in log.leaf_parts(self._session, number * BLOCK,
                                                             min((number + 1) * BLOCK, self._size)):
            self._known[position - 1, position] = leaf_of(digest, logged_at)


@dataclass(frozen=True)
class Proven:
    """A dossier that proves itself, and what it cannot prove yet."""

    number: str
    content: bytes
    fact_count: int
    later: int  # facts that came after the checkpoint


def prove(scope: Scope, number: str, *, position: int | None = None, has_words: bool = True, has_evidence: bool = True,
          paper: bytes = b"") -> Proven:
    """The proof of a case that its reader may see, as of the newest checkpoint or of the one at a position. Raises `NotFound`,
    and `Invalid` where there is no checkpoint."""
    session = reading()
    case = session.execute(select(Case.number, Case.jurisdiction).where(Case.number == number.strip().upper(),
                                                                        visible(scope))).first()
    if case is None:
        raise NotFound("没有找到这件案件，或您无权查看。")
    covered = _covering_note(session, position)
    stream = f"case:{case.number}"
    last = session.scalar(select(func.max(LogRow.position)).join(FactRow, FactRow.id == LogRow.fact_id)
                          .where(FactRow.stream == stream)) or 0
    facts = _facts_told(session, stream, covered.size)
    if not facts:
        raise Invalid(Say("案件 {number} 的记录都在第 {size:,} 条检查点之后；最早要等到第 {last:,} 条以后的封签。", number=case.number,
                          size=covered.size, last=last), field="position")
    told = {"origin": heads.origin_of(session), "number": case.number, "size": covered.size, "facts": facts,
            "words": _words_told(session, stream, len(facts)) if has_words else [],
            "seal": _seal_told(session, covered, stream), "later": _later_count(session, stream, covered.size)}
    told["missing"] = [] if has_evidence else sorted(_shown_digests(told))
    content = _packed_zip(told, covered.note, heads.known_keys(session)[-1].vkey, paper)
    return Proven(case.number, content, len(facts), int(str(told["later"])))


def _covering_note(session: Session, position: int | None) -> Checkpoint:
    query = select(Checkpoint).order_by(Checkpoint.size.desc())
    if position is not None:
        query = query.where(Checkpoint.size <= position)
    found = session.scalars(query.limit(1)).first()
    if found is None and (first := session.scalar(select(func.min(Checkpoint.size)))) is not None:
        raise Invalid(Say("第 {position:,} 条以前没有检查点，最早的在第 {first:,} 条。", position=position, first=first), field="position")
    if found is None:
        raise Invalid("还没有检查点：每日 23:50 封签并签名以后才能证明。", code="no_checkpoint", field="position")
    return found


def _facts_told(session: Session, stream: str, size: int) -> list[Told]:
    """Every fact of the stream up to the checkpoint, each with its path."""
    spans = LogSpans(session, size)
    query = (select(FactRow, LogRow.position, LogRow.logged_at).join(LogRow, LogRow.fact_id == FactRow.id)
             .where(FactRow.stream == stream, LogRow.position <= size).order_by(FactRow.seq))
    return [_fact_told(row.FactRow, row.position, row.logged_at, size, spans) for row in session.execute(query)]


def _fact_told(fact: FactRow, position: int, logged_at: int, size: int, spans: LogSpans) -> Told:
    return {"stream": fact.stream, "seq": fact.seq, "kind": fact.kind, "actor_id": fact.actor_id, "at": instant_text(fact.at),
            "body": fact.body, "previous": fact.previous, "digest": fact.digest, "position": position, "logged_at": logged_at,
            "path": [each.hex() for each in inclusion_path(position - 1, size, spans)]}


def _words_told(session: Session, stream: str, until: int) -> list[Told]:
    kept = words.rows_in(session, [stream])[stream]
    return [{"seq": seq, "name": name, "salt": word.salt.hex(), "text": word.text} for (seq, name), word in sorted(kept.items())
            if seq <= until and word.erased_at is None]


def _seal_told(session: Session, covered: Checkpoint, stream: str) -> Told:
    """The fact of the seal, and the path from the stream's head of then to the root over all heads."""
    row = session.execute(select(FactRow, LogRow.position, LogRow.logged_at).join(LogRow, LogRow.fact_id == FactRow.id)
                          .where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.sealed, LogRow.position <= covered.size)
                          .order_by(LogRow.position.desc()).limit(1)).one()
    size = json.loads(row.FactRow.body)["size"]
    last_id = session.scalar(select(LogRow.fact_id).where(LogRow.position == size))
    leaves: list[bytes] = []
    index, head = -1, (0, "")
    for name, seq, digest in seals.stream_heads(session, last_id):
        index, head = (len(leaves), (seq, digest)) if name == stream else (index, head)
        leaves.append(hash_of_leaf(f"{name}\n{seq}\n{digest}".encode()))
    path = [each.hex() for each in inclusion_path(index, len(leaves), LeafSpans(leaves))] if index >= 0 else []
    return {"fact": _fact_told(row.FactRow, row.position, row.logged_at, covered.size, LogSpans(session, covered.size)),
            "head": {"seq": head[0], "digest": head[1]}, "index": index, "path": path, "on": covered.on.isoformat()}


class LeafSpans:
    """The same over leaves at hand."""

    def __init__(self, leaves: list[bytes]) -> None:
        self._leaves = leaves

    def __call__(self, low: int, high: int) -> bytes:
        """The hash over leaves `low` up to, not including, `high`."""
        if high - low == 1:
            return self._leaves[low]
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        return node_of(self(low, middle), self(middle, high))


def _later_count(session: Session, stream: str, size: int) -> int:
    return session.scalar(select(func.count()).select_from(FactRow).join(LogRow, LogRow.fact_id == FactRow.id)
                          .where(FactRow.stream == stream, LogRow.position > size)) or 0


def _packed_zip(told: Told, note: str, vkey: str, paper: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        if paper:
            file.writestr("卷宗.docx", paper)
        told["missing"] = _add_evidence(file, told, told["missing"])  # type: ignore[arg-type]
        file.writestr("ledger.json", json.dumps(told, ensure_ascii=False, indent=1))
        file.writestr("checkpoint.txt", note)
        file.writestr("key.txt", f"{vkey}\n")
        file.writestr("check.py", CHECKER.read_text(encoding="utf-8"))
    return made.getvalue()


def _add_evidence(file: zipfile.ZipFile, told: Told, withheld: list[str]) -> list[str]:
    """Each file under its digest, but for sealed originals and what is withheld; what is withheld or gone is listed."""
    missing = list(withheld)
    for digest in sorted(_shown_digests(told) - set(withheld)):
        try:
            file.writestr(f"evidence/{digest}", wiring().blobs.get(digest))
        except Refusal:
            missing.append(digest)
    return missing


def _shown_digests(told: Told) -> set[str]:
    found: set[str] = set()
    for fact in told["facts"]:  # type: ignore[attr-defined]
        for exhibit in json.loads(fact["body"]).get("evidence") or ():
            if isinstance(exhibit, dict) and not exhibit.get("is_original_sealed"):
                found.add(exhibit[EXHIBIT])
    return found
