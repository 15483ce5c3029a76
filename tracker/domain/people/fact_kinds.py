"""What happens to people and units."""

from tracker.domain.house.ledger import FactKind


class PersonFacts:
    """Of a person: `person:<id>`."""

    added = FactKind("person:added")
    deactivated = FactKind("person:deactivated")
    delegated = FactKind("person:delegated", "reason")
    delegation_revoked = FactKind("person:delegation_revoked")
    granted = FactKind("person:granted")
    head_set = FactKind("person:head_set")
    password_changed = FactKind("person:password_changed")
    password_rehashed = FactKind("person:password_rehashed")
    password_reset = FactKind("person:password_reset")
    revoked = FactKind("person:revoked")


class UnitFacts:
    """Of a unit: `unit:<code>`."""

    added = FactKind("unit:added")
    ended = FactKind("unit:ended")
