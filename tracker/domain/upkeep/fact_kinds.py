"""What happens to the ledger itself."""

from tracker.domain.house.ledger import FactKind


class StatingFacts:
    """Of what no deed wrote."""

    rows_stated = FactKind("ledger:rows_stated")  # rows that migrations seed or fill
