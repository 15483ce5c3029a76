"""The report in a mail: the same numbers without what people wrote, and no table that runs out of the paper."""

import io
import json
import re

import docx
import pytest
from lxml import html

from tests.gateways.reports.test_skins import PAPER, figures, table_rows, without_empty, words
from tests.support.editions import of_the_district
from tests.support.papers import report
from tracker.domain.house.links import Link, Place, to_report, url_of
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Column, Section, Table, counts_of, read_document, value_text
from tracker.domain.reports.kinds import report_named
from tracker.gateways.house.printed_cells import cell_text, for_mail, without_private
from tracker.gateways.mail import pages
from tracker.gateways.reports import docx as report_docx
from tracker.gateways.reports import html as report_html


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
    """A table as it is, or where it is too wide for a mail each row as a line: what the row is about, then every head with its
    value."""
    rows = [[cell_text(cell, column) for cell, column in zip(row, table.columns, strict=True)]
            for row in (*table.rows, *([table.total] if table.total else []))]
    heads = [column.head for column in table.columns]
    if printed.get("class") == "list":
        assert without_empty([[words(cell) for cell in row.xpath("./th|./td")]
                              for row in printed.xpath(".//tr")]) == [heads, *rows]
        return
    lines = [words(cell) for cell in printed.xpath(".//td")]
    for row, line in zip(rows, lines, strict=True):
        told = [f"{head} {text}" for head, text in zip(heads[2:], row[2:], strict=True) if text not in ("", "0", "—")]
        assert line.startswith((row[0], f"{heads[0]} {row[0]}"))
        assert row[1] in line and [line.index(each) for each in told] == sorted(line.index(each) for each in told)


def test_a_table_that_no_mail_has_room_for_is_told_row_by_row_with_its_rank_before_its_name() -> None:
    columns = (Column("名次"), Column("单位"), *(Column(f"第{n}项得分率", "rate") for n in range(6)))
    rows = (("1", "桃源街道", *[Rate(3, 4, "")] * 6), ("不排名", "朝阳洲街道", *[None] * 6))
    paper = report(sections=(Section("排名", tables=(Table("排名", columns, rows),)),))
    lines = [words(cell) for cell in html.fromstring(report_html.mail_fragment(paper, "https://xh.example.cn",
                                                                               "")[0]).xpath("//table[@class='list folded']//td")]
    assert lines == ["名次 1 桃源街道 " + "，".join(f"第{n}项得分率 75.0%（3/4）" for n in range(6)), "不排名 朝阳洲街道"]


def test_no_number_of_a_mail_stands_off_a_telephone_and_what_is_nothing_takes_no_room() -> None:
    heads = ("上周存量", "新增", "销号", "并案", "移送", "重开", "撤销并案", "督办", "本周存量")
    columns = (Column("单位"), *(Column(head, "number") for head in heads))
    rows = (("桃源街道", 2, 0, 1, 0, 0, 1, 1, 0, 3), ("九洲街道", *[0] * 9), ("朝农街道", 4, 1, 1, 0, 0, 0, 1, 1, 5))
    mailed = for_mail(report(sections=(Section("存量", tables=(Table("存量平衡表", columns, rows, ("合计", 6, 1, 2, 0, 0, 1, 2, 1, 8),
                                                                   "各行均已核对平衡。"),)),)))
    page = html.fromstring(report_html.mail_fragment(mailed, "https://xh.example.cn", "")[0])
    assert [words(cell) for cell in page.xpath("//table[@class='list folded']//td")] == [
        "桃源街道 上周存量 2，销号 1，重开 1，撤销并案 1，本周存量 3", "九洲街道 均为 0", "朝农街道 上周存量 4，新增 1，销号 1，撤销并案 1，督办 1，本周存量 5",
        "合计 上周存量 6，新增 1，销号 2，重开 1，撤销并案 2，督办 1，本周存量 8"]
    assert [words(note) for note in page.xpath("//section/p")] == ["各行为 0 的项不列。", "并案、移送：均为 0，未列。 各行均已核对平衡。"]
    told = pages.render("report", {"base_url": "", "document": mailed, "fragment": "", "late": "", "digest": "", "most_rows": 30,
                                   "link": Link(Place.desk)}).text
    assert "- 九洲街道：均为 0\n" in told and "各行为 0 的项不列。\n并案、移送：均为 0，未列。 各行均已核对平衡。" in told


