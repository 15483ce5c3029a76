"""What happens to people and units."""

from tracker.domain.house.ledger import FactKind


class PersonFacts:
    """Of a person: `person:<id>`."""

    added = FactKind("person:added")
    changed = FactKind("person:changed")
    deactivated = FactKind("person:deactivated")
    delegated = FactKind("person:delegated", "reason")
    delegation_revoked = FactKind("person:delegation_revoked")
    granted = FactKind("person:granted")
    denied = FactKind("person:denied")
    dossier_made = FactKind("dossier:made")
    exported = FactKind("export:made")
    email_changed = FactKind("person:email_changed")
    factor_codes_made = FactKind("person:factor_codes_made")
    factor_offered = FactKind("person:factor_offered")
    factor_removed = FactKind("person:factor_removed")
    factor_reset = FactKind("person:factor_reset")
    factor_set = FactKind("person:factor_set")
    head_set = FactKind("person:head_set")
    link_asked = FactKind("person:link_asked")
    link_made = FactKind("person:link_made")
    mail_chosen = FactKind("person:mail_chosen")
    original_read = FactKind("original:read")
    party_read = FactKind("party:read")
    password_changed = FactKind("person:password_changed")
    password_rehashed = FactKind("person:password_rehashed")
    password_reset = FactKind("person:password_reset")
    password_set = FactKind("person:password_set")
    recovery_used = FactKind("person:recovery_used")
    revoked = FactKind("person:revoked")
    role_confirmed = FactKind("person:role_confirmed")
    role_proposed = FactKind("person:role_proposed")
    role_refused = FactKind("person:role_refused")
    sessions_ended = FactKind("person:sessions_ended")
    sign_in_failed = FactKind("person:sign_in_failed")
    signed_in = FactKind("person:signed_in")
    unknown_refused = FactKind("person:unknown_refused")


class UnitFacts:
    """Of a unit: `unit:<code>`."""

    added = FactKind("unit:added")
    changed = FactKind("unit:changed")
    ended = FactKind("unit:ended")
