"""What the clock does with import jobs: one after another, by lease, so that a clock that dies leaves nothing half done."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import and_, delete, or_, select, update

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict, Refusal
from tracker.domain.house.links import Link, Place
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say
from tracker.domain.mail.kinds import Kinds
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.domain.tables.plans import ReadingChoices, from_json
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.mail import letters
from tracker.services.mail.letters import Letter
from tracker.services.mail.outbox import worker_name
from tracker.services.people import access
from tracker.services.tables.importing import BadRows, ImportOutcome, import_file
from tracker.services.tables.imports.jobs import context_of, opened
from tracker.storage.tables import import_progress
from tracker.storage.tables.import_progress import WritingJob
from tracker.storage.tables.imports import ImportFile, ImportJob

LEASE = timedelta(minutes=15)
MOST_TRIES = 3
WAITS_FOR_NIGHT = 50_000  # rows: other writers of SQLite wait half a minute and more
MOST_TROUBLES = 200
GIVEN_UP = "时钟进程几次中断，没有导入任何案件；请重新检查后再导入。"
EXPIRED = "满 24 小时没有导入，文件已经删除；请重新上传。"
BROKEN_DOWN = "系统出了问题，没有导入任何案件，已记入日志；请稍后重新检查。"
log = logging.getLogger("xiaohao.imports")


@dataclass(frozen=True)
class ClaimedImport:
    """A job in one process's hands: its worker and its try together, so that whoever claims it again makes the first one void."""

    id: int
    person_id: int
    sign_in: str
    wants: str
    file_name: str
    digest: str
    source_key: str
    area_code: str
    choices: ReadingChoices
    skips_bad: bool
    worker: str
    tries: int

    @property
    def is_dry(self) -> bool:
        """Whether it is only checked."""
        return self.wants == "check"


def run_waiting(on: date) -> str:
    """Everything that waits, one job after the other; in words for the log."""
    erased, count = _erase_expired(), 0
    while (claimed := _claim_next(worker_name())) is not None:
        run(claimed)
        count += 1
    return Say("办理导入 {count} 个，删除到期文件 {erased} 个", count=count, erased=erased)


def run_now(job_id: int) -> None:
    """A small job at once, by whoever asks: what was queued is claimed like by the clock."""
    claimed = _claim_next(worker_name(), job_id)
    if claimed is not None:
        run(claimed)


def run(claimed: ClaimedImport) -> None:
    """Check the file, or enter it: whole, and once. Whatever goes wrong is the job's own trouble and stops no other."""
    try:
        actor = replace(access.actor_for(claimed.person_id), sign_in=claimed.sign_in)
        with opened(claimed.id, claimed.file_name) as path, _book_path() as book:
            _run_file(actor, claimed, path, book)
    except Refusal as refusal:
        _end_badly(claimed, refusal.sentence)
    except Exception:
        log.exception("import job %s", claimed.id)
        _end_badly(claimed, BROKEN_DOWN)
    finally:
        import_progress.forget(reading(), claimed.id)


def _run_file(actor: Actor, claimed: ClaimedImport, path: Path, book: Path) -> None:
    def note_read(done: int, total: int, what: str) -> None:
        _note_progress(claimed, done, total)

    def note_written(done: int, total: int, what: str) -> None:
        until = wiring().clock.now() + LEASE
        import_progress.note(reading(), WritingJob(claimed.id, claimed.worker, claimed.tries), done, total, until)

    def finish(work: Work, outcome: ImportOutcome) -> None:
        _mark_done(work, actor, claimed, outcome, book)

    try:
        outcome = import_file(
            actor, path, source=claimed.source_key, area=claimed.area_code, is_dry=claimed.is_dry, errors=book, finish=finish,
            skip_bad=claimed.is_dry or claimed.skips_bad, choices=claimed.choices, progress=note_read, writing=note_written,
            is_book_short=True)
    except BadRows as bad:
        outcome = bad.report
        if not claimed.is_dry:
            raise
    if claimed.is_dry:
        _mark_checked(claimed, outcome, book)
    elif not outcome.is_finished:
        _mark_nothing_new(actor, claimed, outcome, book)


@contextmanager
def _book_path() -> Iterator[Path]:
    with TemporaryDirectory(prefix="xiaohao-import-") as folder:
        yield Path(folder) / "errors.xlsx"


@deed
def _claim_next(work: Work, worker: str, job_id: int | None = None) -> ClaimedImport | None:
    """The oldest job that waits, or whose lease ran out with the process that had it."""
    now = work.clock.now()
    is_due = or_(and_(ImportJob.state == "queued", ImportJob.queued_at <= now),
                 and_(ImportJob.state == "running", ImportJob.lease_until < now))
    query = select(ImportJob).where(is_due, *([ImportJob.id == job_id] if job_id is not None else []))
    job = work.session.scalar(query.order_by(ImportJob.queued_at, ImportJob.id).limit(1).with_for_update(skip_locked=True)
                              .execution_options(populate_existing=True))
    if job is None:
        return None
    if job.tries >= MOST_TRIES:
        job.state, job.error, job.finished_at, job.lease_until = "failed", GIVEN_UP, now, None
        import_progress.forget(work.session, job.id)
        return None
    job.state, job.claimed_by, job.lease_until, job.tries = "running", worker, now + LEASE, job.tries + 1
    return ClaimedImport(job.id, job.person_id, job.sign_in, job.wants, job.file_name, job.digest, job.source_key,
                         job.area_code, from_json(job.choices), job.skips_bad, worker, job.tries)


def _own_row(claimed: ClaimedImport) -> tuple[object, ...]:
    return (ImportJob.id == claimed.id, ImportJob.state == "running", ImportJob.claimed_by == claimed.worker,
            ImportJob.tries == claimed.tries)


