"""The register as a file: exactly the cases and columns that the view shows, in its order."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from flask import Blueprint, request, send_file
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.services.tables import exporting
from tracker.services.tables.exporting import ShownView
from tracker.storage.cases.register.register import SORTS, Filters
from tracker.web.cases.register.tools import columns_of
from tracker.web.cases.register.view import chips_of, choices_of
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("exports", __name__, url_prefix="/cases")
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@blueprint.get("/export.<any(xlsx, csv):kind>")
@needs(Permission.case_export)
def export(kind: str) -> Response:
    """The file, written to disk row by row and sent from there: with `cols` those columns, without all that the register has."""
    filters = Filters.from_args(request.args)
    words = [chip.words for chip in chips_of(filters, choices_of(current_actor().scope()))]
    chosen = columns_of(request.args) if request.args.get("cols") else ()
    file = _write_export(ShownView(filters, "；".join([*words, SORTS[filters.order]]), chosen), kind)
    answer = send_file(file, TYPES[kind], as_attachment=True, download_name=f"案件登记表_{today().on}.{kind}")
    answer.headers["Cache-Control"] = "private, no-store"  # what one person may see: send_file would let every cache keep it
    answer.content_length = os.fstat(file.fileno()).st_size
    return answer


def _write_export(shown: ShownView, kind: str) -> IO[bytes]:
    """The complete file, open for reading and already without a name: it vanishes when it has been sent."""
    with TemporaryDirectory(prefix="xiaohao-export-") as folder:
        path = Path(folder) / f"register.{kind}"
        exporting.export_register(current_actor(), path, shown=shown)
        return path.open("rb")
