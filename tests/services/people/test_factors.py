"""A second factor: set up, asked for after the password, good once, lost and taken away."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update

from tests.support.makers import Town
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Conflict, NotAllowed
from tracker.services.house.work import Work, reading, wiring
from tracker.services.people import access, accounts
from tracker.services.people.access import FACTOR_SINCE, SessionStanding
from tracker.services.people.sign_in import sign_in
from tracker.services.people.signing import factors, sessions
from tracker.services.people.signing.visits import Visit
from tracker.services.upkeep import integrity
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Preference
from tracker.storage.people.sign_ins import RecoveryCode, SecondFactor

pytestmark = pytest.mark.usefixtures("cheap_hashes")
SECRET = "墨绿的旧雨伞挂在门后"
OFFICE = Visit("203.0.113.9", "Mozilla/5.0 (Windows) Firefox/140.0")


class Phone:
    """One person, their session, and the app that read their secret."""

    def __init__(self, town: Town, login: str) -> None:
        accounts.set_password(login=login, password=SECRET)
        self.town, self.login, self.actor, self.secret = town, login, town.actor(login), ""
        self.sign_in()

    def sign_in(self) -> SessionStanding:
        """Anew, by the password."""
        stands = access.in_session(sessions.digest_of(sign_in(self.login, SECRET, OFFICE)))
        assert stands is not None and stands.session is not None
        self.actor, self.session = stands.actor, stands.session
        return self.session

    def set_up(self) -> tuple[str, ...]:
        """The second factor is in force; the recovery codes."""
        factors.offer(self.actor)
        self.secret = factors.standing_of(reading(), self.actor).secret
        return factors.confirm(self.actor, self.session.id, self.code(), OFFICE)

    def code(self, after: int = 0) -> str:
        """What the app shows so many half minutes from now."""
        totp = pyotp.TOTP(self.secret)
        return totp.generate_otp(totp.timecode(wiring().clock.now()) + after)

    def show(self, code: str) -> None:
        """Into the page after the password."""
        factors.show(self.actor, self.session.id, code, OFFICE)

    def later(self, **passed: int) -> None:
        self.town.clock.advance(timedelta(**passed))


@pytest.fixture
def phone(town: Town) -> Phone:
    return Phone(town, "custodian")


def kinds_of(town: Town, login: str) -> list[str]:
    return [fact.kind for fact in ledger.stream_of(db.session(), f"person:{town.people[login]}")]


def test_after_the_password_a_session_waits_for_a_code_and_is_fresh_with_it(town: Town, phone: Phone) -> None:
    assert len(phone.set_up()) == 10
    phone.later(hours=1)
    assert phone.sign_in().is_code_due
    phone.show(phone.code())
    stands = access.in_session(db.session.scalar(select(sessions.SignInSession.digest).where(
        sessions.SignInSession.id == phone.session.id)) or "")
    assert stands is not None and stands.session is not None
    assert not stands.session.is_code_due and stands.session.has_factor and stands.session.is_fresh(wiring().clock.now())
    assert kinds_of(town, "custodian")[-3:] == ["person:factor_offered", "person:factor_set", "person:signed_in"]
    assert not integrity.verify().troubles


def test_nothing_is_kept_from_which_a_code_could_be_made(phone: Phone) -> None:
    codes = phone.set_up()
    row = db.session.get_one(SecondFactor, phone.actor.id)
    assert phone.secret not in row.secret and len(phone.secret) == 32
    kept = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(kept) == 10 and not any(code.replace("-", "")[1:] in each for each in kept for code in codes)
    assert all(phone.secret not in str(fact.payload) for fact in ledger.stream_of(db.session(), f"person:{phone.actor.id}"))


@pytest.mark.parametrize("after", [-1, 0, 1])
@pytest.mark.one_engine
def test_a_phone_may_be_half_a_minute_wrong_and_no_code_is_good_twice(phone: Phone, after: int) -> None:
    phone.set_up()
    phone.later(minutes=5)
    code = phone.code(after)
    phone.show(code)
    with pytest.raises(NotAllowed) as refused:
        phone.show(code)
    assert refused.value.sentence == "动态口令或备用码不对，或已经用过。"
    phone.later(minutes=5)
    with pytest.raises(NotAllowed):
        phone.show(phone.code(-2))


def test_a_recovery_code_is_good_once_and_another_set_ends_the_first(town: Town, phone: Phone) -> None:
    first, second, *_ = phone.set_up()
    phone.show(first.upper().replace("-", " "))
    assert factors.standing_of(reading(), phone.actor).codes_left == 9
    with pytest.raises(NotAllowed):
        phone.show(first)
    phone.later(minutes=1)
    assert len(set(factors.renew_codes(phone.actor))) == 10
    with pytest.raises(NotAllowed):
        phone.show(second)
    assert "person:recovery_used" in kinds_of(town, "custodian")


@pytest.mark.one_engine
def test_a_code_is_taken_in_the_full_width_of_a_chinese_keyboard_and_what_is_no_code_is_only_wrong(phone: Phone) -> None:
    phone.set_up()
    phone.later(minutes=1)
    with pytest.raises(NotAllowed):
        phone.show("十二三四五六①٣")
    phone.show("　".join(chr(ord(each) + 0xFEE0) for each in phone.code()))


@pytest.mark.one_engine
def test_wrong_codes_are_facts_and_slow_the_next(town: Town, phone: Phone) -> None:
    phone.set_up()
    waited: set[str | None] = set()
    for _ in range(6):
        with pytest.raises(NotAllowed) as refused:
            phone.show("000000")
        waited.add(refused.value.code)
    assert waited == {"wrong_code", "locked"}
    said = [fact.payload["outcome"] for fact in ledger.stream_of(db.session(), f"person:{phone.actor.id}")
            if fact.kind == "person:sign_in_failed"]
    assert said.count("wrong_code") >= 3 and "throttled" in said


@pytest.mark.one_engine
def test_who_must_have_one_has_seven_days_from_the_role_or_from_when_it_could_be(town: Town, phone: Phone) -> None:
    def owes(since: str) -> bool:
        with Work(wiring()) as work:
            work.session.execute(update(Preference).where(Preference.key == FACTOR_SINCE).values(value=since))
        return factors.is_owed(phone.sign_in().owes_factor_since)

    now = wiring().clock.now()
    assert not owes((now - timedelta(days=6, hours=23)).isoformat())
    assert owes((now - timedelta(days=7)).isoformat())
    phone.set_up()
    assert not owes((now - timedelta(days=70)).isoformat())
    clerk = Phone(town, "clerk")
    assert clerk.session.owes_factor_since is None


@pytest.mark.one_engine
def test_another_administrator_takes_away_what_was_lost_and_nobody_their_own(town: Town, phone: Phone) -> None:
    phone.set_up()
    mine: Any = Phone(town, "admin")
    mine.set_up()
    with pytest.raises(NotAllowed) as refused:
        factors.reset(mine.actor, login="admin")
    assert refused.value.code == "own_factor"
    factors.reset(mine.actor, login="custodian")
    assert db.session.get_one(sessions.SignInSession, phone.session.id).why == "factor_reset"
    assert not phone.sign_in().has_factor
    with pytest.raises(Conflict):
        factors.reset(mine.actor, login="custodian")
    with pytest.raises(NotAllowed):
        factors.reset(town.actor("dispatcher"), login="admin")
    factors.reset(None, login="admin")
    assert kinds_of(town, "admin")[-1] == "person:factor_reset" and OPERATOR.id == ledger.stream_of(
        db.session(), f"person:{town.people['admin']}")[-1].actor_id


@pytest.mark.one_engine
def test_what_is_not_there_is_not_confirmed_removed_or_offered_twice(phone: Phone) -> None:
    for deed in (lambda: factors.confirm(phone.actor, phone.session.id, "123456", OFFICE), lambda: phone.show("123456"),
                 lambda: factors.remove(phone.actor), lambda: factors.renew_codes(phone.actor)):
        with pytest.raises(Conflict):
            deed()
    phone.set_up()
    with pytest.raises(Conflict):
        factors.offer(phone.actor)
    factors.remove(phone.actor)
    phone.set_up()
