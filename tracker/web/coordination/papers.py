"""Papers of acts as files."""

from urllib.parse import quote

from flask import Response

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def word_file(content: bytes, name: str) -> Response:
    """A Word document to keep, under its Chinese name."""
    response = Response(content, mimetype=DOCX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.docx', safe='')}"
    return response
