"""The pages of a case that waits to be confirmed: whom the map would ask, what each side said, and the form on the spot."""

import pytest
from flask import Flask

from tests.support import railway
from tests.support.makers import photo
from tests.support.visitors import check_page, found_town, in_town, send, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.cases.belonging.positions import Sighting

pytestmark = pytest.mark.one_engine


@pytest.fixture
def drawn(app: Flask) -> Flask:
    """A district with its line."""
    found_town(app)
    with in_town(app) as town:
        railway.in_force(town)
    return app


def test_the_form_proposes_whom_the_map_would_ask_and_says_why(drawn: Flask) -> None:
    with in_town(drawn) as town:
        number = town.registered("RAIL", channel="train", area_code=railway.AREA, categories=("railway",),
                                 sighting=Sighting("京九线", "K1450+200", "", "right"))
    client = visitor(drawn, "dispatcher")
    page = check_page(client.get(f"/cases/{number}/steps/send_down"))
    assert set(page.xpath("//input[@name='candidate_units'][@checked]/@value")) == {"NTJ-GWD", "XH-TH"}
    assert "两边都是候选单位，须先到现场复核" in page.text_content()
    assert check_page(client.get(f"/cases/{number}")).xpath("//section[@id='belonging']//dd[contains(., 'K1450+200')]")


def test_both_answers_stand_on_the_page_with_names_and_what_is_refused_keeps_what_was_typed(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.checking, channel="onsite", lat=28.67, lng=115.92, datum="wgs84")
    officer = visitor(app, "officer")
    form = check_page(officer.get(f"/cases/{number}/steps/recheck"))
    assert form.xpath("//form[@data-draft-form]") and form.xpath("//input[@name='onsite_place']")
    given = {"onsite_at": "2026-03-02T08:59", "onsite_place": "铁路边上", "fence_seen": "outside", "owner_seen": "local"}
    again = send(officer, f"/cases/{number}/steps/recheck", {**given, "onsite_at": "2026-03-09T10:00", "file_1": upload()})
    assert again.status_code == 422 and "在将来" in again.text and "铁路边上" in again.text
    with in_town(app) as town:
        town.do(number, "recheck")
    assert send(officer, f"/cases/{number}/steps/claim", {"extent": "whole"}).status_code == 302
    railman = visitor(app, "railman")
    said = {"reason_code": "outside_limit", "reason": ""}
    assert "请填写“依据”" in send(railman, f"/cases/{number}/steps/disclaim", said).text
    assert send(railman, f"/cases/{number}/steps/disclaim", {**said, "reason": "在围栏以外"}).status_code == 302
    panel = check_page(visitor(app, "dispatcher").get(f"/cases/{number}")).xpath("//section[@id='belonging']")[0].text_content()
    assert "officer先生" in panel and "railman先生" in panel and "不认领" in panel and "复核位置离发现位置" in panel


def test_a_sighting_is_registered_with_its_mileage_and_a_wrong_one_is_named(drawn: Flask) -> None:
    client = visitor(drawn, "inspector")
    page = check_page(client.get("/cases/new"))
    assert page.xpath("//*[@id='sighting']//input[@name='mileage']")
    given = {"source": "RAIL", "channel": "train", "categories": "railway", "description": "边坡有垃圾", "place": "京九线上",
             "line": "京九线", "mileage": "K1449+1300", "no_photo": "dark"}
    refused = send(client, "/cases/new", given)
    assert refused.status_code == 422 and "这一公里只有 1000 米" in refused.text and "K1449+1300" in refused.text
    assert send(client, "/cases/new", {**given, "mileage": "K1449+300"}).status_code == 302


def upload() -> tuple[object, str]:
    import io

    made = photo()
    return io.BytesIO(made.content), "现场.jpg"


def test_the_page_says_whose_silence_counted_as_a_claim(drawn: Flask) -> None:
    with in_town(drawn) as town:
        number = town.registered("RAIL", channel="onsite")
        town.walk(number, "send_down", "claim", "presume")
    page = visitor(drawn, "dispatcher").get(f"/cases/{number}").text
    assert "视为认领" in page and "逾期没有答复" in page
