"""What happens beside a case, and to it without a step."""

from dataclasses import dataclass

from tracker.domain.cases.facts import CaseState
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY


class IdentityFacts:
    """Of a reporter, whose case is told of it too: `identity:<id>`."""

    erased = FactKind("identity:erased", "reason")
    kept = FactKind("identity:kept")


class NumberFacts:
    """Of the running numbers: `numbers`."""

    skipped = FactKind("numbers:skipped")  # given out elsewhere, so that nothing here begins with them


@dataclass(frozen=True)
class UnsteppedFact:
    """A fact of a case that no step of a person makes: in which states, and where to. What `is_beside` the case says nothing of
    how it is handled."""

    fact: FactKind
    froms: tuple[CaseState, ...]
    to: CaseState | None = STAY
    is_beside: bool = False
