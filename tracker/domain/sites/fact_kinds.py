"""What happens to supervised sites, in the stream `site:<code>`."""

from tracker.domain.house.ledger import FactKind


class SiteFacts:
    """Of one site."""

    registered = FactKind("site:registered")
    changed = FactKind("site:changed")
    status_set = FactKind("site:status_set")
    class_proposed = FactKind("site:class_proposed", "ground")
    class_accepted = FactKind("site:class_accepted")
    class_refused = FactKind("site:class_refused", "reason")
