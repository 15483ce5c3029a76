"""Tables as they are printed: no rate and no change is broken, no note and no heading stands alone, no sheet holds one sentence."""

import io
from dataclasses import replace

import docx
import openpyxl
import pytest
from docx.text.paragraph import Paragraph
from lxml import etree

from tests.support.papers import report
from tracker.domain.reports.document import Chart, Column, Document, Section, Table
from tracker.gateways.house.charts import chart_svg
from tracker.gateways.house.column_widths import LONGEST, MM_PER_POINT, ems, needs
from tracker.gateways.reports import docx as report_docx
from tracker.gateways.reports import xlsx

SIZE = 9.0
UNITS = Table("名单", (Column("单位", width=12), Column("件数", "number")), (("桃源街道", 1), ("桃花街道", 2), ("九洲街道", 3)),
              note="各行之和等于合计。" * 12)


def least_ems(*texts: str) -> float:
    """What the narrowest column that keeps these cells whole has inside, in ems."""
    return needs([(text,) for text in texts], ("比率",), SIZE)[0].least / (SIZE * MM_PER_POINT)


def of(*sections: Section) -> Document:
    return replace(report(), sections=sections)


@pytest.mark.parametrize("text", ["100.0%（26/26）", "−17（22）", "+1（2）", "100.0%（126/132）"])
def test_a_rate_and_a_change_are_held_together_with_their_brackets(text: str) -> None:
    assert least_ems(text) >= ems(text)


def test_a_change_may_be_broken_before_its_brackets_but_not_inside() -> None:
    change, inside = "−17.0 个百分点（81.3%（26/32））", "（81.3%（26/32））"
    assert ems(inside) <= least_ems(change) < ems(change)


def test_a_hash_may_be_broken() -> None:
    assert least_ems("0123456789abcdef" * 4) < LONGEST + 2


def test_the_note_of_a_table_goes_with_its_last_rows() -> None:
    paper = docx.Document(io.BytesIO(report_docx.write(of(Section("分单位情况", tables=(UNITS,))))))
    kept = [all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells) for row in paper.tables[0].rows]
    assert kept == [False, False, True, True]
    after = paper.tables[0]._tbl.getnext()
    assert Paragraph(after, paper).text == f"注：{UNITS.note}"


def test_no_heading_is_left_at_the_foot_of_a_page() -> None:
    paper = docx.Document(io.BytesIO(report_docx.write(report())))
    styles = [line.style for line in paper.paragraphs if line.style is not None and str(line.style.name).startswith("Heading")]
    assert styles
    assert all(style.paragraph_format.keep_with_next for style in styles)


def test_sections_that_are_only_sentences_stand_together_on_the_first_sheet() -> None:
    said = of(Section("铁路沿线环境问题", ("本月没有应办的铁路沿线环境问题。",)), Section("超期案件", ("本月超期 3 件。", "限期完成整改。"), tables=(UNITS,)))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(said)))
    assert book.sheetnames == ["说明", "名单"]
    front = [(row[0].value or "", row[1].value) for row in book["说明"].iter_rows(max_col=2)]
    at = front.index(("铁路沿线环境问题", "本月没有应办的铁路沿线环境问题。"))
    assert front[at + 1 : at + 3] == [("超期案件", "本月超期 3 件。"), ("", "限期完成整改。")]


def test_a_long_note_is_wrapped_under_its_table_and_does_not_widen_the_printed_page() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(of(Section("分单位情况", tables=(UNITS,))))))
    sheet = book["名单"]
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A6:B6"]
    assert sheet["A6"].value == UNITS.note
    assert sheet["A6"].alignment.wrap_text
    assert sheet.row_dimensions[6].height > 60


def test_a_rate_stands_on_one_line_of_its_column() -> None:
    heads = (Column("单位"), Column("办结率", "rate"))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(of(Section("一", tables=(Table("名单", heads, (("桃源街道", "100.0%（126/132）"),)),))))))
    assert book["名单"].row_dimensions[2].height in (None, 15)


def test_a_number_under_its_point_stands_above_the_labels_of_the_months() -> None:
    lines = Chart("登记与销号", "lines", ("2025-11", "2025-12", "2026-01"), (("登记", (5, 70, 9)), ("销号", (0, 60, 8))))
    drawn = etree.fromstring(chart_svg(lines).encode())
    heights = {text.text: float(text.get("y")) for text in drawn.iter("{*}text")}
    assert heights["0"] + 13 <= heights["2025-11"]
