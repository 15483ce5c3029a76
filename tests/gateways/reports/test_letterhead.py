"""A report as the paper of an office: to whom it goes, who signs it, and who printed it."""

import io
from datetime import date

import docx

from tests.support.papers import report
from tracker.domain.territory.offices import Office
from tracker.gateways.reports import docx as report_docx

OFFICE = Office("330106", "西湖区整改办", "西环督", "西环销", "各街道办事处", "区纪委", "区政府办公室", has_imprint=True)
ISSUED = date(2026, 3, 2)


def lines(issued_on: date | None, office: Office | None) -> list[str]:
    paper = docx.Document(io.BytesIO(report_docx.write(report(), issued_on=issued_on, office=office)))
    return [line.text for line in paper.paragraphs if line.text]


def test_an_issued_report_is_addressed_signed_dated_and_printed_by_its_office() -> None:
    found = lines(ISSUED, OFFICE)
    assert found.index("各街道办事处：") < found.index("西湖区整改办") == found.index("2026年3月2日") - 1
    assert found[-2:] == ["抄送：区纪委。", "区政府办公室　2026年3月2日印发"]


def test_a_draft_is_signed_by_nobody() -> None:
    found = lines(None, OFFICE)
    assert "西湖区整改办" not in found
    assert not [line for line in found if "印发" in line or line.startswith("抄送")]


def test_an_office_without_an_imprint_prints_none() -> None:
    plain = Office("330106", "西湖区整改办", "西环督", "西环销")
    found = lines(ISSUED, plain)
    assert "西湖区整改办" in found
    assert not [line for line in found if "印发" in line or line.endswith("：")]
