"""What happens to supervised sites, in the stream `site:<code>`."""

from tracker.domain.house.ledger import FactKind


class SiteFacts:
    """Of one site."""

    registered = FactKind("site:registered")
    changed = FactKind("site:changed")
    status_set = FactKind("site:status_set")
    class_proposed = FactKind("site:class_proposed", "ground")
    class_accepted = FactKind("site:class_accepted")
    class_refused = FactKind("site:class_refused", "reason")
    entered = FactKind("site:entered")
    renewed = FactKind("site:renewed")
    entry_ended = FactKind("site:entry_ended", "reason")
    listing_proposed = FactKind("site:listing_proposed", "ground")
    listing_admitted = FactKind("site:listing_admitted")
    listing_refused = FactKind("site:listing_refused", "reason")
    removal_proposed = FactKind("site:removal_proposed", "ground")
    listing_removed = FactKind("site:listing_removed", "reason")
    listing_kept = FactKind("site:listing_kept", "reason")
    report_received = FactKind("site:report_received")
    report_waived = FactKind("site:report_waived", "reason")
    report_made_case = FactKind("site:report_made_case")
    audit_recorded = FactKind("site:audit_recorded")
    scheme_recorded = FactKind("site:scheme_recorded")
    scheme_voided = FactKind("site:scheme_voided", "reason")


class ObligationFacts:
    """What permits ask for, as the clock finds it."""

    made = FactKind("obligation:made")


class SiteBatchFacts:
    """Of one file of a register that came in."""

    entered = FactKind("import:register_entered")
    rows_written = FactKind("import:register_rows")
    withdrawn = FactKind("import:register_withdrawn")
