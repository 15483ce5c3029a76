"""An area ends into another: in the night after, its open cases go there, each with a fact; what is done keeps its area."""

from datetime import date, timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Grant, Role
from tracker.domain.territory.editing import AreaOrder, EndOrder
from tracker.services.house.work import reading
from tracker.services.people import accounts
from tracker.services.territory import areas
from tracker.services.territory.jobs import move_cases_on
from tracker.services.territory.moving import MovedCases, move_cases
from tracker.services.upkeep import integrity
from tracker.storage.cases.page import is_visible
from tracker.storage.house.ledger import stream_of

END = date(2026, 3, 31)
AFTER = END + timedelta(days=1)


@pytest.fixture
def city(town: Town) -> Town:
    """A town whose clerk works for the whole city."""
    accounts.add_person(None, login="desk", name="desk", roles=[Grant(Role.clerk, "3601")], email="desk@example.cn")
    return town


def end(city: Town, code: str, *successors: str) -> None:
    areas.end(city.actor("admin"), EndOrder(code, END, successors, "国函〔2026〕8号"))


def test_seven_open_cases_move_once_and_the_dispatcher_of_what_took_over_sees_them(city: Town) -> None:
    numbers = [city.registered(by="desk", area_code=code) for code in ("360104", *["360104002"] * 6)]
    city.registered(by="desk", area_code="360102")
    dispatcher = city.actor("dispatcher")
    assert not is_visible(reading(), dispatcher.scope(), numbers[0])
    end(city, "360104", "360103")
    city.clock.move_to(city.clock.end_of(END))
    assert move_cases(END) == MovedCases(), "on its last day the area is still there"
    assert move_cases_on(AFTER) == "改归承接区划 7 件"
    assert move_cases_on(AFTER) == "改归承接区划 0 件"
    assert {city.row(number).jurisdiction for number in numbers} == {"360103"}
    assert all(is_visible(reading(), dispatcher.scope(), number) for number in numbers)
    last = list(stream_of(reading(), f"case:{numbers[0]}"))[-1]
    assert (last.kind, last.actor_id, last.payload["from_area"], last.payload["to_area"]) == ("case:moved", 0, "青云谱区", "西湖区")
    assert integrity.verify().first is None


def test_a_moved_case_goes_on_where_it_stood_and_a_closed_one_keeps_its_area(city: Town) -> None:
    areas.add(city.actor("admin"), AreaOrder("江滩片区", parent="360103"))
    closed = city.case_in(CaseState.closed, area_code="360103Z01")
    working = city.case_in(CaseState.rectifying, area_code="360103Z01")
    end(city, "360103Z01", "360103002")
    city.clock.move_to(city.clock.end_of(END))
    assert move_cases(AFTER).moved == 1
    assert (city.row(closed).jurisdiction, city.row(working).jurisdiction) == ("360103Z01", "360103002")
    assert city.row(working).state is CaseState.rectifying
    city.walk(working, "submit", "verify")
    assert integrity.verify().first is None


def test_of_several_heirs_the_town_decides_and_what_is_unsure_waits_for_a_dispatcher(city: Town) -> None:
    areas.add(city.actor("admin"), AreaOrder("京山街道", code="360111088", document_no="国函〔2026〕8号"))
    sure = city.registered(by="desk", area_code="360104006")
    unsure = city.registered(by="desk", area_code="360104002")
    end(city, "360104", "360103", "360111")
    city.clock.move_to(city.clock.end_of(END))
    assert move_cases(AFTER) == MovedCases(1, (unsure,))
    assert (city.row(sure).jurisdiction, city.row(unsure).jurisdiction) == ("360111088", "360104002")
    assert unsure in move_cases_on(AFTER)
    accounts.add_person(None, login="boss", name="boss", roles=[Grant(Role.dispatcher, "3601")], email="b@example.cn")
    city.take(unsure, "correct_field", by="boss", field="area_code", value="360103", reason="划归西湖区")
    assert move_cases(AFTER) == MovedCases()


def test_an_area_that_ends_into_none_keeps_its_cases(city: Town) -> None:
    areas.add(city.actor("admin"), AreaOrder("江滩片区", parent="360103"))
    number = city.registered(area_code="360103Z01")
    areas.end(city.actor("admin"), EndOrder("360103Z01", END, (), "", "不再设片区"))
    assert move_cases(AFTER) == MovedCases()
    assert city.row(number).jurisdiction == "360103Z01"
