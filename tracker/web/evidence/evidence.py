"""Evidence files, to whoever may see their case, their act or their site."""

from urllib.parse import quote

from flask import Blueprint, Response

from tracker.domain.house.actor import Permission
from tracker.services.evidence import evidence
from tracker.services.evidence.soundness import OpenedFile
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")
INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})


@blueprint.get("/<int:evidence_id>")
@needs(Permission.act_read)  # which everybody has who reads cases; the file itself is fenced
def shown(evidence_id: int) -> Response:
    """The copy that is shown: no place, no device; a paper as it came."""
    return file_response(evidence.open_file(current_actor(), evidence_id, "shown"))


@blueprint.get("/<int:evidence_id>/thumb")
@needs(Permission.act_read)
def thumb(evidence_id: int) -> Response:
    """The small picture."""
    return file_response(evidence.open_file(current_actor(), evidence_id, "thumb"))


@blueprint.get("/<int:evidence_id>/original")
@needs(Permission.case_evidence)
def original(evidence_id: int) -> Response:
    """The original, as a download, for those who handle evidence; of a sealed one the copy that is shown."""
    return file_response(evidence.open_file(current_actor(), evidence_id, "original"), is_download=True)


def file_response(file: OpenedFile, *, is_download: bool = False) -> Response:
    """Pictures show in the page; everything else is saved, and nothing in it may run."""
    is_inline = file.media_type in INLINE and not is_download
    response = Response(file.content, mimetype=file.media_type)
    response.content_length = file.size
    kind = "inline" if is_inline else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(file.name, safe='')}"
    response.headers["Cache-Control"] = "private, max-age=3600" if is_inline else "private, no-store"
    return response
