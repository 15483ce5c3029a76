"""PDFs by the LibreOffice of this machine, where there is one."""

import os
import stat
import time
from pathlib import Path

import pytest

from tracker.domain.cases.papers.official import FormRow, OfficialPaper
from tracker.domain.house.errors import Unavailable
from tracker.gateways.reports.docx_official import write_official
from tracker.gateways.reports.pdf import OfficeSuite, find_office_suite

PAPER = write_official(OfficialPaper(("西湖区生态环境局", "交办单"), form=(FormRow((("案件编号", "XH-2026-000001"),)),)))


def program(folder: Path, text: str) -> str:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_paper_becomes_a_pdf() -> None:
    suite = find_office_suite()
    if suite is None:
        pytest.fail("no LibreOffice here: ./run test brings it") if os.environ.get("CI") else pytest.skip("no LibreOffice here")
    assert suite.pdf_of(PAPER).startswith(b"%PDF-")


def test_a_program_that_hangs_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    suite = OfficeSuite(program(tmp_path, f"(sleep 1; touch {tmp_path}/late) & wait"), seconds=0.2)
    with pytest.raises(Unavailable, match="用时过长"):
        suite.pdf_of(PAPER)
    time.sleep(1.5)
    assert not (tmp_path / "late").exists()


def test_a_program_that_makes_nothing_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="没有生成 PDF"):
        OfficeSuite(program(tmp_path, "exit 1")).pdf_of(PAPER)
