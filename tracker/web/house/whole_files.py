"""A file that is written to disk row by row, and sent from there when it is complete."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from flask import send_file
from werkzeug.wrappers import Response

TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


def whole_file(write: Callable[[Path], object], kind: str, name: str) -> Response:
    """The answer with the file under its name. It may hold what one person alone may see, so no cache keeps it."""
    file = _written_file(write, kind)
    answer = send_file(file, TYPES[kind], as_attachment=True, download_name=f"{name}.{kind}")
    answer.headers["Cache-Control"] = "private, no-store"  # send_file would let every cache keep it
    answer.content_length = os.fstat(file.fileno()).st_size
    return answer


def _written_file(write: Callable[[Path], object], kind: str) -> IO[bytes]:
    """The complete file, open for reading and already without a name: it vanishes when it has been sent."""
    with TemporaryDirectory(prefix="xiaohao-export-") as folder:
        path = Path(folder) / f"export.{kind}"
        write(path)
        return path.open("rb")
