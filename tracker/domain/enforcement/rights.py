"""What is owed to the party and to the law before a penalty is decided: computed, and shown before the button.

行政处罚法 (2021): art. 63 for who may ask for a hearing, art. 58 for what a lawyer reviews, art. 57 for what is discussed together,
art. 29 and 36 for what is punished once, and no more.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tracker.domain.rules.workdays import WorkCalendar

# Kinds of penalty that always give a right to a hearing.
HEAVY = frozenset({"lower_grade", "revoke_permit", "stop_production", "close_down", "restrict_occupation"})
WORKDAYS_BEFORE_HEARING = 7  # whole working days between the day its notice is served and the day it is held


@dataclass(frozen=True)
class Violation:
    """What may be punished: its code and name, on which law it rests, and within how many years it is."""

    code: str
    name: str
    law: str
    years: int


@dataclass(frozen=True)
class Amounts:
    """What is proposed, notified or decided, in fen; None where there is none."""

    kinds: tuple[str, ...]
    fine: int | None = None
    confiscated: int | None = None


def violations_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Violation, ...]:
    """The lines of the rule book."""
    return tuple(Violation(str(row["code"]), str(row["word"]), str(row["law"]), int(row["years"])) for row in rows)


def violation_named(known: Iterable[Violation], named: str) -> Violation | None:
    """The one with this code or word."""
    return next((each for each in known if named.strip() in (each.code, each.name)), None)


def of_party(rule: Mapping[str, Any], *, is_person: bool) -> int:
    """What a rule sets for a person, or for others, in fen."""
    return int(rule["person_fen" if is_person else "company_fen"])


def owes_hearing(amounts: Amounts, threshold: int) -> bool:
    """Whether the party may ask for a hearing: a large fine or confiscation, or a heavy kind."""
    is_large = max(amounts.fine or 0, amounts.confiscated or 0) >= threshold
    return is_large or not HEAVY.isdisjoint(amounts.kinds)


def owes_review(amounts: Amounts, threshold: int, grounds: Collection[str]) -> bool:
    """Whether a lawyer of the office reviews it before it is decided: wherever a hearing may be asked for, and where it is of
    weight otherwise."""
    return owes_hearing(amounts, threshold) or bool(grounds)


def is_too_old(violation: Violation, happened_to: date, discovered_on: date) -> bool:
    """Whether it was found out later than the law punishes it."""
    try:
        last = happened_to.replace(year=happened_to.year + violation.years)
    except ValueError:  # the 29th of February
        last = date(happened_to.year + violation.years, 2, 28)
    return discovered_on > last


def first_hearing_day(notice_served_on: date, calendar: WorkCalendar) -> date:
    """The first day on which a hearing may be held: so many whole working days lie between."""
    return calendar.add_workdays(calendar.add_workdays(notice_served_on, WORKDAYS_BEFORE_HEARING).on, 1).on


def rights_until(ends: Iterable[date | None]) -> date | None:
    """The last day of what the party may still do; None where nothing is open."""
    return max((day for day in ends if day is not None), default=None)


def day_before(on: date) -> date:
    """The day before."""
    return on - timedelta(days=1)


def overlaps(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Whether two stretches of days share one: the same party is not fined twice for it."""
    return one[0] <= other[1] and other[0] <= one[1]
