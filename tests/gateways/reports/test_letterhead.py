"""A report as the paper of an office: to whom it goes, who signs it, and who printed it."""

import io
from datetime import date

import docx

from tests.support.papers import report
from tracker.domain.reports.document import Chart, PaperPart, Section
from tracker.domain.territory.offices import Office
from tracker.gateways.house.charts import alt_text
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


def test_a_letter_shows_the_charts_of_all_its_annexes_beside_each_other() -> None:
    charts = [Chart(f"图{n}", "bars", ("甲", "乙"), (("件数", (n, 1)),)) for n in range(3)]
    empty = Chart("空", "bars", ("甲",), (("件数", (0,)),))
    annexes = [Section(f"附件{n}", charts=(chart,), part=PaperPart.annex) for n, chart in enumerate((*charts, empty), start=1)]
    made = docx.Document(io.BytesIO(report_docx.write(report(sections=(
        Section("", ("文。",), part=PaperPart.text), *annexes)))))
    assert [shape._inline.docPr.get("descr") for shape in made.inline_shapes] == [alt_text(chart) for chart in charts]
    assert [[cell.paragraphs[0].text for cell in row.cells] for row in made.tables[-1].rows] == [["图0", "图1"], ["图2", ""]]
