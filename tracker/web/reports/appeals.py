"""Appeals against a published appraisal: the list beside the report, the unit's form, and the decision."""

from dataclasses import dataclass

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.reports.kinds import kind_of
from tracker.services.house.work import reading
from tracker.services.reports import appeals
from tracker.services.reports.appeals import Open
from tracker.storage.reports import appeal_lines
from tracker.storage.reports.appeal_lines import AppealLine
from tracker.storage.reports.stored import StoredReport
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.reports.forms import AppealForm, DecisionForm

blueprint = Blueprint("appeals", __name__, url_prefix="/reports/<name>/<period>/appeals")


@dataclass(frozen=True)
class Appealed:
    """A report's appeals as one reader sees them: each with whether they may decide it, and what they may still say."""

    report: StoredReport
    lines: tuple[tuple[AppealLine, bool], ...]
    open: Open


@blueprint.get("")
@needs(Permission.report_read)
def of_report(name: str, period: str) -> str:
    """All that was said against a report, as far as the reader may see it."""
    return render_template("reports/appeals/list.html", found=_appealed_report(_asked_report(name, period)))


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.case_rectify)
def new(name: str, period: str) -> str | Response | Page:
    """Appeal against one line of the own unit."""
    report = _asked_report(name, period)
    said = appeals.open_lines(current_actor(), report)
    form = AppealForm(line=request.args.get("line", "")).offer(said.lines)
    if request.method == "GET" or not form.validate():
        return _form_page(report, said, form)
    try:
        appeals.raise_appeal(current_actor(), report, form.line.data, form.text.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("reports/appeals/new.html", report=report, said=said, form=form), refusal.status
    flash("申诉已提出，由本区域的调度员或区领导决定。", "done")
    return redirect(_back_address(report))


@blueprint.route("/<int:appeal_id>/decide", methods=["GET", "POST"])
@needs(Permission.report_read)
def decide(name: str, period: str, appeal_id: int) -> str | Response | Page:
    """Uphold an appeal or not; one that is decided already stands in the list with its decision."""
    report, form = _asked_report(name, period), DecisionForm()
    line = _appeal_line(report, appeal_id)
    appeals.check_decider(current_actor(), line.unit_id, (line.raised_by_id, line.raised_for_id), report.area_code)
    if request.method == "GET" and not line.is_open:
        return redirect(_back_address(report))
    if request.method == "GET" or not form.validate():
        return render_template("reports/appeals/decide.html", report=report, line=line,
                               form=form), 422 if form.is_submitted() else 200
    try:
        appeals.decide(current_actor(), appeal_id, form.outcome.data, form.reason.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("reports/appeals/decide.html", report=report, line=line, form=form), refusal.status
    flash("已作出决定，申诉单位可以看到。", "done")
    return redirect(_back_address(report))


def _form_page(report: StoredReport, said: Open, form: AppealForm) -> Page:
    return render_template("reports/appeals/new.html", report=report, said=said, form=form), 422 if form.is_submitted() else 200


def _asked_report(name: str, period: str) -> StoredReport:
    return appeals.report_for(current_actor(), name, period, request.args.get("area", ""))


def _appeal_line(report: StoredReport, appeal_id: int) -> AppealLine:
    line = appeal_lines.one(reading(), current_actor().scope(), appeal_id)
    if line is None or (line.report, line.period, line.area_code) != (report.name, report.period, report.area_code):
        raise NotFound("没有找到这项申诉，或您无权查看。")
    return line


def _back_address(report: StoredReport) -> str:
    return url_for("appeals.of_report", name=report.name, period=report.period, area=request.args.get("area") or None)


def _appealed_report(report: StoredReport) -> Appealed:
    actor = current_actor()
    lines = tuple((line, line.is_open and _may_decide(line))
                  for line in appeal_lines.of_report(reading(), actor.scope(), report.id))
    return Appealed(report, lines, appeals.open_lines(actor, report))


def _may_decide(line: AppealLine) -> bool:
    try:
        appeals.check_decider(current_actor(), line.unit_id, (line.raised_by_id, line.raised_for_id), line.area_code)
    except Refusal:
        return False
    return True


def _appeals_of(name: str, period: str, area_code: str) -> Appealed | None:
    """For the page of a report: its appeals; None for what is no appraisal, or is not published."""
    kind = kind_of(name)
    if kind is None or not kind.is_open_to_appeal:
        return None
    try:
        return _appealed_report(appeals.report_for(current_actor(), name, period, area_code))
    except Refusal:
        return None


def register(app: Flask) -> None:
    """Hand the appeals of a report to its page, which includes `reports/appeals/_of_report.html`."""
    app.jinja_env.globals.update(appeals_of=_appeals_of)
