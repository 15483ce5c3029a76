"""What happens to what people wrote."""

from tracker.domain.house.ledger import FactKind


class WordFacts:
    """In the stream `words`: what shall be erased, what will not, and what is."""

    asked = FactKind("words:erasure_asked")
    erased = FactKind("words:erased")
    refused = FactKind("words:erasure_refused")
