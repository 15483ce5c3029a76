"""The pages of the railway's shapes, and the panel of a case beside the line."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tests.support import railway
from tests.support.visitors import check_page, found_town, in_town, send, visitor
from tracker.domain.territory.shapes.layers import Layer

pytestmark = pytest.mark.one_engine
BESIDE = {"lat": 28.662707, "lng": 115.91975, "datum": "wgs84", "accuracy_metres": 5.0, "area_code": railway.AREA}
CORNER = "115.919877"


@pytest.fixture
def drawn(app: Flask) -> Flask:
    """A district with its line."""
    found_town(app)
    with in_town(app) as town:
        railway.in_force(town)
    return app


def said_of(page: Any) -> str:
    return " ".join(page.text_content().split())


def load(client: Any, content: bytes, **form: Any) -> Any:
    return send(client, "/settings/shapes", {"layer": "fence", "datum": "cgcs2000", "source": "南昌工务段", "document_no": "",
                                             "first_day": "", "file": (BytesIO(content), "fence.geojson"), **form})


def test_the_page_of_the_line_draws_every_layer_for_who_is_signed_in(drawn: Flask) -> None:
    assert visitor(drawn).get("/line").status_code in (302, 401)
    page = check_page(visitor(drawn, "officer").get("/line"))
    said = said_of(page)
    assert "京九线 K1449+000—K1451+000" in said
    assert "南昌工务段" in said and "误差 2 米" in said and "2026年第1版" in said
    assert {each.get("class") for each in page.xpath("//svg/path")} >= {"sketch-line", "sketch-fence", "sketch-ownership",
                                                                        "sketch-section", "sketch-built_up"}


def test_without_shapes_the_page_says_what_would_stand_there(app: Flask) -> None:
    found_town(app)
    assert "还没有铁路沿线的图形" in said_of(check_page(visitor(app, "officer").get("/line")))


def test_a_case_beside_the_line_shows_whose_it_is_and_how_that_was_found(drawn: Flask) -> None:
    with in_town(drawn) as town:
        near = town.registered(categories=("railway",), answers={"railway_fence": "outside"}, **BESIDE)
        far = town.registered(**{**BESIDE, "lng": 115.86})
    client = visitor(drawn, "dispatcher")
    page = check_page(client.get(f"/cases/{near}"))
    (panel,) = page.xpath("//section[@id='belonging']")
    said = said_of(panel)
    assert "围栏外12.4米（围栏图2026年第1版，误差5米），属地方" in said and "南昌工务段知会" in said
    assert "京九线 K1449+300 左侧，离线路 24.4 米" in said and "登记时注明围栏外" in said
    assert panel.xpath(".//circle[@class='sketch-point']")
    assert "离围栏线 12.4 米" in said
    assert not check_page(client.get(f"/cases/{far}")).xpath("//section[@id='belonging']")


def test_after_the_assignment_the_panel_tells_what_it_rested_on_where_that_has_changed(drawn: Flask) -> None:
    with in_town(drawn) as town:
        number = town.registered(**BESIDE)
        town.do(number, "assign", lead_unit="XH-TH", supporting_units="")
        wide = railway.feature(railway.box(115.9196, railway.SOUTH, 115.9204, railway.NORTH), code="WL-01", tolerance_metres=2)
        railway.replaced(town, Layer.fence, wide)
    said = said_of(check_page(visitor(drawn, "dispatcher").get(f"/cases/{number}")).xpath("//section[@id='belonging']")[0])
    assert "围栏内14.7米" in said
    assert "交办时：" in said and "围栏外12.4米" in said


def test_a_file_becomes_a_draft_that_another_person_puts_in_force(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        railway.in_force(town, Layer.fence, Layer.ownership, Layer.built_up)
        number = town.registered(**BESIDE)
    admin, lead = visitor(app, "admin"), visitor(app, "lead")
    assert load(admin, railway.content(railway.FENCE)).location.endswith("/settings/shapes/3")
    page = check_page(admin.get("/settings/shapes/3"))
    assert "没有“启用铁路沿线图形”的权限" in said_of(page) and not page.xpath("//button[text()='启用']")
    said = said_of(check_page(lead.get("/settings/shapes/3")))
    assert "看了沿线 1 件在办案件，建议会变的 1 件" in said and number in said
    assert send(lead, "/settings/shapes/3/activate", {"first_day": "2026-03-01"}).status_code == 422
    assert send(lead, "/settings/shapes/3/activate", {"first_day": "2026-03-02"}).status_code == 302
    assert "2026年第1版" in said_of(check_page(lead.get("/settings/shapes")))


def test_a_refused_file_keeps_what_was_typed_and_names_the_place(drawn: Flask) -> None:
    admin = visitor(drawn, "admin")
    bow = [[115.91, 28.66], [115.92, 28.67], [115.92, 28.66], [115.91, 28.67], [115.91, 28.66]]
    crossed = railway.feature({"type": "Polygon", "coordinates": [bow]}, code="WL-09", tolerance_metres=1)
    answer = load(admin, railway.content(crossed), document_no="南工〔2026〕1号")
    assert answer.status_code == 422
    page = check_page(answer)
    assert "第 1 个图形（WL-09）：边界自相交叉，在东经 115.915000°、北纬 28.665000° 处" in said_of(page)
    assert page.xpath("//input[@name='document_no']/@value") == ["南工〔2026〕1号"]


def test_an_overlap_is_drawn_and_must_be_ticked(drawn: Flask) -> None:
    other = railway.feature(railway.box(115.9205, 28.6630, 115.921, 28.664), code="CQ-03", owner_kind="third", name="某公司")
    with in_town(drawn) as town:
        number = railway.load(town, Layer.ownership, other)
    lead = visitor(drawn, "lead")
    page = check_page(lead.get(f"/settings/shapes/{number}"))
    assert page.xpath("//circle[@class='sketch-overlap']") and "保留 CQ-03×CQ-01：975.7" in said_of(page)
    refused = send(lead, f"/settings/shapes/{number}/activate", {"first_day": "2026-03-02"})
    assert refused.status_code == 422 and "有 1 处重叠还没有认定" in said_of(check_page(refused))
    order = {"first_day": "2026-03-03", "kept": "CQ-03/CQ-01"}
    assert send(lead, f"/settings/shapes/{number}/activate", order).status_code == 302


def test_fences_and_owners_are_drawn_for_nobody_outside_and_told_to_nobody_as_numbers(drawn: Flask) -> None:
    """Where works of the railway lie is for the authority to release: pages draw it, none hands out coordinates."""
    with in_town(drawn) as town:
        number = town.registered(**BESIDE)
    for path in ("/line", f"/cases/{number}", "/map", "/map/districts.json", "/map/cases.json", "/settings/shapes"):
        assert CORNER not in visitor(drawn, "dispatcher").get(path).get_data(as_text=True), path
        assert "sketch-fence" not in visitor(drawn).get(path).get_data(as_text=True), path
    assert visitor(drawn, "officer").get("/settings/shapes").status_code == 404
    assert visitor(drawn, "officer").get("/settings/shapes/3").status_code == 404
