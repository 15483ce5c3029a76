"""Erasing what people wrote: one person asks, naming the ground in law, and another decides. Read from the facts of both."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.domain.house.fields import Choices
from tracker.domain.house.ledger import Fact
from tracker.domain.upkeep.fact_kinds import WordFacts

STREAM = "words"
BASES: Choices = (
    ("personal_information", "个人信息保护法第四十七条：应当删除"), ("secrecy", "信访和举报人信息保密"), ("ruling", "法院裁判、检察建议或上级决定"),
    ("mistaken", "误录了与案件无关的个人信息"),
)
OUTCOMES: dict[str, str] = {"": "等待决定", WordFacts.erased: "已删除", WordFacts.refused: "不予删除"}


@dataclass(frozen=True)
class ErasureRequest:
    """One request. `which` are texts by the number of their fact and their name; `outcome` is "" while it waits."""

    number: int
    stream: str
    which: tuple[tuple[int, str], ...]
    basis: str
    document: str
    asked_by_id: int
    asked_at: datetime
    outcome: str = ""


def requests_in(facts: Iterable[Fact]) -> dict[int, ErasureRequest]:
    """Every request with what became of it, by its number, which is that of the fact that asked."""
    found: dict[int, ErasureRequest] = {}
    for fact in facts:
        said = fact.payload
        if fact.kind == WordFacts.asked:
            which = tuple((int(seq), str(name)) for seq, name in said["which"])  # type: ignore[attr-defined]
            found[fact.seq] = ErasureRequest(fact.seq, str(said["stream"]), which, str(said["basis"]), str(said["document"]),
                                             fact.actor_id, fact.at)
        elif fact.kind in (WordFacts.erased, WordFacts.refused):
            number = int(str(said["request"]))
            found[number] = replace(found[number], outcome=fact.kind)
    return found


def erased_in(facts: Iterable[Fact]) -> frozenset[tuple[str, int, str]]:
    """Every text that was erased, by stream, number and name."""
    return frozenset((each.stream, seq, name) for each in requests_in(facts).values() if each.outcome == WordFacts.erased
                     for seq, name in each.which)
