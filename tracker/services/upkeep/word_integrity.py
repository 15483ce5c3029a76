"""Are the words beside the facts those that were committed? Nothing is said of what they say: names and numbers alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from tracker.domain.house.ledger import Fact
from tracker.domain.house.say import Say
from tracker.domain.house.words import WORDS, commitment
from tracker.services.house.faults import Fault
from tracker.storage.house import words
from tracker.storage.house.words import WordOfFact


def words_troubles(session: Session, facts: Iterable[Fact]) -> Iterator[Fault]:
    """Every text of these streams that is not what its fact committed itself to; each stream is given whole."""
    by_stream: dict[str, list[Fact]] = {}
    for fact in facts:
        by_stream.setdefault(fact.stream, []).append(fact)
    for stream, kept in words.rows_in(session, by_stream).items():
        yield from stream_troubles(kept, by_stream[stream])


def stream_troubles(kept: Mapping[tuple[int, str], WordOfFact], facts: Sequence[Fact]) -> Iterator[Fault]:
    """The same of one stream, with its texts at hand."""
    told: set[tuple[int, str]] = set()
    for fact in facts:
        if f'"{WORDS}":' not in fact.body:
            continue
        said = fact.payload.get(WORDS)
        for name, digest in said.items() if isinstance(said, dict) else ():
            told.add((fact.seq, name))
            word = kept.get((fact.seq, name))
            if word is None:
                yield Fault.of(fact, Say("第 {seq} 条的文字不见了：{name}", seq=fact.seq, name=name))
            elif word.erased_at is None and commitment(word.salt, word.text) != digest:
                yield Fault.of(fact, Say("第 {seq} 条的文字被改动：{name}", seq=fact.seq, name=name))
    for seq, name in sorted(kept.keys() - told):
        at = facts[min(seq, len(facts)) - 1]
        yield Fault.of(at, Say("第 {seq} 条多出没有登记的文字：{name}", seq=seq, name=name))
