"""The working calendar: a year at a glance, who loaded what, and another file with a preview first."""

from calendar import Calendar
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.house.say import Say
from tracker.domain.rules.workdays import DayKind, DaySource
from tracker.domain.tables.cells import whole_number
from tracker.services.cases import recounting
from tracker.services.rules import calendar, calendar_files
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.rules.due_words import DAY_KINDS
from tracker.web.rules.forms import CalendarConfirmForm, CalendarForm

blueprint = Blueprint("work_calendar", __name__, url_prefix="/settings/calendar")
FIRST_YEAR, LAST_YEAR = 2000, 2070
SHORT: dict[DayKind, str] = {DayKind.holiday: "休", DayKind.makeup: "班"}


@blueprint.get("")
@needs(Permission.rules_manage)
def year() -> str:
    """The year of the address, this year else."""
    return _year_page(CalendarForm())


@blueprint.post("")
@needs(Permission.rules_manage)
def preview() -> str | Page:
    """What the file would change; nothing is written."""
    form = CalendarForm()
    if not form.validate():
        return _year_page(form), 422
    name, content = form.sent()
    try:
        handed = calendar_files.read(content)
        found = recounting.preview(current_actor(), handed.days)
    except Refusal as refusal:
        form.refuse(refusal)
        return _year_page(form), refusal.status
    confirm = CalendarConfirmForm(formdata=None, data={"days": calendar.csv_of(handed.days), "name": name})
    return render_template("rules/calendar_preview.html", form=confirm, found=found, name=name, passed_over=handed.passed_over)


@blueprint.post("/load")
@needs(Permission.rules_manage)
def load() -> Response:
    """Enter the days that were previewed and count the provisional cases again."""
    form = CalendarConfirmForm()
    if not form.validate() or not form.days.data:
        raise Invalid("没有要录入的日历，请重新选择文件。", field="file")
    days = calendar.read_days(form.days.data)
    done = recounting.load(current_actor(), days, form.name.data or "")
    flash(tr(Say("日历已录入：新增 {added} 天，更改 {changed} 天；重算案件 {recomputed} 件。", added=done.loaded.added, changed=done.loaded.changed,
                 recomputed=done.recomputed)), "done")
    return redirect(url_for("work_calendar.year", year=done.loaded.years[-1]))


def _year_page(form: CalendarForm) -> str:
    now = today()
    asked = whole_number(request.args.get("year", ""))
    shown = asked if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR else now.on.year
    special = {day.on: day for day in calendar.special_days(shown)}
    return render_template(
        "rules/calendar.html", form=form, year=shown, special=special, short=SHORT, kinds=DAY_KINDS, today_on=now.on,
        months=[(date(shown, month, 1), Calendar().monthdatescalendar(shown, month)) for month in range(1, 13)],
        published=sorted(now.calendar.published_years), estimated=sorted({d.on.year for d in now.calendar.days
                                                                          if d.source is DaySource.estimated}),
        workdays=calendar.workdays_in(shown), history=recounting.history(), alarm=calendar.alarm(now.on))
