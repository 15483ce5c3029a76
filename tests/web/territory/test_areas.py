"""The pages of areas: found, added, named otherwise, ended after a look at what that would do."""

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, send, text_of, visitor
from tracker.domain.house.actor import Grant, Role
from tracker.services.people import accounts
from tracker.services.rules import rules

pytestmark = pytest.mark.one_engine
AT = "/territory/areas"


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def test_the_list_is_searched_paged_and_says_when_there_is_nothing(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    page = check_page(admin.get(AT))
    assert len(page.xpath("//table/tbody/tr")) == 50
    second = check_page(admin.get(page.xpath("//a[@rel='next']/@href")[0]))
    codes = [[cell.text_content() for cell in each.xpath("//table/tbody/tr/td[2]")] for each in (page, second)]
    assert codes[0][-1] < codes[1][0]
    assert [row.text_content() for row in check_page(admin.get(f"{AT}?q=朝阳洲")).xpath("//tbody/tr/td[1]")] == ["朝阳洲街道"]
    assert "湾里区" in text_of(admin.get(f"{AT}?former=1"))
    assert "没有找到这样的区划" in text_of(admin.get(f"{AT}?q=没有这个地方"))
    assert admin.get(f"{AT}?after=360103/x").status_code == 200


def test_a_new_cell_gets_its_code_and_what_is_refused_keeps_what_was_typed(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    check_page(admin.get(f"{AT}/add?parent=360103002"))
    answer = send(admin, f"{AT}/add", {"name": "第一网格", "way": "proposed", "parent": "360103002"})
    assert answer.location == f"{AT}/360103002G01"
    check_page(admin.get(answer.location))
    again = send(admin, f"{AT}/add", {"name": "第一网格", "way": "proposed", "parent": "360103002"})
    assert (again.status_code, "之下已有“第一网格”" in text_of(again)) == (409, True)
    assert check_page(again).xpath("//input[@name='name']/@value") == ["第一网格"]
    bad = send(admin, f"{AT}/add", {"name": "片区", "way": "proposed", "parent": "360103", "valid_from": "二月三十"})
    assert (bad.status_code, bad.location) == (422, None)


def test_an_area_is_called_otherwise_from_a_day_on(town_app: Flask) -> None:
    admin, at = visitor(town_app, "admin"), f"{AT}/360103002/rename"
    assert send(admin, at, {"name": "朝阳新城街道", "valid_from": "2026-04-01"}).status_code == 422
    given = {"name": "朝阳新城街道", "valid_from": "2026-04-01", "document_no": "洪府字〔2026〕3号"}
    assert send(admin, at, given).location == f"{AT}/360103002"
    assert "洪府字〔2026〕3号" in text_of(admin.get(f"{AT}/360103002"))


def test_an_end_is_shown_first_and_registered_when_it_is_said_again(town_app: Flask) -> None:
    admin, at = visitor(town_app, "admin"), f"{AT}/360104/end"
    given = {"last_day": "2027-03-31", "beside": "360103"}
    shown = send(admin, at, given)
    assert (shown.status_code, "登记后的影响" in text_of(shown)) == (200, True)
    check_page(shown)
    with town_app.app_context():
        assert rules.gazetteer().area("360104").valid_to is None  # type: ignore[union-attr]
    assert send(admin, at, given | {"sure": "1"}).location == f"{AT}/360104"
    page = text_of(admin.get(f"{AT}/360104"))
    assert "2027年3月31日" in page
    refused = send(admin, f"{AT}/360103/end", {"last_day": "2027-06-30", "others": "360104"})
    assert (refused.status_code, "不能成环" in text_of(refused)) == (422, True)


def test_who_may_not_maintain_areas_finds_no_page(town_app: Flask) -> None:
    clerk = visitor(town_app, "clerk")
    assert clerk.get(AT).status_code == clerk.get(f"{AT}/360103").status_code == 403
    assert visitor(town_app, "admin").get(f"{AT}/999999").status_code == 404
    assert "维护区划" not in text_of(clerk.get("/territory"))
    assert "维护区划" in text_of(visitor(town_app, "admin").get("/territory"))


def test_a_dispatcher_sees_the_buttons_of_the_own_cells_alone(town_app: Flask) -> None:
    dispatcher = visitor(town_app, "dispatcher")
    send(dispatcher, f"{AT}/add", {"name": "江滩片区", "way": "proposed", "parent": "360103"})
    assert "更名" in text_of(dispatcher.get(f"{AT}/360103Z01"))
    assert f"{AT}/360103002/rename" not in dispatcher.get(f"{AT}/360103002").text
    assert send(dispatcher, f"{AT}/360103002/rename", {"name": "新街道", "document_no": "文"}).status_code == 403


def test_what_an_ended_area_has_left_is_listed_and_handed_over_by_a_button(town_app: Flask) -> None:
    admin, at = visitor(town_app, "admin"), f"{AT}/360104"
    with town_app.app_context():
        accounts.add_person(None, login="li", name="李", roles=[Grant(Role.dispatcher, "360104")], email="li@example.cn")
    past = {"last_day": "2026-02-28", "beside": "360103", "document_no": "国函〔2026〕8号", "sure": "1"}
    assert send(admin, f"{at}/end", past).status_code == 302
    page = check_page(admin.get(at))
    assert "待交接" in text_of(admin.get(at))
    assert page.xpath("//a[@href='/people/li']")
    assert send(admin, f"{at}/hand-over", {}, at=at).location == at
    assert "授权 1 项" in text_of(admin.get(at))
    assert "待交接" not in text_of(admin.get(at))
