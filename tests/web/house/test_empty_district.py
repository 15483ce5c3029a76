"""The first days of a district: nothing is there yet, and every page says what comes next."""

from typing import Any

import pytest

from tests.support.visitors import found_town, in_town, visitor
from tracker.domain.house.actor import Grant, Role
from tracker.services.people import accounts

pytestmark = pytest.mark.one_engine


@pytest.fixture
def first_people(app: Any) -> None:
    """An administrator and a lead of one unit, and not one case."""
    with app.app_context():
        accounts.add_unit(None, code="XHQ", name="西湖区人民政府", kind="district", area_code="360103")
        accounts.add_person(None, login="guanliyuan", name="张三", unit="XHQ", roles=[Grant(Role.admin)])
        accounts.add_person(None, login="quzhang", name="王五", unit="XHQ", roles=[Grant(Role.lead, "360103")])


def test_the_first_administrators_desk_leads_to_units_and_people(app: Any, first_people: None) -> None:
    desk = visitor(app, "guanliyuan").get("/").text
    assert "新的辖区先建单位，再给调度员、登记员、经办人、核查员和区领导建账号" in desk
    assert 'btn-action" href="/people/units"' in desk
    assert 'btn-quiet" href="/people"' in desk


def test_an_empty_register_says_by_whom_it_is_filled_to_who_may_not_fill_it(app: Any, first_people: None) -> None:
    assert "巡查员、登记员登记或导入之后就会出现" in visitor(app, "quzhang").get("/cases").text


def test_people_to_choose_from_carry_their_unit_in_chinese_brackets(app: Any, first_people: None) -> None:
    page = visitor(app, "quzhang").get("/my/delegations").text
    assert "张三（西湖区人民政府）" in page
    assert "张三(" not in page


def test_a_case_page_and_its_due_sheet_show_no_raw_name_of_a_stream(app: Any) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.registered()
        town.walk(number, "assign")
    for path in (f"/cases/{number}", f"/cases/{number}/due"):
        page = visitor(app, "dispatcher").get(path).text
        assert "本案账本" in page
        assert "case:XH-" not in page
