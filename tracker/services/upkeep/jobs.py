"""The jobs of the clock: a table, and the claim that lets each run once per business date, whatever number of processes.

The cadences of supervision stand in the table too; they keep records of their own (services/cadence/beats.py). A job reads what
is due and takes the ordinary steps; one bad item does not stop the others, and marks the run as failed.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import partial

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from tracker.domain.cadence.beats import BEATS, Beat, beat_named
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Broken, Conflict, Invalid, Refusal, WrongState
from tracker.domain.house.lifecycle import StepName
from tracker.domain.house.rolls import Roll
from tracker.domain.rules.periods import PeriodKind, period_named
from tracker.services.cadence import beats as supervision
from tracker.services.cadence import gaps
from tracker.services.cases import recounting
from tracker.services.cases.steps import take
from tracker.services.evidence import uploads
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.mail import outbox
from tracker.services.upkeep import clock_watch, integrity, seals
from tracker.services.upkeep.clock_watch import clock_seen_at
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import inserting
from tracker.storage.house.runs import JobRun

__all__ = ["JOBS", "Frequency", "Job", "JobOutcome", "Run", "clock_seen_at", "job_named", "last_runs", "run", "run_due"]

LEASE = timedelta(hours=1)
log = logging.getLogger("xiaohao.jobs")


class Frequency(StrEnum):
    """How often a job is due."""

    minutely = "minutely"
    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"
    quarterly = "quarterly"
    annual = "annual"


# How often a beat comes whose period is of this kind.
OFTEN: dict[PeriodKind, Frequency] = {
    PeriodKind.day: Frequency.daily, PeriodKind.week: Frequency.weekly, PeriodKind.month: Frequency.monthly,
    PeriodKind.quarter: Frequency.quarterly, PeriodKind.year: Frequency.annual,
}


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


def end_notices(on: date) -> str:
    """Every public notice whose last day is over ends, unless an objection waits to be decided."""
    ended = select(Case.number).where(Case.state == CaseState.noticing, Case.notice_to_on < on,
                                      func.coalesce(Case.undecided_objections, 0) == 0).order_by(Case.id)
    return f"公示期满 {_take_each(_read_numbers(reading(), ended), Steps.end_notice.name)} 件"


def resume_phases(on: date) -> str:
    """Every phase whose next date has come goes back to rectifying."""
    due = select(Case.number).where(Case.state == CaseState.phased, Case.phase_next_on <= on).order_by(Case.id)
    return f"恢复整改 {_take_each(_read_numbers(reading(), due), Steps.resume_phase.name)} 件"


def recount_dates(on: date) -> str:
    """Count again the cases that a loading of the calendar left behind when it was cut short."""
    done = recounting.finish()
    return f"按新日历重算案件 {done} 件" if done is not None else "没有待重算的案件"


def verify_ledger(on: date) -> str:
    """Check every chain, fold and file. Raises `Broken` naming the first bad fact."""
    report = integrity.verify()
    if report.first is not None:
        raise Broken(f"账本核验不通过，共 {report.trouble_count} 处，第一处：{report.first}")
    return report.sentence()


def seal_ledger(on: date) -> str:
    """Hash the heads of all streams."""
    return seals.seal(on).sentence()


def send_mail(on: date) -> str:
    """Send what waits in the outbox."""
    return outbox.send_due().sentence()


def make_beat(cadence_id: str, on: date) -> str:
    """Make the beat that this date makes due, in every area. Raises `Conflict` where all of it is made already."""
    cadence = beat_named(cadence_id)
    period = supervision.period_on(cadence, on)
    ran = [supervision.run(cadence_id, period.key, area) for area in gaps.books().areas]
    if not any(each.was_run for each in ran):
        raise Conflict(ran[0].outcome, code="made")
    return f"{period.key}：" + "；".join(each.outcome for each in ran)


def job_of(beat: Beat) -> Job:
    """The job that makes a beat."""
    return Job(beat.id, OFTEN[beat.kind], beat.what_for, partial(make_beat, beat.id), beat.at, beat.day.words, is_beat=True)


_PLAIN: tuple[Job, ...] = (
    Job("daily-notice-end", Frequency.daily, "公示期满的案件转入公示期满", end_notices, time(0, 5)),
    Job("daily-phase-resume", Frequency.daily, "阶段性办结到下一节点的案件恢复整改", resume_phases, time(0, 10)),
    Job("daily-calendar-recount", Frequency.daily, "补完录入日历后中断的时限重算", recount_dates, time(0, 15)),
    Job("daily-upload-sweep", Frequency.daily, "清理收到后两周仍未提交的上传文件", uploads.sweep, time(1, 30)),
    Job("daily-ledger-verify", Frequency.daily, "核验账本的每条链、每件案件和每份证据", verify_ledger, time(2, 0)),
    Job("daily-seal", Frequency.daily, "为当日账本封签", seal_ledger, time(23, 50), grace_minutes=10),
)
_LAST = Job("minutely-outbox", Frequency.minutely, "发送待发邮件，失败的退避重试", send_mail, due_words="每分钟", grace_minutes=60)
JOBS: Roll[Job] = Roll(lambda: (*_PLAIN, *map(job_of, BEATS), _LAST))


def job_named(job_id: str) -> Job:
    """The job with this id. Raises `Invalid` listing the known ones."""
    for job in JOBS:
        if job.id == job_id:
            return job
    raise Invalid(f"没有任务“{job_id}”；已有任务：{'、'.join(job.id for job in JOBS)}。", field="job")


def run(job_id: str, on: date | None = None, *, is_retry: bool = True) -> JobOutcome:
    """Run a job for a business date (today when not given) unless it was run for it; a failed run is tried again.

    Whatever the job raises is recorded as a failed run and raised again.
    """
    job, today = job_named(job_id), wiring().clock.today()
    on = on or today
    if on > today:
        raise Invalid(f"不能为将来的日期 {on} 运行任务，今天是 {today}。", field="on")
    if job.frequency is Frequency.minutely or job.is_beat:
        return _run_unclaimed(job, on)
    run_id = _claim_run(job.id, on, is_retry)
    if run_id is None:
        return JobOutcome(job.id, on, False, "该日已运行过，或正在由另一进程运行")
    try:
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
    for job in JOBS:
        is_due = job.at <= now.time() and _minutes_late(job, now) <= job.grace_minutes
        if job.frequency is Frequency.daily and not job.is_beat and is_due and job.id not in settled:
            try:
                ran.append(run(job.id, now.date(), is_retry=False))
            except Exception:
                log.exception("job %s failed", job.id)
    return [each for each in ran if each.was_run]


def last_runs() -> dict[str, Run]:
    """The latest run of each job; of a beat, its latest record, under the first day of its period."""
    session = reading()
    rows = session.scalars(select(JobRun).where(JobRun.job.in_([j.id for j in JOBS])).order_by(JobRun.on_date, JobRun.id))
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


def _take_each(numbers: Iterable[str], step: StepName) -> int:
    """Take one step on each case; who was quicker than the clock is no trouble, anything else fails the run at the end."""
    taken, troubles = 0, []
    for number in numbers:
        try:
            take(CLOCK, number, step, {})
            taken += 1
        except WrongState:
            continue
        except Refusal as refusal:
            troubles.append(f"{number}：{refusal.sentence}")
    if troubles:
        raise Broken(f"办成 {taken} 件，{len(troubles)} 件未成，第一件 {troubles[0]}")
    return taken


def _read_numbers(session: Session, query: object) -> list[str]:
    found = list(session.scalars(query))  # type: ignore[call-overload]
    session.rollback()  # the reading ends here; each step opens its own transaction
    return found


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
