"""Are the words beside the facts those that were committed? Nothing is said of what they say: names and numbers alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.ledger import Fact
from tracker.domain.house.say import Say
from tracker.domain.house.words import REPLACED, WORDS, commitment, mark_of
from tracker.domain.upkeep.erasure import STREAM, erased_in
from tracker.services.house.faults import Fault
from tracker.storage.house import words
from tracker.storage.house.ledger import FactRow, redactions, stream_of
from tracker.storage.house.log import LogRow
from tracker.storage.house.words import WordOfFact, WordsByStream

Mark = tuple[str, int, str]


def words_troubles(session: Session, facts: Iterable[Fact]) -> Iterator[Fault]:
    """Every text of these streams that is not what its fact committed itself to; each stream is given whole."""
    by_stream: dict[str, list[Fact]] = {}
    for fact in facts:
        by_stream.setdefault(fact.stream, []).append(fact)
    rows = words.rows_in(session, by_stream)
    erased = erased_among(session, rows)
    for stream, kept in rows.items():
        yield from stream_troubles(kept, by_stream[stream], erased)


def has_words(fact: Fact) -> bool:
    """Whether its body says anything of words."""
    return f'"{WORDS}":' in fact.body or f'"{REPLACED}":' in fact.body


def erased_among(session: Session, rows: WordsByStream) -> frozenset[Mark]:
    """Of which texts the ledger says that they were erased; asked only where one of these is."""
    if not any(word.erased_at for kept in rows.values() for word in kept.values()):
        return frozenset()
    return erased_in(stream_of(session, STREAM))


def stream_troubles(kept: Mapping[tuple[int, str], WordOfFact], facts: Sequence[Fact],
                    erased: frozenset[Mark]) -> Iterator[Fault]:
    """The same of one stream, with its texts at hand."""
    told: set[tuple[int, str]] = set()
    replaced = {mark for fact in facts if f'"{REPLACED}":' in fact.body for mark in _replaced_by(fact)}
    for fact in facts:
        if f'"{WORDS}":' not in fact.body:
            continue
        said = fact.payload.get(WORDS)
        for name, digest in said.items() if isinstance(said, dict) else ():
            told.add((fact.seq, name))
            word = kept.get((fact.seq, name))
            if word is None:
                yield Fault.of(fact, Say("第 {seq} 条的文字不见了：{name}", seq=fact.seq, name=name))
            elif word.erased_at is not None:
                if (fact.stream, fact.seq, name) not in erased and mark_of(fact.seq, name) not in replaced:
                    yield Fault.of(fact, Say("第 {seq} 条的文字被删除，账本没有依据：{name}", seq=fact.seq, name=name))
            elif commitment(word.salt, word.text) != digest:
                yield Fault.of(fact, Say("第 {seq} 条的文字被改动：{name}", seq=fact.seq, name=name))
    for seq, name in sorted(kept.keys() - told):
        at = facts[min(seq, len(facts)) - 1]
        yield Fault.of(at, Say("第 {seq} 条多出没有登记的文字：{name}", seq=seq, name=name))


def _replaced_by(fact: Fact) -> Iterable[str]:
    said = fact.payload.get(REPLACED)
    return said if isinstance(said, dict) else ()


def redaction_notices(session: Session) -> Iterator[str]:
    """One sentence for each fact of which texts in the body were erased: no trouble, but to be said at every verification."""
    for (stream, seq), (number, _) in redactions(session).items():
        position = session.scalar(select(LogRow.position).join(FactRow, FactRow.id == LogRow.fact_id).where(
            FactRow.stream == stream, FactRow.seq == seq))
        yield Say("第 {position} 条的内容已依法删除（ledger#{number}），摘要未变", position=position, number=number)
