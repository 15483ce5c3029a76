"""Signing in: passwords checked in about the same time for everybody, guessing slowed down."""

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Actor, Role
from tracker.domain.house.errors import NotAllowed
from tracker.domain.house.say import Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import LinkPurpose, PersonKind, SessionEnd, SignInOutcome, SignInWay
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.people import access
from tracker.services.people.passwords import PASSWORDS, acceptable
from tracker.services.people.persons import person_named, require_human, stream_of
from tracker.services.people.signing import factors, links, news, sessions, throttle, trail
from tracker.services.people.signing.links import PasswordLink
from tracker.services.people.signing.strength import trouble_of, words_for
from tracker.services.people.signing.visits import NOWHERE, Visit
from tracker.services.people.units import manager
from tracker.storage.people.accounts import Person

WRONG = "登录名或密码不对。"


def sign_in(login: str, password: str, visit: Visit, *, is_own_device: bool = False) -> str:
    """A session for who knows the password; returns its token. One that would be refused today must be renewed in it first.
    Raises `NotAllowed` as `authenticate` does."""
    actor = authenticate(login, password, visit)
    words = words_for(reading(), reading().get_one(Person, actor.id))
    return sessions.begin(actor.id, visit, is_renewal_due=trouble_of(password, words) is not None, is_own_device=is_own_device,
                          way=_way_of(actor))


def sign_in_by_provider(login: str, visit: Visit, *, is_second_shown: bool) -> str:
    """A session for whom the single sign-on named; returns its token. The provider makes nobody and grants nothing: raises
    `NotAllowed` for a login that nobody in office has, and for a service's."""
    key = login.strip().lower()[:60]
    known = reading().scalar(select(Person.id).where(Person.login == key, Person.kind == PersonKind.person,
                                                     Person.deactivated_on.is_(None)))
    if known is None:
        trail.note_failure(key, None, SignInOutcome.unknown_login, visit)
        raise NotAllowed(Say("单点登录账号“{login}”没有对应的在岗人员。", login=login[:60]), code="unknown_login")
    return sessions.begin(known, visit, way=SignInWay.single_sign_on, is_second_shown=is_second_shown)


def _way_of(actor: Actor) -> SignInWay:
    """How who typed the right password comes in. Raises `NotAllowed` where only the single sign-on lets people in, but for an
    administrator with a second factor."""
    if not wiring().is_sso_only:
        return SignInWay.password
    if not any(grant.role is Role.admin for grant in actor.grants) or not factors.is_in_force(reading(), actor.id):
        raise NotAllowed("这里只用单点登录；用密码登录的，只有启用了动态口令的管理员。", code="sso_only")
    return SignInWay.break_glass


def authenticate(login: str, password: str, visit: Visit = NOWHERE) -> Actor:
    """The person with this login and password. Raises `NotAllowed`, never saying which of the two was wrong. A service has no
    password.

    Each try counts as a failure before the password is looked at and is forgiven when it was right. Unknown logins wait like
    known ones.
    """
    key = login.strip().lower()[:60]
    trail.admit_try(key, visit)
    person = reading().scalar(select(Person).where(Person.login == key, Person.kind == PersonKind.person))
    is_right = PASSWORDS.matches(password, (person.password_hash or None) if person else None)
    if person is None:
        trail.note_failure(key, None, SignInOutcome.unknown_login, visit)
        raise NotAllowed(WRONG, code="wrong_credentials")
    if not is_right or person.deactivated_on is not None:
        outcome = SignInOutcome.deactivated if is_right else SignInOutcome.wrong_password
        trail.note_failure(key, person.id, outcome, visit)
        raise NotAllowed(WRONG, code="wrong_credentials")
    throttle.forgive(key, visit)
    if PASSWORDS.is_outdated(person.password_hash):
        _renew_hash(person.id, person.password_hash, PASSWORDS.hash(password))
    return access.actor_for(person.id)


def confirm_password(actor: Actor, session_id: int, password: str, visit: Visit) -> None:
    """The own password typed again makes the session fresh. Raises `NotAllowed` when it is wrong, and slows guessing here too."""
    _check_own(actor, password, visit, "密码不对。")
    sessions.freshen(session_id)


@deed
def reset_password(work: Work, actor: Actor | None, *, login: str) -> PasswordLink:
    """Somebody's password is no longer good, every session of theirs ends, and they get a link to set another: nobody else learns
    one. The operator at the machine gets the link on paper."""
    by = manager(actor)
    person = person_named(work.session, login)
    require_human(person, "login")
    person.password_hash = ""
    sessions.end_all(work, person.id, SessionEnd.new_password)
    fact = work.record(stream_of(person.id), PersonFacts.password_reset, by, {})
    news.tell_of_change(work, person, by, fact, "密码已重置")
    return links.give(work, by, person, LinkPurpose.reset, is_slip=by is OPERATOR)


@deed
def set_password(work: Work, *, login: str, password: str) -> None:
    """A password chosen by the operator, for the accounts of the demo district; every session of theirs ends."""
    person = person_named(work.session, login)
    require_human(person, "login")
    _set_password(work, person, acceptable(password, words_for(work.session, person)))
    work.record(stream_of(person.id), PersonFacts.password_set, OPERATOR, {})


@deed
def set_by_link(work: Work, *, code: str, password: str) -> str:
    """The password that the holder of a link chose; returns the login. The link is spent with it, and not before: a password that
    is refused leaves it good."""
    person, link = links.spend(work, code)
    _set_password(work, person, acceptable(password, words_for(work.session, person)))
    work.record(stream_of(person.id), PersonFacts.password_set, Actor(person.id, person.name), {
        "link": link.id, "purpose": link.purpose, "is_slip": link.is_slip})
    return person.login


def change_password(actor: Actor, *, old: str, new: str, visit: Visit = NOWHERE) -> None:
    """The own password changed; every other session ends. Raises `NotAllowed` when the old one is wrong, which counts like a
    wrong one at the sign-in."""
    _check_own(actor, old, visit, "原密码不对。")
    if old == new:
        raise NotAllowed("新密码不能与原密码相同。", code="same_password")
    _change_own(actor, new)


@deed
def _change_own(work: Work, actor: Actor, new: str) -> None:
    person = work.session.get_one(Person, actor.id, with_for_update=True)
    _set_password(work, person, acceptable(new, words_for(work.session, person)), keep=actor.sign_in)
    work.record(stream_of(person.id), PersonFacts.password_changed, actor, {})


def _check_own(actor: Actor, password: str, visit: Visit, sentence: str) -> None:
    person = reading().get(Person, actor.id)
    if person is None:
        raise NotAllowed(sentence, code="wrong_credentials")
    login, kept = person.login, person.password_hash
    trail.admit_try(login, visit)
    if not PASSWORDS.matches(password, kept or None):
        trail.note_failure(login, actor.id, SignInOutcome.wrong_password, visit)
        raise NotAllowed(sentence, code="wrong_credentials", field="password")
    throttle.forgive(login, visit)


def _set_password(work: Work, person: Person, secret: str, keep: str = "") -> None:
    person.password_hash = PASSWORDS.hash(secret)
    sessions.end_all(work, person.id, SessionEnd.new_password, keep=keep)
    sessions.renewed(work, person.id)


@deed
def _renew_hash(work: Work, person_id: int, old: str, new: str) -> None:
    """Today's parameters for an old hash, unless the password was changed meanwhile."""
    person = work.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if person.password_hash == old:
        person.password_hash = new
        work.record(stream_of(person_id), PersonFacts.password_rehashed, access.actor_for(person_id), {})
