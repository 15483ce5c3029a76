"""Roles, units and routing lines of an ended area go to what took it over, when an administrator says so."""

from datetime import date

import pytest

from tests.support import rule_lists
from tests.support.makers import Town
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.territory.editing import EndOrder
from tracker.services.house.work import reading
from tracker.services.people import accounts
from tracker.services.people.access import actor_by_login
from tracker.services.rules import rules
from tracker.services.territory import areas
from tracker.services.territory.handing_over import HandedOver, hand_over
from tracker.services.territory.lists import versions
from tracker.services.upkeep import integrity
from tracker.storage.people.accounts import Unit

END = date(2026, 3, 31)


@pytest.fixture
def ending(town: Town) -> Town:
    """A district with a dispatcher, an auditor, a unit and a routing line, which ends into ours."""
    accounts.add_unit(None, code="QYP", name="青云谱区局", kind="department", area_code="360104002")
    for login, role in (("li", Role.dispatcher), ("wang", Role.auditor)):
        accounts.add_person(None, login=login, name=login, roles=[Grant(role, "360104")], email=f"{login}@example.cn")
    areas.end(town.actor("admin"), EndOrder("360104", END, ("360103",)))
    return town


def grants_of(login: str) -> set[tuple[str, str]]:
    return {(grant.role.value, grant.area_code) for grant in actor_by_login(login).grants}


def test_what_is_left_goes_over_once_and_a_role_of_two_persons_waits(ending: Town) -> None:
    ending.clock.move_to(ending.clock.end_of(END))
    ending.clock.advance(hours=1)
    assert hand_over(ending.actor("admin"), "360104") == HandedOver(grants=1, waiting=1, units=1)
    assert grants_of("li") == {("dispatcher", "360103")}
    assert grants_of("wang") == {("auditor", "360104")}
    unit = reading().query(Unit).filter_by(code="QYP").one()
    assert unit.area_code == "360103"
    assert integrity.verify().first is None


def test_nothing_goes_over_before_the_area_has_ended_and_nobody_else_says_so(ending: Town) -> None:
    with pytest.raises(Invalid, match="还没有撤销"):
        hand_over(ending.actor("admin"), "360104")
    ending.clock.move_to(ending.clock.end_of(END))
    ending.clock.advance(hours=1)
    with pytest.raises(NotAllowed):
        hand_over(ending.actor("dispatcher"), "360104")
    assert grants_of("li") == {("dispatcher", "360104")}


def test_lines_of_the_list_go_over_in_a_draft_that_somebody_else_puts_in_force(town: Town) -> None:
    lines = {1: {"area_code": "360104", "lead_unit": "XH-HB"}, 2: {"category": "noise", "lead_unit": "XH-CG"}}
    rule_lists.in_force(town, lines)
    areas.end(town.actor("admin"), EndOrder("360104", END, ("360103",)))
    town.clock.move_to(town.clock.end_of(END))
    town.clock.advance(hours=1)
    assert hand_over(town.actor("admin"), "360104").routing == 1
    assert [line.area_code for line in rules.routing(town.clock.today())] == ["360104", None]
    draft = versions.open_draft(reading())
    assert draft is not None and [line.area_code for line in versions.rules_of(reading(), draft)] == ["360103", None]
    assert hand_over(town.actor("admin"), "360104").routing == 0
    versions.activate(town.actor("lead"), versions.ActivateOrder(draft.number, town.clock.today(), reason="其余由调度员判定"))
    assert rules.routing(town.clock.today())[0].area_code == "360103"
    assert integrity.verify().first is None
