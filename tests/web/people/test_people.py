"""People and units through the pages of an administrator."""

import pytest
from flask import Flask
from lxml import html

from tests.support.visitors import check_page, found_town, send, text_of, visitor
from tracker.domain.people.kinds import PersonKind
from tracker.services.people import accounts

pytestmark = pytest.mark.one_engine
SECRET = "墨绿的旧雨伞挂在门后"


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def test_a_new_person_without_an_address_sets_their_password_with_a_slip_that_is_shown_once(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    given = {"login": "wang.min", "name": "王敏", "unit": "XH-HB", "role": "clerk", "area_code": "360103"}
    answer = send(admin, "/people/add", given)
    check_page(answer)
    code = html.fromstring(answer.data).xpath("string(//dd[contains(., '/account/link#')])").partition("#")[2]
    client = town_app.test_client()
    check_page(client.get("/account/link"))
    given = {"code": f"{code[:4].upper()} {code[4:]}", "new_password": SECRET, "repeat": SECRET}
    assert "不一致" in text_of(send(client, "/account/link", given | {"repeat": "x"}))
    assert send(client, "/account/link", given | {"new_password": "short", "repeat": "short"}).status_code == 422
    assert send(client, "/account/link", given).location == "/login"
    again = send(client, "/account/link", given)
    assert (again.status_code, "已用过" in text_of(again)) == (404, True)
    assert send(client, "/login", {"login": "wang.min", "password": SECRET}).location == "/"
    assert "王敏" in text_of(client.get("/"))
    assert code not in admin.get("/people/wang.min").text


def test_who_has_an_address_gets_the_link_there_and_the_administrator_sees_none(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    given = {"login": "wang.min", "name": "王敏", "unit": "XH-HB", "role": "clerk", "email": "wang.min@example.cn"}
    answer = send(admin, "/people/add", given)
    assert answer.location == "/people/wang.min"
    assert "已寄往本人邮箱" in text_of(admin.get(answer.location))
    reset = send(admin, "/people/wang.min/reset-password", at="/people/wang.min")
    assert reset.location == "/people/wang.min"
    assert "link#" not in admin.get(reset.location).text


def test_another_address_is_told_and_refused_where_it_is_none(town_app: Flask) -> None:
    admin, at = visitor(town_app, "admin"), "/people/officer"
    assert send(admin, f"{at}/email", {"mail-email": "no address"}, at=at).status_code == 422
    assert send(admin, f"{at}/email", {"mail-email": "officer.new@example.cn"}, at=at).status_code == 302
    assert "officer.new@example.cn" in text_of(admin.get(at))
    send(admin, f"{at}/reset-password", at=at)
    assert "过了等待期才寄出" in text_of(admin.get(at))


def test_bad_people_are_refused_with_everything_kept(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    taken = send(admin, "/people/add", {"login": "officer", "name": "另一人", "role": "clerk"})
    assert taken.status_code == 409
    assert "已有人使用" in text_of(taken)
    assert check_page(taken).xpath("//input[@name='name']/@value") == ["另一人"]
    assert send(admin, "/people/add", {"login": "坏 名", "name": "x", "role": "clerk"}).status_code == 422


def test_roles_come_and_go(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    at = "/people/auditor"
    assert send(admin, f"{at}/grant", {"grant-role": "supervisor", "grant-area_code": "3601"}, at=at).status_code == 302
    assert "市级督导" in text_of(admin.get(at))
    assert send(admin, f"{at}/revoke", {"role": "supervisor", "area_code": "3601"}, at=at).status_code == 302
    roles = html.fromstring(admin.get(at).data).xpath("string(//table/tbody)")
    assert "审计员" in roles
    assert "市级督导" not in roles


def test_the_head_of_a_unit_is_named_on_the_person_s_page_and_nowhere_else(town_app: Flask) -> None:
    admin, at = visitor(town_app, "admin"), "/people/officer"
    assert send(admin, f"{at}/head", {"is_head": "1"}, at=at).status_code == 302
    page = check_page(admin.get(at))
    assert "单位负责人" in text_of(admin.get(at))
    assert page.xpath("//input[@name='is_head']/@checked")
    assert send(admin, f"{at}/head", {}, at=at).status_code == 302
    assert not check_page(admin.get(at)).xpath("//input[@name='is_head']/@checked")
    assert "保存负责人" not in text_of(visitor(town_app, "clerk").get(at))


def test_an_administrator_is_given_no_step(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    answer = send(admin, "/people/admin/grant", {"grant-role": "officer"}, at="/people/admin")
    assert answer.status_code == 403
    assert "管理员不得参与办案" in text_of(answer)


def test_nobody_ends_their_own_account(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    answer = send(admin, "/people/admin/deactivate", {"end-is_sure": "1"}, at="/people/admin")
    assert answer.status_code == 422
    assert "不能停用自己的账号" in text_of(answer)


def test_an_account_is_ended_only_when_that_is_sure(town_app: Flask) -> None:
    admin, clerk = visitor(town_app, "admin"), visitor(town_app, "clerk")
    assert send(admin, "/people/clerk/deactivate", {}, at="/people/clerk").status_code == 422
    assert clerk.get("/").status_code == 200
    assert send(admin, "/people/clerk/deactivate", {"end-is_sure": "1"}, at="/people/clerk").status_code == 302
    assert clerk.get("/").status_code == 302
    assert "停用" in text_of(admin.get("/people/clerk"))


def test_a_reset_ends_every_session(town_app: Flask) -> None:
    admin, clerk = visitor(town_app, "admin"), visitor(town_app, "clerk")
    assert send(admin, "/people/clerk/reset-password", at="/people/clerk").status_code == 302
    assert clerk.get("/").status_code == 302


def test_units_begin_and_end(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    given = {"code": "XH-NEW", "name": "西湖区水务局", "kind": "department", "parent": "XH", "area_code": "360103"}
    assert send(admin, "/people/units/add", given).status_code == 302
    assert "西湖区水务局" in text_of(admin.get("/people/units"))
    assert send(admin, "/people/units/add", given).status_code == 409
    assert send(admin, "/people/units/XH-NEW/end", {"last_day": "昨天"}).status_code == 422
    assert send(admin, "/people/units/XH-NEW/end", {"successor": "XH-HB"}).status_code == 302
    refused = send(admin, "/people/units/XH-CYZ/end", {"successor": "XH-HB"})
    assert refused.status_code == 403
    assert "须先移交" in text_of(refused)


def test_who_only_reads_people_changes_nothing(town_app: Flask) -> None:
    clerk = visitor(town_app, "clerk")
    assert "增加角色" not in text_of(clerk.get("/people/officer"))
    token = html.fromstring(clerk.get("/").data).xpath("//input[@name='csrf_token']/@value")[0]
    for path in ("/people/officer/grant", "/people/officer/revoke", "/people/officer/reset-password",
                 "/people/officer/deactivate"):
        assert clerk.post(path, data={"csrf_token": token, "role": "lead"}).status_code == 403


def test_the_page_of_a_service_offers_its_end_and_nothing_that_only_people_have(town_app: Flask) -> None:
    with town_app.app_context():
        accounts.add_person(None, login="station", name="水质自动站", unit="XH-CYZ", kind=PersonKind.service)
    admin, at = visitor(town_app, "admin"), "/people/station"
    assert "服务账号" in text_of(admin.get("/people"))
    page = check_page(admin.get(at))
    assert page.xpath("//main//form/@action") == [f"{at}/deactivate"]
    assert send(admin, f"{at}/deactivate", {"end-is_sure": "1"}, at=at).status_code == 302


def test_a_role_that_needs_a_second_person_waits_on_the_page_of_who_may_confirm(town_app: Flask) -> None:
    admin, lead, at = visitor(town_app, "admin"), visitor(town_app, "lead"), "/people/clerk"
    assert send(admin, f"{at}/grant", {"grant-role": "auditor"}, at=at).status_code == 302
    assert "须由另一人确认" in text_of(admin.get(at))
    assert "待您确认的授权" not in text_of(admin.get("/people"))
    assert "待您确认的授权" not in text_of(visitor(town_app, "auditor").get("/people"))
    confirm, refuse = check_page(lead.get("/people")).xpath("//form[contains(@action, '/proposals/')]/@action")
    assert send(admin, confirm, at="/people").status_code == 403
    assert send(lead, confirm, at="/people").status_code == 302
    assert "clerk先生 现为审计员" in text_of(lead.get("/people"))
    assert send(lead, refuse, at="/people").status_code == 404


def test_a_forgotten_password_is_answered_alike_for_every_login(town_app: Flask) -> None:
    told = set()
    for login in ("officer", "nobody"):
        client = town_app.test_client()
        assert client.get("/login").text.count("/account/forgotten") == 1
        answer = send(client, "/account/forgotten", {"login": login})
        check_page(answer)
        told.add(html.fromstring(answer.data).xpath("string(//main)"))
    assert len(told) == 1
    assert send(town_app.test_client(), "/account/forgotten", {"login": ""}).status_code == 422


def test_only_the_head_of_a_unit_asks_for_a_colleague(town_app: Flask) -> None:
    assert "本单位同事忘记密码" not in text_of(visitor(town_app, "officer").get("/my"))
    assert send(visitor(town_app, "officer"), "/my/colleague-link", {"colleague": "officer2"}, at="/my").status_code == 404
    send(visitor(town_app, "admin"), "/people/officer/head", {"is_head": "1"}, at="/people/officer")
    head = visitor(town_app, "officer")
    (login, *_) = [v for v in check_page(head.get("/my")).xpath("//select[@name='colleague']/option/@value") if v]
    answer = send(head, "/my/colleague-link", {"colleague": login}, at="/my")
    assert answer.location == "/my"
    assert "链接" in text_of(head.get("/my"))
    again = send(head, "/my/colleague-link", {"colleague": login}, at="/my")
    assert (again.status_code, "已申请过" in text_of(again)) == (409, True)
