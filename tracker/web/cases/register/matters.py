"""What waits to be coordinated, for those who bring units together."""

from flask import Blueprint, render_template

from tracker.domain.cases.facts import OPEN
from tracker.domain.house.actor import Permission
from tracker.services.house.work import reading
from tracker.storage.cases.register import matters
from tracker.storage.cases.register.register import Filters
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("matters", __name__, url_prefix="/cases")
LISTED = Filters(state=OPEN, is_unsettled=True)


@blueprint.get("/matters", endpoint="matters")
@needs(Permission.case_read)
def show_matters() -> str:
    """The list, what waits longest first."""
    lines = matters.matters(reading(), current_actor().scope())
    return render_template("cases/matters.html", lines=lines, most=matters.MOST, listed=LISTED)
