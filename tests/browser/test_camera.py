"""Photos are taken with one thumb."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.roads import picture
from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support.visitors import found_town

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]


def test_a_thumb_finds_one_button_for_the_camera_and_one_for_files(app: Flask, opened: Opener) -> None:
    found_town(app)
    window = opened("inspector", width=PHONE)
    page = window.page
    window.go("/cases/new")
    camera = page.get_by_label("拍照")
    assert camera.get_attribute("capture") == "environment" and camera.get_attribute("name") is None
    camera.set_input_files(picture(1))
    page.get_by_text("已收到").wait_for()
    assert page.locator("input[name=kept]").count() == 1
    with page.expect_file_chooser() as chooser:
        page.get_by_text("选照片或文件（可多选）").click()
    assert chooser.value.is_multiple()
    window.check()
