"""Facts of the ledger itself, in the stream `ledger`: when it was begun and sealed, whose key signs, what was looked at."""

from tracker.domain.house.ledger import FactKind

LEDGER = "ledger"  # their stream


class LedgerFacts:
    """One each."""

    begun = FactKind("ledger:begun")
    check_asked = FactKind("ledger:verification_asked")
    checked = FactKind("ledger:verified")
    clock_rebased = FactKind("ledger:clock_rebased")
    clock_set_back = FactKind("ledger:clock_set_back")
    demo_loaded = FactKind("ledger:demo_loaded")
    heads_accepted = FactKind("ledger:heads_accepted")
    key_retired = FactKind("ledger:key_retired")
    key_rotated = FactKind("ledger:key_rotated")
    key_stated = FactKind("ledger:key_stated")
    law_changed = FactKind("ledger:law_changed")
    redacted = FactKind("ledger:redacted")  # of a fact of before, texts in its body were erased under the law
    restored = FactKind("ledger:restored")
    rows_stated = FactKind("ledger:rows_stated")  # rows that no deed wrote: what migrations seed or fill
    sealed = FactKind("ledger:sealed")
    witnessed = FactKind("ledger:witnessed")  # somebody outside signed below one of our heads
