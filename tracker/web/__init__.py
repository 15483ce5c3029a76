"""Floor 3, the staff door. `register` is its table of contents."""

from flask import Flask

from tracker.web import (
    accounts,
    addresses,
    appeals,
    bulk,
    calendar_page,
    case_access,
    case_papers,
    cases,
    dashboard,
    delegations,
    drafts,
    evidence,
    exports,
    filters,
    fragments,
    guard,
    health,
    home,
    identities,
    languages,
    limits,
    mail_preview,
    map_page,
    map_settings,
    navigation,
    near,
    offline,
    people,
    refusals,
    reports,
    rules,
    saved_views,
    security,
    settings,
    steps,
    supervision,
    territory,
    units,
    uploads,
)

__all__ = ["register", "units"]
ROOMS = (accounts, appeals, home, cases, case_papers, near, bulk, exports, saved_views, steps, evidence, people, delegations, case_access, map_page, map_settings, dashboard, supervision, mail_preview, reports, territory, settings, limits, rules, calendar_page, identities, health, languages, uploads, drafts, offline)


def register(app: Flask) -> None:
    """Open the door: pages, guard, refusals, menu, filters, headers."""
    addresses.register(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    guard.stand_guard(app)
    for part in (languages, refusals, navigation, delegations, filters, fragments, security, appeals):
        part.register(app)
