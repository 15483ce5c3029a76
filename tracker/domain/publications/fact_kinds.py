"""What happens to what the public shall read: `publication:<id>`. No fact tells the text: a withdrawn one is erased for good."""

from tracker.domain.house.ledger import FactKind


class PublicationFacts:
    """Of one publication."""

    drafted = FactKind("publication:drafted")
    edited = FactKind("publication:edited")
    returned = FactKind("publication:returned", "reason")
    published = FactKind("publication:published", "overruled")
    superseded = FactKind("publication:superseded")
    withdrawn = FactKind("publication:withdrawn", "reason")
    expired = FactKind("publication:expired")
    discarded = FactKind("publication:discarded", "reason")
