"""Whether each week had as many operations of every sort as the rule book asks for."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from tracker.domain.coordination.counts import Outing, fulfilling
from tracker.domain.coordination.rules import PER_WEEK
from tracker.services.rules import values

A_WEEK = timedelta(days=7)


def weeks_of(outings: Iterable[Outing], first: date, last: date) -> tuple[str, ...]:
    """Of each week that ended within these days the operation by which it had enough, "" where it had not."""
    begun = [(each.began_on, each.sort, each.number) for each in outings]
    found = []
    for sunday in _sundays_within(first, last):
        wanted: Any = values.value(PER_WEEK, sunday)
        found.append(fulfilling([each for each in begun if sunday - A_WEEK < each[0] <= sunday], wanted))
    return tuple(found)


def _sundays_within(first: date, last: date) -> Iterator[date]:
    sunday = first + timedelta(days=(6 - first.weekday()) % 7)
    while sunday <= last:
        yield sunday
        sunday += A_WEEK
