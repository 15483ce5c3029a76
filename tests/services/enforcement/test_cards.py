"""Cards: a site is flagged for what it was punished for, and somebody else than who flagged it looks again."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.services.enforcement.conftest import Refused
from tests.support.acts import act_in, do, opened, site_of
from tests.support.makers import Town
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.services.acts import access
from tracker.storage.house.base import db

KIND = "card"
YELLOW: dict[str, object] = {"site": "S-000001", "colour": "yellow", "ground": None}


@pytest.mark.one_engine
def test_a_yellow_card_rests_on_a_decided_penalty_of_the_same_site(town: Town) -> None:
    penalty = act_in(town, "penalty", "notified")
    with pytest.raises(Incomplete, match="处罚编号"):
        opened(town, KIND, **YELLOW)
    db.session.rollback()
    with pytest.raises(Invalid, match="还没有作出处罚决定") as told:
        opened(town, KIND, **YELLOW, target=penalty)
    assert told.value.code == "not_decided"
    db.session.rollback()
    site_of(town, "别家工厂")
    for step in ("plead", "review", "decide"):
        do(town, penalty, "penalty", step)
    with pytest.raises(Invalid, match="不是对“别家工厂”的处罚"):
        opened(town, KIND, **{**YELLOW, "site": "别家工厂"}, target=penalty)
    db.session.rollback()
    number = opened(town, KIND, **YELLOW, target=penalty)
    head = access.page_for(town.actor("officer"), number).head
    assert (head.state, head.subkind, head.title, head.unit) == ("flagged", "yellow", "桃花纺织：黄牌", "朝阳洲街道")
    with pytest.raises(Invalid, match="已挂同色"):
        opened(town, KIND, **YELLOW, target=penalty)


@pytest.mark.one_engine
def test_it_is_flagged_by_an_enforcer_with_who_heads_the_office_and_red_for_a_ground(town: Town) -> None:
    for wrong, field in (({"principal": "enforcer2"}, "principal"), ({"ground": None}, "ground")):
        with pytest.raises((Invalid, Incomplete)) as told:
            opened(town, KIND, **wrong)
        assert told.value.field == field
        db.session.rollback()
    number = opened(town, KIND)
    assert {hand.part for hand in access.page_for(town.actor("lead"), number).hands} == {"flagger", "principal"}


@pytest.mark.one_engine
def test_it_is_rid_of_once_its_unit_shows_something_and_another_person_has_looked(town: Town, refused: Refused) -> None:
    number = opened(town, KIND)
    assert refused(number, KIND, "ask_removal", by="neighbour").code == "not_found"
    do(town, number, KIND, "ask_removal")
    (clock,) = access.page_for(town.actor("lead"), number).clocks
    assert (clock.stage, clock.amount, clock.unit) == ("recheck_card", 15, "working_day")
    do(town, number, KIND, "recheck_fail")
    head = access.page_for(town.actor("lead"), number).head
    assert (head.state, head.round) == ("flagged", 2)
    hands = {(hand.round, hand.part) for hand in access.page_for(town.actor("lead"), number).hands}
    assert {(2, "flagger"), (2, "principal")} <= hands, "who flagged it checks in no later round either"
    do(town, number, KIND, "ask_removal")
    do(town, number, KIND, "recheck_pass")
    assert access.page_for(town.actor("lead"), number).head.state == "removed"


@pytest.mark.one_engine
def test_who_flagged_it_does_not_recheck_it(town: Town, refused: Refused, grant: Callable[[str, str], None]) -> None:
    number = act_in(town, KIND, "asked")
    grant("enforcer", "verifier")
    assert refused(number, KIND, "recheck_pass", by="enforcer").code == "same_person"
    do(town, number, KIND, "recheck_fail")
    do(town, number, KIND, "ask_removal")
    assert refused(number, KIND, "recheck_pass", by="enforcer").code == "same_person"


def test_the_database_lets_nobody_flag_and_recheck(town: Town) -> None:
    act_in(town, KIND, "asked")
    with pytest.raises(IntegrityError):
        db.session.execute(text("INSERT INTO act_hands (act_id, round, person_id, part, at) "
                                "SELECT act_id, round, person_id, 'checker', at FROM act_hands WHERE part = 'flagger'"))
    db.session.rollback()


@pytest.mark.one_engine
def test_yellow_becomes_red_once(town: Town, refused: Refused) -> None:
    penalty = act_in(town, "penalty", "served")
    number = opened(town, KIND, **YELLOW, target=penalty)
    do(town, number, KIND, "raise")
    head = access.page_for(town.actor("lead"), number).head
    assert (head.subkind, head.title, head.state) == ("red", "桃花纺织：红牌", "flagged")
    assert refused(number, KIND, "raise").field == "ground"
