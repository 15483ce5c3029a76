"""The jobs of the clock, and the claim that lets each run once per business date, whatever number of processes.

Each room has its rows (`JOBS` in its jobs.py), `tracker/wiring.py` collects them, and here they are run. The beats are among
them; they keep records of their own (services/cadence/beats.py).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from tracker.domain.house.errors import Conflict, Invalid, Refusal
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.periods import period_named
from tracker.services.house.jobs import Frequency, Job
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.mail import outbox
from tracker.services.mail.bundles import one_mail_each
from tracker.services.upkeep import clock_watch
from tracker.services.upkeep.clock_watch import clock_seen_at
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.house.base import inserting
from tracker.storage.house.runs import JobRun

__all__ = ["JobOutcome", "Run", "all_jobs", "clock_seen_at", "job_named", "last_runs", "run", "run_due"]

LEASE = timedelta(hours=1)
log = logging.getLogger("xiaohao.jobs")


@dataclass(frozen=True)
class JobOutcome:
    """What came of asking for a run. `was_run` is False when that date was done, or is being done by another process."""

    job: str
    on: date
    was_run: bool
    outcome: str


@dataclass(frozen=True)
class Run:
    """The last run of a job, as it is listed."""

    job: str
    on: date
    state: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str


def all_jobs() -> Sequence[Job]:
    """Every job of the application, in the order of the table."""
    return wiring().jobs


def job_named(job_id: str) -> Job:
    """The job with this id. Raises `Invalid` listing the known ones."""
    for job in all_jobs():
        if job.id == job_id:
            return job
    raise Invalid(Say("没有任务“{name}”；已有任务：{known}。", name=job_id, known=Listed(job.id for job in all_jobs())), field="job")


def run(job_id: str, on: date | None = None, *, is_retry: bool = True) -> JobOutcome:
    """Run a job for a business date (today when not given) unless it was run for it; a failed run is tried again.

    Whatever the job raises is recorded as a failed run and raised again.
    """
    job, today = job_named(job_id), wiring().clock.today()
    on = on or today
    if on > today:
        raise Invalid(Say("不能为将来的日期 {on} 运行任务，今天是 {today}。", on=on, today=today), field="on")
    if job.frequency is Frequency.minutely or job.is_beat:
        return _run_unclaimed(job, on)
    run_id = _claim_run(job.id, on, is_retry)
    if run_id is None:
        return JobOutcome(job.id, on, False, "该日已运行过，或正在由另一进程运行")
    try:
        with one_mail_each():
            outcome = job.deed(on)
    except Exception as error:
        said = error.sentence if isinstance(error, Refusal) else type(error).__name__
        _finish_run(run_id, "failed", said)
        log.error("job %s for %s failed: %s", job.id, on, said)
        raise
    _finish_run(run_id, "done", outcome)
    return JobOutcome(job.id, on, True, outcome)


def _run_unclaimed(job: Job, on: date) -> JobOutcome:
    """What needs no run of its own: mails and beats are claimed one by one."""
    try:
        with one_mail_each():
            return JobOutcome(job.id, on, True, job.deed(on))
    except Conflict as conflict:
        if conflict.code != "made":
            raise
        return JobOutcome(job.id, on, False, conflict.sentence)


def run_due(now: datetime | None = None) -> list[JobOutcome]:
    """Run every daily job whose time has come today and that has not been tried yet; the clock asks this every minute.

    So a clock that was down at the set time catches up when it comes back on the same day. A failure is logged and left to
    the next date or to a person. What was tried is known beforehand, so that an idle minute writes nothing but its heartbeat.
    """
    now, ran = wiring().clock.local(now or wiring().clock.now()), []
    clock_watch.beat(now)
    settled = _settled_jobs(reading(), now)
    for job in all_jobs():
        is_due = job.at <= now.time() and _minutes_late(job, now) <= job.grace_minutes
        if job.frequency is Frequency.daily and not job.is_beat and is_due and job.id not in settled:
            try:
                ran.append(run(job.id, now.date(), is_retry=False))
            except Exception:
                log.exception("job %s failed", job.id)
    return [each for each in ran if each.was_run]


def last_runs() -> dict[str, Run]:
    """The latest run of each job; of a beat, its latest record, under the first day of its period."""
    session, named = reading(), [job.id for job in all_jobs()]
    rows = session.scalars(select(JobRun).where(JobRun.job.in_(named)).order_by(JobRun.on_date, JobRun.id))
    runs = {r.job: Run(r.job, r.on_date, r.state, r.started_at, r.finished_at, r.outcome) for r in rows}
    other = aliased(BeatRecord)
    newest = select(func.max(other.due_at)).where(other.cadence == BeatRecord.cadence).scalar_subquery()
    for r in session.scalars(select(BeatRecord).where(BeatRecord.due_at == newest).order_by(BeatRecord.id)):
        said = r.error if r.state == "failed" else r.outcome
        runs[r.cadence] = Run(r.cadence, period_named(r.period).first, r.state, r.started_at, r.finished_at, said)
    return runs


def _settled_jobs(session: Session, now: datetime) -> set[str]:
    """The jobs that were tried on this date, except those that a dead process may have left."""
    query = select(JobRun.job).where(JobRun.on_date == now.date(), or_(JobRun.state != "running", JobRun.lease_until >= now))
    found = set(session.scalars(query))
    session.rollback()
    return found


def _minutes_late(job: Job, now: datetime) -> float:
    return (now - now.replace(hour=job.at.hour, minute=job.at.minute, second=0, microsecond=0)).total_seconds() / 60


@deed
def _claim_run(work: Work, job_id: str, on: date, is_retry: bool) -> int | None:
    """The id of the run when it is this process's, else None. A run whose lease ran out was left by a dead process."""
    now = work.clock.now()
    fresh = {"state": "running", "claimed_by": outbox.worker_name(), "lease_until": now + LEASE, "started_at": now,
             "finished_at": None, "outcome": ""}
    is_left = and_(JobRun.state == "running", JobRun.lease_until < now)
    may_take = or_(JobRun.state == "failed", is_left) if is_retry else is_left
    statement = inserting(work.session)(JobRun).values(job=job_id, on_date=on, **fresh)
    statement = statement.on_conflict_do_update(index_elements=["job", "on_date"], set_=fresh, where=may_take)
    return work.session.scalar(statement.returning(JobRun.id))


@deed
def _finish_run(work: Work, run_id: int, state: str, outcome: str) -> None:
    done = update(JobRun).where(JobRun.id == run_id)
    work.session.execute(done.values(state=state, outcome=outcome[:1000], finished_at=work.clock.now()))
