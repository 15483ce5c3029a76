"""The whole road once more, begun where there is no network: logged offline, sent, assigned, rectified, verified, closed."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.roads import walk_to_the_seal
from tests.browser.test_offline import KEPT, READY, fill, forgive, register, row
from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.visitors import found_town

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def logged_offline(window: Window) -> str:
    """An issue with a photo, written without a network and sent when it is back; the number on its receipt."""
    page = window.page
    window.go("/cases/new")
    page.wait_for_function(READY)
    page.evaluate(KEPT)
    page.context.set_offline(True)
    fill(window, 1)
    register(window)
    page.wait_for_url("**/drafts")
    assert "待上传" in row(window).inner_text()
    page.context.set_offline(False)
    row(window).get_by_role("link", name="看结果").click()
    page.wait_for_url("**/cases/XH-*")
    forgive(window)
    return str(page.url.partition("?")[0].rsplit("/", 1)[1])


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_an_issue_logged_offline_travels_to_its_seal(app: Flask, opened: Callable[..., Window], width: int) -> None:
    window = opened("inspector", width=width)
    number = logged_offline(window)
    walk_to_the_seal(app, window, number)
