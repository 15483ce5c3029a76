"""What a printed page of a report does with tables that are wider than upright paper."""

from dataclasses import replace

from lxml import html

from tests.support.papers import report
from tests.support.project_files import ROOT
from tracker.domain.reports.document import Column, Section, Table
from tracker.gateways.reports import html as report_html

PAPER = report()


def test_a_table_of_many_columns_is_printed_across_and_a_section_of_nothing_else_as_a_whole() -> None:
    columns = tuple(Column(f"列{place}") for place in range(1, 12))
    wide, narrow = (Table("表", each, (tuple("x" for _ in each),)) for each in (columns, columns[:10]))
    parts = (Section("宽", tables=(wide, wide)), Section("窄", tables=(narrow,)), Section("都有", tables=(wide, narrow)))
    page = html.fromstring(report_html.page_fragment(replace(PAPER, sections=parts)))
    assert [part.find("h2").text for part in page.xpath("//section[contains(@class, ' across')]")] == ["宽"]
    assert ["across" in each.get("class").split() for each in page.xpath("//div[starts-with(@class, 'report-table')]")] == [True, True, False, True, False]
    assert b"@page across" in report_html.write(PAPER) and "@page across" in (ROOT / "static/css/reports.css").read_text()


def test_a_column_of_sentences_is_given_room_on_the_page_and_none_in_the_mail() -> None:
    table = Table("表", (Column("编号"), Column("本周进展", width=22)), (("1", "已约谈"),))
    paper = replace(PAPER, sections=(Section("表", tables=(table,)),))
    assert 'class="k-text long">已约谈' in report_html.page_fragment(paper)
    assert "long" not in report_html.mail_fragment(paper, "http://x", "0")[0]
