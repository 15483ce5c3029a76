"""What happens to imported tables."""

from tracker.domain.house.ledger import FactKind


class ImportFacts:
    """Of a batch: `import:<code>`."""

    entered = FactKind("import:entered")
    finished = FactKind("import:finished")
    layout_ended = FactKind("import:layout_ended")
    layout_saved = FactKind("import:layout_saved")
    reporters_erased = FactKind("import:reporters_erased")
    reporters_kept = FactKind("import:reporters_kept")
    withdrawn = FactKind("import:withdrawn")
