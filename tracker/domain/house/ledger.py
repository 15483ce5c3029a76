"""The ledger: facts, their canonical text and the hash chain.

A fact's hash covers its stream, number, kind, actor, instant, body and the previous hash, so that no fact can be
changed, removed, inserted or re-ordered without breaking every later one.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property

from tracker.domain.house.say import Say, read_json, stored
from tracker.domain.house.words import Texts, told_with

GENESIS = "0" * 64
PLAIN_KINDS = (str, int, float, bool, type(None))


class FactKind(str):
    """What happened: the record and a participle, as a fact says it. Each is made once, where the step or the deed that writes it
    stands as a row; whatever else speaks of it takes it from there. `words` are those of its details that are free text: they
    lie apart, where they can be erased, and the fact has their commitments; of a step they are the texts that it asks for."""

    words: tuple[str, ...]

    def __new__(cls, kind: str, *words: str) -> "FactKind":
        made = super().__new__(cls, kind)
        made.words = words
        return made


@dataclass(frozen=True)
class Fact:
    """One entry of a stream. `body` is canonical JSON text; `actor_id` 0 is the clock. `texts` are the words that lie apart from
    it, by name, None where one was erased; they are no part of what is hashed."""

    stream: str
    seq: int
    kind: str
    actor_id: int
    at: datetime
    body: str
    previous: str
    digest: str
    texts: Texts | None = field(default=None, compare=False)

    def with_texts(self, texts: Texts) -> "Fact":
        """The same with its words beside it."""
        return Fact(self.stream, self.seq, self.kind, self.actor_id, self.at, self.body, self.previous, self.digest, texts)

    @cached_property
    def payload(self) -> dict[str, object]:
        """The body as a mapping, its messages as messages, with the words that lie apart as far as they were read. It is read
        once, and nobody's to change."""
        return told_with(read_json(self.body), self.texts)


def plain(value: object) -> object:
    """A value as JSON can hold it: dates and instants as ISO text, enums by value, tuples as lists, messages by
    pattern and values."""
    if value.__class__ in PLAIN_KINDS:
        return value
    if type(value) is dict:  # most are: no asking what else it may be
        return {str(key): plain(item) for key, item in value.items()}
    return _made_plain(value)


def _made_plain(value: object) -> object:
    if isinstance(value, Say):
        return stored(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(payload: Mapping[str, object]) -> str:
    """The one text of a payload: sorted keys, no spaces, Chinese unescaped, no NaN."""
    return _CANONICAL.encode(plain(payload))


def instant_text(at: datetime) -> str:
    """An aware instant as UTC ISO text with microseconds. Raises ValueError on a naive one."""
    if at.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")


def digest_of(stream: str, seq: int, kind: str, actor_id: int, at: datetime, body: str, previous: str) -> str:
    """SHA-256 over all parts of a fact, each preceded by its length so that no two facts share a text."""
    parts = (stream, str(seq), kind, str(actor_id), instant_text(at), body, previous)
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def chained(stream: str, seq: int, kind: str, actor_id: int, at: datetime, payload: Mapping[str, object], previous: str) -> Fact:
    """The next fact of a stream; `previous` is the digest of the one before, or `GENESIS`."""
    body = canonical(payload)
    digest = digest_of(stream, seq, kind, actor_id, at, body, previous)
    return Fact(stream, seq, kind, actor_id, at, body, previous, digest)


def first_bad(facts: Iterable[Fact], redacted: Mapping[tuple[str, int], str] | None = None) -> tuple[Fact, str] | None:
    """The first fact of a stream that does not hold, with the reason; None when the whole stream does.

    `facts` is one stream in order of `seq`. `redacted` are the facts of which a later one says that texts in their body were
    erased under the law, with the digest of the body that is left: their own digest stays.
    """
    previous, expected = GENESIS, 1
    for fact in facts:
        if fact.seq != expected:
            return fact, f"序号应为 {expected}，实为 {fact.seq}（有记录缺失或被插入）"
        if fact.previous != previous:
            return fact, "与前一条记录的哈希不衔接"
        if fact.digest != digest_of(fact.stream, fact.seq, fact.kind, fact.actor_id, fact.at, fact.body, fact.previous) and \
                body_digest(fact.body) != (redacted or {}).get((fact.stream, fact.seq)):
            return fact, "内容与哈希不符（记录被改动）"
        previous, expected = fact.digest, expected + 1
    return None


def body_digest(body: str) -> str:
    """SHA-256 of a body alone."""
    return hashlib.sha256(body.encode()).hexdigest()


def seal_of(heads: Iterable[tuple[str, int, str]]) -> str:
    """One hash over the heads (stream, seq, digest) of all streams, in order of stream name."""
    running = hashlib.sha256()
    for stream, seq, digest in heads:
        running.update(f"{stream}\n{seq}\n{digest}\n".encode())
    return running.hexdigest()
