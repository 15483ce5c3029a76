"""Floor 3, the staff door. `register` is its table of contents."""

from flask import Flask

from tracker.web import (
    accounts,
    bulk,
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
    map_page,
    map_settings,
    navigation,
    near,
    offline,
    people,
    refusals,
    saved_views,
    security,
    settings,
    steps,
    territory,
    units,
    uploads,
)

__all__ = ["register", "units"]
ROOMS = (accounts, home, cases, case_papers, near, bulk, exports, saved_views, steps, evidence, people, delegations, case_access, map_page, map_settings, dashboard, territory, settings, identities, health, languages, uploads, drafts, offline)


def register(app: Flask) -> None:
    """Open the door: pages, guard, refusals, menu, filters, headers."""
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    guard.stand_guard(app)
    for part in (languages, refusals, navigation, delegations, filters, fragments, security):
        part.register(app)
