"""The values of the rule book in force on a day."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.reports.rule_book import read, rule_named
from tracker.domain.rules import lights
from tracker.domain.rules.deadlines import OfficeHours
from tracker.domain.rules.lights import LightBounds
from tracker.domain.rules.shapes import hours_of
from tracker.services.house.caching import until_a_rule_changes
from tracker.services.rules import rules
from tracker.storage.rules.rules import RuleValue

Dated = tuple[tuple[date, ...], tuple[str, ...]]


def value(key: str, on: date) -> object:
    """The value that holds on a day: the newest one set to hold by then, or the default of the book."""
    rule = rule_named(key)
    days, texts = until_a_rule_changes("rule_values", _read_values).get(key, ((), ()))
    place = bisect_right(days, on)
    return read(key, texts[place - 1]) if place else rule.default


def since(key: str, on: date) -> date | None:
    """Since when the value of a day holds; None where none was set."""
    days, _ = until_a_rule_changes("rule_values", _read_values).get(rule_named(key).key, ((), ()))
    place = bisect_right(days, on)
    return days[place - 1] if place else None


def number(key: str, on: date) -> int:
    """The value of a key that is a whole number."""
    found = value(key, on)
    assert isinstance(found, int)
    return found


def is_on(key: str, switch: str, on: date) -> bool:
    """Whether one switch of a key that holds several is on."""
    found = value(key, on)
    return isinstance(found, dict) and bool(found[switch])


def office_hours(on: date) -> OfficeHours:
    """The stretches of a working day."""
    return hours_of(str(value("office_hours", on)))


def light_bounds(on: date) -> LightBounds:
    """The bounds of the lights on a day, as the rule book sets the yellow one."""
    return lights.light_bounds(on, rules.calendar(), number("warn_workdays", on))


def _read_values(session: Session) -> Mapping[str, Dated]:
    """Every key that was ever set, with its days and texts in order."""
    found: dict[str, list[tuple[date, str]]] = {}
    columns = select(RuleValue.key, RuleValue.effective_from, RuleValue.value).order_by(RuleValue.key, RuleValue.effective_from)
    for row in session.execute(columns):
        found.setdefault(row.key, []).append((row.effective_from, row.value))
    return {key: (tuple(day for day, _ in dated), tuple(text for _, text in dated)) for key, dated in found.items()}
