"""What happens to evidence files after they came in."""

from tracker.domain.house.ledger import FactKind


class EvidenceFacts:
    """Of a file: `evidence:<id>`."""

    found_broken = FactKind("evidence:found_broken")
    shown_remade = FactKind("evidence:shown_remade")
