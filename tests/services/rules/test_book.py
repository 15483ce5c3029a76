"""What processes keep in memory of rules and units: never longer than it holds, never from a transaction that came to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.support.makers import Town
from tracker.domain.house.actor import Grant, Role
from tracker.services.house import caching
from tracker.services.house.work import Work, wiring
from tracker.services.people import access, accounts
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Unit


def unit_names() -> dict[str, str]:
    db.session.rollback()  # each request has a transaction of its own
    return caching.until_a_rule_changes("names", lambda session: {unit.code: unit.name for unit in session.query(Unit)})


@contextmanager
def another_process() -> Iterator[None]:
    """Whatever is kept inside is forgotten afterwards: another process has a memory of its own."""
    own, wiring().cached = wiring().cached, {}
    yield
    wiring().cached = own


@contextmanager
def without_the_piece(name: str) -> Iterator[None]:
    """As `create_app(…, without=…)` makes it."""
    own = wiring()
    own.without = frozenset({name})
    yield
    own.without = frozenset()


def test_what_is_kept_is_read_once_until_a_rule_changes(town: Town) -> None:
    unit_names()
    db.session.execute(update(Unit).where(Unit.code == "XH-CG").values(name="改名"))  # a way that tells nobody
    db.session.commit()
    assert unit_names()["XH-CG"] != "改名"
    caching.rules_changed(db.session())
    db.session.commit()
    assert unit_names()["XH-CG"] == "改名"


def test_a_unit_that_another_process_adds_or_ends_is_known_at_once(town: Town) -> None:
    unit_names()
    with another_process():
        accounts.add_unit(None, code="XH-NEW", name="新设单位", kind="department", parent="XH-CG")
    assert unit_names()["XH-NEW"] == "新设单位"
    version = caching._version_of(db.session())
    with another_process():
        accounts.end_unit(None, code="XH-NEW")
    db.session.rollback()
    assert caching._version_of(db.session()) != version


def test_an_officer_of_a_unit_above_sees_further_with_the_new_unit(town: Town) -> None:
    assert town.actor("officer").unit_id is not None
    above = next(code for code, id_ in town.units.items() if id_ == town.actor("officer").unit_id)
    before = town.actor("officer").units_below
    with another_process():
        below = accounts.add_unit(None, code="XH-BELOW", name="下属单位", kind="department", parent=above)
    db.session.rollback()
    assert set(town.actor("officer").units_below) == {*before, below}


def change_and_fail() -> None:
    with Work(wiring()) as work:
        work.session.execute(update(Unit).where(Unit.code == "XH-CG").values(name="改名"))
        caching.rules_changed(work.session)
        assert caching.until_a_rule_changes("names", lambda session: {"read": "anew"}) == {"read": "anew"}
        raise ZeroDivisionError


def test_a_change_that_comes_to_nothing_leaves_nothing_behind(town: Town) -> None:
    unit_names()
    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert unit_names()["XH-CG"] != "改名"


def test_a_new_day_is_read_anew(town: Town) -> None:
    unit_names()
    db.session.execute(update(Unit).where(Unit.code == "XH-CG").values(name="改名"))
    db.session.commit()
    town.clock.advance(timedelta(days=1))
    assert unit_names()["XH-CG"] == "改名"


@pytest.mark.usefixtures("cheap_hashes")
def test_a_role_that_another_process_gives_or_takes_holds_at_once(town: Town) -> None:
    person = town.actor("clerk").id
    with another_process():
        accounts.grant(None, login="clerk", role=Role.dispatcher, area_code="360103")
    db.session.rollback()
    standing = access.standing(person)
    assert standing is not None
    assert Grant(Role.dispatcher, "360103") in standing.actor.grants
    with another_process():
        accounts.deactivate(None, login="clerk")
    db.session.rollback()
    assert access.standing(person) is None


def test_a_piece_that_is_left_out_keeps_nothing_and_says_the_same(town: Town) -> None:
    before = unit_names()
    with without_the_piece("names"):
        assert unit_names() == before
        db.session.execute(update(Unit).where(Unit.code == "XH-CG").values(name="改名"))  # a way that tells nobody
        db.session.commit()
        assert unit_names()["XH-CG"] == "改名"
    assert unit_names() == before
