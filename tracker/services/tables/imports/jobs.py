"""Import jobs: a file is received, its columns are said, it is checked, and the clock enters it. Each is its person's own."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import delete, func, select

from tracker.domain.evidence.evidence import plain_name
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotFound, WrongState
from tracker.domain.house.say import Say
from tracker.domain.tables.plans import ReadingChoices, as_json, from_json
from tracker.gateways.evidence.blobs import digest_of
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules import rules
from tracker.services.tables.import_reading import same_file
from tracker.storage.tables import import_progress
from tracker.storage.tables.imports import ImportFile, ImportJob

KEPT = timedelta(hours=24)
MOST_OPEN = 20
NIGHT = time(22)
PASTED = "粘贴的表格.csv"
MOST_PASTED = 2000  # rows
ENDED = ("done", "failed", "withdrawn")


@dataclass(frozen=True)
class JobView:
    """One job as its person sees it."""

    id: int
    state: str
    wants: str
    file_name: str
    size: int
    source_key: str
    area_code: str
    choices: ReadingChoices
    layout_key: str
    skips_bad: bool
    report: Mapping[str, object]
    error: str
    done: int
    total: int
    is_writing: bool
    batches: tuple[str, ...]
    made_at: datetime
    queued_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime
    files: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_under_way(self) -> bool:
        """Whether the clock has it, or is about to."""
        return self.state in ("queued", "running")

    def is_longer_than(self, rows: int) -> bool:
        """Whether more rows were read than that."""
        count = self.report.get("row_count", 0)
        return isinstance(count, int) and count > rows

    @property
    def is_open(self) -> bool:
        """Whether its person may still go on with it."""
        return self.state in ("uploaded", "mapped", "checked") and "table" in self.files


BOOK_NAME = "有误的行_{name}.xlsx"


def receive(actor: Actor, name: str, content: bytes, source: str = "", area: str = "") -> int:
    """Take a file in; the number of its job. Raises `Invalid` for what is no table, `Conflict` for a file that came in before."""
    permits.require(actor, Permission.case_import)
    if not content:
        raise Invalid("请选择要导入的文件，或把表格粘贴进来。", field="file")
    if len(content) > wiring().upload_max_bytes:
        most = wiring().upload_max_bytes // 1024**2
        raise Invalid(Say("文件超过 {most} MB，请拆成几个再导入，或由管理员用命令导入。", most=most), field="file")
    key = rules.source(source).key if source else ""
    if area and not actor.has_in(Permission.case_import, area):
        raise Invalid("这个区域不在您的辖区。", field="area")
    digest = digest_of(content)
    if already := same_file(reading(), digest, key):
        raise Conflict(Say("{already}。", already=already), code="known_file", field="file")
    return _enter_job(actor, plain_name(name), content, digest, key, area)


def pasted(text: str) -> bytes:
    """A table copied out of Excel or WPS: cells with tabs between them, as a file. Raises `Invalid` for what is none."""
    lines = text.replace("\r\n", "\n").strip("\n")
    if "\t" not in lines:
        raise Invalid("粘贴的内容没有分列：请在 Excel 或 WPS 中选中表格（含表头）复制，再粘贴到这里。", field="pasted")
    if lines.count("\n") > MOST_PASTED:
        raise Invalid(Say("一次最多粘贴 {most} 行，请改用文件导入。", most=MOST_PASTED), field="pasted")
    return b"sep=\t\n" + lines.encode()


@deed
def _enter_job(work: Work, actor: Actor, name: str, content: bytes, digest: str, source: str, area: str) -> int:
    now = work.clock.now()
    count = select(func.count()).select_from(ImportJob).where(ImportJob.person_id == actor.id, ImportJob.state.not_in(ENDED))
    if (work.session.scalar(count) or 0) >= MOST_OPEN:
        raise Conflict(Say("您有 {most} 个没有做完的导入，请先做完或放弃几个。", most=MOST_OPEN), code="too_many_imports", field="file")
    job = ImportJob(
        person_id=actor.id, sign_in=actor.sign_in, state="uploaded", wants="", file_name=name[:200], size=len(content),
        digest=digest, source_key=source, area_code=area, choices=as_json(ReadingChoices()), layout_key="", skips_bad=False,
        report="{}", error="",
        done=0, total=0, is_writing=False, batches="", made_at=now, queued_at=None, finished_at=None, expires_at=now + KEPT,
        claimed_by=None, lease_until=None, tries=0)
    work.session.add(job)
    work.session.flush()
    sealed = work.wiring.cipher.seal_bytes(content, context_of(job.id, "table"))
    work.session.add(ImportFile(job_id=job.id, kind="table", sealed=sealed))
    return job.id


def job_for(actor: Actor, job_id: int) -> JobView:
    """An own job. Raises `NotFound`, for everybody else's too."""
    permits.require(actor, Permission.case_import)
    job = reading().scalar(select(ImportJob).where(ImportJob.id == job_id, ImportJob.person_id == actor.id)
                           .execution_options(populate_existing=True))
    if job is None:
        raise NotFound("没有这个导入，或它不是您的。")
    kinds = reading().scalars(select(ImportFile.kind).where(ImportFile.job_id == job.id))
    return _job_view(job, frozenset(kinds))


