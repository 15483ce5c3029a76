"""The register as a file: exactly the cases and columns that the view shows, in its order."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.services.tables import exporting
from tracker.services.tables.exporting import ShownView
from tracker.storage.cases.register.register import SORTS, Filters
from tracker.web.cases.register.tools import columns_of
from tracker.web.cases.register.view import chips_of, choices_of
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs, requires_fresh
from tracker.web.house.whole_files import whole_file

blueprint = Blueprint("exports", __name__, url_prefix="/cases")


@blueprint.get("/export.<any(xlsx, csv):kind>")
@requires_fresh(lambda: exporting.is_large(current_actor(), Filters.from_args(request.args)))
@needs(Permission.case_export)
def export(kind: str) -> Response:
    """The file, written to disk row by row and sent from there: with `cols` those columns, without all that the register has."""
    filters = Filters.from_args(request.args)
    words = [chip.words for chip in chips_of(filters, choices_of(current_actor().scope()))]
    chosen = columns_of(request.args) if request.args.get("cols") else ()
    shown = ShownView(filters, "；".join([*words, SORTS[filters.order]]), chosen)
    return whole_file(lambda path: exporting.export_register(current_actor(), path, shown=shown), kind,
                      f"案件登记表_{today().on}")
