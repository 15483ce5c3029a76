"""The territory and its rules, to read: areas, responsibility list, sources, limits."""

from flask import Blueprint, render_template

from tracker.domain.house.actor import Permission
from tracker.domain.rules.area_codes import AreaLevel
from tracker.domain.rules.limits import STAGE_WORDS
from tracker.services.house.work import reading, wiring
from tracker.services.rules import rules
from tracker.services.territory.lists import versions
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs_sign_in
from tracker.web.rules import due_words

blueprint = Blueprint("territory", __name__, url_prefix="/territory")


@blueprint.get("", endpoint="territory")
@needs_sign_in
def show_territory() -> str:
    """Areas old and new with their dates and successors; who answers for what; how long it may take."""
    areas = rules.gazetteer().areas
    names = {area.code: area.name for area in areas}
    existing = [area for area in areas if area.exists_on(today().on)]
    parents = sorted((area for area in existing if area.level is not AreaLevel.township),
                     key=lambda area: area.code != wiring().home_area)
    within = [(parent, [area for area in existing if area.parent_code == parent.code]) for parent in parents]
    former = [area for area in areas if not area.exists_on(today().on)]
    return render_template(
        "territory/list.html", present=[(parent, rows) for parent, rows in within if rows], home=wiring().home_area,
        former=former, names=names, version=versions.in_force(reading(), today().on),
        sources=rules.offered_sources(), limits=rules.limits(), stages=STAGE_WORDS, words=due_words,
        may_manage=current_actor().has(Permission.territory_manage),
    )