def own_jobs(actor: Actor, most: int = 10) -> tuple[JobView, ...]:
    """The newest of a person's imports."""
    permits.require(actor, Permission.case_import)
    rows = reading().scalars(select(ImportJob).where(ImportJob.person_id == actor.id).order_by(ImportJob.id.desc()).limit(most)
                             .execution_options(populate_existing=True)).all()
    files: dict[int, set[str]] = {}
    theirs = select(ImportFile.job_id, ImportFile.kind).where(ImportFile.job_id.in_([row.id for row in rows]))
    for file in reading().execute(theirs):
        files.setdefault(file.job_id, set()).add(file.kind)
    return tuple(_job_view(row, frozenset(files.get(row.id, ()))) for row in rows)


@deed
def choose(work: Work, actor: Actor, job_id: int, choices: ReadingChoices, layout: str = "", source: str | None = None) -> None:
    """Keep what was chosen; the source too, where it is given. Raises `WrongState` once the clock has the job."""
    job = own_job(work, actor, job_id)
    if source is not None:
        job.source_key = rules.source(source).key if source else ""
    job.choices, job.state, job.layout_key, job.report, job.error = as_json(choices), "mapped", layout, "{}", ""


@deed
def queue(work: Work, actor: Actor, job_id: int, wants: str, *, skips_bad: bool = False,
          is_tonight: bool = False) -> None:
    """Hand the job to the clock: to check it, or to enter it in the session of who asks. Raises `Invalid` where rows are wrong
    and are not to be skipped."""
    job = own_job(work, actor, job_id)
    bad = json.loads(job.report).get("bad_count", 0)
    if wants == "enter" and job.state != "checked":
        raise WrongState("还没有检查过，请先检查。", code="unchecked")
    if wants == "enter" and bad and not skips_bad:
        raise Invalid(Say("有 {bad} 行有误：改好再传，或选“只导入无误的”。", bad=bad), field="skips_bad")
    job.state, job.wants, job.skips_bad, job.sign_in = "queued", wants, skips_bad, actor.sign_in
    job.queued_at = _this_night(work) if is_tonight else work.clock.now()
    job.error, job.done, job.total, job.is_writing, job.tries = "", 0, 0, False, 0


def _this_night(work: Work) -> datetime:
    """When nobody waits for the database: the next ten in the evening. A file is kept for so long."""
    today = datetime.combine(work.clock.today(), NIGHT, work.wiring.zone)
    return max(today, work.clock.now())


@deed
def drop(work: Work, actor: Actor, job_id: int) -> None:
    """Give a job up that has not been entered; its file is gone at once."""
    job = own_job(work, actor, job_id)
    work.session.execute(delete(ImportFile).where(ImportFile.job_id == job.id))
    work.session.delete(job)


def own_job(work: Work, actor: Actor, job_id: int) -> ImportJob:
    """An own job that nobody works on, locked. Raises `NotFound`, and `WrongState` for one that is under way or over."""
    permits.require(actor, Permission.case_import)
    query = select(ImportJob).where(ImportJob.id == job_id, ImportJob.person_id == actor.id).with_for_update()
    job = work.session.scalar(query.execution_options(populate_existing=True))
    if job is None:
        raise NotFound("没有这个导入，或它不是您的。")
    if job.state not in ("uploaded", "mapped", "checked"):
        raise WrongState("这个导入已经交给系统办理，不能再改。", code="under_way")
    return job


@contextmanager
def opened(job_id: int, file_name: str) -> Iterator[Path]:
    """The file of a job under its own name, in a folder that is gone afterwards. Raises `NotFound` once it is erased."""
    content = unsealed(job_id, "table")
    with TemporaryDirectory(prefix="xiaohao-import-") as folder:
        path = Path(folder) / (re.sub(r"[/\\\x00]", "_", file_name)[-120:] or "file")
        path.write_bytes(content)
        yield path


def unsealed(job_id: int, kind: str) -> bytes:
    """What is kept of a job. Raises `NotFound` once it is erased."""
    sealed = reading().scalar(select(ImportFile.sealed).where(ImportFile.job_id == job_id, ImportFile.kind == kind))
    if sealed is None:
        raise NotFound("文件已经删除：导入完成或满 24 小时后不再保留，请重新上传。")
    return wiring().cipher.open_bytes(sealed, context_of(job_id, kind))


def context_of(job_id: int, kind: str) -> str:
    """What a sealed file is tied to, so that none opens in another's place."""
    return f"import_files/{job_id}/{kind}"


def _job_view(job: ImportJob, files: frozenset[str]) -> JobView:
    own: Sequence[str] = ("id", "state", "wants", "file_name", "size", "source_key", "area_code", "layout_key", "skips_bad",
                          "error", "done", "total", "is_writing", "made_at", "queued_at", "finished_at", "expires_at")
    beside = import_progress.of_job(reading(), job.id, job.tries) if job.state == "running" else {}
    return JobView(choices=from_json(job.choices), report=json.loads(job.report), batches=tuple(job.batches.split()), files=files,
                   **{name: getattr(job, name) for name in own} | dict(beside))
