"""Page, mail, workbook and Word document of one report: every number is the document's, and nothing of the machine is in any."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from lxml import html

import tracker.gateways.reports.docx as word_paper
import tracker.gateways.reports.html as report_html
from tests.support.papers import report
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Chart, Column, Document, Figure, Section, Table, read_document, value_text
from tracker.gateways.house.printed_cells import cell_text, change_text, changes_of, moment_text
from tracker.gateways.reports import docx_charts, xlsx

PAPER, FIGURES = report(), (Figure("one", "件数", 1, "登记的案件"),)


def cells(document: Document) -> Iterator[list[str]]:
    """Every row of every table as it must be printed, heads first and the total last."""
    for section in document.sections:
        for table in section.tables:
            yield [column.head for column in table.columns]
            rows = (*table.rows, *([table.total] if table.total else []))
            yield from ([cell_text(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in rows)


def figures(document: Document) -> Iterator[Figure]:
    return (figure for section in document.sections for figure in section.figures)


def words(element: object) -> str:
    return " ".join(element.text_content().split())  # type: ignore[attr-defined]


def table_rows(page: html.HtmlElement) -> list[list[str]]:
    return [[words(cell) for cell in row.xpath("./th|./td")]
            for row in page.xpath("//div[starts-with(@class, 'report-table')]//tr")]


def without_empty(rows: list[list[str]]) -> list[list[str]]:
    return [row for row in rows if row != ["无。"]]


def test_the_page_shows_every_number_of_the_document() -> None:
    page = html.fromstring(report_html.page_fragment(PAPER))
    assert without_empty(table_rows(page)) == list(cells(PAPER))
    shown = [words(row) for row in page.xpath("//table[@class='report-figures']//tr")]
    for figure, line in zip(figures(PAPER), shown, strict=True):
        assert figure.word in line
        assert figure.definition in line
        assert value_text(figure.value) in line
        assert all(f"{word} {text}" in line for word, text in changes_of(figure))
    assert page.xpath("//h1/text()") == [PAPER.title]
    assert PAPER.digest() in words(page)
    charts = [chart for section in PAPER.sections for chart in section.charts]
    assert len(page.xpath("//figure//*[local-name()='svg']")) == len(charts)
    numbers = [int(cell.text) for cell in page.xpath("//figure//details//td")]
    assert sorted(numbers) == sorted(value for chart in charts for _, values in chart.series for value in values)


def test_the_page_needs_no_style_and_escapes_what_people_wrote() -> None:
    text = report_html.page_fragment(PAPER, case_url=lambda number: f"/cases/{number}", cases_url=lambda key: f"#{key}")
    assert "style=" not in text
    assert "<b>油烟" not in text
    page = html.fromstring(text)
    assert page.xpath("//td[contains(@class, 'k-case')]/a/@href") == ["/cases/XH-2026-000045", "/cases/XH-2026-000101"]
    assert page.xpath("//table[@class='report-figures']//a/@href") == ["#received", "#overdue"]


def test_the_file_is_a_whole_page_of_its_own() -> None:
    page = html.fromstring(report_html.write(PAPER))
    assert page.tag == "html"
    assert page.xpath("//title/text()") == [PAPER.title]
    assert without_empty(table_rows(page)) == list(cells(PAPER))
    assert page.xpath("//link|//script|//img") == []


# --- the workbook -------------------------------------------------------------------------------------------------------------


def sheets() -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(PAPER)))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def printed(value: object, kind: str) -> str:
    if kind == "date" and hasattr(value, "date"):
        return value.date().isoformat()
    return "" if value is None else str(value)


def test_every_table_has_its_sheet_and_every_cell_is_the_document_s() -> None:
    found = sheets()
    for section in PAPER.sections:
        for table in section.tables:
            heads, *rows = found[table.title]
            at = [heads.index(column.head) for column in table.columns]
            wanted = [*table.rows, *([table.total] if table.total else [])]
            for row, cells_ in zip(rows, wanted, strict=False):
                for place, cell, column in zip(at, cells_, table.columns, strict=True):
                    assert printed(row[place], column.kind) == cell_text(cell, column)
                    if column.kind == "rate":
                        assert isinstance(cell, Rate)
                        assert row[place + 1] == float(cell.percent() or 0)
                    if isinstance(cell, int):
                        assert row[place] == cell
                        assert isinstance(row[place], int)


def test_the_first_sheet_says_what_this_is_and_how_many_rows_there_must_be() -> None:
    found = sheets()
    front = {str(row[0]): row[1] for row in found["说明"] if row[0]}
    assert next(iter(found)) == "说明"
    assert PAPER.title in front
    assert front["期号"] == "2026-W47"
    assert front["统计截至"] == PAPER.as_of
    assert front["文档指纹（SHA-256）"] == PAPER.digest()
    assert front["办结率"] == "办结率 = 已办结 / 应办件"
    assert {name: front[name] for name in ("总体情况", "各单位进展", "临期和超期", "需市级协调")} == {
        "总体情况": 3, "各单位进展": 4, "临期和超期": 2, "需市级协调": 0}


def test_figures_stand_with_their_changes_and_the_percentage_as_a_number() -> None:
    rows = {row[0]: row for row in sheets()["总体情况"] if row[0]}
    assert rows["办结率"][:5] == ["办结率", "93.8%（45/48）", 93.8, "−4.9 个百分点（上期 98.7%，227/230）", "无可比基数"]
    assert rows["新增受理"][:2] == ["新增受理", 48]


def test_what_is_wrapped_has_room_in_its_row() -> None:
    long = Table("名单", (Column("单位", width=12), Column("说明", width=20)), (("桃源街道", "短"), ("桃源街道", "经现场核查问题已整改到位" * 4)))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(replace(PAPER, sections=(Section("一", tables=(long,)),)))))
    heights = [book["名单"].row_dimensions[row].height for row in (2, 3)]
    assert heights[0] in (None, 15) and heights[1] >= 60


def test_nothing_in_the_workbook_calculates_and_numbers_of_cases_are_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(PAPER)))
    assert [cell.coordinate for sheet in book.worksheets for row in sheet.iter_rows()
            for cell in row if cell.data_type == "f"] == []
    sheet = book["临期和超期"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["C3"].value,
            sheet["E2"].is_date) == ("XH-2026-000045", "s", "=1+1", True)
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.paperSize) == ("B2", "$1:$1", 9)
    assert len(book["分单位调度"]._images) == 2
    assert book.properties.creator in (None, "")


def test_sheets_get_names_that_excel_takes() -> None:
    empty = Table("一/二:三*？[四]" + "长" * 40, (Column("甲"),), (("乙",),))
    odd = report(sections=(Section("同名", figures=FIGURES, tables=(empty, empty)), Section("同名", figures=FIGURES)))
    names = openpyxl.load_workbook(io.BytesIO(xlsx.write(odd))).sheetnames
    assert len(set(names)) == len(names) == 5
    assert all(len(name) <= 31 for name in names)


# --- the Word document --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paper() -> docx.document.Document:
    return docx.Document(io.BytesIO(word_paper.write(PAPER)))


def test_every_table_of_the_document_stands_in_word(paper: docx.document.Document) -> None:
    found = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
    wanted = [row for row in list(cells(PAPER)) if row != ["案件", "事由"]]
    assert [row for row in found if row in wanted] == wanted
    for figure in figures(PAPER):
        changes = dict(changes_of(figure))
        assert [figure.word, value_text(figure.value), changes.get("环比", ""), changes.get("同比", ""), figure.definition] in found


def test_a_periodic_paper_is_numbered_as_an_office_does() -> None:
    assert [word_paper.number_of(each)
            for each in ("2026-W07", "2026-10", "2025", "2026-11-27")] == ["2026年第7期", "2026年第10期", "2025年度", "2026年11月27日"]


def test_the_layout_is_that_of_official_papers(paper: docx.document.Document) -> None:
    page = paper.sections[0]
    assert [round(each.mm) for each in (page.page_width, page.page_height, page.top_margin,
                                        page.left_margin)] == [210, 297, 37, 28]
    title = paper.paragraphs[0]
    assert (title.text, title.runs[0].font.size.pt) == (PAPER.title.replace("（", "\n（"), 22)  # the period whole, on its own line
    assert title.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert paper.paragraphs[2].text.startswith("2026年第47期　统计截至 ")
    body = next(p for p in paper.paragraphs if p.text.startswith("本周新增"))
    assert (body.runs[0].font.size.pt, body.paragraph_format.line_spacing.pt) == (16, 28)
    heads = [p.text for p in paper.paragraphs if p.style.name == "Heading 1"]
    assert heads == ["一、总体情况", "二、分单位调度", "三、临期超期名单", "四、需协调事项"]
    assert paper.settings.odd_and_even_pages_header_footer
    for foot in (page.footer, page.even_page_footer):
        assert [field.text for field in foot.paragraphs[0]._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert paper.paragraphs[-1].text.endswith(PAPER.digest())


def test_tables_repeat_their_heads_and_fit_the_page(paper: docx.document.Document) -> None:
    for table in paper.tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert round(Emu(sum(column.width for column in table.columns)).mm) in (156, 225)


def test_a_wide_table_lies_across_and_those_after_it_share_its_paper() -> None:
    wide = tuple(Column(f"情况{at}", width=20) for at in range(14))
    sheets = tuple(Table(f"第{at}单位", wide, (("经现场核查问题已整改到位" * 2,) * 14,)) for at in range(4))
    paper = docx.Document(io.BytesIO(word_paper.write(replace(PAPER,
                                                              sections=(Section("一、调度表", tables=sheets),
                                                                        Section("二、口径说明", ("甲。",)))))))
    assert [section.orientation for section in paper.sections] == [0, 1, 0]
    assert [round(Emu(sum(column.width for column in table.columns)).mm) for table in paper.tables] == [225] * 4


def test_where_the_paper_turns_the_line_that_ends_a_page_takes_no_page_of_its_own() -> None:
    wide = Table("宽", tuple(Column(f"第{n}栏很长的名称", "text") for n in range(12)), (tuple("一段不短的文字" for _ in range(12)),))
    made = docx.Document(io.BytesIO(word_paper.write(report(sections=(Section("甲", ("文",)), Section("乙", tables=(wide,)),
                                                                      Section("丙", ("文",)))))))
    ends = [each.paragraph_format.line_spacing for each in made.paragraphs if each._p.xpath("./w:pPr/w:sectPr")]
    assert len(ends) == 2 and all(each == Pt(1) for each in ends)


def test_a_chart_of_many_rows_leaves_room_on_its_page() -> None:
    many = Chart("多", "bars", tuple(f"单位{n}" for n in range(15)), (("上周", (1,) * 15), ("本周", (2,) * 15)))
    made = docx.Document(io.BytesIO(word_paper.write(report(sections=(Section("甲", charts=(many,)),)))))
    (shape,) = made.inline_shapes
    assert shape.height == Mm(docx_charts.TALLEST_MM) and shape.width < Mm(docx_charts.PICTURE_MM)
    (image,) = openpyxl.load_workbook(io.BytesIO(xlsx.write(report(sections=(Section("甲", charts=(many,)),)))))["甲"]._images
    assert image.anchor.to.row - image.anchor._from.row < xlsx.PICTURE_ROWS - 2


def test_a_table_of_many_small_numbers_stays_upright() -> None:
    counts = (Column("单位"), *(Column("核查不通过", "number") for _ in range(10)))
    rows = (("西湖区农业农村水利局", *[7] * 10), ("桃源街道办事处", *[12] * 10))
    paper = docx.Document(io.BytesIO(word_paper.write(replace(PAPER,
                                                              sections=(Section("一、分单位情况", tables=(Table("分单位情况", counts, rows),
                                                                                )),)))))
    assert [section.orientation for section in paper.sections] == [0]
    assert [p.text for p in paper.paragraphs if p.style.name == "Heading 2"] == []  # the section is headed so already


def test_comparisons_that_no_figure_has_get_no_column() -> None:
    figures = (Figure("a", "巡查发现", 0, "甲"), Figure("b", "现有存量", 25, "乙"))
    paper = docx.Document(io.BytesIO(word_paper.write(replace(PAPER, sections=(Section("一、小结", figures=figures),)))))
    assert [cell.text for cell in paper.tables[0].rows[0].cells] == ["指标", "数值", "含义"]


def test_charts_carry_their_numbers_in_words(paper: docx.document.Document) -> None:
    told = [shape._inline.docPr.get("descr") for shape in paper.inline_shapes]
    assert len(told) == 3
    assert told[0].startswith("朝阳洲街道超期最多：4 件。朝阳洲街道 超期 4")


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (45, "四十五"), (100, "100")])
def test_heads_are_numbered_in_chinese(number: int, word: str) -> None:
    assert word_paper.numeral(number) == word


# --- all of them --------------------------------------------------------------------------------------------------------------


def test_equal_documents_give_equal_bytes() -> None:
    for write in (report_html.write, xlsx.write, word_paper.write):
        assert write(PAPER) == write(read_document(json.loads(PAPER.text())))


def test_changes_are_told_with_the_value_that_they_are_against() -> None:
    rate = Rate(45, 48, "办结率")
    assert moment_text("2026-10-01T00:00:00+08:00") == "2026年10月1日 00:00"
    assert moment_text("9月底") == "9月底"
    assert change_text(48, 45) == "+3，+6.7%（上期 45）"
    assert change_text(45, 48) == "−3，−6.3%（上期 48）"
    assert change_text(7, 7) == "持平（上期 7）"
    assert (change_text(7, 0, "去年同期"), change_text(7, None)) == ("+7，无可比基数（去年同期 0）", "")
    assert change_text(rate, Rate(227, 230, "办结率")) == "−4.9 个百分点（上期 98.7%，227/230）"
    assert change_text(rate, Rate(0, 0, "办结率")) == "无可比基数"
    assert change_text(rate, rate) == "持平（上期 93.8%，45/48）"  # nothing is level by points
