"""Passwords that are easily guessed are refused, also those that only look hard."""

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.services.people import access, accounts
from tracker.services.people.passwords import PASSWORDS, generated
from tracker.services.people.sign_in import sign_in
from tracker.services.people.signing import sessions
from tracker.services.people.signing.strength import COMMON, letters_of, trouble_of
from tracker.services.people.signing.visits import Visit
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person

pytestmark = [pytest.mark.one_engine, pytest.mark.usefixtures("cheap_hashes")]
GOOD = ("墨绿的旧雨伞挂在门后", "correct-horse-battery", "another long one", "8371-6652-9047-1138x", "q" * 20 + "mpelbtrdzv" * 8)


@pytest.mark.parametrize("password", [
    "Huanbao#2026", "admin@123456", "xihu2026!", "wangwei1988", "Ｈｕａｎｂａｏ＃２０２６", "HUANBAO____2026", "密码密码密码123456",
    "wangxiaoming1990", "Qwertyuiop!2026", "1234567890", "aaaaaaaaaaaaa", "short1!", "x" * 201,
])
def test_what_is_easily_guessed_is_refused_whatever_digits_and_marks_it_bears(password: str) -> None:
    assert trouble_of(password, ("西湖区",)) is not None


@pytest.mark.parametrize("password", GOOD)
def test_what_is_long_and_unlike_any_word_is_taken(password: str) -> None:
    assert trouble_of(password, ("西湖区", "clerk", "西湖区生态环境局")) is None


def test_the_random_ones_of_the_demo_are_taken() -> None:
    assert [password for password in (generated() for _ in range(200)) if trouble_of(password, ("西湖区",))] == []


@pytest.mark.parametrize("password", ["clerk先生2026!!", "Chaoyangzhou@2026", "cyzjd#19880808", "西湖区2026年2026", "clerk.clerk.2026"])
def test_the_words_of_the_person_and_the_office_are_refused_also_in_pinyin_and_by_initials(town: Town, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.set_password(login="clerk", password=password)
    assert password not in str(refused.value.sentence)


def test_an_old_password_that_is_weak_is_renewed_at_the_next_sign_in(town: Town) -> None:
    person = db.session.scalars(select(Person).where(Person.login == "clerk")).one()
    person.password_hash = PASSWORDS.hash("xihu2026!")
    db.session.commit()
    token = sign_in("clerk", "xihu2026!", Visit())
    here = access.in_session(sessions.digest_of(token))
    assert here.session.is_renewal_due
    with pytest.raises(Invalid):
        accounts.change_password(here.actor, old="xihu2026!", new="xihu2027!")
    accounts.change_password(here.actor, old="xihu2026!", new=GOOD[0])
    assert not access.in_session(sessions.digest_of(token)).session.is_renewal_due
    with pytest.raises(NotAllowed):
        accounts.authenticate("clerk", "xihu2026!")


def test_the_list_holds_letters_alone() -> None:
    assert len(COMMON) > 500
    assert all(letters_of(word) == word for word in COMMON)
