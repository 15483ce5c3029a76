"""What happens to imported tables."""

from tracker.domain.house.ledger import FactKind


class ImportFacts:
    """Of a batch: `import:<code>`."""

    entered = FactKind("import:entered")
    withdrawn = FactKind("import:withdrawn")
