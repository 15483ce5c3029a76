"""Signing in: sessions, guessing that is slowed and locks nobody out, and the trail of both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.support.makers import Town
from tracker.domain.house.actor import Role
from tracker.domain.house.errors import NotAllowed, NotFound
from tracker.domain.people.kinds import SessionEnd, SignInOutcome
from tracker.services.house.work import Work, wiring
from tracker.services.people import access, accounts
from tracker.services.people.sign_in import sign_in
from tracker.services.people.signing import sessions
from tracker.services.people.signing.visits import Visit
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.people import session_lines
from tracker.storage.people.sign_ins import SignIn, SignInSession, Throttle

pytestmark = pytest.mark.usefixtures("cheap_hashes")
SECRET = "墨绿的旧雨伞挂在门后"
OFFICE, STRANGER = Visit("203.0.113.9", "Mozilla/5.0 (Windows) Firefox/140.0"), Visit("198.51.100.1")


@pytest.fixture
def clerk(town: Town) -> Town:
    """The town, in which the clerk has a password."""
    accounts.set_password(login="clerk", password=SECRET)
    return town


def standing(token: str) -> access.PersonStanding | None:
    return access.in_session(sessions.digest_of(token))


def seconds_to_wait(login: str, visit: Visit) -> int:
    """How long the next try waits; none is made."""
    with pytest.raises(NotAllowed) as refused:
        accounts.authenticate(login, "wrong wrong wrong", visit)
    return int(refused.value.sentence.values["seconds"]) if refused.value.code == "locked" else 0


def guess(login: str, visit: Visit, times: int) -> None:
    """Tries as fast as they are let."""
    for _ in range(times):
        wait = seconds_to_wait(login, visit)
        if wait:
            wiring().clock.advance(timedelta(seconds=wait))


def test_a_session_begins_with_a_fact_that_it_names_and_nothing_of_its_token_is_kept(clerk: Town) -> None:
    token = sign_in("clerk", SECRET, OFFICE)
    stands = standing(token)
    fact = ledger.stream_of(db.session(), f"person:{clerk.people['clerk']}")[-1]
    assert fact.kind == "person:signed_in"
    assert stands.actor.sign_in == f"{fact.stream}#{fact.seq}"
    assert "203.0.113.9" not in fact.body
    (row,) = db.session.scalars(select(SignInSession))
    assert token not in (row.digest, row.sign_in)
    assert len(token) >= 43
    (line,) = session_lines.open_of(db.session(), clerk.people["clerk"], clerk.clock.now())
    assert (line.device, line.address) == ("Firefox · Windows", "203.0.113.9")


def test_a_session_ends_when_it_is_left_alone_and_after_a_working_day_in_any_case(clerk: Town) -> None:
    left, used = sign_in("clerk", SECRET, OFFICE), sign_in("clerk", SECRET, OFFICE)
    for _ in range(7):
        clerk.clock.advance(minutes=100)
        here = standing(used)
        assert here is not None
        sessions.carry_on(here.session.id, here.session.made_at, here.session.seen_at, is_own_device=False)
        db.session.rollback()
    assert standing(left) is None
    clerk.clock.advance(minutes=21)
    assert standing(used) is None


@contextmanager
def somebody_writes() -> Iterator[None]:
    """A long transaction of another process."""
    with Work(wiring()):
        yield


def test_that_a_session_is_used_is_said_once_a_minute_and_waits_for_nobody_who_writes(clerk: Town) -> None:
    here = standing(sign_in("clerk", SECRET, OFFICE)).session
    clerk.clock.advance(timedelta(seconds=59))
    sessions.carry_on(here.id, here.made_at, here.seen_at, is_own_device=False)
    assert db.session.scalar(select(SignInSession.seen_at)) == here.seen_at
    clerk.clock.advance(timedelta(seconds=1))
    with somebody_writes():
        sessions.carry_on(here.id, here.made_at, here.seen_at, is_own_device=False)
    sessions.carry_on(here.id, here.made_at, here.seen_at, is_own_device=False)
    db.session.rollback()
    assert db.session.scalar(select(SignInSession.seen_at)) == clerk.clock.now()


def test_a_new_password_roles_and_deactivation_end_the_sessions_of_somebody(clerk: Town) -> None:
    admin = clerk.actor("admin")
    for end in (lambda: accounts.set_password(login="clerk", password=SECRET),
                lambda: accounts.grant(admin, login="clerk", role=Role.verifier),
                lambda: accounts.revoke(admin, login="clerk", role=Role.verifier),
                lambda: accounts.deactivate(admin, login="clerk")):
        token = sign_in("clerk", SECRET, OFFICE)
        assert standing(token) is not None
        end()
        assert standing(token) is None
    assert set(db.session.scalars(select(SignInSession.why))) == {"new_password", "new_roles", "deactivated"}


def test_the_own_new_password_ends_the_other_sessions_and_keeps_this_one(clerk: Town) -> None:
    here, there = sign_in("clerk", SECRET, OFFICE), sign_in("clerk", SECRET, STRANGER)
    accounts.change_password(standing(here).actor, old=SECRET, new="又一把雨伞靠在墙角边")
    assert standing(here) is not None
    assert standing(there) is None


def test_nobody_ends_the_session_of_another(clerk: Town) -> None:
    here = standing(sign_in("clerk", SECRET, OFFICE))
    for actor in (clerk.actor("admin"), clerk.actor("officer")):
        with pytest.raises(NotFound):
            sessions.end(actor, here.session.id, SessionEnd.ended_by_owner)
    sessions.end(here.actor, here.session.id, SessionEnd.ended_by_owner)
    with pytest.raises(NotFound):
        sessions.end(here.actor, here.session.id, SessionEnd.ended_by_owner)


def test_three_tries_are_free_and_the_wait_doubles_to_a_minute(clerk: Town) -> None:
    waits: list[int] = []
    for _ in range(18):
        waits.append(seconds_to_wait("clerk", OFFICE))
        clerk.clock.advance(timedelta(seconds=waits[-1]))
    assert waits[:4] == [0, 0, 0, 0]
    told = [wait for wait in waits if wait]
    assert told[:3] == [2, 4, 8]
    assert told == sorted(told)
    assert told[-1] == 60
    clerk.clock.advance(minutes=1)
    assert accounts.authenticate("clerk", SECRET, OFFICE).login == "clerk"


def test_a_login_that_nobody_has_waits_like_one_that_somebody_has_and_hears_the_same(clerk: Town) -> None:
    for login in ("clerk", "nobody.here"):
        said = set()
        for _ in range(4):
            with pytest.raises(NotAllowed) as refused:
                accounts.authenticate(login, "wrong wrong wrong", OFFICE)
            said.add(str(refused.value.sentence))
        assert said == {"登录名或密码不对。"}
        assert seconds_to_wait(login, OFFICE) == 2


def test_nobody_s_mistakes_lock_a_colleague_behind_the_same_address(clerk: Town) -> None:
    for login in ("officer", "lead", "verifier", "auditor"):
        guess(login, OFFICE, 12)
    assert accounts.authenticate("clerk", SECRET, OFFICE)


def test_a_guesser_elsewhere_makes_the_owner_wait_half_a_minute_at_most_and_not_in_a_browser_of_theirs(clerk: Town) -> None:
    guess("clerk", STRANGER, 40)
    seconds_to_wait("clerk", STRANGER)
    assert accounts.authenticate("clerk", SECRET, Visit("203.0.113.9", browser="known"))
    guess("clerk", STRANGER, 40)
    assert seconds_to_wait("clerk", OFFICE) <= 30
    clerk.clock.advance(timedelta(seconds=30))
    assert accounts.authenticate("clerk", SECRET, OFFICE)


def test_an_address_that_tries_many_logins_that_nobody_has_waits_a_minute(clerk: Town) -> None:
    for number in range(30):
        assert seconds_to_wait(f"guess{number}", STRANGER) == 0
    assert seconds_to_wait("clerk", STRANGER) == 60
    assert accounts.authenticate("clerk", SECRET, OFFICE)
    clerk.clock.advance(timedelta(seconds=60))
    assert accounts.authenticate("clerk", SECRET, STRANGER)


def test_a_success_forgives_the_failures_before_it(clerk: Town) -> None:
    for _ in range(5):
        guess("clerk", OFFICE, 2)
        accounts.authenticate("clerk", SECRET, OFFICE)
    assert all(row.score < 6 for row in db.session.scalars(select(Throttle)))


def test_wrong_old_passwords_count_like_those_of_the_sign_in(clerk: Town) -> None:
    actor = clerk.actor("clerk")
    for code in ["wrong_credentials"] * 4 + ["locked"]:
        with pytest.raises(NotAllowed) as refused:
            accounts.change_password(actor, old="wrong wrong wrong", new="又一把雨伞靠在墙角边", visit=OFFICE)
        assert refused.value.code == code
    assert seconds_to_wait("clerk", OFFICE) == 2


def test_every_try_leaves_a_line_that_nobody_changes_and_nobody_drops_before_its_term(clerk: Town) -> None:
    guess("clerk", OFFICE, 1)
    guess("who.is.this", STRANGER, 1)
    accounts.deactivate(None, login="officer")
    sign_in("clerk", SECRET, OFFICE)
    found = list(db.session.scalars(select(SignIn).order_by(SignIn.id)))
    assert [row.outcome for row in found] == [SignInOutcome.wrong_password, SignInOutcome.unknown_login, SignInOutcome.signed_in]
    assert found[0].login_mark == found[2].login_mark
    assert not any("who.is.this" in str(vars(row)) for row in found)
    kinds = [fact.kind for fact in ledger.stream_of(db.session(), f"person:{clerk.people['clerk']}")]
    assert kinds == ["person:password_set", "person:sign_in_failed", "person:signed_in"]
    db.session.add(SignIn(at=clerk.clock.now() + timedelta(days=36500), login_mark="x", outcome=SignInOutcome.unknown_login))
    db.session.add(SignIn(at=clerk.clock.now() - timedelta(days=3650), login_mark="y", outcome=SignInOutcome.unknown_login))
    db.session.commit()
    for change in (update(SignIn).values(address=""), delete(SignIn).where(SignIn.login_mark == "x")):
        with pytest.raises(DBAPIError):
            db.session.execute(change)
        db.session.rollback()
    db.session.execute(delete(SignIn).where(SignIn.login_mark == "y"))
    db.session.commit()
    assert db.session.scalar(text("SELECT count(*) FROM sign_ins")) == 4
