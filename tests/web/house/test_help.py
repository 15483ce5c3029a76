"""Help in the product: the guides, one's own first, and a hint at the first use of a page until it is put away."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from tests.support.visitors import check_page, found_town, in_town, send, visitor
from tracker.domain.house.actor import Role
from tracker.services.people import accounts
from tracker.web.house.help.guides import GUIDES, PICTURES, own_first
from tracker.web.house.help.hints import HINTS

pytestmark = pytest.mark.one_engine
SECRET = "墨绿的旧雨伞挂在门后"


@pytest.fixture
def town(app: Flask) -> Flask:
    found_town(app)
    return app


def test_every_role_has_a_guide_of_its_own() -> None:
    for role in Role:
        (first, is_own), *_ = own_first((role,))
        assert is_own and role in first.roles


def test_the_guide_of_ones_own_work_comes_first(town: Flask) -> None:
    page = check_page(visitor(town, "verifier").get("/help"))
    assert page.xpath("//ul[@class='guides']/li/h2/a/text()")[0] == "核查员"
    assert len(page.xpath("//ul[@class='guides']/li")) == len(GUIDES)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda each: each.name)
def test_every_guide_reads_as_a_page_with_its_pictures_and_contents(town: Flask, guide: Any) -> None:
    client = visitor(town, "lead")
    page = check_page(client.get(f"/help/{guide.name}"))
    anchors = set(page.xpath("//article//*[@id]/@id"))
    contents = page.xpath("//ul[@class='guide-contents']//a/@href")
    assert {each.removeprefix("#") for each in contents} == anchors and len(anchors) > 4
    pictures = page.xpath("//article//img/@src")
    assert pictures and {each.rsplit("/", 1)[1] for each in pictures} <= {each.name for each in PICTURES.iterdir()}
    with client.get(pictures[0]) as picture:
        assert picture.mimetype == "image/png"
    assert not [each for each in page.xpath("//article//a/@href") if each.endswith(".md")]


def test_no_other_file_is_had_by_the_address_of_a_picture(town: Flask) -> None:
    client = visitor(town, "lead")
    for name in ("../guide/管理员.md", "..%2F..%2Frun", "none.png"):
        assert client.get(f"/help/pictures/{name}").status_code == 404
    assert client.get("/help/nobody").status_code == 404


def test_a_hint_stands_until_it_is_put_away_and_costs_no_question(town: Flask) -> None:
    client = at_the_door(town, "dispatcher")
    assert "常用视图" in hint_of(client, "/cases")
    send(client, "/help/hints", {"hint": "cases.register"}, at="/cases")
    assert hint_of(client, "/cases") == ""
    again = at_the_door(town, "dispatcher")
    assert hint_of(again, "/cases") == "" and "灯色" in hint_of(again, "/map")
    send(again, "/help/hints", {"hint": "all"}, at="/map")
    assert hint_of(again, "/map") == "" == hint_of(at_the_door(town, "dispatcher"), "/reports")


def test_a_hint_that_is_none_cannot_be_put_away(town: Flask) -> None:
    assert send(visitor(town, "lead"), "/help/hints", {"hint": "x" * 70}, at="/cases").status_code == 404


def test_every_hint_belongs_to_a_page(app: Flask) -> None:
    assert {each.endpoint for each in HINTS} <= set(app.view_functions)
    assert all(re.search("[。]$", each.sentence) and len(each.sentence) <= 45 for each in HINTS)


@pytest.mark.parametrize("size", [180, 192, 512])
def test_the_mark_is_a_picture_for_the_home_screen(app: Flask, size: int) -> None:
    client = app.test_client()
    answer = client.get(f"/icon-{size}.png")
    with Image.open(BytesIO(answer.data)) as picture:
        assert picture.size == (size, size)
        assert picture.convert("RGB").getpixel((0, 0)) == (28, 74, 102), "it fills its square"
    assert f"icon-{size}.png" in client.get("/manifest.webmanifest").get_data(as_text=True)
    assert client.get("/icon-9000.png").status_code == 404


def at_the_door(app: Flask, login: str) -> Any:
    """A browser of somebody who typed their password."""
    with in_town(app):
        accounts.set_password(login=login, password=SECRET)
    client = app.test_client()
    assert send(client, "/login", {"login": login, "password": SECRET}).status_code == 302
    return client


def hint_of(client: Any, path: str) -> str:
    return " ".join(check_page(client.get(path)).xpath("//aside[contains(@class, 'first-use')]//text()")).strip()
