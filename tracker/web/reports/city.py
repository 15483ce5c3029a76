"""The districts of a city side by side: what is open, overdue, closed and in time, their last report, and whether somebody
dispatches there."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound
from tracker.domain.reports.sight import reads_whole
from tracker.services.house.caching import until_next_fact
from tracker.services.house.work import reading, wiring
from tracker.services.rules import rules
from tracker.services.territory import offices
from tracker.storage.cases.register import districts, register
from tracker.storage.cases.register.dashboard import COUNTED
from tracker.storage.cases.register.districts import DistrictFigures
from tracker.storage.people import people
from tracker.storage.reports import archive
from tracker.storage.reports.archive import Archived
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import area_name
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("city", __name__, url_prefix="/city")
CITY_DIGITS = 4
FEWEST_RANKED = 5  # cases: below, one more or less would turn the order round


@dataclass(frozen=True)
class DistrictRow:
    """One district. `rank` is its place by overdue cases; 0 where it has too few to be ranked. A district of a city, or one that
    reports for itself, needs a dispatcher of its own."""

    code: str
    name: str
    found: DistrictFigures
    rank: int
    last_report: Archived | None
    has_dispatcher: bool
    needs_dispatcher: bool

    def args(self, figure: str) -> dict[str, object]:
        """The address of just the cases that a number counts."""
        return COUNTED[figure].to_args(area=self.code)


@blueprint.get("", endpoint="city")
@needs(Permission.supervision_read)
def show_city() -> str:
    """Every district by what is overdue, each number the way to its cases."""
    home = wiring().home_area
    if not reads_whole(current_actor(), home):
        raise NotFound("没有找到这个页面，或您无权查看。")
    rows, beside = _district_rows(home)
    return render_template("reports/city.html", rows=rows, beside=beside, home=home, fewest=FEWEST_RANKED,
                           total=sum((row.found for row in rows), beside))


def _district_rows(home: str) -> tuple[tuple[DistrictRow, ...], DistrictFigures]:
    """The rows, and what lies in no district."""
    now, scope, codes = today(), current_actor().scope(), _district_codes(home)
    found = until_next_fact("city", (scope, now.bounds, codes), register.last_fact(reading()), lambda: districts.by_district(
        reading(), scope, now.bounds, codes, now.on, wiring().zone))
    ordered = sorted(codes, key=lambda code: (-found[code].figures.overdue, -found[code].figures.open, code))
    ranked = [code for code in ordered if found[code].all_cases >= FEWEST_RANKED]
    reports, dispatched = archive.latest_of(reading(), codes), people.dispatched_areas(reading())
    reporting = offices.reporting_areas(now.on)
    return tuple(
        DistrictRow(code, area_name(code), found[code], ranked.index(code) + 1 if code in ranked else 0, reports.get(code),
                    any(area.startswith(code) for area in dispatched), len(home) <= CITY_DIGITS or code in reporting)
        for code in ordered), found[""]


def _district_codes(home: str) -> tuple[str, ...]:
    """The districts of a city: those whose offices report for themselves, and all that lie directly below it."""
    parts = (area.code for area in rules.gazetteer().parts(home, today().on))
    return tuple(sorted({*offices.reporting_areas(today().on), *parts}))
