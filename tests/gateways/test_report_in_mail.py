"""The report in a mail: the same numbers without what people wrote, and no table that runs out of the paper."""

import io

import docx
from lxml import html

from tests.gateways.test_report_skins import PAPER, table_rows, without_empty, words
from tests.support.papers import report
from tracker.domain.counting import Rate
from tracker.domain.documents import Column, Section, Table
from tracker.gateways import mail_pages, report_docx, report_html
from tracker.gateways.report_cells import cell_text, without_private


def test_the_mail_shows_the_same_numbers_without_what_people_wrote() -> None:
    mailed = without_private(PAPER)
    fragment, pictures = report_html.mail_fragment(mailed, "https://xh.example.cn", PAPER.digest())
    page = html.fromstring(fragment)
    shown = page.xpath("//table[starts-with(@class, 'list')]")
    tables = [table for section in mailed.sections for table in section.tables]
    for table, printed in zip(tables, shown, strict=True):
        expect_all_told(table, printed)
    assert {printed.get("class") for printed in shown} == {"list", "list folded"}
    assert "标题" not in words(page)
    assert "桃花河" not in fragment
    assert PAPER.digest() in words(page)
    assert page.xpath("//img/@src") == [f"cid:{name}" for name in pictures] == ["cid:chart1", "cid:chart2", "cid:chart3"]
    assert all(each.startswith("https://xh.example.cn/cases/") for each in page.xpath("//a/@href"))


def expect_all_told(table: Table, printed: html.HtmlElement) -> None:
    """A table as it is, or where it is too wide for a mail each row as a line: what the row is about, then every head with its value."""
    rows = [[cell_text(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in (*table.rows, *([table.total] if table.total else []))]
    heads = [column.head for column in table.columns]
    if printed.get("class") == "list":
        assert without_empty([[words(cell) for cell in row.xpath("./th|./td")] for row in printed.xpath(".//tr")]) == [heads, *rows]
        return
    lines = [words(cell) for cell in printed.xpath(".//td")]
    for row, line in zip(rows, lines, strict=True):
        told = [f"{head} {text}" for head, text in zip(heads[2:], row[2:], strict=True) if text]
        assert line.startswith((row[0], f"{heads[0]} {row[0]}"))
        assert row[1] in line and [line.index(each) for each in told] == sorted(line.index(each) for each in told)


def test_a_table_that_no_mail_has_room_for_is_told_row_by_row_with_its_rank_before_its_name() -> None:
    columns = (Column("名次"), Column("单位"), *(Column(f"第{n}项得分率", "rate") for n in range(6)))
    rows = (("1", "桃源街道", *[Rate(3, 4, "")] * 6), ("不排名", "朝阳洲街道", *[None] * 6))
    paper = report(sections=(Section("排名", tables=(Table("排名", columns, rows),)),))
    lines = [words(cell) for cell in html.fromstring(report_html.mail_fragment(paper, "https://xh.example.cn", "")[0]).xpath("//table[@class='list folded']//td")]
    assert lines == ["名次 1 桃源街道 " + "，".join(f"第{n}项得分率 75.0%（3/4）" for n in range(6)), "不排名 朝阳洲街道"]


def test_a_long_table_is_mailed_in_part_and_says_so() -> None:
    rows = tuple((f"XH-2026-{n:06d}", n) for n in range(100))
    long = report(sections=(Section("名单", tables=(Table("全部", (Column("案件", "case"), Column("天数", "number")), rows),)),))
    fragment, _ = report_html.mail_fragment(long, "https://xh.example.cn", long.digest())
    assert len(table_rows(html.fromstring(fragment))) == 1 + report_html.MAIL_ROWS
    assert "共 100 行" in fragment
    assert len(table_rows(html.fromstring(report_html.page_fragment(long)))) == 101


def test_a_heading_with_nothing_under_it_says_so_in_every_skin() -> None:
    paper = report(sections=(Section("三、分单位情况"),))
    fragment, _ = report_html.mail_fragment(paper, "https://xh.example.cn", "")
    told = mail_pages.render("report", {"base_url": "", "document": paper, "fragment": fragment, "late": "", "digest": "", "most_rows": 30, "path": "/"})
    assert "三、分单位情况 无。" in words(html.fromstring(fragment)) and "三、分单位情况\n无。" in told.text
    assert "无。" in [each.text for each in docx.Document(io.BytesIO(report_docx.write(paper))).paragraphs]
