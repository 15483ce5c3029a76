"""Signing in: passwords checked in about the same time for everybody, guessing slowed down by a lock in the database."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, or_, select, update
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import NotAllowed, NotFound
from tracker.domain.house.say import Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import PersonKind
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading
from tracker.services.people import access
from tracker.services.people.passwords import PASSWORDS, acceptable, generated
from tracker.services.people.persons import require_human
from tracker.storage.house.base import inserting
from tracker.storage.people.accounts import EndedSession, Person, SignInFailure

MOST_FAILURES = 5
MOST_FAILURES_OF_AN_ADDRESS = 100
LOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
WRONG = "登录名或密码不对。"


def authenticate(login: str, password: str, address: str = "") -> Actor:
    """The person with this login and password. Raises `NotAllowed`, never saying which of the two was wrong. A service has no
    password.

    Each try counts as a failure before the password is looked at and is forgiven when it was right: tries at the same
    moment cannot slip past the lock. Unknown logins lock like known ones.
    """
    key = login.strip().lower()[:60]
    keys = {key: MOST_FAILURES} | ({f"@{address}"[:60]: MOST_FAILURES_OF_AN_ADDRESS} if address else {})
    if not _count_try(keys):
        minutes = int(LOCK.total_seconds() // 60)
        raise NotAllowed(Say("登录失败次数过多，请在 {minutes} 分钟后再试。", minutes=minutes), code="locked")
    person = reading().scalar(select(Person).where(Person.login == key, Person.kind == PersonKind.person))
    is_right = PASSWORDS.matches(password, person.password_hash if person else None)
    if not is_right or person is None or person.deactivated_on is not None:
        raise NotAllowed(WRONG, code="wrong_credentials")
    _forgive_failures(key, f"@{address}"[:60])
    if PASSWORDS.is_outdated(person.password_hash):
        _renew_hash(person.id, person.password_hash, PASSWORDS.hash(password))
    return access.actor_for(person.id)


@deed
def end_session(work: Work, mark: str) -> None:
    """The session with this mark admits nobody any more, whatever cookie of it is still about."""
    now = work.clock.now()
    work.session.execute(delete(EndedSession).where(EndedSession.ended_at < now - FORGOTTEN_AFTER))
    work.session.execute(inserting(work.session)(EndedSession).values(mark=mark, ended_at=now).on_conflict_do_nothing())


@deed
def reset_password(work: Work, actor: Actor | None, *, login: str, password: str | None = None) -> str:
    """A new password for somebody, made when none is given; every session of theirs ends and a lock is lifted."""
    by = OPERATOR
    if actor is not None:
        permits.require(actor, Permission.account_manage)
        by = actor
    key = login.strip().lower()
    person = work.session.scalar(select(Person).where(Person.login == key, Person.deactivated_on.is_(None)))
    if person is None:
        raise NotFound(Say("没有登录名为“{login}”的在岗人员。", login=login))
    require_human(person, "login")
    secret = acceptable(password, key) if password is not None else generated()
    _set_password(work, person, secret)
    work.session.execute(delete(SignInFailure).where(SignInFailure.login == key))
    work.record(f"person:{person.id}", PersonFacts.password_reset, by, {})
    return secret


@deed
def change_password(work: Work, actor: Actor, *, old: str, new: str) -> None:
    """The own password changed; every other session ends. Raises `NotAllowed` when the old one is wrong."""
    person = work.session.get(Person, actor.id)
    if person is None or not PASSWORDS.matches(old, person.password_hash):
        raise NotAllowed("原密码不对。", code="wrong_credentials")
    if old == new:
        raise NotAllowed("新密码不能与原密码相同。", code="same_password")
    _set_password(work, person, acceptable(new, person.login))
    work.record(f"person:{person.id}", PersonFacts.password_changed, actor, {})


def _set_password(work: Work, person: Person, secret: str) -> None:
    person.password_hash = PASSWORDS.hash(secret)
    person.session_mark = secrets.token_hex(16)


@deed
def _count_try(work: Work, keys: dict[str, int]) -> bool:
    """Count one more failure for each key; False, and nothing counted, while one of them is locked."""
    now = work.clock.now()
    work.session.execute(delete(SignInFailure).where(SignInFailure.locked_until < now - FORGOTTEN_AFTER))
    if work.session.scalar(select(SignInFailure.id).where(_is_locked_out(keys, now)).limit(1)) is not None:
        return False
    return all(_add_one(work.session, key, most, now) for key, most in keys.items())


def _is_locked_out(keys: dict[str, int], now: datetime) -> ColumnElement[bool]:
    ways = [and_(SignInFailure.login == key, SignInFailure.count >= most) for key, most in keys.items()]
    return and_(or_(*ways), SignInFailure.locked_until > now)


def _add_one(session: Session, key: str, most: int, now: datetime) -> bool:
    """One more failure, in one statement; failures longer ago than the lock are forgotten. False when it was one too many."""
    is_recent = SignInFailure.locked_until > now
    counted = case((is_recent, SignInFailure.count + 1), else_=1)
    statement = inserting(session)(SignInFailure).values(login=key, count=1, locked_until=now + LOCK)
    statement = statement.on_conflict_do_update(index_elements=["login"], set_={"count": counted, "locked_until": now + LOCK})
    count = session.scalar(statement.returning(SignInFailure.count))
    return count is None or count <= most


@deed
def _forgive_failures(work: Work, login: str, address: str) -> None:
    work.session.execute(delete(SignInFailure).where(SignInFailure.login == login))
    work.session.execute(update(SignInFailure).where(SignInFailure.login == address, SignInFailure.count > 0)
                         .values(count=SignInFailure.count - 1))


@deed
def _renew_hash(work: Work, person_id: int, old: str, new: str) -> None:
    """Today's parameters for an old hash, unless the password was changed meanwhile."""
    person = work.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if person.password_hash == old:
        person.password_hash = new
        work.record(f"person:{person_id}", PersonFacts.password_rehashed, access.actor_for(person_id), {})
