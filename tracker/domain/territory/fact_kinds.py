"""What happens to the map and to the lists by which cases are routed."""

from tracker.domain.house.ledger import FactKind


class MapFacts:
    """Of the map."""

    boundary_loaded = FactKind("map:boundary_loaded")
    boundary_removed = FactKind("map:boundary_removed")
    outlines_kept = FactKind("map:outlines_kept")
    tiles_set = FactKind("map:tiles_set")
    tiles_removed = FactKind("map:tiles_removed")


class MailFacts:
    """Of the way out for mail, in the stream `mail`."""

    way_set = FactKind("mail:way_set")


class OfficeFacts:
    """Of an office: `office:<area>`."""

    added = FactKind("office:added")
    changed = FactKind("office:changed")
    set_up = FactKind("office:set_up")


class RoutingListFacts:
    """Of the routing lines before they had versions; nothing writes them any more."""

    routing_entered = FactKind("rules:routing_entered")
    routing_moved = FactKind("rules:routing_moved")
    routing_added = FactKind("rules:routing_added")
    routing_changed = FactKind("rules:routing_changed")


class RuleListFacts:
    """Of a version of the responsibility list: `list:<number>`."""

    drafted = FactKind("list:drafted")
    line_set = FactKind("list:line_set")
    line_removed = FactKind("list:line_removed")
    activated = FactKind("list:activated", "reason")
    dropped = FactKind("list:dropped")


class AreaFacts:
    """Of the areas: what is added, by whom it is called otherwise, what ends into what."""

    added = FactKind("area:added")
    renamed = FactKind("area:renamed")
    ended = FactKind("area:ended")


class ShapeFacts:
    """Of the shapes of the map, in the stream `shapes`: a version loaded as a draft, put in force, given up."""

    loaded = FactKind("shapes:loaded")
    activated = FactKind("shapes:activated")
    dropped = FactKind("shapes:dropped")


class ChiefFacts:
    """Of the posts of a section: `chief:<section>`."""

    appointed = FactKind("chief:appointed")
    changed = FactKind("chief:changed")


class SourceFacts:
    """Of where cases come from: `source:<key>`."""

    added = FactKind("source:added")
    changed = FactKind("source:changed")
