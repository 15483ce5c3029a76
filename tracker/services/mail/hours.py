"""When mails leave: on working days outside the quiet hours all of them, else those alone that the rule book lets pass."""

from datetime import datetime, time

from tracker.domain.cadence.beats import beat_named
from tracker.domain.cadence.ladder import is_quiet
from tracker.domain.mail.kinds import MailKind
from tracker.services.house.work import wiring
from tracker.services.rules import rules, values

MORNING = "daily-morning"  # the digest comes when the morning list does


def kinds_that_pass(now: datetime) -> frozenset[str] | None:
    """The kinds that may leave at this moment, by their codes; None where all of them may."""
    local = wiring().clock.local(now)
    if rules.calendar().is_workday(local.date()) and not is_quiet(local.time(), _quiet_hours(local)):
        return None
    passing = values.value("days_off_mail", local.date())
    assert isinstance(passing, list)
    return frozenset(passing)


def may_leave(kind: MailKind, now: datetime) -> bool:
    """Whether a mail of this kind may leave at this moment."""
    passing = kinds_that_pass(now)
    return passing is None or kind.code in passing


def next_digest(now: datetime) -> datetime:
    """When the next digest comes: with the morning list of a working day, and not before the quiet hours are over."""
    local, calendar = wiring().clock.local(now), rules.calendar()
    at, quiet = beat_named(MORNING).at, _quiet_hours(local)
    if is_quiet(at, quiet):
        at = time.fromisoformat(quiet.rpartition("-")[2])
    is_today = calendar.is_workday(local.date()) and local.time() < at
    return datetime.combine(local.date() if is_today else calendar.next_workday(local.date()), at, wiring().zone)


def _quiet_hours(local: datetime) -> str:
    return str(values.value("quiet_hours", local.date()))
