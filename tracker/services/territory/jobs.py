"""The jobs of the territory."""

from datetime import date, time

from tracker.domain.house.say import Listed, Say
from tracker.services.house.jobs import Frequency, Job
from tracker.services.territory.moving import move_cases

MOST_NAMED = 5


def move_cases_on(on: date) -> str:
    """Open cases of areas that have ended go to what took those over; what is unsure is told, for a dispatcher to correct."""
    done = move_cases(on)
    if not done.unsure:
        return Say("改归承接区划 {count} 件", count=done.moved)
    return Say("改归承接区划 {count} 件；{unsure} 件承接不止一处，请调度员更正区划：{numbers}", count=done.moved, unsure=len(done.unsure),
               numbers=Listed(done.unsure[:MOST_NAMED]))


JOBS: tuple[Job, ...] = (
    Job("daily-territory-moves", Frequency.daily, "撤并区划的未办结案件改归承接区划", move_cases_on, time(0, 8)),
)
