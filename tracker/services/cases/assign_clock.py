"""The clock of assigning: a case that waits to be assigned has a day by which it must be.

It is counted whenever it is asked for, from the moment since which the case waits and by the limit in force that day; no row and
no fact holds it.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.domain.house.errors import Incomplete
from tracker.domain.rules.deadlines import due
from tracker.domain.rules.limits import Stage, choose
from tracker.services.house.caching import until_a_rule_changes
from tracker.services.house.work import wiring
from tracker.services.rules import rules, values
from tracker.storage.house.preferences import Preference

BEGAN = "assign_clock_began"  # the moment of the upgrade that brought the clock; written where cases were waiting by then


def start_of(waits_since: datetime) -> date:
    """The day from which the clock counts. What had waited for long when the product got this clock is late no sooner than what
    came that day."""
    local = wiring().clock.local
    began = until_a_rule_changes(BEGAN, _read_beginning)
    return local(max(waits_since, began) if began is not None else waits_since).date()


def assign_due(source: str, area_code: str, waits_since: datetime) -> date | None:
    """The last day on which a case may be assigned; None where no limit was in force."""
    start = start_of(waits_since)
    try:
        limit = choose(rules.limits(), source, Stage.assign, start)
    except Incomplete:
        return None
    return due(limit, start, rules.calendar(area_code), values.office_hours(start)).on


def _read_beginning(session: Session) -> datetime | None:
    row = session.get(Preference, BEGAN)
    return datetime.fromisoformat(row.value) if row is not None else None
