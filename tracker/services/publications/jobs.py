"""The job of what the public reads."""

from datetime import date, time

from tracker.domain.house.say import Say
from tracker.services.house.jobs import Frequency, Job
from tracker.services.publications.publishing import expire


def run_end(on: date) -> str:
    """What is past its last day leaves the door."""
    return Say("{count} 份公开内容期满撤下", count=expire(on))


JOBS: tuple[Job, ...] = (
    Job("daily-publication-end", Frequency.daily, "公开期满的内容撤下", run_end, time(0, 6)),
)
