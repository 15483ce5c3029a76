"""The one door for what people wrote: whatever a fact would say in free text is kept apart from it, where it can be erased.

Nothing else writes texts beside facts, nor the texts of a case row: what goes into either is what comes out of `committed`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from secrets import token_bytes

from sqlalchemy.orm import Session

from tracker.domain.house.ledger import Fact, FactKind
from tracker.domain.house.words import WORDS, commitment, told_apart
from tracker.storage.house import words
from tracker.storage.house.words import SALT_BYTES

Mask = Callable[[str], str]


@dataclass(frozen=True)
class Committed:
    """What a fact will say, and what it will not: the texts by name, as they may stay, and the salts of their commitments."""

    body: Mapping[str, object]
    texts: Mapping[str, str]
    salts: Mapping[str, bytes]

    def beside(self, fact: Fact) -> "tuple[Fact, Committed]":
        """The fact as who reads it later will have it, and this again."""
        return fact.with_texts(self.texts), self

    def rows(self, fact: Fact) -> list[dict[str, object]]:
        """The texts as rows beside their fact."""
        return [{"stream": fact.stream, "seq": fact.seq, "name": name, "salt": self.salts[name], "text": text, "erased_at": None}
                for name, text in self.texts.items()]


def committed(kind: FactKind, payload: Mapping[str, object], columns: Mapping[str, str] | None = None,
              mask: Mask = str) -> Committed:
    """A payload without its free texts and those of `columns`, with a commitment of each instead. Every text of the product
    passes `mask` here, and only here, on its way to stay."""
    body, said = told_apart(kind.words, payload)
    texts = {name: mask(text) for name, text in {**said, **(columns or {})}.items() if text}
    salts = {name: token_bytes(SALT_BYTES) for name in texts}
    named = {WORDS: {name: commitment(salts[name], text) for name, text in texts.items()}} if texts else {}
    return Committed({**body, **named}, texts, salts)


def keep(session: Session, facts: Iterable[tuple[Fact, Committed]]) -> None:
    """Write the texts of facts that were just written, in one statement."""
    words.add(session, [row for fact, said in facts for row in said.rows(fact)])
