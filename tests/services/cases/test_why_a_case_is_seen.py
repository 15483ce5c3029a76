"""The explanation and the fence agree: for every person and every case, in person and standing in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.cases.test_visibility import SEEN, make
from tests.support.district import PEOPLE
from tests.support.makers import Town
from tracker.domain.house.errors import NotAllowed, NotFound
from tracker.services.cases import visibility
from tracker.services.people import delegations
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine


def fence_says(town: Town, login: str, number: str) -> bool:
    """What the condition of every list answers."""
    query = select(Case.id).where(Case.number == number, visible(town.actor(login).scope()))
    return db.session.scalar(query) is not None


def test_every_explanation_is_what_the_fence_does(town: Town) -> None:
    for name, number in make(town).items():
        sights = {each.login: each.because for each in visibility.who_sees(town.actor("supervisor"), number)}
        assert set(sights) == {login for login, *_ in PEOPLE}
        wrong = [login for login, because in sights.items() if bool(because) != fence_says(town, login, number)]
        assert wrong == [], name
        assert {login for login, because in sights.items() if because} == SEEN[name]


def test_every_ground_is_told_in_a_sentence(town: Town) -> None:
    cases = make(town)

    def because(login: str, name: str) -> tuple[str, ...]:
        found = visibility.who_sees(town.actor("supervisor"), cases[name])
        return next(each.because for each in found if each.login == login)

    led, below = "street leads, city management supports", "the street's sub-unit leads"
    assert because("dispatcher", led) == ("调度员，辖区为西湖区，本案在其内。",)
    assert because("officer", led) == ("责任单位经办人，本单位（朝阳洲街道）主办本案。",)
    assert because("supporter", led) == ("责任单位经办人，本单位（西湖区城市管理局）协办本案。",)
    assert because("below_officer", led) == ("责任单位经办人，上级单位（朝阳洲街道）主办本案。",)
    assert because("officer", below) == ("责任单位经办人，下级单位（朝阳洲街道建设办）主办本案。",)
    assert because("lead", "other district, sponsored by a lead of ours") == ("本案的包案领导。",)
    assert len(because("many_hats", led)) == 4
    assert because("neighbour", led) == because("custodian", led) == ()


def test_a_substitute_sees_it_in_somebodys_place_while_that_holds(town: Town) -> None:
    number = make(town)["railway leads"]
    today = town.clock.today()
    delegations.delegate(None, login="railman", substitute="neighbour", from_on=today, to_on=today + timedelta(days=1))

    def because() -> tuple[str, ...]:
        return next(each.because for each in visibility.who_sees(town.actor("lead"), number) if each.login == "neighbour")

    assert because() == ("代railman先生（至2026年3月3日）：责任单位经办人，本单位（南昌铁路工务段）主办本案。",)
    town.days_pass(2)
    assert because() == ()


def test_only_who_reads_people_and_sees_the_case_is_told(town: Town) -> None:
    number = make(town)["other district"]
    with pytest.raises(NotAllowed):
        visibility.who_sees(town.actor("officer"), number)
    with pytest.raises(NotFound):
        visibility.who_sees(town.actor("lead"), number)