def test_a_narrow_table_of_numbers_stays_a_table_on_a_telephone() -> None:
    columns = (Column("单位"), *(Column(head, "number") for head in ("上周存量", "新增", "销号", "本周存量")))
    paper = report(sections=(Section("存量", tables=(Table("存量平衡表", columns, (("桃源街道", 2, 0, 1, 1),)),)),))
    assert html.fromstring(report_html.mail_fragment(paper, "",
                                                     "")[0]).xpath("//table[@class='list']//td/text()") == [
                                                         "桃源街道", "2", "0", "1", "1"]


def test_a_line_that_begins_with_a_clause_says_what_the_number_is() -> None:
    columns = (Column("条款"), Column("规则"), *(Column(head) for head in ("主办单位", "案件编号", "记录序号", "事实日期")))
    paper = report(sections=(Section("扣分",
                                     tables=(Table("扣分清单", columns,
                                                   (("1.1", "超期办结", "桃源街道办事处", "XH-2026-000198", "6", "2026-08-13"),)),)),))
    (line,) = html.fromstring(report_html.mail_fragment(paper, "", "")[0]).xpath("//table[@class='list folded']//td")
    assert words(line).startswith("条款 1.1 规则 超期办结，主办单位 桃源街道办事处")


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
    told = pages.render("report", {"base_url": "", "document": paper, "fragment": fragment, "late": "", "digest": "",
                                   "most_rows": 30, "link": Link(Place.desk)})
    assert "三、分单位情况 无。" in words(html.fromstring(fragment)) and "三、分单位情况\n无。" in told.text
    assert "无。" in [each.text for each in docx.Document(io.BytesIO(report_docx.write(paper))).paragraphs]


def test_the_text_part_tells_every_number_too() -> None:
    mailed = without_private(PAPER)
    given = {"document": mailed, "fragment": "", "late": "", "link": to_report("weekly", "2026-W47", "360103", "360103"),
             "digest": PAPER.digest(), "most_rows": 30, "base_url": "https://xh.example.cn"}
    text = pages.render("report", given).text
    for section in mailed.sections:
        for table in section.tables:
            for row in (*table.rows, *([table.total] if table.total else [])):
                told = pages.row_words(row, table.columns)
                assert told in text
                assert all(cell_text(cell, column) in told for cell, column in zip(row, table.columns, strict=True)
                           if cell not in (None, ""))
    assert all(f"{figure.word}：{value_text(figure.value)}" in text for figure in figures(mailed))
    assert not re.search(r"\n{4,}", text)


def test_a_mail_stays_readable_and_says_what_it_leaves_to_the_page() -> None:
    many = tuple(Table(f"单位{n}（60 件）", (Column("案件", "case"),), tuple((f"XH-2026-{n:03d}{at:03d}",) for at in range(60)))
                 for n in range(10))
    mailed = for_mail(report(sections=(Section("分单位", tables=many),)))
    (section,) = mailed.sections
    assert [table.title for table in section.tables] == ["单位0（60 件）", "单位1（60 件）", "单位2（60 件）"]
    assert section.paragraphs[-1] == "单位9（60 件）：60 行，见页面。"


@pytest.mark.parametrize("name", ["daily", "weekly"])
def test_the_numbers_and_pictures_of_a_mail_lead_to_the_lists_behind_them(name: str) -> None:
    document = read_document(json.loads(of_the_district(report_named(name)).text()))
    link = to_report(name, document.period, "360104", "360103")
    fragment, pictures = report_html.mail_fragment(for_mail(document), "https://xh.example.cn", "", page=link)
    page = html.fromstring(fragment)
    behind = f"https://xh.example.cn/reports/{name}/{document.period}/cases?area=360104&"
    for figure in figures(document):
        if figure.value and document.cases.get(figure.key):
            assert page.xpath(f"//table[@class='report-figures']//a[@href='{behind}figure={figure.key}']"), figure.key
    told = {href.removeprefix(f"{behind}cell=") for href in page.xpath("//table[starts-with(@class, 'list')]//a/@href")}
    mailed = {each.place for *_, each in counts_of(for_mail(document)) if each}
    assert mailed and mailed <= told
    assert page.xpath("//figure/a[img]/@href") == [url_of(link, "https://xh.example.cn")] * len(pictures)


def test_every_number_of_a_picture_that_stands_in_a_table_beside_it_leads_where_that_leads() -> None:
    document = read_document(json.loads(of_the_district(report_named("weekly")).text()))
    (section,) = [each for each in document.sections if each.charts]
    (chart,), balance = section.charts, section.tables[0]
    heads = [column.head for column in balance.columns]
    for name, values in chart.series:
        for row, label, value in zip(balance.rows, chart.labels, values, strict=True):
            cell = row[heads.index(name)]
            assert report_html.behind_point(section, label, name, value) is (cell or None)
    assert report_html.behind_point(section, "没有这个单位", "本周存量", 3) is None
