"""The pages of master data: lists, forms, sheets with a preview, and nothing for who may not edit a table."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.support.visitors import check_page, found_town, in_town, main_of, send, visitor
from tracker.services.rules import rules

pytestmark = pytest.mark.one_engine
PLACE = "/settings/master"
LIST = f"{PLACE}/sources"


@pytest.fixture
def admin(app: Flask) -> Any:
    found_town(app)
    return visitor(app, "admin")


def test_every_table_has_its_pages_for_whoever_edits_it_and_for_nobody_else(app: Flask, admin: Any) -> None:
    with in_town(app):
        names = [master.table.name for master in app.extensions and _masters()]
    check_page(admin.get(PLACE))
    for name in names:
        for path in (f"{PLACE}/{name}", f"{PLACE}/{name}/new", f"{PLACE}/{name}/load"):
            check_page(admin.get(path))
            assert visitor(app, "officer").get(path).status_code == 404
    assert visitor(app, "officer").get(PLACE).status_code == 404
    assert admin.get(f"{PLACE}/nothing").status_code == 404


def _masters() -> Any:
    from tracker.services.house.work import wiring

    return wiring().masters


def test_a_row_is_changed_on_its_form_and_its_history_says_so(app: Flask, admin: Any) -> None:
    page = admin.get(f"{LIST}/row?key=MSG")
    check_page(page)
    done = send(admin, f"{LIST}/row?key=MSG", filled(page, name="网上留言"))
    assert (done.status_code, done.location) == (302, LIST)
    assert "网上留言" in main_of(admin.get(LIST))
    past = admin.get(f"{LIST}/history?key=MSG")
    check_page(past)
    assert "网络留言 → 网上留言" in main_of(past)
    with in_town(app):
        assert rules.source("MSG").submit_gate == "after_photo"


def filled(page: Any, **more: str) -> dict[str, Any]:
    """What a form holds as it was drawn, with some of it typed anew."""
    text = page.get_data(as_text=True)
    seen = re.search(r'name="seen"[^>]* value="([^"]*)"', text)
    assert seen is not None
    return {"seen": seen[1].replace("&#34;", '"'), "name": "网络留言", "channel": "web", "submit_gate": ["after_photo"],
            "verify_gate": ["onsite_record"], "close_gate": ["after_photo", "onsite_record"], "valid_from": "2020-01-01"} | more


def test_a_bad_form_keeps_what_was_typed_and_names_the_field(app: Flask, admin: Any) -> None:
    page = admin.get(f"{LIST}/row?key=MSG")
    answer = send(admin, f"{LIST}/row?key=MSG", filled(page, name="新名字", valid_to="1999-01-01"))
    assert answer.status_code == 422
    check_page(answer)
    assert "最后一天不能更早" in main_of(answer)
    assert "新名字" in main_of(answer)


def test_of_two_who_edit_a_row_the_second_is_told_what_stands_now(app: Flask, admin: Any) -> None:
    page = admin.get(f"{LIST}/row?key=MSG")
    assert send(admin, f"{LIST}/row?key=MSG", filled(page, name="先存的")).status_code == 302
    late = send(admin, f"{LIST}/row?key=MSG", filled(page, name="后存的"))
    assert late.status_code == 409
    assert "先存的" in main_of(late)
    assert "后存的" in main_of(late)


def test_a_sheet_goes_out_and_comes_back_with_a_preview(app: Flask, admin: Any) -> None:
    out = admin.get(f"{LIST}/export")
    assert out.headers["Content-Disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(out.data))
    sheet = book.worksheets[0]
    next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "MSG")[1].value = "网上留言"
    changed = io.BytesIO()
    book.save(changed)
    seen = send(admin, f"{LIST}/load", {"file": (io.BytesIO(changed.getvalue()), "来源.xlsx")})
    check_page(seen)
    assert "网络留言 → 网上留言" in main_of(seen)
    assert "新增 0 · 改动 1" in main_of(seen)
    text = seen.get_data(as_text=True)
    carried = {name: re.search(rf'name="{name}"[^>]* value="([^"]*)"', text)[1] for name in ("name", "content", "mark")}
    done = send(admin, f"{LIST}/load/confirmed", carried)
    assert done.status_code == 302
    assert "网上留言" in main_of(admin.get(LIST))
    assert send(admin, f"{LIST}/load/confirmed", carried | {"mark": "x", "content": "!"}).status_code == 422


def test_a_sheet_with_a_bad_row_names_it_and_nothing_enters(app: Flask, admin: Any) -> None:
    bad = send(admin, f"{LIST}/load", {"file": (io.BytesIO("代码,名称,默认渠道\nMSG,甲,飞鸽\n".encode()), "a.csv")})
    assert bad.status_code == 422
    check_page(bad)
    assert "第 2 行" in main_of(bad)
    assert send(admin, f"{LIST}/load", {"file": (io.BytesIO(b""), "")}).status_code == 422


PEOPLE = f"{PLACE}/people"
HEAD = "登录名,姓名,单位代码,邮箱,角色,辖区\n"


def test_people_come_by_a_sheet_and_the_links_of_those_without_an_address_are_shown_once(app: Flask, admin: Any) -> None:
    table = HEAD + "aaa,甲甲,XH-CYZ,a@example.org,核查员,360103\nbbb,乙乙,XH-CYZ,,核查员,360103\n"
    seen = send(admin, f"{PEOPLE}/load", {"file": (io.BytesIO(table.encode()), "人员.csv")})
    check_page(seen)
    text = seen.get_data(as_text=True)
    carried = {name: re.search(rf'name="{name}"[^>]* value="([^"]*)"', text)[1] for name in ("name", "content", "mark")}
    done = send(admin, f"{PEOPLE}/load/confirmed", carried)
    check_page(done)
    assert "bbb" in main_of(done)
    assert "aaa" not in main_of(done)
    link = re.search(r'name="content" value="([^"]*)"', done.get_data(as_text=True))
    assert link is not None
    sheet = load_workbook(io.BytesIO(send(admin, f"{PLACE}/links", {"content": link[1]}).data)).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["登录名", "bbb"]
    assert "未启用" in main_of(admin.get("/people?q=aaa"))
    page = admin.get("/people/bbb")
    check_page(page)
    assert "重发" in main_of(page)
    assert "当面交给本人" in main_of(send(admin, "/people/bbb/invite", {}))


def test_a_change_that_does_more_than_it_says_is_shown_first(app: Flask, admin: Any) -> None:
    form = {"seen": "", "name": "桃源街道", "kind": "street", "parent": "XH", "area_code": "360103011", "phone": "", "email": "",
            "head": "", "valid_to": "2027-01-31", "successor": "XH-CYZ"}
    seen = send(admin, f"{PLACE}/units/row?key=XH-TY", form)
    check_page(seen)
    assert "转给“朝阳洲街道”" in main_of(seen)
    assert 'name="confirmed" type="hidden" value="1"' in seen.get_data(as_text=True)
    assert send(admin, f"{PLACE}/units/row?key=XH-TY", form | {"confirmed": "1"}).status_code == 302
    assert "2027-01-31" in main_of(admin.get(f"{PLACE}/units"))
