"""A section of the railway: its chiefs on both sides, what they owe, its open cases and patrols drawn along the line, and the
register of visits."""

from datetime import date
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from tracker.domain.coordination.patrols.joint import PatrolSteps
from tracker.domain.coordination.patrols.periods import TIERS
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.territory.shapes.sections import SIDE_WORDS, TIER_WORDS
from tracker.services.coordination.patrols import register as visit_register
from tracker.services.coordination.patrols.sections import LineSection, may_log, section_for
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.people.taken_out import note_export
from tracker.services.territory.shapes import chiefs
from tracker.storage.territory.chiefs import posts_on
from tracker.web.coordination.section_forms import PostForm
from tracker.web.coordination.section_picture import picture_of
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs, needs_sign_in
from tracker.web.house.refusals import Page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_VISITS, LISTED = 60, 8
blueprint = Blueprint("line_sections", __name__, url_prefix="/line")


@blueprint.get("/<code>", endpoint="section")
@needs_sign_in
def show_section(code: str) -> str:
    """A section today."""
    return _section_page(section_for(reading(), code, today().on), PostForm.begun(today().on))


@blueprint.post("/<code>/posts")
@needs(Permission.territory_manage)
def hand_over(code: str) -> Response | Page:
    """Somebody else has a post from a day on; a refused one keeps what was typed."""
    section, form = section_for(reading(), code, today().on), PostForm()
    form.offer()
    if not form.validate():
        return _section_page(section, form), 422
    try:
        rows.save_row(current_actor(), chiefs.NAME, None, {"section": code, **form.given()})
    except Refusal as refusal:
        form.refuse(refusal)
        return _section_page(section, form), refusal.status
    flash(Say("段长已登记，自 {day} 起任职。", day=form.valid_from.data), "done")
    return redirect(url_for("line_sections.section", code=code))


@blueprint.get("/<code>/visits.xlsx")
@needs(Permission.act_read)
def workbook(code: str) -> Response:
    """The register of visits of the year up to today as a workbook."""
    section, on = section_for(reading(), code, today().on), today().on
    found = visit_register.visits(reading(), current_actor(), section, _year_before(on), on)
    note_export(current_actor(), "list", len(found), "xlsx", {"key": code})
    content = visit_register.workbook(section, found, _year_before(on), on)
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True,
                     download_name=f"{visit_register.REGISTER}-{code}-{on}.xlsx")


def _section_page(section: LineSection, form: PostForm) -> str:
    actor, session, on = current_actor(), reading(), today().on
    reads_acts, reads_cases = actor.has(Permission.act_read), actor.has(Permission.case_read)
    first = _year_before(on)
    visits = visit_register.visits(session, actor, section, first, on, MOST_VISITS) if reads_acts else ()
    cases = visit_register.placed_cases(session, actor, section, on) if reads_cases else ()
    return render_template(
        "coordination/section.html", section=section, form=form, visits=visits, cases=cases, on=on, LISTED=LISTED, tiers=TIERS,
        year=visit_register.year_so_far(session, section, visits, on), picture=picture_of(section, cases, visits),
        owed=visit_register.owed(session, [section], on), sides=SIDE_WORDS,
        tier_words=TIER_WORDS, steps=PatrolSteps, former=posts_on(session, on, section.code, ever=True),
        faults=chiefs.faults_on(session, on, section.code), may_manage=actor.has(Permission.territory_manage),
        may_log=may_log(actor, section), reads_acts=reads_acts)


def _year_before(on: date) -> date:
    return date(on.year - 1, on.month, min(on.day, 28))
