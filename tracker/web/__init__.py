"""Floor 3, the staff door. `register` is its table of contents."""

from flask import Flask

from tracker.web import (
    accounts,
    bulk,
    case_papers,
    cases,
    dashboard,
    evidence,
    exports,
    filters,
    guard,
    health,
    home,
    identities,
    map_page,
    navigation,
    people,
    refusals,
    saved_views,
    security,
    settings,
    steps,
    territory,
    units,
)

__all__ = ["register", "units"]
ROOMS = (accounts, home, cases, case_papers, bulk, exports, saved_views, steps, evidence, people, map_page, dashboard, territory, settings, identities, health)


def register(app: Flask) -> None:
    """Open the door: pages, guard, refusals, menu, filters, headers."""
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    guard.stand_guard(app)
    for part in (refusals, navigation, filters, security):
        part.register(app)
