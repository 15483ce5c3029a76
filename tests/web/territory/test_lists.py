"""The pages of the responsibility list: the table with its gaps, one line, a try, a unit's share, files, drafting by two
persons."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook

from tests.support import rule_lists
from tests.support.visitors import check_page, found_town, in_town, send, visitor
from tracker.services.house.work import reading
from tracker.services.territory.lists import versions

pytestmark = pytest.mark.one_engine
LINES = {1: {"category": "dust", "keywords": "工地、渣土", "lead_unit": "XH-HB", "supporting_units": "XH-CG", "basis": "省条例第9条"},
         2: {"area_code": "360103002", "lead_unit": "XH-CYZ", "clause": "二（1）"},
         3: {"category": "noise", "lead_unit": "XH-CG"}, 4: {"category": "railway", "side": "inside", "lead_unit": "TL-NC"},
         5: {"category": "railway", "work": "clear", "lead_unit": "XH-TY"}}


@pytest.fixture
def listed(app: Flask) -> Flask:
    """A district with a list in force."""
    found_town(app)
    with in_town(app) as town:
        rule_lists.in_force(town, LINES, title="西湖区责任清单", document_no="西环整改〔2026〕1号")
    return app


def said_of(part: Any) -> str:
    """What a part of a page says."""
    return " ".join(part.text_content().split())


def cell_of(page: Any, matter: str, column: str, table: int = 0) -> str:
    """What stands in a cell of one of the tables."""
    found = page.xpath("//table[contains(@class, 'matrix')]")[table]
    heads = [" ".join(head.text_content().split()) for head in found.xpath("./thead/tr/th")]
    at = next(n for n, head in enumerate(heads) if head.startswith(column))
    (row,) = [row for row in found.xpath("./tbody/tr") if row.xpath("string(./th)") == matter]
    return said_of(row.xpath("./*")[at])


def test_the_table_says_who_leads_what_where_and_where_nobody_does(listed: Flask) -> None:
    client = visitor(listed, "officer")
    page = check_page(client.get("/territory/list"))
    assert cell_of(page, "噪声", "朝阳洲街道") == "主 二（1）第 二（1） 条", "where the area alone decides a longer code wins"
    assert cell_of(page, "噪声", "桃源街道") == "主 3第 3 条"
    assert cell_of(page, "扬尘", "桃源街道") == "无人负责1第 1 条"
    assert cell_of(page, "扬尘", "西湖区城市管理局", 1) == "协 1第 1 条"
    assert "格无人负责" in said_of(page)
    sided = check_page(client.get("/territory/list?side=inside&place=360103011"))
    assert cell_of(sided, "铁路沿线", "桃源街道").startswith("主 4第 4 条")
    assert len(sided.xpath("(//table[contains(@class, 'matrix')])[1]/thead/tr/th")) == 2


def test_the_table_of_another_day_is_that_of_the_version_of_that_day(listed: Flask) -> None:
    with in_town(listed) as town:
        today = town.clock.today()
        rule_lists.in_force(town, {3: {"lead_unit": "XH-HB"}}, today + timedelta(days=30))
    client = visitor(listed, "clerk")
    for day, number in ((today, 1), (today + timedelta(days=30), 2)):
        assert f"第 {number} 版" in said_of(check_page(client.get(f"/territory/list?on={day}")).xpath("//h1/..")[0])
    assert "没有责任清单在用" in client.get("/territory/list?on=2020-01-01").text
    assert client.get("/territory/list?on=somewhen").status_code == 422


def test_a_line_shows_its_basis_and_a_try_answers_with_the_sentence_of_an_assignment(listed: Flask) -> None:
    client = visitor(listed, "officer")
    assert "省条例第9条" in said_of(check_page(client.get("/territory/list/1/lines/1")))
    assert client.get("/territory/list/1/lines/9").status_code == 404
    page = check_page(client.get("/territory/list/try?area_code=360103011&category=dust&said=工地扬尘&side=&work="))
    assert "按责任清单第1版第1条：类型为扬尘、内容提到“工地”，由西湖生态环境局主办" in said_of(page)
    page = check_page(client.get("/territory/list/try?area_code=360103011&category=dust&said=&side=&work="))
    assert "没有适用的条目" in said_of(page)
    page = check_page(client.get("/territory/list/try?area_code=360103011&category=railway&said=&side=&work=clear"))
    assert "登记时注明要“清”" in said_of(page)


def test_a_unit_s_share_is_a_page_of_its_own(listed: Flask) -> None:
    page = check_page(visitor(listed, "officer").get("/territory/list/units/XH-CG"))
    lead, supporting = page.xpath("//table")
    assert ("噪声" in said_of(lead), "扬尘" in said_of(supporting)) == (True, True)
    assert visitor(listed, "officer").get("/territory/list/units/NOBODY").status_code == 404


def test_the_list_is_a_paper_and_a_workbook(listed: Flask) -> None:
    client = visitor(listed, "officer")
    paper = Document(BytesIO(client.get("/territory/list/1/file.docx").data))
    assert any("西湖区责任清单" in line.text for line in paper.paragraphs)
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert rows[0] == ["条目", "问题和范围", "主办单位", "协办单位", "依据"]
    assert rows[2][:3] == ["二（1）", "朝阳洲街道", "朝阳洲街道"]
    sheet = load_workbook(BytesIO(client.get("/territory/list/1/file.xlsx").data)).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["编号", 1, 2, 3, 4, 5] and sheet["B3"].value == "二（1）"


def test_a_draft_is_there_for_those_alone_who_work_on_it(listed: Flask) -> None:
    with in_town(listed) as town:
        rule_lists.drafted(town, {3: {"lead_unit": "XH-HB"}})
    for address in ("/territory/list?version=2", "/territory/list/2/preview", "/territory/list/2/lines/3",
                    "/territory/list/2/file.xlsx"):
        assert visitor(listed, "officer").get(address).status_code == 404, address
        assert visitor(listed, "auditor").get(address).status_code == 200, address
    assert "版草稿" not in visitor(listed, "officer").get("/territory/list").text
    assert visitor(listed, "officer").get("/territory/list/counts").status_code == 404
    assert visitor(listed, "lead").get("/territory/list/draft").status_code == 403


def test_two_persons_take_a_list_from_draft_to_force_and_the_cases_it_moves_are_named(listed: Flask) -> None:
    with in_town(listed) as town:
        number = town.registered(title="夜间施工", categories=("noise",), area_code="360103011")
    admin, lead = visitor(listed, "admin"), visitor(listed, "lead")
    answer = send(admin, "/territory/list/draft", {"title": "责任清单（修订）", "document_no": "", "copied_from": "1"})
    assert answer.location.endswith("/territory/list?version=2")
    assert "还是草稿" in send(admin, "/territory/list/draft", {"title": "又一版", "copied_from": "0"}).text
    changed = {"category": "noise", "lead_unit": "XH-HB", "reason": "区责任清单"}
    assert send(admin, "/settings/master/routing/row?key=3", changed).status_code == 302
    assert send(admin, "/territory/list/2/lines/4/remove", {}).status_code == 302
    page = check_page(admin.get("/territory/list/2/preview"))
    assert "请调度员或区领导启用" in said_of(page) and not page.xpath("//input[@name='first_day']")
    page = check_page(lead.get("/territory/list/2/preview"))
    (row,) = [said_of(row) for row in page.xpath("//section[1]//tbody/tr")]
    assert ("西湖区城市管理局" in row, "西湖生态环境局" in row, row.count(number)) == (True, True, 2)
    form = {"first_day": page.xpath("//input[@name='first_day']/@value")[0]}
    there, looked_at = "/territory/list/2/activate", "/territory/list/2/preview"
    answer = send(lead, there, form, at=looked_at)
    assert answer.status_code == 422 and "须写明理由" in answer.text
    answer = send(lead, there, form | {"seen": "1", "reason": "其余由调度员判定"}, at=looked_at)
    assert answer.status_code == 409 and "其余由调度员判定" in answer.text, "what was typed stays"
    assert send(lead, there, form | {"reason": "其余由调度员判定"}, at=looked_at).status_code == 302
    with in_town(listed):
        assert versions.version_named(reading(), 2).activated_at is not None
    assert lead.get("/territory/list/2/preview").status_code == 404


def test_a_draft_is_given_up_after_a_question(listed: Flask) -> None:
    with in_town(listed) as town:
        rule_lists.drafted(town)
    admin = visitor(listed, "admin")
    assert "5 条不再能改" in said_of(check_page(admin.get("/territory/list/2/drop")))
    send(admin, "/territory/list/2/drop", {})
    assert "已作废" in admin.get("/territory/list").text


def test_what_came_of_the_list_is_counted_by_clause_with_the_overruled_named(listed: Flask) -> None:
    with in_town(listed) as town:
        numbers = [town.registered(title="噪声", categories=("noise",), area_code="360103011") for _ in range(3)]
        outside = town.registered(title="垃圾", categories=("garbage",), area_code="360103011")
        for number, unit in zip(numbers, ("XH-CG", "XH-CG", "XH-TY"), strict=True):
            town.do(number, "assign", lead_unit=unit, supporting_units="")
        town.do(outside, "assign", lead_unit="XH-TY", supporting_units="")
    page = check_page(visitor(listed, "lead").get("/territory/list/counts"))
    rows = [said_of(row) for row in page.xpath("//tbody/tr")]
    assert len(rows) == 2 and "第 1 版第 3 条" in rows[0] and "3 件" in rows[0] and numbers[2] in rows[0]
    assert "没有适用的条目" in rows[1] and "1 件" in rows[1]
    assert numbers[0] not in rows[0]


