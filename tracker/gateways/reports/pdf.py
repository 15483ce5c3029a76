"""Word documents and workbooks as PDF, by the LibreOffice of this machine: the one layout of a paper stands in its document."""

import os
import shutil
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from tracker.domain.house.errors import Unavailable

PROGRAMS = ("soffice", "libreoffice")
SECONDS, WAITING_SECONDS = 90, 60


class PdfMaker(Protocol):
    """Makes a PDF of a document."""

    def pdf_of(self, document: bytes, kind: str = "docx") -> bytes:
        """The PDF. Raises `Unavailable` where none came of it."""


class OfficeSuite:
    """One LibreOffice, which makes one PDF at a time, with a profile of its own that goes with the file."""

    def __init__(self, program: str, seconds: float = SECONDS) -> None:
        self._program, self._seconds = program, seconds
        self._turn = threading.Lock()

    def pdf_of(self, document: bytes, kind: str = "docx") -> bytes:
        """The PDF of a .docx or .xlsx. Raises `Unavailable` when others take too long, or when it does."""
        if not self._turn.acquire(timeout=WAITING_SECONDS):
            raise Unavailable("正在生成别的 PDF，请过一会儿再试。")
        try:
            with TemporaryDirectory(prefix="xiaohao-pdf-", ignore_cleanup_errors=True) as folder:
                source = Path(folder, f"paper.{kind}")
                source.write_bytes(document)
                self._convert_file(source)
                made = source.with_suffix(".pdf")
                if not made.is_file():
                    raise Unavailable("LibreOffice 没有生成 PDF，请下载 Word 文件，用办公软件另存为 PDF。")
                return made.read_bytes()
        finally:
            self._turn.release()

    def _convert_file(self, source: Path) -> None:
        """Run the program on one file; what hangs is ended with all that it started."""
        profile = (source.parent / "profile").as_uri()
        command = [self._program, "--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={profile}",
                   "--convert-to", "pdf", "--outdir", str(source.parent), str(source)]
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            running.wait(self._seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            raise Unavailable("生成 PDF 用时过长，已停止；请下载 Word 文件，用办公软件另存为 PDF。") from None


def find_office_suite() -> OfficeSuite | None:
    """The LibreOffice of this machine; None where there is none."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return OfficeSuite(found) if found else None
