"""What happens to a duty, told in the stream of its act."""

from tracker.domain.house.ledger import FactKind


class DutyFactKinds:
    """Of the duties of an act; each says which one by `position`."""

    opened = FactKind("duty:opened", "title")
    acknowledged = FactKind("duty:acknowledged", "receiver")
    answered = FactKind("duty:answered", "text")
    sent_back = FactKind("duty:sent_back", "reason")
    booked = FactKind("duty:booked", "text")
    passed = FactKind("duty:passed", "text")
    extended = FactKind("duty:extended", "reason")
    waived = FactKind("duty:waived", "reason")
    patrolled = FactKind("duty:patrolled")
    handed_on = FactKind("duty:handed_on")
    reset = FactKind("duty:reset", "measures", "reason")


class LimitFactKinds:
    """Of the limits that run on an act; each says which one by `stage`."""

    recounted = FactKind("limit:recounted")
    paused = FactKind("limit:paused")
    resumed = FactKind("limit:resumed")


# What the step of another act does to a limit: judged there.
LIMITS_BY_OTHERS = frozenset({LimitFactKinds.paused, LimitFactKinds.resumed})
# What the step of another act, or the clock, does to a duty: each is judged for itself.
BY_OTHERS = frozenset({DutyFactKinds.opened, DutyFactKinds.patrolled, DutyFactKinds.handed_on})
