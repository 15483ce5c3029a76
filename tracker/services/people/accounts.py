"""People and their roles: added, granted, revoked, deactivated. Facts of a person carry ids, roles and areas, no personal data.

`actor` None is the operator at the machine's own command line; anybody else needs the permission to manage accounts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import NEEDS_SECOND, OPERATOR, Actor, Grant, Role
from tracker.domain.house.errors import Conflict, Invalid, NotFound
from tracker.domain.house.say import Listed, Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import LinkPurpose, PersonKind, SessionEnd
from tracker.services.house.work import Work, deed
from tracker.services.people import access, delegations
from tracker.services.people.changing import change_person, checked_name, checked_title, invite_again, invite_expired, move_person
from tracker.services.people.passwords import PASSWORDS, acceptable
from tracker.services.people.persons import person_named, require_human, stream_of
from tracker.services.people.proposals import propose
from tracker.services.people.roles import STEP_ROLES, give_role, keep_holders, require_separation
from tracker.services.people.sign_in import authenticate, change_password, reset_password, set_by_link, set_password
from tracker.services.people.signing import links, news, sessions
from tracker.services.people.signing.links import PasswordLink
from tracker.services.people.succession import hand_over, require_no_open_work
from tracker.services.people.units import add_unit, checked_email, checked_phone, end_unit, manager, require_home, unit_in_being
from tracker.services.rules.places import reach_of
from tracker.storage.people.accounts import Person

__all__ = [
    "STEP_ROLES", "Added", "add_person", "add_unit", "authenticate", "change_email", "change_password", "change_person",
    "deactivate", "end_unit", "grant", "invite_again", "invite_expired", "move_person", "reset_password", "revoke",
    "set_by_link", "set_head", "set_password",
]  # fmt: skip

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


@dataclass(frozen=True)
class Added:
    """A new person, and the link with which they set their password; a service has none."""

    id: int
    login: str
    link: PasswordLink | None


@deed
def add_person(work: Work, actor: Actor | None, *, login: str, name: str, unit: str | None = None, roles: Iterable[Grant] = (),
               email: str | None = None, title: str = "", phone: str | None = None, password: str | None = None,
               kind: PersonKind = PersonKind.person, purpose: LinkPurpose = LinkPurpose.invite, is_mailed: bool = False) -> Added:
    """A new person with their roles, who gets a link to set a password. `unit` is a code or a full name. A service has no
    password, no address and no role of people; only accounts of the demo district come with a password. The operator gets the
    link on paper, unless it `is_mailed`."""
    by = manager(actor)
    if kind is PersonKind.person:
        require_home(work)
    login, today = checked_login(login), work.clock.today()
    wanted = tuple(dict.fromkeys(Grant(each.role, reach_of(each.area_code, today, field="role")) for each in roles))
    if work.session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise Conflict(Say("登录名“{login}”已有人使用，请换一个。", login=login), code="login_taken", field="login")
    secret = _first_secret(kind, login, email, password)
    found = unit_in_being(work, unit) if unit else None
    person = Person(
        login=login, name=checked_name(name), title=checked_title(title), email=checked_email(email), phone=checked_phone(phone),
        unit_id=found.id if found else None, password_hash=PASSWORDS.hash(secret) if secret else "", created_at=work.clock.now(),
        kind=kind)
    work.session.add(person)
    work.session.flush()
    fact = work.record(stream_of(person.id), PersonFacts.added, by, {"unit_id": person.unit_id, "kind": kind})
    require_separation(each.role for each in wanted)
    for each in wanted:
        (propose if needs_second(by, each.role) else give_role)(work, by, person, each)
    held = Listed(Say(ROLES[each.role]) for each in wanted) if wanted else Say("没有角色")
    news.tell_of_change(work, person, by, fact, Say("新建账号，角色：{held}", held=held), is_person_told=False)
    is_invited = kind is PersonKind.person and not secret
    link = links.give(work, by, person, purpose, is_slip=by is OPERATOR and not is_mailed) if is_invited else None
    return Added(person.id, login, link)


@deed
def grant(work: Work, actor: Actor | None, *, login: str, role: Role, area_code: str = "") -> bool:
    """One more role for a person, within an area ("" = everywhere). Returns whether it waits for a second person now."""
    by, person = manager(actor), person_named(work.session, login)
    wanted = Grant(role, reach_of(area_code, work.clock.today()))
    if needs_second(by, role):
        return propose(work, by, person, wanted)
    fact = give_role(work, by, person, wanted)
    if fact is not None:
        news.tell_of_change(work, person, by, fact, Say("增加了角色“{role}”", role=Say(ROLES[role])))
    return False


@deed
def revoke(work: Work, actor: Actor | None, *, login: str, role: Role, area_code: str | None = None) -> int:
    """End a person's role in an area, or in every area; returns how many grants ended. Raises `NotFound` when there is none."""
    by, person = manager(actor), person_named(work.session, login)
    ending = [g for g in access.grants_now(person.id) if g.role is role and area_code in (None, g.area_code)]
    if not ending:
        where = Say("（区划 {area_code}）", area_code=area_code) if area_code else ""
        raise NotFound(Say("“{login}”没有“{role}”角色{where}。", login=login, role=Say(ROLES[role]), where=where))
    if len(ending) == sum(g.role is role for g in access.grants_now(person.id)):
        keep_holders(work, person, {role})
    if role is Role.admin and by.id == person.id:
        raise Invalid("不能收回自己的管理员角色，请由另一名管理员办理。", code="self")
    for each in ending:
        each.revoked_at = work.clock.now()
        fact = work.record(stream_of(person.id), PersonFacts.revoked, by, {"role": role, "area_code": each.area_code})
        news.tell_of_change(work, person, by, fact, Say("收回了角色“{role}”", role=Say(ROLES[role])))
    sessions.end_all(work, person.id, SessionEnd.new_roles, keep=by.sign_in)
    return len(ending)


