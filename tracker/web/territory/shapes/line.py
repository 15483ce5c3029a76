"""The railway as it is drawn, for who is signed in: lines with their mileage, sections, fences and owners."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, render_template

from tracker.domain.house.actor import Permission
from tracker.domain.territory.shapes.layers import LAYERS, OWNER_KINDS, SIDES, Layer
from tracker.domain.territory.shapes.measures import of_layer
from tracker.services.coordination.patrols.counts import SectionCount, counted
from tracker.services.house.work import reading
from tracker.services.territory.lists import matrix
from tracker.services.territory.shapes import chiefs
from tracker.services.territory.shapes.ground import line_posts, shapes_on
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs_sign_in
from tracker.web.territory.shapes.pages import may_judge
from tracker.web.territory.shapes.sketch import sketch_of

blueprint = Blueprint("line", __name__, url_prefix="/line")


@blueprint.get("", endpoint="line")
@needs_sign_in
def show_line() -> str:
    """Every layer that holds today, drawn and listed."""
    shapes, judges = shapes_on(reading(), today().on), may_judge(current_actor())
    return render_template(
        "territory/shapes/line.html", shapes={layer: of_layer(shapes, layer) for layer in Layer}, layers=LAYERS,
        posts={each.code: each for each in line_posts(shapes)}, sketch=sketch_of(shapes), owner_kinds=OWNER_KINDS, sides=SIDES,
        units=matrix.unit_names(reading()), may_judge=judges,
        faults=chiefs.faults_on(reading(), today().on) if judges else (), patrolled=_patrolled_this_month())


def _patrolled_this_month() -> Mapping[str, SectionCount]:
    """What each section owes of patrols this month and has done, for who reads acts; nothing where no plan or patrol is there."""
    on = today().on
    if not current_actor().has(Permission.act_read):
        return {}
    found = counted(reading(), on.replace(day=1), _end_of_month(on), on=on)
    return {each.code: each for each in found.sections} if found.has_records else {}


def _end_of_month(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])
