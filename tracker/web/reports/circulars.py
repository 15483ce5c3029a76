"""Circulars that wait for their signature: the text block by block, its form, and the sign-off."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Listed, Say
from tracker.domain.reports.issuing.flow import PAPER_FLOW, STATES, PaperSteps, refusal_sentence
from tracker.services.reports import circulars
from tracker.services.reports.circulars import EditedBlock
from tracker.services.reports.mails import readers_of
from tracker.services.reports.papers import CircularPaper, waiting_papers
from tracker.storage.reports.stored import StoredReport
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.reports.circular_forms import CircularSignForm, texts_form
from tracker.web.reports.reports import place_of

blueprint = Blueprint("circulars", __name__, url_prefix="/reports/<name>/<period>/circular")


@blueprint.get("")
@needs(Permission.supervision_read)
def circular(name: str, period: str) -> str:
    """The circular block by block: what was composed, what was worded otherwise, and what may be done."""
    return render_template("reports/circulars/show.html", paper=_asked_paper(name, period))


@blueprint.route("/edit", methods=["GET", "POST"])
@needs(Permission.report_edit)
def edit(name: str, period: str) -> str | Response | Page:
    """Word blocks otherwise. `restore` puts a composed text back into the form, beside whatever else was typed."""
    paper = _asked_paper(name, period)
    PAPER_FLOW.require(PaperSteps.edit, current_actor(), paper.facts, refusal_sentence)
    form = texts_form(paper)
    if key := request.form.get("restore"):
        form.restore(key)
        return _edit_page(paper, form)
    if request.method == "GET" or not form.validate():
        return _edit_page(paper, form)
    try:
        told_edits(circulars.edit(current_actor(), paper, form.texts(), form.seen()))
    except Refusal as refusal:
        form.refuse(refusal)
        form.look_again(_asked_paper(name, period).seq)
        return _edit_page(paper, form)[0], refusal.status
    return redirect(url_for(".circular", **place_of_paper(paper.report)))


@blueprint.route("/sign", methods=["GET", "POST"])
@needs(Permission.report_sign)
def sign(name: str, period: str) -> str | Response | Page:
    """Sign it, after a page that says what will go out, under which number, and to how many."""
    paper = _asked_paper(name, period)
    PAPER_FLOW.require(PaperSteps.sign, current_actor(), paper.facts, refusal_sentence)
    form = CircularSignForm(data={"seq": paper.seq})
    if request.method == "GET" or not form.validate():
        return _sign_page(paper, form), 422 if form.is_submitted() else 200
    try:
        row = circulars.sign(current_actor(), paper, form.seen(), form.wanted_serial())
    except Refusal as refusal:
        form.refuse(refusal)
        return _sign_page(paper, form), refusal.status
    flash(Say("已签发，文号 {number}，发给各收件人并附 Word 文件。", number=row.number) if row.number else "已签发，发给各收件人并附 Word 文件。", "done")
    return redirect(url_for("reports.report", **place_of_paper(paper.report)))


def told_edits(edits: tuple[EditedBlock, ...]) -> None:
    """Say what was saved, and which numbers nobody counted."""
    flash(Say("已保存，改动 {count} 段。", count=len(edits)) if edits else "没有改动。", "done")
    if numbers := list(dict.fromkeys(number for each in edits for number in each.uncounted)):
        flash(Say("以下数字不在本期统计中，请核对：{numbers}。", numbers=Listed(numbers)), "warn")


def place_of_paper(report: StoredReport) -> dict[str, Any]:
    """The parts of its address."""
    return place_of(report.name, report.period, report.area_code)


def _asked_paper(name: str, period: str) -> CircularPaper:
    return circulars.paper_for(current_actor(), name, period, request.args.get("area", ""))


def _edit_page(paper: CircularPaper, form: Any) -> Page:
    return render_template("reports/circulars/edit.html", paper=paper, form=form), 422 if form.troubles() else 200


def _sign_page(paper: CircularPaper, form: CircularSignForm) -> str:
    return render_template("reports/circulars/sign.html", paper=paper, form=form, serial=circulars.next_serial(paper),
                           readers=len(readers_of(paper.report.name, paper.report.area_code)))


def _may_edit(paper: CircularPaper) -> bool:
    return circulars.may(current_actor(), PaperSteps.edit, paper)


def _may_sign(paper: CircularPaper) -> bool:
    return circulars.may(current_actor(), PaperSteps.sign, paper)


def papers_to_do() -> list[CircularPaper]:
    """Those that wait for this person."""
    actor = current_actor()
    if not (actor.has(Permission.report_edit) or actor.has(Permission.report_sign)):
        return []
    return [paper for paper in waiting_papers() if _may_edit(paper) or _may_sign(paper)]


def register(app: Flask) -> None:
    """Hand what waits, and what may be done, to the pages that show it."""
    app.jinja_env.globals.update(papers_to_do=papers_to_do, may_edit_paper=_may_edit, may_sign_paper=_may_sign,
                                 place_of_paper=place_of_paper, PAPER_STATES=STATES)
