"""A table of master data out as a workbook, and back with a preview first."""

import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from flask import flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.services.house.master import loading, rows, sheets
from tracker.services.house.work import reading
from tracker.services.people.signing import slips
from tracker.services.people.signing.links import PasswordLink
from tracker.services.people.taken_out import note_export
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs, needs_sign_in, requires_fresh
from tracker.web.house.master.forms import SheetConfirmForm, SheetForm
from tracker.web.house.master.pages import asks_fresh, blueprint
from tracker.web.house.refusals import Page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/<name>/export")
@needs_sign_in
def export(name: str) -> Response:
    """The table as a workbook that comes back."""
    called, content = sheets.export_table(current_actor(), name)
    note_export(current_actor(), "master", len(rows.all_rows(rows.master_for(current_actor(), name), reading())), "xlsx",
                {"key": name})
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=called)


@blueprint.route("/<name>/load", methods=["GET", "POST"])
@needs_sign_in
def load(name: str) -> str | Page:
    """A file, and what it would do; nothing is written."""
    table, form = rows.master_for(current_actor(), name).table, SheetForm()
    if not form.validate_on_submit():
        return render_template("house/master/load.html", form=form, table=table)
    try:
        called, content = form.sent()
        with _on_disk(called, content) as path:
            found = loading.load_table(current_actor(), name, path, is_dry=True)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("house/master/load.html", form=form, table=table), refusal.status
    confirm = SheetConfirmForm(formdata=None, data={
        "name": called, "content": base64.b64encode(content).decode(), "mark": found.mark})
    return render_template("house/master/preview.html", form=confirm, found=found, table=table), 422 if found.troubles else 200


@blueprint.post("/<name>/load/confirmed")
@requires_fresh(asks_fresh)
@needs_sign_in
def take(name: str) -> str | Response | Page:
    """The file that was previewed, written."""
    form = SheetConfirmForm()
    try:
        with _on_disk(form.name.data or "", form.file()) as path:
            found = loading.load_table(current_actor(), name, path, mark=form.mark.data or "")
    except Refusal as refusal:
        again = SheetForm(formdata=None)
        again.refuse(refusal)
        table = rows.master_for(current_actor(), name).table
        return render_template("house/master/load.html", form=again, table=table), refusal.status
    flash(tr(found.sentence), "done")
    links = [row.handed_out for row in found.rows if isinstance(row.handed_out, PasswordLink)]
    if links:
        return render_template("people/slips.html", links=links, content=base64.b64encode(slips.workbook_of(links)).decode())
    return redirect(url_for("master.listing", name=name))


@blueprint.post("/links")
@needs(Permission.account_manage)
def links_file() -> Response:
    """The workbook of links that the page just shown carries; it is kept nowhere."""
    form = SheetConfirmForm()
    return send_file(BytesIO(form.file()), mimetype=XLSX, as_attachment=True, download_name=slips.FILE_NAME)


@contextmanager
def _on_disk(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="xiaohao-") as folder:
        path = Path(folder) / (Path(name).name[-80:] or "table.xlsx")
        path.write_bytes(content)
        yield path
