"""What happens to imported tables."""

from tracker.domain.house.ledger import FactKind


class ImportFacts:
    """Of a batch: `import:<code>`."""

    entered = FactKind("import:entered")
    reporters_erased = FactKind("import:reporters_erased")
    reporters_kept = FactKind("import:reporters_kept")
    withdrawn = FactKind("import:withdrawn")
