"""A responsibility list in force, for tests of what rests on one."""

from datetime import date
from typing import Any

from tests.support.makers import Town
from tracker.services.house.master import rows
from tracker.services.territory.lists import versions

ACTIVATOR, EDITOR = "lead", "admin"


def drafted(town: Town, lines: dict[int, dict[str, Any]] | None = None, **order: Any) -> int:
    """A draft by the administrator, with these lines by number; its own number."""
    number = versions.draft(town.actor(EDITOR), versions.DraftOrder(**order))
    for line, values in (lines or {}).items():
        rows.save_row(town.actor(EDITOR), "routing", str(line), {"reason": "区责任清单", **values})
    return number


def in_force(town: Town, lines: dict[int, dict[str, Any]], first_day: date | None = None, **order: Any) -> int:
    """The same, put in force by the lead."""
    number = drafted(town, lines, **order)
    versions.activate(town.actor(ACTIVATOR), versions.ActivateOrder(number, first_day or town.clock.today(), reason="其余由调度员判定"))
    return number
