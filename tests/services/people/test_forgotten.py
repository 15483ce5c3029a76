"""A forgotten password: a link to the own box by one's own asking, or by the head of the unit, who never sees it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.house.errors import Conflict, NotFound
from tracker.services.people.signing import forgotten
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignInLink

pytestmark = pytest.mark.one_engine


def links_of(town: Town, login: str) -> int:
    return len(db.session.scalars(select(SignInLink).where(SignInLink.person_id == town.people[login])).all())


def letters(mail: str) -> list[str]:
    query = select(Person.login).join(Message, Message.person_id == Person.id).where(Message.mail == mail)
    return sorted(db.session.scalars(query))


def without_box(town: Town, login: str) -> None:
    db.session.get_one(Person, town.people[login]).email = None
    db.session.commit()


def test_a_link_goes_to_the_own_box_and_the_old_password_stays(town: Town) -> None:
    before = db.session.get_one(Person, town.people["officer"]).password_hash
    forgotten.ask_for_own(" Officer ")
    assert letters("password_link") == ["officer"]
    assert db.session.get_one(Person, town.people["officer"]).password_hash == before


def test_nobody_learns_whether_there_is_such_a_login(town: Town) -> None:
    without_box(town, "verifier")
    for login in ("nobody", "verifier", ""):
        forgotten.ask_for_own(login)
    assert letters("password_link") == []


def test_not_twice_in_ten_minutes_and_five_times_a_day_at_most(town: Town) -> None:
    start = town.clock.now()
    for minute in range(0, 200, 5):
        town.clock.move_to(start + timedelta(minutes=minute))
        forgotten.ask_for_own("officer")
    assert links_of(town, "officer") == 5


def test_asking_kills_no_slip_that_is_on_its_way(town: Town) -> None:
    from tracker.services.people.sign_in import reset_password

    slip = reset_password(None, login="officer")
    forgotten.ask_for_own("officer")
    assert slip.code and links_of(town, "officer") == 1


def make_head(town: Town, login: str) -> None:
    db.session.get_one(Person, town.people[login]).is_head = True
    db.session.commit()


def test_a_head_asks_for_a_colleague_with_a_box_and_the_link_goes_there(town: Town) -> None:
    make_head(town, "officer")
    mates = forgotten.colleagues_of(db.session(), town.actor("officer"))
    assert mates and "officer" not in dict(mates)
    login = mates[0][0]
    assert forgotten.ask_for_colleague(town.actor("officer"), login) is True
    assert letters("password_link") == [login]
    with pytest.raises(Conflict, match="刚刚已申请过"):
        forgotten.ask_for_colleague(town.actor("officer"), login)


def test_without_a_box_the_administrators_are_asked_for_a_slip_once_a_day(town: Town) -> None:
    make_head(town, "officer")
    login = forgotten.colleagues_of(db.session(), town.actor("officer"))[0][0]
    without_box(town, login)
    assert forgotten.ask_for_colleague(town.actor("officer"), login) is False
    assert letters("link_asked") == ["admin"]
    assert links_of(town, login) == 0
    with pytest.raises(Conflict, match="今天已申请过"):
        forgotten.ask_for_colleague(town.actor("officer"), login)


@pytest.mark.parametrize(("who", "whom"), [("verifier", "officer"), ("officer", "lead"), ("officer", "officer"),
                                           ("officer", "nobody")])
def test_who_heads_no_unit_or_another_one_is_told_there_is_nobody(town: Town, who: str, whom: str) -> None:
    make_head(town, "officer")
    with pytest.raises(NotFound):
        forgotten.ask_for_colleague(town.actor(who), whom)
