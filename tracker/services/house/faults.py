"""One thing that does not hold, named so that it can be found."""

from dataclasses import dataclass

from tracker.domain.house.ledger import Fact
from tracker.domain.house.say import Say


@dataclass(frozen=True)
class Fault:
    """`where` is a fact such as `case:XH-2026-000001#3 case:assigned`; `reason` says what is wrong with it."""

    where: str
    reason: str

    @classmethod
    def of(cls, fact: Fact, reason: str) -> "Fault":
        """The trouble with a fact."""
        return cls(f"{fact.stream}#{fact.seq} {fact.kind}", reason)

    def __str__(self) -> str:
        return Say("{place}：{misfit}", place=self.where, misfit=self.reason)


@dataclass(frozen=True)
class RowFault(Fault):
    """What is wrong with a row: `where` is its table and key."""

    def __str__(self) -> str:
        return Say("{place} {misfit}", place=self.where, misfit=self.reason)
