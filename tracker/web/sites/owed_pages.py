"""Execution reports that sites owe: the list by the day they are due, and one that is in or waived."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.inspection.inspections import SOURCE
from tracker.domain.sites.obligations import light_of, period_words
from tracker.domain.sites.registers import REPORT_KINDS
from tracker.domain.sites.sight import site_scope
from tracker.services.house.work import reading
from tracker.services.inspection import late_reports
from tracker.services.sites import obligations
from tracker.storage.inspection.late_reports import cases_made_of
from tracker.storage.sites import obligations as owed
from tracker.storage.sites.obligations import OwedReport, ReportFilters
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.sites.forms import ReceiveForm

blueprint = Blueprint("obligations", __name__, url_prefix="/sites/obligations")
LIGHTS = {"red": "超期", "yellow": "一周内到期", "green": "未到期", "blue": "已交"}
KINDS = dict(REPORT_KINDS)
DAY = Given("satisfied_on", "提交日期", FieldKind.date)


@blueprint.get("")
@needs(Permission.site_read)
def listing() -> str:
    """The reports that this person sees, by the day they are due."""
    asked, on = request.args, today().on
    light, kind = asked.get("light", ""), asked.get("kind", "")
    filters = ReportFilters(light if light in LIGHTS else "", kind if kind in KINDS else "", asked.get("site", "")[:20])
    found = owed.page(reading(), site_scope(current_actor()), filters, on, _asked_place(asked.get("after", "")))
    late = [line for line in found.lines if late_reports.may_become_case(line, on)]
    made = cases_made_of(reading(), SOURCE, [late_reports.number_of(line) for line in late])
    return render_template("sites/obligations.html", page=found, filters=filters, kinds=KINDS, period_words=period_words,
                           cases={line.id: made.get(late_reports.number_of(line), "") for line in late},
                           may_register=current_actor().has(Permission.case_register),
                           may_open_cases=current_actor().has(Permission.case_read),
                           lights=LIGHTS, on=on,
                           light_of=light_of, may_manage=current_actor().has(Permission.site_manage))


@blueprint.get("/<int:obligation_id>")
@needs(Permission.site_manage)
def show(obligation_id: int) -> str:
    """The form by which a report comes in, or is waived."""
    return _form_page(_report_of(obligation_id), ReceiveForm(formdata=None, data={"satisfied_on": today().on.isoformat()}))


@blueprint.post("/<int:obligation_id>")
@needs(Permission.site_manage)
def take(obligation_id: int) -> Response | Page:
    """A report that came in or is waived; a refusal keeps what was typed."""
    found, form = _report_of(obligation_id), ReceiveForm()
    if not form.validate():
        return _form_page(found, form), 422
    try:
        if form.verdict.data == "waive":
            obligations.waive(current_actor(), obligation_id, form.ground.data or "", form.reason.data or "")
        else:
            on = read(DAY, form.satisfied_on.data or "")
            obligations.satisfy(current_actor(), obligation_id, on if isinstance(on, date) else date.min,
                                form.document.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_page(found, form), refusal.status
    flash(Say("已登记“{name}”{period} 的执行报告。", name=found.name, period=found.period), "done")
    return redirect(url_for("obligations.listing"))


@blueprint.post("/<int:obligation_id>/case")
@needs(Permission.case_register)
def make_case(obligation_id: int) -> Response:
    """A report that is late becomes a case."""
    try:
        number = late_reports.open_case(current_actor(), obligation_id)
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for("obligations.listing", light="red"))
    flash(Say("已转为案件 {number}。", number=number), "done")
    return redirect(url_for("cases.show", number=number))


def _asked_place(text: str) -> tuple[date, int] | None:
    day, _, number = text.partition("_")
    try:
        return (date.fromisoformat(day), int(number)) if number.isdecimal() and len(number) < 15 else None
    except ValueError:
        return None


def _report_of(obligation_id: int) -> OwedReport:
    found = owed.report_of(reading(), site_scope(current_actor()), obligation_id)
    if found is None:
        raise NotFound("没有这一期报告，或您无权查看。")
    return found


def _form_page(found: OwedReport, form: ReceiveForm) -> str:
    return render_template("sites/obligation.html", report=found, form=form, kinds=KINDS, period_words=period_words)
