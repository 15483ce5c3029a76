"""How long a dispute may wait for whom the case is designated to."""

from datetime import date, timedelta

from tracker.services.rules import rules, values


def dispute_until(today: date) -> date:
    """The last day on which a dispute may have begun whose time for a decision has run out by the end of today."""
    days = values.number("dispute_days", today)
    return rules.calendar().add_workdays(today + timedelta(days=1), -days).on - timedelta(days=1)
