"""Importing case tables in the browser: the file, the check, the run and its result. Columns are in `import_columns`."""

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.house.say import Say
from tracker.services.house.work import wiring
from tracker.services.rules import rules
from tracker.services.tables import import_batches
from tracker.services.tables.imports import jobs, layouts, planning, running
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.house.whole_files import TYPES
from tracker.web.tables.import_forms import ImportFileForm

blueprint = Blueprint("imports", __name__, url_prefix="/import")
IMPORT = Permission.case_import
AT_ONCE = 400_000  # bytes, some 10,000 rows of a workbook in two seconds: what is larger is checked by the clock


@blueprint.get("")
@needs(IMPORT)
def start() -> str:
    """A file to import, and what was imported before."""
    return _start_page(_file_form())


@blueprint.post("")
@needs(IMPORT)
def receive() -> Response | Page:
    """Take the file in; a table with known headers goes straight to the check."""
    form = _file_form()
    if not form.validate():
        return _start_page(form), 422
    try:
        name, content = form.sent()
        job_id = jobs.receive(current_actor(), name, content, form.source.data or "", form.area.data or "")
        is_ready = planning.begin(current_actor(), job_id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _start_page(form), refusal.status
    return checked(job_id) if is_ready else redirect(url_for("import_columns.sheets", job_id=job_id))


@blueprint.get("/<int:job_id>")
@needs(IMPORT)
def job(job_id: int) -> str | Response:
    """How far an import is, and what came of it."""
    view = jobs.job_for(current_actor(), job_id)
    if view.state == "checked":
        return redirect(url_for("imports.check", job_id=job_id))
    if view.state == "uploaded" or (view.state == "mapped" and not view.error):
        return redirect(url_for("import_columns.sheets", job_id=job_id))
    batches = import_batches.of_codes(current_actor(), view.batches) if view.batches else ()
    return render_template("tables/import_run.html", job=view, batches=batches, is_late=running.clock_is_late(view.queued_at))


@blueprint.get("/<int:job_id>/check")
@needs(IMPORT)
def check(job_id: int) -> str | Response:
    """What would come in, what would not and why, and what is still to be decided."""
    view = jobs.job_for(current_actor(), job_id)
    if view.state != "checked":
        return redirect(url_for("imports.job", job_id=job_id))
    return render_template("tables/import_check.html", job=view, report=view.report,
                           is_night=view.is_longer_than(running.WAITS_FOR_NIGHT))


@blueprint.post("/<int:job_id>/check")
@needs(IMPORT)
def check_again(job_id: int) -> Response:
    """Check once more, with the rows that somebody says are cases."""
    planning.take_tails(current_actor(), job_id, _ticked_rows())
    return checked(job_id)


@blueprint.post("/<int:job_id>/start")
@needs(IMPORT)
def enter(job_id: int) -> Response:
    """Hand it to the clock: whole, or only the rows that are right; at once or tonight."""
    given = request.form
    jobs.queue(current_actor(), job_id, "enter", skips_bad=given.get("rows") == "good", is_tonight=bool(given.get("tonight")))
    return redirect(url_for("imports.job", job_id=job_id))


@blueprint.get("/<int:job_id>/errors.xlsx")
@needs(IMPORT)
def errors(job_id: int) -> Response:
    """The bad rows as they came, each with its reason."""
    view = jobs.job_for(current_actor(), job_id)
    answer = send_file(io.BytesIO(jobs.unsealed(view.id, "errors")), TYPES["xlsx"], as_attachment=True,
                       download_name=jobs.BOOK_NAME.format(name=view.file_name.rpartition(".")[0] or view.file_name))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/<int:job_id>/drop")
@needs(IMPORT)
def drop(job_id: int) -> Response:
    """Give it up: the file is gone at once."""
    jobs.drop(current_actor(), job_id)
    flash(tr("已放弃这次导入，文件已删除。"), "done")
    return redirect(url_for("imports.start"))


@blueprint.post("/batches/<code>/withdraw")
@needs(IMPORT)
def withdraw(code: str) -> Response:
    """Take a batch back: what nobody has worked on is void."""
    if not request.form.get("sure"):
        raise Invalid("请先勾选“确认撤回”。", field="sure")
    done = import_batches.withdraw(current_actor(), code)
    flash(tr(done.sentence()), "done")
    return redirect(url_for("imports.start"))


@blueprint.post("/layouts/<key>/end")
@needs(IMPORT)
def end_layout(key: str) -> Response:
    """Choose a layout no longer."""
    name = layouts.end(current_actor(), key)
    flash(tr(Say("版式“{name}”已停用。", name=name)), "done")
    return redirect(url_for("imports.start"))


def checked(job_id: int) -> Response:
    """A small file is checked at once, a large one by the clock."""
    view = jobs.job_for(current_actor(), job_id)
    jobs.queue(current_actor(), job_id, "check")
    if view.size <= AT_ONCE:
        running.run_now(job_id)
    return redirect(url_for("imports.job", job_id=job_id))


def _ticked_rows() -> list[tuple[str, int]]:
    """The rows that only looked like sums, each as row and sheet."""
    pairs = (each.partition(":") for each in request.form.getlist("case_row"))
    return [(sheet, int(row)) for row, _, sheet in pairs if row.isascii() and row.isdigit()]


def _file_form() -> ImportFileForm:
    areas = planning.areas_of(current_actor())
    return ImportFileForm().offer(tuple((source.key, source.name) for source in rules.offered_sources()), areas)


def _start_page(form: ImportFileForm) -> str:
    actor = current_actor()
    return render_template(
        "tables/import_start.html", form=form, jobs=jobs.own_jobs(actor), batches=import_batches.batches(actor)[:20],
        layouts=layouts.layouts(actor), most_mb=wiring().upload_max_bytes // 1024**2)
