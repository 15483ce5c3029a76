"""The jobs of the clock: a table, and the claim that lets each run once per business date, whatever number of processes.

A job reads what is due and takes the ordinary steps; one bad item does not stop the others, and marks the run as failed.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tracker.domain.actor import CLOCK
from tracker.domain.case_facts import CaseState
from tracker.domain.errors import Broken, Invalid, Refusal, WrongState
from tracker.services import integrity, outbox, seals, uploads
from tracker.services.case_steps import take
from tracker.services.work import Work, deed, plant
from tracker.storage.base import db
from tracker.storage.cases import Case
from tracker.storage.runs import JobRun, Preference

LEASE = timedelta(hours=1)
HEARTBEAT = "clock_seen_at"
log = logging.getLogger("xiaohao.jobs")


class Cadence(StrEnum):
    """How often a job is due."""

    minutely = "minutely"
    daily = "daily"


@dataclass(frozen=True)
class Job:
    """One line of the table. `at` is the office time from which a daily job is due; `deed` returns what it did, in words."""

    id: str
    cadence: Cadence
    what_for: str
    deed: Callable[[date], str]
    at: time = time(0, 0)
    grace_minutes: int = 24 * 60


@dataclass(frozen=True)
class Ran:
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
    """Every public notice whose last day is over ends."""
    ended = select(Case.number).where(Case.state == CaseState.noticing, Case.notice_to_on < on).order_by(Case.id)
    return f"公示期满 {_take_each(_numbers(ended), 'end_notice')} 件"


def resume_phases(on: date) -> str:
    """Every phase whose next date has come goes back to rectifying."""
    due = select(Case.number).where(Case.state == CaseState.phased, Case.phase_next_on <= on).order_by(Case.id)
    return f"恢复整改 {_take_each(_numbers(due), 'resume_phase')} 件"


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


JOBS: tuple[Job, ...] = (
    Job("daily-notice-end", Cadence.daily, "公示期满的案件转入公示期满", end_notices, time(0, 5)),
    Job("daily-phase-resume", Cadence.daily, "阶段性办结到下一节点的案件恢复整改", resume_phases, time(0, 10)),
    Job("daily-upload-sweep", Cadence.daily, "清理收到后两周仍未提交的上传文件", uploads.sweep, time(1, 30)),
    Job("daily-ledger-verify", Cadence.daily, "核验账本的每条链、每件案件和每份证据", verify_ledger, time(2, 0)),
    Job("daily-seal", Cadence.daily, "为当日账本封签", seal_ledger, time(23, 50), grace_minutes=10),
    Job("minutely-outbox", Cadence.minutely, "发送待发邮件，失败的退避重试", send_mail, grace_minutes=60),
)


def job_named(job_id: str) -> Job:
    """The job with this id. Raises `Invalid` listing the known ones."""
    for job in JOBS:
        if job.id == job_id:
            return job
    raise Invalid(f"没有任务“{job_id}”；已有任务：{'、'.join(job.id for job in JOBS)}。", field="job")


def run(job_id: str, on: date | None = None, *, is_retry: bool = True) -> Ran:
    """Run a job for a business date (today when not given) unless it was run for it; a failed run is tried again.

    Whatever the job raises is recorded as a failed run and raised again.
    """
    job, today = job_named(job_id), plant().clock.today()
    on = on or today
    if on > today:
        raise Invalid(f"不能为将来的日期 {on} 运行任务，今天是 {today}。", field="on")
    if job.cadence is Cadence.minutely:
        return Ran(job.id, on, True, job.deed(on))
    run_id = _claim(job.id, on, is_retry)
    if run_id is None:
        return Ran(job.id, on, False, "该日已运行过，或正在由另一进程运行")
    try:
        outcome = job.deed(on)
    except Exception as error:
        said = error.sentence if isinstance(error, Refusal) else type(error).__name__
        _finish(run_id, "failed", said)
        log.error("job %s for %s failed: %s", job.id, on, said)
        raise
    _finish(run_id, "done", outcome)
    return Ran(job.id, on, True, outcome)


def run_due() -> list[Ran]:
    """Run every daily job whose time has come today and that has not been tried yet; the clock asks this every minute.

    So a clock that was down at the set time catches up when it comes back on the same day. A failure is logged and left to
    the next date or to a person.
    """
    clock = plant().clock
    now, ran = clock.local(clock.now()), []
    _beat()
    for job in JOBS:
        if job.cadence is Cadence.daily and job.at <= now.time() and _minutes_late(job, now) <= job.grace_minutes:
            try:
                ran.append(run(job.id, now.date(), is_retry=False))
            except Exception:
                log.exception("job %s failed", job.id)
    return [each for each in ran if each.was_run]


def last_runs() -> dict[str, Run]:
    """The latest run of each job."""
    rows = db.session.scalars(select(JobRun).where(JobRun.job.in_([j.id for j in JOBS])).order_by(JobRun.on_date, JobRun.id))
    return {r.job: Run(r.job, r.on_date, r.state, r.started_at, r.finished_at, r.outcome) for r in rows}


def clock_seen_at() -> datetime | None:
    """When a clock process last looked at the jobs."""
    value = db.session.scalar(select(Preference.value).where(Preference.key == HEARTBEAT))
    return datetime.fromisoformat(value) if value else None


def _minutes_late(job: Job, now: datetime) -> float:
    return (now - now.replace(hour=job.at.hour, minute=job.at.minute, second=0, microsecond=0)).total_seconds() / 60


def _take_each(numbers: Iterable[str], step: str) -> int:
    """Take one step on each case; who was quicker than the clock is no trouble, anything else fails the run at the end."""
    taken, troubles = 0, []
    for number in numbers:
        try:
            take(CLOCK, number, step, {})
            taken += 1
        except WrongState:
            continue
        except Refusal as refusal:
            troubles.append(f"{number}:{refusal.sentence}")
    if troubles:
        raise Broken(f"办成 {taken} 件，{len(troubles)} 件未成，第一件 {troubles[0]}")
    return taken


def _numbers(query: object) -> list[str]:
    found = list(db.session.scalars(query))  # type: ignore[call-overload]
    db.session.rollback()  # the reading ends here; each step opens its own transaction
    return found


@deed
def _claim(work: Work, job_id: str, on: date, is_retry: bool) -> int | None:
    """The id of the run when it is this process's, else None. A run whose lease ran out was left by a dead process."""
    now = work.clock.now()
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = {"state": "running", "claimed_by": outbox.worker_name(), "lease_until": now + LEASE, "started_at": now,
             "finished_at": None, "outcome": ""}
    is_left = and_(JobRun.state == "running", JobRun.lease_until < now)
    may_take = or_(JobRun.state == "failed", is_left) if is_retry else is_left
    statement = insert(JobRun).values(job=job_id, on_date=on, **fresh)
    statement = statement.on_conflict_do_update(index_elements=["job", "on_date"], set_=fresh, where=may_take)
    return work.session.scalar(statement.returning(JobRun.id))


@deed
def _finish(work: Work, run_id: int, state: str, outcome: str) -> None:
    done = update(JobRun).where(JobRun.id == run_id)
    work.session.execute(done.values(state=state, outcome=outcome[:1000], finished_at=work.clock.now()))


@deed
def _beat(work: Work) -> None:
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    seen = work.clock.now().isoformat()
    work.session.execute(insert(Preference).values(key=HEARTBEAT, value=seen).on_conflict_do_update(
        index_elements=["key"], set_={"value": seen}))
