"""What happens to the map and to the lists by which cases are routed."""

from tracker.domain.house.ledger import FactKind


class MapFacts:
    """Of the map."""

    boundary_loaded = FactKind("map:boundary_loaded")
    boundary_removed = FactKind("map:boundary_removed")


class RoutingListFacts:
    """Of the routing lists."""

    routing_entered = FactKind("rules:routing_entered")


class SourceFacts:
    """Of where cases come from: `source:<key>`."""

    added = FactKind("source:added")
    changed = FactKind("source:changed")
