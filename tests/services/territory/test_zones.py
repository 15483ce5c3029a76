"""A functional zone that runs another county's town: scope and register follow the zone, and the statutory code is told."""

from datetime import date

import pytest

from tests.support.makers import Town
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import NotFound
from tracker.domain.territory.territory import Area, AreaKind, AreaLevel, Gazetteer
from tracker.services.house.work import reading
from tracker.services.people import accounts
from tracker.services.people.access import actor_by_login
from tracker.services.rules import rules
from tracker.services.territory.areas import AreaOrder, add
from tracker.storage.cases.page import case_page

pytestmark = pytest.mark.one_engine

MAQIU, ZONE = "360121192", "3601K1"
ON = date(2026, 3, 2)
SOUTH = Gazetteer((
    Area("3601", "南昌市", AreaLevel.city, None), Area("360121", "南昌县", AreaLevel.county, "3601"),
    Area(MAQIU, "麻丘镇", AreaLevel.township, "360121"), Area(ZONE, "高新区", AreaLevel.county, "3601", kind=AreaKind.zone),
    Area("3601K1192", "麻丘镇", AreaLevel.township, ZONE, kind=AreaKind.zone, formal_code=MAQIU)))


@pytest.mark.parametrize("text", ["麻丘镇", MAQIU, "3601K1192", "3601k1192", "高新区麻丘镇", "南昌市麻丘镇", "江西南昌高新区麻丘镇某路1号"])
def test_however_the_town_is_written_the_zone_has_it(text: str) -> None:
    found = SOUTH.resolve(text, ON)
    assert found is not None
    assert found.code == "3601K1192"


def test_the_county_and_the_zone_are_themselves() -> None:
    assert [getattr(SOUTH.resolve(text, ON), "code", None) for text in ("南昌县", "高新区", "3601K1")] == ["360121", ZONE, ZONE]
    assert SOUTH.run_by(MAQIU, ON) == "3601K1192"
    assert SOUTH.run_by("360121", ON) == "360121"
    assert SOUTH.statutory("3601K1192") == MAQIU


def test_a_dispatcher_of_the_zone_sees_the_case_and_one_of_the_county_does_not(town: Town) -> None:
    add(town.actor("admin"), AreaOrder("高新区", code=ZONE, document_no="国函〔1992〕1号"))
    add(town.actor("admin"), AreaOrder("麻丘镇", code="3601K1192", formal_code=MAQIU))
    accounts.add_person(None, login="desk", name="desk", roles=[Grant(Role.clerk, "3601")], email="desk@example.cn")
    number = town.registered(by="desk", area_code=MAQIU)
    assert (town.row(number).jurisdiction, town.row(number).area_code) == ("3601K1192", "3601K1192")
    for login, area in (("zone", ZONE), ("county", "360121")):
        accounts.add_person(None, login=login, name=login, roles=[Grant(Role.dispatcher, area)], email=f"{login}@example.cn")
    assert case_page(reading(), actor_by_login("zone").scope(), number).head.area == "麻丘镇"
    with pytest.raises(NotFound):
        case_page(reading(), actor_by_login("county").scope(), number)
    assert rules.gazetteer().statutory("3601K1192") == MAQIU
