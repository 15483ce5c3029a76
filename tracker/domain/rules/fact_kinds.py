"""What happens to rules, limits and calendars."""

from tracker.domain.house.ledger import FactKind


class RuleFacts:
    """Of what an authority sets."""

    limit_set = FactKind("rules:limit_set")
    value_set = FactKind("rules:value_set")


class CalendarFacts:
    """Of the calendar."""

    loaded = FactKind("calendar:loaded")
    own_day_set = FactKind("calendar:own_day_set")


class CategoryFacts:
    """Of a problem type and what is asked of its cases: `category:<key>`."""

    added = FactKind("category:added")
    changed = FactKind("category:changed")
    question_added = FactKind("category:question_added")
    question_changed = FactKind("category:question_changed")
