"""What the tables of a file mean: which are read, where their headers stand, what each column holds, and unknown words."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.cases.wording import FINDINGS
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.tables.cells import OUTCOMES
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.wording import REASONS
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.services.tables.imports import planning
from tracker.services.tables.imports.planning import PlannedImport
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.tables.import_forms import column_choices, columns_chosen, sheets_chosen, words_chosen
from tracker.web.tables.imports import checked

blueprint = Blueprint("import_columns", __name__, url_prefix="/import/<int:job_id>")
IMPORT = Permission.case_import


@blueprint.get("/sheets")
@needs(IMPORT)
def sheets(job_id: int) -> str:
    """The tables of the file, with their first rows."""
    return _sheets_page(planning.planned(current_actor(), job_id))


@blueprint.post("/sheets")
@needs(IMPORT)
def choose_sheets(job_id: int) -> Response | Page:
    """Which tables are read, and where their headers stand."""
    found = planning.planned(current_actor(), job_id)
    try:
        planning.keep(current_actor(), found, sheets_chosen(request.form, found.tables, found.view.choices),
                      request.form.get("source"))
    except Refusal as refusal:
        return _sheets_page(found, refusal), refusal.status
    return redirect(url_for("import_columns.columns", job_id=job_id))


@blueprint.get("/columns")
@needs(IMPORT)
def columns(job_id: int) -> str:
    """Each column with samples and what it seems to hold."""
    return _columns_page(planning.planned(current_actor(), job_id))


@blueprint.post("/columns")
@needs(IMPORT)
def choose_columns(job_id: int) -> Response | Page:
    """What each column holds. Every filled one is placed, or left out by a person."""
    actor, found = current_actor(), planning.planned(current_actor(), job_id)
    given = request.form
    try:
        plans = columns_chosen(given, found.chosen())
        planning.place(actor, found, plans, layout_name=given.get("layout_name", "") if given.get("is_kept") else "")
    except Refusal as refusal:
        return _columns_page(found, refusal), refusal.status
    if planning.words_of(actor, job_id):
        return redirect(url_for("import_columns.words", job_id=job_id))
    return checked(job_id)


@blueprint.get("/words")
@needs(IMPORT)
def words(job_id: int) -> str:
    """Words that we do not know, each with what it may mean."""
    found = planning.planned(current_actor(), job_id)
    return render_template("tables/import_words.html", job=found.view, words=planning.words_of(current_actor(), job_id),
                           meanings=_word_meanings())


@blueprint.post("/words")
@needs(IMPORT)
def choose_words(job_id: int) -> Response:
    """What they mean; one of which nothing is said makes its rows bad, and the check says so."""
    actor, found = current_actor(), planning.planned(current_actor(), job_id)
    unknown = planning.words_of(actor, job_id)
    planning.mean(actor, found, words_chosen(request.form, unknown, found.view.choices.values))
    return checked(job_id)


def _word_meanings() -> dict[CaseColumn, tuple[tuple[str, str], ...]]:
    """What a word of each column may be said to mean."""
    areas = planning.areas_of(current_actor(), has_parts=True)
    return {CaseColumn.area: areas, CaseColumn.categories: tuple(
        (word, word) for _, word in categories().open_on(today().on)),
            CaseColumn.finding: tuple((word, word) for word in FINDINGS.values()),
            CaseColumn.outcome: tuple((word, word) for word in OUTCOMES.values())}


def _sheets_page(found: PlannedImport, refusal: Refusal | None = None) -> str:
    return render_template("tables/import_sheets.html", job=found.view, tables=found.tables, hidden=found.hidden, refusal=refusal,
                           given=request.form, offered=found.offered, sources=rules.offered_sources())


def _columns_page(found: PlannedImport, refusal: Refusal | None = None) -> str:
    if not found.chosen():
        raise Invalid("请先选要读哪几张表。", field="read-0")
    return render_template("tables/import_columns.html", job=found.view, tables=found.chosen(), offered=column_choices(),
                           refusal=refusal, given=request.form, reasons=REASONS)
