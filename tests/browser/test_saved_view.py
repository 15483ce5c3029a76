"""A view of the register in a real browser: made, kept, shared, opened by a colleague, taken along as a file, dropped."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
S = CaseState
NAME = "朝阳洲整改"


@pytest.fixture(autouse=True)
def _cases(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        for number, place in enumerate(("桃花河", "抚河桥下", "站前路"), start=1):
            town.case_in(S.rectifying, "PATROL", title=f"第{number}处堆放垃圾", place=place)
        town.case_in(S.rectifying)
        town.case_in(S.closed, "PATROL")


def shown(window: Window) -> list[str]:
    """The numbers on the page, in its order."""
    return list(window.page.locator("table.register .meta > .nowrap").all_inner_texts())


def columns(window: Window) -> list[str]:
    """The heads of the table, without that of the tick boxes."""
    return [text for text in window.page.locator("table.register thead th:not(.c-pick)").all_text_contents() if text]


def make_view(window: Window) -> None:
    """Patrol cases in work, the newest first, with their places."""
    page = window.page
    window.go("/cases?state=rectifying")
    page.locator("details.filters > summary >> nth=0").click()
    page.select_option("[name=source]", "PATROL")
    page.select_option("[name=sort]", "newest")
    for box in page.locator("input[name=cols]").all():
        box.set_checked(box.get_attribute("value") in ("light", "state", "place"))
    with page.expect_navigation():
        page.locator("details.filters button.btn-action[type=submit]").click()
    window.check()


def keep(window: Window) -> None:
    page = window.page
    page.locator("details.save-view summary").click()
    page.fill("[name=name]", NAME)
    page.check("[name=shared]")
    with page.expect_navigation():
        page.locator("details.save-view button[type=submit]").click()
    assert "视图已保存" in window.says()
    window.check()


def taken_along(window: Window, word: str) -> list[list[Any]]:
    """The rows of the file behind a button, without what is told about it."""
    with window.page.expect_download() as download:
        window.page.locator(".take-along").get_by_role("link", name=word, exact=True).click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()), read_only=True)
    (sheet,) = [book[name] for name in book.sheetnames if book[name].cell(1, 1).value == "案件编号"]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_view_is_kept_shared_opened_taken_along_and_dropped(app: Flask, opened: Opener, width: int) -> None:
    window, colleague = opened("dispatcher", width=width), opened("dispatcher2", width=width)
    make_view(window)
    listed = shown(window)
    assert listed == ["XH-2026-000003", "XH-2026-000002", "XH-2026-000001"]
    keep(window)
    assert shown(window) == listed

    colleague.go("/cases")
    colleague.follow(f".chips.views a:text-is('{NAME}')")
    assert "dispatcher先生共享" in colleague.says()
    assert shown(colleague) == listed
    assert columns(colleague) == columns(window)
    assert colleague.page.locator(".views .drop").count() == 0
    colleague.check()

    head, *rows = taken_along(colleague, "Excel")
    assert head == ["案件编号", "标题", "灯色", "状态", "地点"]
    assert rows == [[f"XH-2026-00000{n}", f"第{n}处堆放垃圾", "正常", "整改中", place] for n, place in ((3, "站前路"), (2, "抚河桥下"), (1, "桃花河"))]
    whole = taken_along(colleague, "Excel（全部栏目）")
    assert [row[0] for row in whole[1:]] == listed
    assert len(whole[0]) > 20

    window.follow(".views .drop")
    assert "同事也不再看到" in window.says()
    window.press()
    assert f"视图“{NAME}”已删除" in window.says()
    colleague.go("/cases")
    assert NAME not in colleague.says()
    assert len(shown(colleague)) == 5


def test_without_scripts_a_view_is_kept_and_dropped_as_well(opened: Opener) -> None:
    window = opened("dispatcher", width=PHONE, has_scripts=False)
    make_view(window)
    keep(window)
    assert len(shown(window)) == 3
    window.follow(".views .drop")
    window.press()
    assert "已删除" in window.says()


def test_on_paper_the_register_is_its_conditions_and_its_rows_and_nothing_to_press(opened: Opener) -> None:
    window = opened("dispatcher")
    window.go("/cases?state=rectifying")
    page = window.page
    marks, drop = page.locator("table.register td.c-pick").first, page.locator(".chips .chip > a").first
    assert marks.is_visible() and drop.is_visible()
    page.emulate_media(media="print")
    assert not marks.is_visible() and not drop.is_visible()
    assert page.locator(".chips .chip", has_text="整改中").is_visible()
    assert len(shown(window)) == 4
