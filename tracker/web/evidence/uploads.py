"""Files one by one, for the scripts of the forms: received with a receipt, shown small, dropped."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from tracker.domain.house.errors import Invalid
from tracker.services.evidence import uploads
from tracker.services.evidence.uploads import UploadReceipt
from tracker.web.house.drawing.filters import cn_moment, file_size
from tracker.web.house.guard import current_actor, needs_sign_in
from tracker.web.house.kept_files import role_named
from tracker.web.house.script_answers import Told, told

blueprint = Blueprint("uploads", __name__, url_prefix="/uploads")
STATUSES = {"too_big": 413, "not_accepted": 415}


@blueprint.post("")
@needs_sign_in
def receive() -> Told:
    """Take in one file under the id that its sender made."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("没有收到文件，请重新选择。", field="files")
    role = role_named(request.form.get("role", ""))
    try:
        receipt = uploads.receive(current_actor(), request.form.get("client_id", ""), file.filename, file.read(), role)
    except Invalid as no:
        return told(STATUSES.get(no.code, no.status), sentence=no.sentence, code=no.code, field=no.field)
    return told(201, **receipt_of(receipt))


@blueprint.get("/<client_id>/thumb")
@needs_sign_in
def thumb(client_id: str) -> Response:
    """The small picture of an own file."""
    response = Response(uploads.thumb(current_actor(), client_id), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@blueprint.post("/<client_id>/drop")
@needs_sign_in
def drop(client_id: str) -> Told:
    """Forget an own file that waits."""
    return told(200, was_there=uploads.drop(current_actor(), client_id))


def receipt_of(receipt: UploadReceipt) -> dict[str, Any]:
    """A receipt as a script reads it, and as the row says it."""
    return {
        "id": receipt.client_id, "name": receipt.name, "size": receipt.size, "size_words": file_size(receipt.size),
        "thumb": url_for("uploads.thumb", client_id=receipt.client_id) if receipt.is_picture else None,
        "point": receipt.point, "received_at": receipt.received_at.isoformat(), "received_words": cn_moment(receipt.received_at),
    }
