"""What happens beside a case."""

from tracker.domain.house.ledger import FactKind


class IdentityFacts:
    """Of a reporter, whose case is told of it too: `identity:<id>`."""

    erased = FactKind("identity:erased")