@deed
def _note_progress(work: Work, claimed: ClaimedImport, done: int, total: int) -> None:
    """How far it is, and that somebody still works on it."""
    now = work.clock.now()
    work.session.execute(update(ImportJob).where(*_own_row(claimed)).values(  # type: ignore[arg-type]
        done=done, total=total, is_writing=False, lease_until=now + LEASE).execution_options(synchronize_session=False))


def _mark_done(work: Work, actor: Actor, claimed: ClaimedImport, outcome: ImportOutcome, book: Path) -> None:
    """In the transaction of the cases themselves: the job is done, its file erased, its person told. Raises `Conflict` where
    another process has the job by now; then none of it has happened."""
    _end_job(work, claimed, "done", outcome, book)
    outcome.is_finished = True
    work.record(f"import:job-{claimed.id}", ImportFacts.finished, actor, {
        "file_digest": claimed.digest, "batches": outcome.batches, "layouts": len(outcome.layouts), "lines": outcome.row_count,
        "created": outcome.created_count,
        "known": outcome.known_count, "bad": outcome.bad_count, "left_out": outcome.skipped_count + len(outcome.left_out),
        "takes_hidden": claimed.choices.takes_hidden, "unplaced": claimed.choices.unplaced.value,
        "skips_abroad": claimed.choices.skips_abroad, "skips_bad": claimed.skips_bad})
    letters.put(work, [Letter(claimed.person_id, "import_finished", f"import-job/{claimed.id}", {
        "link": Link(Place.import_job, (str(claimed.id),)), "created": outcome.created_count, "known": outcome.known_count,
        "bad": outcome.bad_count, "left_out": outcome.skipped_count + len(outcome.left_out), "batches": outcome.batches},
        kind=Kinds.chores)])


@deed
def _mark_nothing_new(work: Work, actor: Actor, claimed: ClaimedImport, outcome: ImportOutcome, book: Path) -> None:
    """The same file again, which changes nothing."""
    _end_job(work, claimed, "done", outcome, book)


@deed
def _mark_checked(work: Work, claimed: ClaimedImport, outcome: ImportOutcome, book: Path) -> None:
    _end_job(work, claimed, "checked", outcome, book)


def _end_job(work: Work, claimed: ClaimedImport, state: str, outcome: ImportOutcome, book: Path) -> None:
    now = work.clock.now()
    values = {"state": state, "report": json.dumps(told(outcome), ensure_ascii=False), "batches": " ".join(outcome.batches)[:400],
              "claimed_by": None, "lease_until": None, "wants": "", "finished_at": now if state == "done" else None,
              "layout_key": ImportJob.layout_key}
    mine = update(ImportJob).where(*_own_row(claimed)).values(**values).returning(ImportJob.id)  # type: ignore[arg-type]
    if work.session.execute(mine.execution_options(synchronize_session=False)).first() is None:
        raise Conflict("另一个进程已经接手这个导入，本次没有写入任何案件。", code="lost_claim")
    work.session.execute(delete(ImportFile).where(ImportFile.job_id == claimed.id, *(
        [ImportFile.kind == "errors"] if state == "checked" else [])))
    if outcome.bad_count and book.exists():
        sealed = work.wiring.cipher.seal_bytes(book.read_bytes(), context_of(claimed.id, "errors"))
        work.session.add(ImportFile(job_id=claimed.id, kind="errors", sealed=sealed))


@deed
def _end_badly(work: Work, claimed: ClaimedImport, sentence: str) -> None:
    """Back to its person, who may change something and try again while the file is there."""
    work.session.execute(update(ImportJob).where(*_own_row(claimed)).values(  # type: ignore[arg-type]
        state="mapped", wants="", error=mask_text(sentence)[:1000], claimed_by=None, lease_until=None)
        .execution_options(synchronize_session=False))


@deed
def _erase_expired(work: Work) -> int:
    """Files of a day ago are gone; what was not entered by then has failed."""
    now = work.clock.now()
    over = select(ImportJob.id).where(ImportJob.expires_at <= now, ImportJob.state.not_in(("queued", "running")))
    erased = work.session.execute(delete(ImportFile).where(ImportFile.job_id.in_(over)).returning(ImportFile.job_id)).all()
    if erased:
        work.session.execute(update(ImportJob).where(
            ImportJob.id.in_({row.job_id for row in erased}), ImportJob.state.in_(("uploaded", "mapped", "checked")))
            .values(state="failed", error=EXPIRED, finished_at=now).execution_options(synchronize_session=False))
    return len(erased)


def told(outcome: ImportOutcome) -> dict[str, object]:
    """What was found, as a job keeps it: counts and sentences, with phones and identity numbers masked."""
    return {
        "layouts": list(outcome.layouts), "row_count": outcome.row_count, "created_count": outcome.created_count,
        "known_count": outcome.known_count, "bad_count": outcome.bad_count, "repeated_count": outcome.repeated_count,
        "skipped_count": outcome.skipped_count, "already": outcome.already, "notes": [mask_text(note) for note in outcome.notes],
        "known": [mask_text(each) for each in outcome.known],
        "left_out": [{"sheet": each.sheet, "row": each.row, "sentence": each.sentence}
                     for each in outcome.left_out[:MOST_TROUBLES]],
        "troubles": [{"sheet": each.sheet, "row": each.row, "column": each.column, "sentence": mask_text(each.sentence)}
                     for each in outcome.troubles],
    }


def clock_is_late(queued_at: object) -> bool:
    """Whether the clock should have taken a job by now that was queued then."""
    return queued_at is not None and wiring().clock.now() - queued_at > timedelta(seconds=15)  # type: ignore[operator]
