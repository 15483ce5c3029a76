"""Letters of commitment that were broken, as a list."""

from flask import Blueprint, render_template

from tracker.domain.house.actor import Permission
from tracker.domain.sites.sight import site_scope
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access
from tracker.services.house.work import reading
from tracker.storage.acts import register
from tracker.storage.enforcement.letters import broken_letters
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("letters", __name__, url_prefix="/sites/letters")


@blueprint.get("")
@needs(Permission.site_read)
def broken() -> str:
    """What broke which letter, the newest first; an act that the reader may not open is named by its kind alone."""
    lines = broken_letters(reading(), site_scope(current_actor()))
    known = register.titles_of(reading(), access.scope_of(current_actor()), [f"act:{each.number}" for each in lines])
    return render_template("sites/letters.html", lines=lines, known=known, flows=ACT_FLOWS)
