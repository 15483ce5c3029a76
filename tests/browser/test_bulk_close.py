"""The weekly close-out in a real browser: ticked on the register, told beforehand which cannot, told afterwards row by row."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.makers import Town
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
S = CaseState
GOOD, BARE, UNNOTICED, ONE_HAND = ["XH-2026-000001", "XH-2026-000002"], "XH-2026-000003", "XH-2026-000004", "XH-2026-000005"
TICKED = [*GOOD, BARE, UNNOTICED, ONE_HAND]
LEFT = "XH-2026-000006"  # could be closed, but nobody ticks it
REASONS = {BARE: "证据不齐，还缺：本轮核查现场照片。", UNNOTICED: "本类案件须先公示期满才能销号。",
           ONE_HAND: "整改、核查、销号须由三人分别办理；您已办过本案本轮的前一步。"}
LIST = "/cases?state=verified&sort=newest"


def without_onsite_photo(town: Town) -> None:
    """A verified case whose photo from the site is gone."""
    number = town.case_in(S.verified, "PATROL", title="少一张核查照片的")
    db.session.query(EvidenceRow).filter_by(subject=f"case:{number}", role="onsite").one().round = 9
    db.session.commit()


def verified_by_who_closes(town: Town) -> None:
    """A case that its would-be closer verified with their own hands."""
    number = town.registered("PATROL", title="同一人核查的")
    town.do(number, "assign", lead_unit="XH-TY", supporting_units="")
    for step in ("acknowledge", "submit"):
        town.do(number, step, by="neighbour")
    town.do(number, "verify", by="many_hats")


@pytest.fixture(autouse=True)
def _week(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        town.case_in(S.verified, "PATROL")
        town.case_in(S.verified)
        without_onsite_photo(town)
        town.case_in(S.verified, "D2JX", title="未公示的")
        verified_by_who_closes(town)
        town.case_in(S.verified, "PATROL", title="这周先不销的")


def rows_of(window: Window, section: str) -> dict[str, str]:
    """Number and text of each row below a heading."""
    rows = window.page.locator(f"section[aria-labelledby={section}] :is(tbody tr, li, article)").all_inner_texts()
    return {number: row for row in rows for number in (*TICKED, LEFT) if number in row}


def check_preview(window: Window) -> None:
    assert "2 件可以办理，3 件不能" in window.says()
    others = rows_of(window, "others")
    assert others.keys() == REASONS.keys()
    assert all(REASONS[number] in told for number, told in others.items())
    assert sorted(rows_of(window, "eligible")) == GOOD
    window.check()


def check_result(window: Window) -> None:
    """Both are told closed, the three are named with their reasons, and the register shows it so."""
    assert "2 件中已办 2 件" in window.says()
    assert all("已销号" in told for told in rows_of(window, "g-done").values())
    left = rows_of(window, "g-left")
    assert left.keys() == REASONS.keys()
    assert all(REASONS[number] in told for number, told in left.items())
    window.check()
    window.follow("main .actions a")
    assert window.page.locator("input[name=n]").count() == 4
    window.go("/cases?state=closed")
    assert sorted(window.page.locator("table.register .meta > .nowrap").all_inner_texts()) == GOOD
    assert window.page.locator("table.register td:has-text('已销号')").count() == 2
    window.check()


def closed(app: Flask) -> list[str]:
    with in_town(app) as town:
        return [number for number in (*TICKED, LEFT) if town.row(number).state is S.closed]


@pytest.mark.parametrize("has_scripts", [False, True], ids=["no scripts", "scripts"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_two_of_five_are_closed_and_three_are_named_with_the_reason(app: Flask, opened: Opener, width: int,
                                                                    has_scripts: bool) -> None:
    window = opened("many_hats", width=width, has_scripts=has_scripts)
    window.go(LIST)
    for number in TICKED:
        window.page.get_by_label(f"选中 {number}").check()
    if has_scripts:
        assert "已选 5 件" in window.says()
    window.follow("#bulk button[formaction$='/bulk/close']")
    check_preview(window)
    window.page.check("#seen-all")
    window.page.fill("[name=reason]", "本周集中销号")
    window.press()
    check_result(window)
    assert closed(app) == GOOD


def test_a_box_is_ticked_for_one_case_whose_evidence_was_shown(app: Flask, opened: Opener) -> None:
    window = opened("lead", width=PHONE)
    window.go(f"/cases/bulk/close?n={GOOD[0]}&n={GOOD[1]}")
    first = window.page.locator(f"article[aria-labelledby=h-{GOOD[0]}]")
    assert first.locator(".pair img").count() == 2 and "整改到位" in first.inner_text() and "已齐" in first.inner_text()
    window.press()
    assert "还没有勾选“已看过”" in window.says()
    window.page.check(f"#seen-{GOOD[0]}")
    window.press()
    assert "1 件中已办 1 件" in window.says()
    assert "没有勾选“已看过”" in rows_of(window, "g-left")[GOOD[1]]
    window.check()
    assert closed(app) == GOOD[:1]


def tab_to(page: Any, selector: str) -> None:
    """On with the Tab key until it is reached."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_keyboard_alone_closes_the_week_s_cases(app: Flask, opened: Opener, width: int) -> None:
    window = opened("many_hats", width=width)
    window.go(LIST)
    for number in reversed(TICKED):  # the newest stands first
        tab_to(window.page, f"input[name=n][value='{number}']")
        window.page.keyboard.press("Space")
    for _ in range(120):  # the steps stand above the rows
        window.page.keyboard.press("Shift+Tab")
        if window.page.evaluate("document.activeElement.matches(\"#bulk button[formaction$='/bulk/close']\")"):
            break
    window.enter()
    check_preview(window)
    tab_to(window.page, "#seen-all")
    window.page.keyboard.press("Space")
    tab_to(window.page, "[name=reason]")
    window.page.keyboard.type("本周集中销号")
    tab_to(window.page, "main form[method=post] button[type=submit]")
    window.enter()
    check_result(window)
    assert closed(app) == GOOD


def test_what_changed_after_the_preview_is_left_and_told_in_the_result(app: Flask, opened: Opener) -> None:
    window = opened("lead", width=PHONE)
    window.go(f"/cases/bulk/close?n={GOOD[0]}&n={GOOD[1]}")
    with in_town(app) as town:
        town.do(GOOD[1], "comment", text="请再等一等")
    window.page.check("#seen-all")
    window.press()
    assert "2 件中已办 1 件，1 件未办理" in window.says()
    assert "又有了新情况" in rows_of(window, "g-conflict")[GOOD[1]]
    window.check()
    assert closed(app) == GOOD[:1]
