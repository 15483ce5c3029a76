"""Runs of the clock's jobs that an administrator asks for on a page: the clock process does them, once each, and says what came
of it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cadence.beats import beat_named
from tracker.domain.cadence.telling import Telling
from tracker.domain.house.actor import CLOCK, Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, Refusal
from tracker.domain.house.say import Listed, Say, read_json
from tracker.domain.upkeep.fact_kinds import OpsFacts
from tracker.services.cadence import beats, gaps
from tracker.services.house import permits
from tracker.services.house.jobs import Frequency, Job
from tracker.services.house.work import Work, deed, reading
from tracker.services.upkeep.jobs import job_named
from tracker.storage.house.ledger import FactRow

STREAM = "asked-runs"
LEASE = timedelta(hours=3)
log = logging.getLogger("xiaohao.jobs")


@dataclass(frozen=True)
class AskedRun:
    """One run that somebody asked for; `outcome` is empty while the clock has not done it."""

    number: int
    at: datetime
    job: str
    on: date
    is_silent: bool
    outcome: str = ""
    is_well: bool = True
    is_done: bool = False


@deed
def ask(work: Work, actor: Actor, job_id: str, on: date, *, is_silent: bool = False) -> None:
    """Have the clock run a job for a business date. Raises `Invalid` for a job that runs each minute or a day to come, `Conflict`
    while the same is waited for."""
    permits.require(actor, Permission.ops_manage)
    job, today = job_named(job_id), work.clock.today()
    if job.frequency is Frequency.minutely:
        raise Invalid("每分钟运行的任务不用补跑。", field="job")
    if on > today:
        raise Invalid(Say("不能为将来的日期 {on} 运行任务，今天是 {today}。", on=on, today=today), field="on")
    if any((each.job, each.on) == (job_id, on) for each in waiting(work.session)):
        raise Conflict("已经有人申请，时钟进程尚未办完。", code="asked_already")
    work.record(STREAM, OpsFacts.run_asked, actor, {"job": job_id, "on": on, "is_silent": is_silent})


def run_asked(on: date) -> str:
    """Do what was asked for and not done, the oldest first, each by one clock alone; a job that fails is told and stops no
    other."""
    done = 0
    for each in waiting(reading()):
        if _claim_run(each.number):
            outcome, is_well = _outcome_of(each)
            _note_answer(each.number, outcome, is_well)
            done += 1
    return Say("办完申请的运行 {count} 次", count=done) if done else Say("没有人申请运行")


def _claim_run(number: int) -> bool:
    """Whether it is this process that does it. Of two that begin at once the ledger takes one; whoever died over it is
    followed after `LEASE`."""
    try:
        return _begin_run(number)
    except Conflict:
        return False


@deed
def _begin_run(work: Work, number: int) -> bool:
    said = work.session.execute(select(FactRow.at, FactRow.kind, FactRow.body).where(
        FactRow.stream == STREAM, FactRow.seq > number, FactRow.kind != OpsFacts.run_asked))
    lately = work.clock.now() - LEASE
    if any(read_json(row.body)["asked"] == number and (row.kind == OpsFacts.run_answered or row.at > lately) for row in said):
        return False
    work.record(STREAM, OpsFacts.run_begun, CLOCK, {"asked": number})
    return True


def waiting(session: Session) -> list[AskedRun]:
    """What was asked for and is not done."""
    return [each for each in reversed(recent(session, 200)) if not each.is_done]


def recent(session: Session, most: int = 10) -> list[AskedRun]:
    """The latest requests, the newest first."""
    rows = session.execute(select(FactRow.seq, FactRow.at, FactRow.kind, FactRow.body).where(FactRow.stream == STREAM)
                           .order_by(FactRow.seq.desc()).limit(3 * most)).all()
    answers = {said["asked"]: said for said in (read_json(row.body) for row in rows if row.kind == OpsFacts.run_answered)}
    return [_asked_run(row.seq, row.at, read_json(row.body), answers.get(row.seq))
            for row in rows if row.kind == OpsFacts.run_asked][:most]


def _asked_run(number: int, at: datetime, said: Mapping[str, Any], answer: Mapping[str, Any] | None) -> AskedRun:
    asked = number, at, said["job"], date.fromisoformat(said["on"]), said["is_silent"]
    return AskedRun(*asked) if answer is None else AskedRun(*asked, answer["outcome"], answer["is_well"], True)


def _outcome_of(asked: AskedRun) -> tuple[str, bool]:
    try:
        return _run_job(job_named(asked.job), asked), True
    except Refusal as refusal:
        return refusal.sentence, False
    except Exception as error:
        log.exception("asked run of %s for %s failed", asked.job, asked.on)
        return type(error).__name__, False


def _run_job(job: Job, asked: AskedRun) -> str:
    if not job.is_beat:
        return job.deed(asked.on)
    period = beats.period_on(beat_named(job.id), asked.on)
    telling = Telling.silent if asked.is_silent else Telling.usual
    ran = [beats.run(job.id, period.key, area, telling=telling) for area in gaps.books().areas]
    return Say("{period}：{outcomes}", period=period.key, outcomes=Listed((each.outcome for each in ran), "；"))


@deed
def _note_answer(work: Work, number: int, outcome: str, is_well: bool) -> None:
    work.record(STREAM, OpsFacts.run_answered, CLOCK, {"asked": number, "outcome": outcome, "is_well": is_well})
