"""What a job of the clock is. Each room has its rows in a `JOBS` of its own; the wiring hands all of them to the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Frequency(StrEnum):
    """How often a job is due."""

    minutely = "minutely"
    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"
    quarterly = "quarterly"
    annual = "annual"


@dataclass(frozen=True)
class Job:
    """One line of the table. `at` is the office time from which a daily job is due; `deed` returns what it did, in words.

    A beat of supervision keeps a record for each period and area instead of a run for each date.
    """

    id: str
    frequency: Frequency
    what_for: str
    deed: Callable[[date], str]
    at: time = time(0, 0)
    due_words: str = "每日 {at} 起"
    grace_minutes: int = 24 * 60
    is_beat: bool = False

    @property
    def when(self) -> str:
        """When it is due, in words."""
        return self.due_words.format(at=f"{self.at:%H:%M}")
