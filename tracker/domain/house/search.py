"""What a search finds: texts as tokens in order, and a query as phrases of them. The same tokens in every database.

Chinese has no spaces, so a run of it becomes overlapping pairs and its last character alone; a run of digits or of Latin letters
is one token. A phrase is tokens that stand side by side: of Chinese it finds every part of a text, of numbers and Latin words the
whole or the beginning. Width and case of letters do not matter, and neither does punctuation.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from operator import add

# Between two texts of a case, so that no phrase reaches from the end of one into the next. No query contains it.
BREAK = "_"
LONGEST = 64  # of a number or Latin word, what is looked at
_RUNS = re.compile(r"[a-z]+|[0-9]+|[^\W_a-z0-9]+")


@dataclass(frozen=True)
class Phrase:
    """Tokens that must stand side by side; of the last one, the beginning is enough when it `is_open`."""

    tokens: tuple[str, ...]
    is_open: bool


def folded(text: str) -> str:
    """The text without differences of width and case."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens(text: str) -> list[str]:
    """The tokens of one text, in order."""
    found: list[str] = []
    for run in _RUNS.findall(folded(text)):
        if run[0] < "\x80":
            found.append(run[:LONGEST])
        else:
            found.extend(map(add, run, run[1:]))
            found.append(run[-1])
    return found


def tokens_of(texts: Iterable[str | None]) -> list[str]:
    """The tokens of several texts, kept apart; one text twice counts once."""
    found: list[str] = []
    for text in dict.fromkeys(texts):
        if text:
            found += tokens(text)
            found.append(BREAK)
    return found


def phrases(query: str) -> tuple[Phrase, ...]:
    """What must all be found: one phrase for each word of the query. Empty when it has nothing that could be searched for."""
    found = (_phrase_of(word) for word in folded(query).split())
    return tuple(dict.fromkeys(phrase for phrase in found if phrase.tokens))


def matches(query: str, texts: Iterable[str | None]) -> bool:
    """Whether the texts hold what the query asks: what every index answers, said plainly."""
    asked = phrases(query)
    stream = tokens_of(texts) if asked else []
    return bool(asked) and all(_stands_in(phrase, stream) for phrase in asked)


def _phrase_of(word: str) -> Phrase:
    """A query may stop in the middle of a run: then its last character is the beginning of a pair, not the end of a text."""
    parts = tokens(word)
    if not parts:
        return Phrase((), False)
    last = _RUNS.findall(word)[-1]
    if last[0] >= "\x80" and len(last) > 1:
        return Phrase(tuple(parts[:-1]), False)
    return Phrase(tuple(parts), True)


def _stands_in(phrase: Phrase, stream: list[str]) -> bool:
    size, head, last = len(phrase.tokens), list(phrase.tokens[:-1]), phrase.tokens[-1]
    return any(
        stream[at:at + size - 1] == head and (stream[at + size - 1].startswith(last) if phrase.is_open
                                              else stream[at + size - 1] == last)
        for at in range(len(stream) - size + 1)
    )