@deed
def change_email(work: Work, actor: Actor | None, *, login: str, email: str | None) -> bool:
    """Another address for somebody's mail, told at the old one too. No link to set a password goes to the new one until it has
    rested; those that are out open no more. Returns whether that was news."""
    by, person = manager(actor), person_named(work.session, login)
    require_human(person, "email")
    old, new = person.email, checked_email(email)
    if new == old:
        return False
    person.email, person.email_since = new, work.clock.now()
    links.kill(work, person.id)
    fact = work.record(stream_of(person.id), PersonFacts.email_changed, by, {
        "email": work.wiring.cipher.keyed_digest(f"email|{new}") if new else ""})
    news.tell_of_change(work, person, by, fact, "邮箱已更改", old_address=old)
    return True


@deed
def set_head(work: Work, actor: Actor | None, *, login: str, is_head: bool) -> bool:
    """Say whether somebody heads their unit; the ladder tells the head what is overdue. Returns whether that was news."""
    by, person = manager(actor), person_named(work.session, login)
    require_human(person, "is_head")
    if is_head and person.unit_id is None:
        raise Invalid(Say("“{person_name}”没有单位，不能设为单位负责人。", person_name=person.name), field="is_head")
    if person.is_head == is_head:
        return False
    person.is_head = is_head
    work.record(stream_of(person.id), PersonFacts.head_set, by, {"unit_id": person.unit_id, "is_head": is_head})
    return True


@deed
def deactivate(work: Work, actor: Actor | None, *, login: str, heir: str | None = None) -> int:
    """From today this person does not sign in and gets no mail; returns how many sponsorships went to the heir.

    Refused while open work is theirs until an heir is named. What the heir takes over is what the flow lets one person
    take from another: the sponsorships. A request that waits for a decision still says who asked; a unit's work stays
    the unit's, so the heir must be able to go on with it. Delegations that they gave or were given end by themselves.
    """
    by, person = manager(actor), person_named(work.session, login)
    if by.id == person.id:
        raise Invalid("不能停用自己的账号，请由另一名管理员办理。", code="self")
    keep_holders(work, person, {g.role for g in access.grants_now(person.id)})
    successor = person_named(work.session, heir) if heir else None
    if successor is None:
        require_no_open_work(work, person)
    elif successor.id == person.id:
        raise Invalid("继任者不能是本人。", field="heir")
    else:
        require_human(successor, "heir")
    person.deactivated_on = work.clock.today()
    sessions.end_all(work, person.id, SessionEnd.deactivated)
    fact = work.record(stream_of(person.id), PersonFacts.deactivated, by, {"heir_id": successor.id if successor else None})
    delegations.end_all(work, by, person)
    return hand_over(work, person, successor, f"{fact.stream}#{fact.seq}") if successor else 0


def needs_second(by: Actor, role: Role) -> bool:
    """Whether another must confirm; not at the machine's own command line, of which auditors and leads are told."""
    return role in NEEDS_SECOND and by is not OPERATOR


def _first_secret(kind: PersonKind, login: str, email: str | None, password: str | None) -> str:
    """The password of an account of the demo; "" for who sets their own, and for a service, which neither signs in nor reads
    mail."""
    if kind is PersonKind.service:
        if email or password is not None:
            raise Invalid("服务账号不登录、不收邮件，不设密码和邮箱。", field="email" if email else "password")
        return ""
    return acceptable(password, (login,)) if password is not None else ""


def checked_login(text: str) -> str:
    """A login in its one form. Raises `Invalid`."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login) or login in ("clock", OPERATOR.login):
        raise Invalid(Say("登录名应为 2 至 40 个小写字母、数字或 . _ -，“{text}”不符合。", text=text), field="login")
    return login
