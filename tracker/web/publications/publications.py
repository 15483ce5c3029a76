"""What the public reads and shall read: the list, one with its history, drafted, worded otherwise, reviewed, withdrawn."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.publications.checks import FINDINGS
from tracker.domain.publications.flow import (
    PUBLICATION_FLOW,
    STATES,
    STEP_WORDS,
    PublicationState,
    PublicationSteps,
    refusal_sentence,
)
from tracker.domain.publications.kinds import PUBLIC_KINDS, classes_of
from tracker.domain.tables.cells import whole_number
from tracker.services.house.work import reading, wiring
from tracker.services.publications import publishing
from tracker.services.publications.projections import kind_named, projected
from tracker.services.publications.rows import areas_of, may, row_for, standing_of
from tracker.storage.publications.publications import Publication, of_subject, page
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs_sign_in
from tracker.web.house.refusals import Page
from tracker.web.publications.forms import ReasonForm, ReviewForm, SeenForm, wording_form

blueprint = Blueprint("publications", __name__, url_prefix="/publications")
Reasoned = Callable[..., None]
REASONED: Mapping[str, tuple[Reasoned, str]] = {
    PublicationSteps.return_.name: (publishing.send_back, "已退回修改。"),
    PublicationSteps.withdraw.name: (publishing.withdraw, "已撤下，正文已删去，理由留在公开的地方。"),
    PublicationSteps.discard.name: (publishing.discard, "草稿已作废。"),
}


@blueprint.get("")
@needs_sign_in
def listing() -> str:
    """What is drafted and published where this person drafts or reviews, the newest first."""
    state = request.args.get("state", "")
    areas, before = areas_of(current_actor()), whole_number(request.args.get("before", ""))
    if not areas:
        abort(404)
    rows, older = page(reading(), areas, state if state in list(PublicationState) else "", before)
    return render_template("publications/list.html", rows=rows, older=older, state=state, states=STATES, kinds=PUBLIC_KINDS,
                           may_draft=current_actor().has(Permission.publication_draft),
                           roster=classes_of(wiring().home_area, today().on.year))


@blueprint.post("/new")
@needs_sign_in
def draft() -> Response:
    """A draft of what is asked; the one that waits where there is one."""
    try:
        number = publishing.draft(current_actor(), request.form.get("kind", ""), request.form.get("subject", "")[:60])
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".listing"))
    return redirect(url_for(".edit", number=number))


@blueprint.get("/<int:number>")
@needs_sign_in
def show(number: int) -> str:
    """One, as the public reads it, with what may be done."""
    row = row_for(current_actor(), number)
    kind, standing = PUBLIC_KINDS[row.kind], standing_of(reading(), row)
    steps = [(step, why) for step, why in PUBLICATION_FLOW.open_to(current_actor(), standing)
             if step.name != PublicationSteps.expire.name]
    return render_template("publications/show.html", row=row, kind=kind, states=STATES, steps=steps, words=STEP_WORDS,
                           sentence=refusal_sentence, versions=of_subject(reading(), row.subject))


@blueprint.route("/<int:number>/edit", methods=["GET", "POST"])
@needs_sign_in
def edit(number: int) -> str | Response | Page:
    """Split: what the record says today, and what the public shall read."""
    row = _open_row(number, PublicationSteps.edit.name)
    form = wording_form(row)
    if request.method == "GET" or not form.validate():
        return _edit_page(row, form)
    try:
        publishing.edit(current_actor(), number, form.wording(), form.seen())
    except Refusal as refusal:
        form.refuse(refusal)
        return _edit_page(row, form)[0], refusal.status
    flash("已保存，请由另一人复核。", "done")
    return redirect(url_for(".show", number=number))


@blueprint.route("/<int:number>/review", methods=["GET", "POST"])
@needs_sign_in
def review(number: int) -> str | Response | Page:
    """Reviewed by another: what is not green is named, and may be overruled with a reason."""
    row = _open_row(number, PublicationSteps.publish.name)
    form = ReviewForm(data={"seq": row.seq})
    if request.method == "GET" or not form.validate():
        return _review_page(row, form)
    try:
        publishing.publish(current_actor(), number, form.seen(), form.overruled.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _review_page(row, form)[0], refusal.status
    flash("已公开。" if row.from_on <= today().on else Say("已复核，自 {day} 起公开。", day=row.from_on), "done")
    return redirect(url_for(".show", number=number))


@blueprint.route("/<int:number>/<step>", methods=["GET", "POST"])
@needs_sign_in
def reasoned(number: int, step: str) -> str | Response | Page:
    """What needs a reason alone."""
    if step not in REASONED:
        abort(404)
    row, form = _open_row(number, step), ReasonForm()
    if request.method == "GET" or not form.validate():
        form.seq.data = form.seq.data or str(row.seq)
        return _reason_page(row, form, step), 422 if form.troubles() else 200
    take, said = REASONED[step]
    try:
        take(current_actor(), number, form.seen(), form.reason.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _reason_page(row, form, step), refusal.status
    flash(said, "done")
    return redirect(url_for(".show", number=number))


def _open_row(number: int, step: str) -> Publication:
    row = row_for(current_actor(), number)
    PUBLICATION_FLOW.require(PUBLICATION_FLOW.steps[step], current_actor(), standing_of(reading(), row), refusal_sentence)
    return row


def _edit_page(row: Publication, form: SeenForm) -> Page:
    found = projected(current_actor(), kind_named(row.kind), row.subject)
    return (render_template("publications/edit.html", row=row, kind=PUBLIC_KINDS[row.kind], form=form, found=found),
            422 if form.troubles() else 200)


def _review_page(row: Publication, form: ReviewForm) -> Page:
    found = projected(current_actor(), kind_named(row.kind), row.subject)
    return (render_template("publications/review.html", row=row, kind=PUBLIC_KINDS[row.kind], form=form, found=found,
                            findings=publishing.findings_of(row, found), words=FINDINGS), 422 if form.troubles() else 200)


def _reason_page(row: Publication, form: ReasonForm, step: str) -> str:
    return render_template("publications/reason.html", row=row, kind=PUBLIC_KINDS[row.kind], form=form, step=step,
                           word=STEP_WORDS[step])


def publications_of(subject: str) -> tuple[Publication, ...]:
    """What was made public of a subject, or shall be, to who drafts or reviews it."""
    return tuple(row for row in of_subject(reading(), subject)
                 if any(row.area_code.startswith(area) for area in areas_of(current_actor())))


def register(app: Flask) -> None:
    """Hand what stands on the door to the pages of what it is about."""
    app.jinja_env.globals.update(publications_of=publications_of, may_publication=may, PUBLICATION_STATES=STATES)
