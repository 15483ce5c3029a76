"""Floor 3, the staff door. `register` is its table of contents."""

from flask import Flask

from tracker.web import (
    accounts,
    cases,
    evidence,
    filters,
    guard,
    health,
    home,
    identities,
    navigation,
    people,
    refusals,
    security,
    settings,
    steps,
    territory,
    units,
)

__all__ = ["register", "units"]
ROOMS = (accounts, home, cases, steps, evidence, people, territory, settings, identities, health)


def register(app: Flask) -> None:
    """Open the door: pages, guard, refusals, menu, filters, headers."""
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    guard.stand_guard(app)
    for part in (refusals, navigation, filters, security):
        part.register(app)
