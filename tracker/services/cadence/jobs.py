"""The jobs that make the beats: one for each beat, with a record for each period and area instead of a run for each date."""

from datetime import date
from functools import partial

from tracker.domain.cadence.beats import BEATS, Beat, beat_named
from tracker.domain.house.errors import Conflict
from tracker.domain.house.rolls import Roll
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.periods import PeriodKind
from tracker.services.cadence import beats, gaps
from tracker.services.house.jobs import Frequency, Job

# How often a beat comes whose period is of this kind.
OFTEN: dict[PeriodKind, Frequency] = {
    PeriodKind.day: Frequency.daily, PeriodKind.week: Frequency.weekly, PeriodKind.month: Frequency.monthly,
    PeriodKind.quarter: Frequency.quarterly, PeriodKind.year: Frequency.annual,
}


def make_beat(cadence_id: str, on: date) -> str:
    """Make the beat that this date makes due, in every area. Raises `Conflict` where all of it is made already."""
    cadence = beat_named(cadence_id)
    period = beats.period_on(cadence, on)
    ran = [beats.run(cadence_id, period.key, area) for area in gaps.books().areas]
    if not any(each.was_run for each in ran):
        raise Conflict(ran[0].outcome, code="made")
    return Say("{period}：{outcomes}", period=period.key, outcomes=Listed((each.outcome for each in ran), "；"))


def job_of(beat: Beat) -> Job:
    """The job that makes a beat."""
    return Job(beat.id, OFTEN[beat.kind], beat.what_for, partial(make_beat, beat.id), beat.at, beat.day.words, is_beat=True)


JOBS: Roll[Job] = Roll(lambda: map(job_of, BEATS))
