"""What happens to what people wrote."""

from tracker.domain.house.ledger import FactKind


class TidyFacts:
    """What was thrown away after its term: `tidying`."""

    mails = FactKind("outbox:tidied")
    sign_ins = FactKind("sign_ins:tidied")


class WordFacts:
    """In the stream `words`: what shall be erased, what will not, and what is."""

    asked = FactKind("words:erasure_asked")
    erased = FactKind("words:erased")
    refused = FactKind("words:erasure_refused")


class OpsFacts:
    """Of running the product: `backups`, `asked-runs`."""

    backed_up = FactKind("backup:made")
    run_answered = FactKind("job:answered")
    run_asked = FactKind("job:asked")
    run_begun = FactKind("job:begun")
