"""Photos one by one: large, with what is known of each, back to the case, and nobody's who may not see the case."""

from typing import Any

import pytest
from flask import Flask

from tests.support.makers import paper, photo, placed_photo
from tests.support.visitors import check_page, found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine


@pytest.fixture
def album_app(app: Flask) -> Flask:
    """A case with a before-photo that knows its place and an after-photo, then a paper and one more photo."""
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.submitted, "PATROL", lat=28.655, lng=115.865, datum="wgs84")
        town.do(number, "add_evidence", by="inspector", uploads=[placed_photo(), paper()])
    return app


def view(app: Flask, login: str, photo_id: int) -> Any:
    return visitor(app, login).get(f"/evidence/{photo_id}/view")


def test_it_leads_on_and_back_and_stops_at_the_ends(album_app: Flask) -> None:
    page = check_page(view(album_app, "inspector", 1))
    assert page.xpath("//figure//img/@src") == ["/evidence/1"]
    assert page.xpath("//a[@rel='prev']") == []
    assert page.xpath("//a[@rel='next']/@href") == ["/evidence/2/view"]
    assert page.xpath("//a[@id='back']/@href") == ["/cases/XH-2026-000001#evidence"]
    assert "第 1 张，共 3 张" in page.text_content()
    assert check_page(view(album_app, "inspector", 3)).xpath("//a[@rel='next']") == []


def test_an_after_photo_stands_beside_its_before_photo_with_what_lies_between(album_app: Flask) -> None:
    page = check_page(view(album_app, "inspector", 2))
    assert page.xpath("//figure//img/@src") == ["/evidence/1", "/evidence/2"]
    assert "与整改前照片相隔" in page.text_content()


def test_the_caption_says_when_where_and_from_whom(album_app: Flask) -> None:
    told = [li.text_content() for li in check_page(view(album_app, "inspector", 3)).xpath("//ul[@class='photo-facts']/li")]
    assert any(line.startswith("上传 ") for line in told), told
    assert any(line.startswith("拍摄位置 北纬 ") and "距案件坐标" in line for line in told), told


def test_absent_forbidden_and_what_is_no_photo_look_alike(album_app: Flask) -> None:
    for photo_id in (4, 999):
        answer = view(album_app, "inspector", photo_id)
        assert answer.status_code == 404
        assert "没有找到这张照片，或您无权查看。" in answer.text
    with in_town(album_app) as town:
        other = town.registered(uploads=[photo()])
        newest = town.last(other)["evidence"][0]["id"]
    assert view(album_app, "officer", newest).status_code == 404


def test_the_case_page_shows_each_photo_once_and_keeps_older_facts_behind_a_line(album_app: Flask) -> None:
    page = check_page(visitor(album_app, "inspector").get("/cases/XH-2026-000001"))
    shown = page.xpath("//main//img/@src")
    assert sorted(shown) == ["/evidence/1/thumb", "/evidence/2/thumb", "/evidence/3/thumb"]
    assert len(page.xpath("//ol[@class='timeline']/li[not(ancestor::details)]")) == 2
    assert page.xpath("//details[@class='earlier-facts']//li")
