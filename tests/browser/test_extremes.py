"""Long names, long titles and narrow screens: what matters stays in sight."""

from typing import Any

import pytest

from tests.browser.windows import DESK, FORGIVEN, PHONE
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Grant, Role
from tracker.services.people import accounts

pytestmark = [pytest.mark.browser, FORGIVEN, pytest.mark.one_engine]
LONG = "西湖区生态环境保护督察整改工作领导小组沿江片区联合执法协调中队" * 7
INSIDE = """element => { const own = element.getBoundingClientRect(), list = element.closest('ul, ol').getBoundingClientRect();
    return own.left >= list.left - 1 && own.right <= list.right + 1; }"""


@pytest.fixture
def long_case(app: Any) -> str:
    """A case with the longest title, led by a unit with the longest name."""
    found_town(app)
    with in_town(app) as town:
        accounts.add_unit(None, code="XH-LONG", name=LONG[:200], kind="street", area_code="360103002")
        accounts.add_person(None, login="long", name="张三", unit="XH-LONG", roles=[Grant(Role.officer, "360103002")])
        number = town.registered(title=(LONG * 2)[:300])
        town.do(number, "assign", lead_unit="XH-LONG")
        return number


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_longest_unit_and_title_leave_room_for_the_search_and_the_verb(opened: Any, long_case: str, width: int) -> None:
    window = opened("long", width=width)
    for path in ("/", "/cases", f"/cases/{long_case}"):
        window.go(path)
        window.check()
        assert window.page.locator(".top").bounding_box()["height"] < 130
        assert window.page.locator("#search").bounding_box()["width"] > 120
    window.go("/cases")
    assert window.page.locator(".register td.title > a").first.bounding_box()["height"] < 90


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_chosen_tab_and_the_present_stage_are_in_sight_and_the_page_begins_at_its_top(app: Any, opened: Any, width: int) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.verified)
    window = opened("dispatcher", width=width)
    for path, chosen in (("/supervision/jobs", ".subnav [aria-current]"), ("/reports?name=annual", ".tabs [aria-current]"),
                         (f"/cases/{number}", ".steps-rail [aria-current]")):
        window.go(path)
        assert window.page.locator(chosen).evaluate(INSIDE), path
        assert window.page.evaluate("scrollY") == 0, path
    window.go("/supervision/jobs")
    assert window.page.locator(".subnav").bounding_box()["height"] < 50
