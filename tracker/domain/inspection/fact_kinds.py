"""What happens to the roster of inspectors, in the stream `inspector:<login>`."""

from tracker.domain.house.ledger import FactKind


class InspectorFacts:
    """Of one person."""

    added = FactKind("inspector:added")
    changed = FactKind("inspector:changed")
    interest_added = FactKind("inspector:interest_added")
    interest_changed = FactKind("inspector:interest_changed")
