"""What happens to the ledger itself."""

from tracker.domain.house.ledger import FactKind


class StatingFacts:
    """Of what no deed wrote."""

    rows_stated = FactKind("ledger:rows_stated")  # rows that migrations seed or fill


class WordFacts:
    """In the stream `words`: what shall be erased, what will not, and what is."""

    asked = FactKind("words:erasure_asked")
    erased = FactKind("words:erased")
    refused = FactKind("words:erasure_refused")
