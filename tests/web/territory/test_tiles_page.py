"""The tiles on the page of the map's settings: tried, set, taken off; their host is let in on pages with a map alone."""


import pytest
from flask import Flask

from tests.services.territory.test_tiles import GIVEN, KEY
from tests.support.visitors import check_page, found_town, send, visitor
from tracker.domain.territory.tiles import PRESET

pytestmark = pytest.mark.one_engine
PAGE = "/settings/map"
HOST = "https://t0.tianditu.gov.cn"


def pictures(answer: object) -> str:
    policy = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return next(part.strip() for part in policy.split(";") if part.strip().startswith("img-src"))


def test_only_pages_with_a_map_let_the_host_of_the_tiles_in(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "admin")
    assert HOST not in pictures(client.get("/map"))
    assert send(client, "/settings/map/tiles", GIVEN, at=PAGE).status_code == 302
    assert pictures(client.get("/map")) == f"img-src {HOST} 'self' data:"
    assert HOST not in pictures(client.get("/cases"))
    page = check_page(client.get("/map"))
    assert page.xpath("//*[@id='map']/@data-tile-credit") == ["在线底图：天地图，审图号：GS（2024）0650号"]
    assert send(client, "/settings/map/tiles/remove").status_code == 302
    assert HOST not in pictures(client.get("/map"))


def test_tiles_are_tried_on_a_map_before_they_are_set(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "admin")
    form = check_page(client.get("/settings/map?preset=1"))
    assert form.xpath("//input[@name='base']/@value") == [PRESET.base]
    tried = send(client, "/settings/map/tiles", GIVEN | {"act": "try"}, at=PAGE)
    page = check_page(tried)
    assert page.xpath("//*[@id='tile-trial']/@data-tile-key") == [KEY]
    assert HOST in pictures(tried)
    assert page.xpath("//input[@id='tile-approval']/@value") == [GIVEN["approval"]]
    assert HOST not in pictures(client.get("/map"))


def test_a_refused_address_keeps_what_was_typed(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "admin")
    answer = send(client, "/settings/map/tiles", GIVEN | {"base": "https://webst01.is.autonavi.com/{x}/{y}/{z}"}, at=PAGE)
    assert answer.status_code == 422
    page = check_page(answer)
    assert "GCJ-02" in page.text_content()
    assert page.xpath("//input[@name='credit']/@value") == ["天地图"]


def test_the_auditor_reads_the_page_and_sets_nothing(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "auditor")
    assert client.get("/settings/map").status_code == 200
    assert send(client, "/settings/map/tiles", GIVEN, at=PAGE).status_code == 403
