"""数据项: every figure that may be quoted, with what it counts; what it comes to in a window, and the records behind it."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, render_template, request

from tracker.domain.house.actor import ROLE_GRANTS, Permission
from tracker.domain.house.errors import NotFound
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.reports.measures.counted import Asked, MeasureKind, rate_text, value_text
from tracker.domain.reports.measures.registry import OWNERS, MeasureRow, Owner, measure_asked
from tracker.services.house.work import reading, wiring
from tracker.services.reports.measures import readers
from tracker.services.rules import rules
from tracker.web.cases.register.view import choices_of
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import area_name
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("measures", __name__, url_prefix="/reports/measures")
READ = Permission.report_read
PAGE = 100  # records behind a figure on one page
FIRST, LAST, ON = (Given(name, word, FieldKind.date, is_required=False)
                   for name, word in (("from", "起始日"), ("to", "截止日"), ("on", "按哪天的记录")))


@blueprint.get("", endpoint="measures")
@needs(READ)
def list_measures() -> str:
    """All figures with their definitions, and what they come to where a window is asked for."""
    asked, areas = _asked_window(), _areas_offered()
    found = readers.every_measured(reading(), asked) if "from" in request.args else {
        owner: readers.measures_of(owner, {}) for owner in Owner}
    return render_template("reports/measures/list.html", found=found, owners=OWNERS, asked=asked, areas=areas,
                           is_counted="from" in request.args, value_text=value_text, rate_text=rate_text, args=_args_of(asked),
                           measure=None, kinds=MeasureKind)


@blueprint.get("/<key>")
@needs(READ)
def show_measure(key: str) -> str:
    """One figure: its parts, and the records behind it that the reader may open."""
    measure, _ = measure_asked(key)
    asked, actor = _asked_window(measure), current_actor()
    found = readers.measured(reading(), measure, asked)
    shown = readers.shown_behind(reading(), actor, found.counted.behind) if found.counted is not None else ()
    at = int(after) if (after := request.args.get("after", "0")).isdecimal() else 0
    return render_template("reports/measures/show.html", found=found, measure=measure, asked=asked, areas=_areas_offered(),
                           shown=shown[at:at + PAGE], total=len(shown), after=at + PAGE if len(shown) > at + PAGE else 0,
                           sources=_sources_offered(measure), value_text=value_text, rate_text=rate_text, args=_args_of(asked),
                           kinds=MeasureKind)


def _asked_window(measure: MeasureRow | None = None) -> Asked:
    """The window of the address, this month where it says none. Raises `Invalid`, and `NotFound` for an area that is not the
    reader's to read reports of."""
    first, last, on = (_day_asked(each) for each in (FIRST, LAST, ON))
    area = request.args.get("area") or next(iter(_areas_offered()), "")
    if not current_actor().has_in(READ, area):
        raise NotFound("没有找到这个区划的数据，或您无权查看。")
    params = {name: said for name in (measure.params if measure is not None else ()) if (said := request.args.get(name, ""))}
    return readers.asked_window(first or today().on.replace(day=1), last or today().on, area, on, params)


def _day_asked(given: Given) -> date | None:
    found = read(given, request.args.get(given.name, ""))
    return found if isinstance(found, date) else None


def _areas_offered() -> Mapping[str, str]:
    """The areas that the reader may ask about, the widest first: those of their roles, and the parts of these."""
    own = {grant.area_code or wiring().home_area for grant in current_actor().grants if READ in ROLE_GRANTS[grant.role]}
    codes = own | {part.code for code in own for part in rules.gazetteer().parts(code, today().on)}
    return {code: area_name(code) for code in sorted(codes, key=lambda code: (len(code), code))}


def _sources_offered(measure: MeasureRow) -> Mapping[str, str]:
    """The sources to choose from, where the figure may be asked for one."""
    if "source" not in measure.params:
        return {}
    return dict(choices_of(current_actor().scope()).offered("source", request.args.get("source", "")))


def _args_of(asked: Asked) -> dict[str, str]:
    """The window as an address has it."""
    return {"from": asked.first.isoformat(), "to": asked.last.isoformat(), "area": asked.area_code, "on": asked.on.isoformat(),
            **asked.params}
