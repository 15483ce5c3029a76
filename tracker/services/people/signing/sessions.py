"""Sessions: begun by a sign-in, carried on while they are used; ended by their owner, by what befalls the account, or by time."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from tracker.domain.house.actor import NEEDS_SECOND, Actor
from tracker.domain.house.errors import NotFound
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import SessionEnd, SignInOutcome, SignInWay
from tracker.services.house.work import Work, deed, wiring
from tracker.services.people.persons import stream_of
from tracker.services.people.signing import links, news, trail
from tracker.services.people.signing.visits import Visit
from tracker.services.rules import values
from tracker.storage.house.base import WRITE_OR_LEAVE, db
from tracker.storage.people.accounts import Person, RoleGrant
from tracker.storage.people.sign_ins import SignInSession

NOTED_EVERY = timedelta(minutes=1)
FRESH_FOR = timedelta(minutes=15)


def digest_of(token: str) -> str:
    """What is kept of a token of 256 random bits, which nobody guesses."""
    return hashlib.sha256(token.encode()).hexdigest()


@deed
def begin(work: Work, person_id: int, visit: Visit, *, is_renewal_due: bool = False, is_own_device: bool = False,
          way: SignInWay = SignInWay.password, is_second_shown: bool = False) -> str:
    """A session of somebody whose password was right, or whom the single sign-on named; returns its token, which only their
    browser keeps. Who just proved who they are is fresh. On a device of their own it lasts for days, but for who holds a role
    that takes two to give."""
    is_own_device = is_own_device and not _holds_guarded_role(work, person_id)
    person = work.session.get_one(Person, person_id, with_for_update=True)
    token, now, is_first = secrets.token_urlsafe(32), work.clock.now(), links.is_first_use_of_slip(work, person_id)
    row = SignInSession(
        digest=digest_of(token), person_id=person_id, made_at=now, seen_at=now,
        ends_at=_end_of(now, now, is_own_device=is_own_device),
        sign_in="", is_own_device=is_own_device,
        address=visit.kept_address, agent=visit.kept_agent, fresh_until=now + FRESH_FOR, is_renewal_due=is_renewal_due,
        second_at=now if is_second_shown else None)
    work.session.add(row)
    work.session.flush()
    trail.note(work, person.login, person_id, SignInOutcome.signed_in, visit, row.id)
    said = {} if way is SignInWay.password else {"way": way}
    fact = work.record(stream_of(person_id), PersonFacts.signed_in, Actor(person.id, person.name), {
        "session": row.id, "address": trail.address_mark(work, visit), **said})
    row.sign_in = f"{fact.stream}#{fact.seq}"
    if is_first:
        news.tell_of_slip(work, person, fact)
    if way is SignInWay.break_glass:
        news.tell_of_break_glass(work, person, fact)
    return token


@deed
def end(work: Work, actor: Actor, session_id: int, why: SessionEnd) -> None:
    """One of the actor's own sessions is over. Raises `NotFound` for any other."""
    row = work.session.get(SignInSession, session_id)
    if row is None or row.person_id != actor.id or row.ended_at is not None:
        raise NotFound("没有这个登录，或它已经结束。")
    row.ended_at, row.why = work.clock.now(), why


@deed
def end_own(work: Work, actor: Actor, *, keep: str = "") -> int:
    """All of the actor's own sessions are over, but the one whose sign-in is `keep`."""
    count = end_all(work, actor.id, SessionEnd.ended_by_owner, keep=keep)
    if count:
        work.session.get(Person, actor.id, with_for_update=True)
        work.record(stream_of(actor.id), PersonFacts.sessions_ended, actor, {"count": count, "why": SessionEnd.ended_by_owner})
    return count


def end_all(work: Work, person_id: int, why: SessionEnd, *, keep: str = "") -> int:
    """Whatever sessions somebody has are over, but the one whose sign-in is `keep`; returns how many that were."""
    theirs = update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None),
                                         SignInSession.ends_at > work.clock.now())
    if keep:
        theirs = theirs.where(SignInSession.sign_in != keep)
    ended = theirs.values(ended_at=work.clock.now(), why=why).returning(SignInSession.id)
    return len(work.session.execute(ended.execution_options(synchronize_session=False)).all())


def renewed(work: Work, person_id: int) -> None:
    """Somebody has a better password: the sessions that are left ask for it no more."""
    work.session.execute(update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.is_renewal_due)
                         .values(is_renewal_due=False))


@deed
def freshen(work: Work, session_id: int) -> None:
    """The password was just typed again in this session."""
    work.session.execute(update(SignInSession).where(SignInSession.id == session_id)
                         .values(fresh_until=work.clock.now() + FRESH_FOR))


def carry_on(session_id: int, made_at: datetime, seen_at: datetime, *, is_own_device: bool) -> None:
    """This session was used just now: said once a minute at most, on a connection of its own that waits for nobody. While
    somebody writes for long, the next page says it."""
    now = wiring().clock.now()
    if now - seen_at < NOTED_EVERY:
        return
    used = update(SignInSession).where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
    try:
        with db.engine.connect().execution_options(**WRITE_OR_LEAVE) as connection, connection.begin():
            connection.execute(used.values(seen_at=now, ends_at=_end_of(made_at, now, is_own_device=is_own_device)))
    except OperationalError:
        return


def _holds_guarded_role(work: Work, person_id: int) -> bool:
    held = select(RoleGrant.id).where(RoleGrant.person_id == person_id, RoleGrant.role.in_(NEEDS_SECOND),
                                      RoleGrant.revoked_at.is_(None))
    return work.session.scalar(held.limit(1)) is not None


def _end_of(made_at: datetime, seen_at: datetime, *, is_own_device: bool) -> datetime:
    """When a session ends that is used no more: after some idle time, and after a working day in any case; on a device of one's
    own some days after the sign-in."""
    on = wiring().clock.today()
    if is_own_device:
        return made_at + timedelta(days=values.number("own_device_days", on))
    idle = timedelta(minutes=values.number("session_idle_minutes", on))
    return min(made_at + timedelta(hours=values.number("session_hours", on)), seen_at + idle)
