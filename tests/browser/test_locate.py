"""Where a case lies, in a real browser: the phone's position, a refusal in words, a pin moved by keys, questions and twins on
time."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
HERE = {"latitude": 28.655, "longitude": 115.865, "accuracy": 12}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    """The district with one case near by."""
    found_town(app)
    with in_town(app) as town:
        town.registered(title="桃花河边堆放垃圾", description="桃花河边长期堆放生活垃圾，雨天污水入河", place="桃花南路88号", lat=28.6552, lng=115.8652,
                        datum="wgs84")
    return app


@pytest.fixture
def phone(town_app: Flask, opened: Opener) -> Iterator[Window]:
    """An inspector's phone at the form; the position is the browser's to give."""
    window = opened("inspector", width=PHONE)
    window.go("/cases/new")
    yield window
    window.check()


def allow(window: Window, **where: float) -> None:
    window.page.context.grant_permissions(["geolocation"], origin=window.base)
    window.page.context.set_geolocation({**HERE, **where})


def value(window: Window, name: str) -> str:
    return str(window.page.locator(f"[name={name}]").input_value())


def says(window: Window, words: str) -> None:
    window.page.locator(".where-says", has_text=words).wait_for()


def fill_the_rest(window: Window) -> None:
    page = window.page
    page.fill("[name=title]", "桃花河边垃圾成堆")
    page.fill("[name=description]", "桃花河边长期堆放生活垃圾，下雨污水入河")
    page.fill("[name=place]", "桃花河东岸")
    page.get_by_text("拍不了照片").click()
    page.select_option("[name=no_photo]", "dark")


def newest(app: Flask) -> Case:
    with in_town(app) as town:
        return town.row(db.session.query(Case).order_by(Case.id.desc()).first().number)


def test_the_phone_s_position_is_taken_with_its_accuracy_and_the_pin_moves_by_keys(phone: Window, town_app: Flask) -> None:
    allow(phone)
    page = phone.page
    assert page.locator(".where-map").is_hidden()
    page.get_by_role("button", name="用我的位置").click()
    says(phone, "手机定位，精度 ±12 米。 此点在")
    assert [value(phone, name) for name in ("lat", "lng", "datum", "located_by")] == ["28.655000", "115.865000", "wgs84",
                                                                                      "device"]
    pin = page.locator(".where-pin")
    pin.wait_for()
    pin.focus()
    for _ in range(5):
        page.keyboard.press("Shift+ArrowUp")
    says(phone, "图钉距手机定位")
    assert float(value(phone, "lat")) > 28.6552
    assert [value(phone, name)
            for name in ("datum", "located_by", "device_lat", "device_accuracy_metres")] == ["manual", "pin", "28.655000", "12.0"]
    fill_the_rest(phone)
    page.check("[name=categories][value=garbage]")
    phone.press()
    case = newest(town_app)
    assert (case.located_by, case.device_lat, case.device_accuracy_metres) == ("pin", 28.655, 12.0)
    assert case.lat is not None and case.lat > 28.6552
    assert "手机定位与图钉相差" in phone.says()


def test_a_form_that_comes_back_and_a_draft_tell_the_point_they_hold(phone: Window) -> None:
    allow(phone)
    page = phone.page
    page.wait_for_function("() => document.querySelector('[data-draft-form]').dataset.drafts === 'on'")
    page.get_by_role("button", name="用我的位置").click()
    says(phone, "手机定位，精度 ±12 米。 此点在")
    page.get_by_text("草稿已存在这台设备上").wait_for()
    phone.go("/cases/new")
    page.get_by_role("button", name="接着填").click()
    says(phone, "手机定位，精度 ±12 米。 此点在")
    assert [value(phone, name)
            for name in ("lat", "datum", "located_by", "accuracy_metres")] == ["28.655000", "wgs84", "device", "12.0"]
    page.get_by_text("拍不了照片").click()
    page.select_option("[name=no_photo]", "dark")
    phone.press()  # refused: nothing else is filled in
    says(phone, "手机定位，精度 ±12 米。 此点在")
    assert value(phone, "located_by") == "device"
    phone.complaints.clear()  # the refusal that was asked for


def test_a_refused_position_is_told_and_the_pin_can_still_be_set(phone: Window) -> None:
    phone.page.context.clear_permissions()
    phone.page.get_by_role("button", name="用我的位置").click()
    says(phone, "没有得到定位许可")
    assert value(phone, "lat") == ""
    phone.page.get_by_role("button", name="在图上选点").click()
    says(phone, "在图上点选")
    phone.page.locator(".where-map").click(position={"x": 120, "y": 90})
    says(phone, "图钉已由您放置")
    assert value(phone, "located_by") == "pin" and value(phone, "device_lat") == ""
    phone.page.get_by_role("button", name="清除位置").click()
    says(phone, "不带坐标")
    assert [value(phone, name) for name in ("lat", "lng", "located_by")] == ["", "", ""]


def test_a_phone_that_knows_no_place_is_not_believed(phone: Window) -> None:
    allow(phone, latitude=0, longitude=0)
    phone.page.get_by_role("button", name="用我的位置").click()
    says(phone, "不是有效坐标")
    assert value(phone, "lat") == value(phone, "device_lat") == ""


def test_typed_numbers_are_looked_up_and_swapped_ones_named(phone: Window) -> None:
    page = phone.page
    page.get_by_text("手工填写坐标").click()
    page.fill("[name=lat]", "115.88")
    page.fill("[name=lng]", "28.655")
    page.locator("[name=lng]").blur()
    says(phone, "像是填反了")
    page.fill("[name=lat]", "28.655")
    page.fill("[name=lng]", "115.88")
    page.locator("[name=lng]").blur()
    says(phone, "坐标为手工填写。 此点在西湖区。")
    assert value(phone, "located_by") == "text"


def test_only_the_questions_of_the_ticked_types_show_and_are_sent(phone: Window, town_app: Flask) -> None:
    page = phone.page
    assert page.locator("#asked").is_hidden()
    page.check("[name=categories][value=noise]")
    page.select_option("[name=q_noise_period]", "night")
    page.uncheck("[name=categories][value=noise]")
    assert page.locator("#asked").is_hidden()
    page.check("[name=categories][value=water]")
    assert page.locator("[data-type=water]").is_visible() and page.locator("[data-type=noise]").is_hidden()
    page.select_option("[name=q_water_colour]", "black")
    fill_the_rest(phone)
    phone.press()
    assert newest(town_app).answers == '{"water_colour":"black"}'


def test_a_twin_is_named_while_typing_and_holds_nobody_up(phone: Window) -> None:
    page = phone.page
    fill_the_rest(phone)
    link = page.locator(".near a", has_text="桃花河边堆放垃圾")
    link.wait_for()
    assert link.get_attribute("target") == "_blank"
    assert "文字相似" in page.locator(".near").inner_text()
    page.check("[name=categories][value=garbage]")
    phone.press()
    assert "已登记，编号 XH-2026-000002" in phone.says() and "可能已有人报过" not in phone.says(), "it was told while typing"


def test_without_scripts_the_coordinates_are_typed(town_app: Flask, opened: Opener) -> None:
    window = opened("inspector", width=PHONE, has_scripts=False)
    window.go("/cases/new")
    assert window.page.get_by_role("button", name="用我的位置").count() == 0
    assert window.page.locator("#asked").is_visible()
    window.page.get_by_text("手工填写坐标").click()
    fill_the_rest(window)
    window.page.check("[name=categories][value=garbage]")
    window.page.fill("[name=lat]", "28.6553")
    window.page.fill("[name=lng]", "115.8653")
    window.press()
    assert newest(town_app).located_by == "text"
    assert "可能已有人报过" in window.says()
    window.check()
