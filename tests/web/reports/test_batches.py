"""The papers of a batch: the public table in two layouts, which come back in, and the text that goes before it."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook

from tests.support.makers import Town
from tests.support.visitors import check_page, found_town, in_town, visitor
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.layouts import recognise
from tracker.gateways.tables.sheets_in import open_sheets

pytestmark = pytest.mark.one_engine
BATCH = "第3批"


def batch_of_three(town: Town) -> tuple[str, str, str]:
    """One closed case, one at work, one of another batch."""
    closed = town.registered("D3JX", batch_label=BATCH, source_number="D3JX202603020001")
    town.walk(closed, "assign", "acknowledge", "submit", "verify", "close")
    waiting = town.registered("D3JX", batch_label=BATCH, source_number="D3JX202603020002", description="=夜间施工噪声")
    other = town.registered("D3JX", batch_label="第4批")
    return closed, waiting, other


def fetched(app: Flask, paper: str, login: str = "clerk", batch: str = BATCH) -> Any:
    return visitor(app, login).get(f"/cases/batches/{paper}?{urlencode({'source': 'D3JX', 'batch': batch})}")


def test_the_batches_are_listed_and_lead_to_their_cases(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        numbers = batch_of_three(town)
    client = visitor(app, "clerk")
    page = check_page(client.get("/cases/batches"))
    (link,) = [a for a in page.xpath("//a[starts-with(@href, '/cases?')]") if BATCH in a.xpath("../../h2")[0].text_content()]
    assert link.text_content() == "2 件"
    listed = client.get(link.get("href")).text
    assert [number in listed for number in numbers] == [True, True, False]


@pytest.mark.parametrize(("layout", "count"), [("published_2024", 11), ("published_2022", 9)])
def test_the_table_has_the_columns_of_its_layout_and_comes_back_in(app: Flask, tmp_path: Path, layout: str, count: int) -> None:
    found_town(app)
    with in_town(app) as town:
        batch_of_three(town)
    file = tmp_path / "sheet.xlsx"
    file.write_bytes(fetched(app, f"{layout}.xlsx").data)
    sheet = load_workbook(file).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["群众信访举报转办和边督边改公开情况一览表"] and BATCH in rows[1][0]
    assert len(rows[2]) == count and [row[:2] for row in rows[3:5]] == [["1", "D3JX202603020001"], ["2", "D3JX202603020002"]]
    assert "整改到位" in rows[3] and rows[4][2] == "=夜间施工噪声" and rows[3][-1] == "无"
    with open_sheets(file) as sheets:
        found = recognise([(at, row) for at, row in next(iter(sheets)).rows])
    assert (found.layout.key, found.batch) == (layout, BATCH)
    assert {CaseColumn.investigation, CaseColumn.measures} <= found.header.found


def test_the_text_counts_what_came_and_how_far_it_is(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        batch_of_three(town)
        today = town.clock.today()
    text = "\n".join(p.text for p in Document(io.BytesIO(fetched(app, "text.docx").data)).paragraphs)
    assert f"第三轮中央生态环境保护督察信访件交办{BATCH}群众信访举报件共 2 件" in text
    assert f"截至{today.year}年{today.month}月{today.day}日，已办结 1 件、正在办理 1 件，办结率 50.0%（办结率＝已办结÷总数，阶段性办结不计入）" in text
    assert "属实 1 件、尚未查明 1 件" in text


def test_the_table_as_a_document_lies_on_its_side(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        batch_of_three(town)
    document = Document(io.BytesIO(fetched(app, "published_2024.docx").data))
    page = document.sections[0]
    assert page.page_width is not None and page.page_height is not None and page.page_width > page.page_height
    assert [len(table.columns) for table in document.tables] == [11]


def test_who_may_not_export_gets_none_and_a_batch_that_is_none_is_not_found(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        batch_of_three(town)
    assert fetched(app, "text.docx", "inspector").status_code == 403
    assert fetched(app, "text.docx", batch="第9批").status_code == 404
    assert fetched(app, "text.xlsx").status_code == 404
    assert fetched(app, "letter.docx").status_code == 404
