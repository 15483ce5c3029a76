"""People and their roles: added, granted, revoked, deactivated. Facts of a person carry ids, roles and areas, no personal data.

`actor` None is the operator at the machine's own command line; anybody else needs the permission to manage accounts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import OPERATOR, ROLE_GRANTS, Actor, Grant, Permission, Role
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound
from tracker.domain.house.say import Listed, Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import PersonKind, SessionEnd
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed
from tracker.services.people import access, delegations
from tracker.services.people.passwords import PASSWORDS, acceptable, generated
from tracker.services.people.persons import person_named, require_human, stream_of
from tracker.services.people.sign_in import authenticate, change_password, reset_password
from tracker.services.people.signing import sessions
from tracker.services.people.succession import hand_over, require_no_open_work
from tracker.services.people.units import add_unit, end_unit, manager, unit_in_being
from tracker.storage.people.accounts import Person, RoleGrant

__all__ = [
    "STEP_ROLES", "Added", "add_person", "add_unit", "authenticate", "change_password", "deactivate", "end_unit", "grant",
    "reset_password", "revoke", "set_head",
]  # fmt: skip

STEP_PERMISSIONS = frozenset(who.permission for step in CASE_FLOW.steps.values() for who in step.who) | {
    Permission.case_register, Permission.case_import, Permission.identity_reveal,
}
# Whoever holds one of these may act on a case, and so may not be an administrator; and the other way round.
STEP_ROLES = frozenset(role for role in Role if ROLE_GRANTS[role] & STEP_PERMISSIONS)
MANAGING_ROLES = frozenset(role for role in Role if Permission.account_manage in ROLE_GRANTS[role])
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")
_AREA = re.compile(r"[0-9]{0,12}")


@dataclass(frozen=True)
class Added:
    """A new person. `password` is shown once and kept nowhere; a service has none."""

    id: int
    login: str
    password: str


@deed
def add_person(work: Work, actor: Actor | None, *, login: str, name: str, unit: str | None = None, roles: Iterable[Grant] = (),
               email: str | None = None, title: str = "", password: str | None = None,
               kind: PersonKind = PersonKind.person) -> Added:
    """A new person with their roles; without a password one is made. `unit` is a code or a full name. A service has no password,
    no address and no role of people."""
    by = manager(actor)
    login, wanted = _checked_login(login), tuple(dict.fromkeys(roles))
    if work.session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise Conflict(Say("登录名“{login}”已有人使用，请换一个。", login=login), code="login_taken", field="login")
    if not name.strip() or len(name) > 200:
        raise Invalid("姓名应为 1 至 200 字。", field="name")
    secret = _first_secret(kind, login, email, password)
    found = unit_in_being(work, unit) if unit else None
    person = Person(
        login=login, name=name.strip(), title=title.strip()[:100], email=_checked_email(email), unit_id=found.id if found
        else None,
        password_hash=PASSWORDS.hash(secret) if secret else "", created_at=work.clock.now(), kind=kind,
    )
    work.session.add(person)
    work.session.flush()
    work.record(stream_of(person.id), PersonFacts.added, by, {"unit_id": person.unit_id, "kind": kind})
    for each in wanted:
        _grant_role(work, by, person, each)
    return Added(person.id, login, secret)


@deed
def grant(work: Work, actor: Actor | None, *, login: str, role: Role, area_code: str = "") -> None:
    """One more role for a person, within an area ("" = everywhere)."""
    _grant_role(work, manager(actor), person_named(work.session, login), Grant(role, area_code))


@deed
def revoke(work: Work, actor: Actor | None, *, login: str, role: Role, area_code: str | None = None) -> int:
    """End a person's role in an area, or in every area; returns how many grants ended. Raises `NotFound` when there is none."""
    by, person = manager(actor), person_named(work.session, login)
    ending = [g for g in access.grants_now(person.id) if g.role is role and area_code in (None, g.area_code)]
    if not ending:
        where = Say("（区划 {area_code}）", area_code=area_code) if area_code else ""
        raise NotFound(Say("“{login}”没有“{role}”角色{where}。", login=login, role=Say(ROLES[role]), where=where))
    if role in MANAGING_ROLES:
        _keep_an_administrator(work, by, person)
    for each in ending:
        each.revoked_at = work.clock.now()
        work.record(stream_of(person.id), PersonFacts.revoked, by, {"role": role, "area_code": each.area_code})
    sessions.end_all(work, person.id, SessionEnd.new_roles, keep=by.sign_in)
    return len(ending)


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
        raise NotAllowed("不能停用自己的账号，请由另一名管理员办理。", code="self")
    if any(g.role in MANAGING_ROLES for g in access.grants_now(person.id)):
        _keep_an_administrator(work, by, person)
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


def _grant_role(work: Work, by: Actor, person: Person, wanted: Grant) -> None:
    if not _AREA.fullmatch(wanted.area_code):
        raise Invalid(Say("区划代码应为数字，“{area_code}”无法识别。", area_code=wanted.area_code), field="area_code")
    require_human(person, "role")
    held = access.grants_now(person.id)
    if any(g.role is wanted.role and g.area_code == wanted.area_code for g in held):
        return
    require_separation({wanted.role, *(g.role for g in held)})
    work.session.add(RoleGrant(person_id=person.id, role=wanted.role, area_code=wanted.area_code, granted_at=work.clock.now()))
    work.session.flush()
    _lists_anew(work, wanted.role)
    work.record(stream_of(person.id), PersonFacts.granted, by, {"role": wanted.role, "area_code": wanted.area_code})
    sessions.end_all(work, person.id, SessionEnd.new_roles, keep=by.sign_in)


def _lists_anew(work: Work, role: Role) -> None:
    """The register offers leads as sponsors to filter by."""
    if role is Role.lead:
        rules_changed(work.session)


def require_separation(roles: Iterable[Role]) -> None:
    """Raise `NotAllowed` when one person would manage accounts and act on cases."""
    held = set(roles)
    if held & MANAGING_ROLES and held & STEP_ROLES:
        both = Listed(Say(ROLES[role]) for role in Role if role in held & STEP_ROLES)
        raise NotAllowed(Say("管理员不得参与办案：同一人不能既是管理员，又是{both}。", both=both), code="admin_takes_no_step", field="role")


def _keep_an_administrator(work: Work, by: Actor, leaving: Person) -> None:
    """The last administrator stays, unless the operator says otherwise."""
    others = select(Person.id).join(RoleGrant).where(
        RoleGrant.role.in_(MANAGING_ROLES), RoleGrant.revoked_at.is_(None), Person.deactivated_on.is_(None),
        Person.id != leaving.id)
    if by is not OPERATOR and work.session.scalar(others.limit(1)) is None:
        raise NotAllowed("这是最后一名管理员，请先指定另一名管理员。", code="last_admin")


def _first_secret(kind: PersonKind, login: str, email: str | None, password: str | None) -> str:
    """The password that somebody begins with; empty for a service, which neither signs in nor reads mail."""
    if kind is PersonKind.service:
        if email or password is not None:
            raise Invalid("服务账号不登录、不收邮件，不设密码和邮箱。", field="email" if email else "password")
        return ""
    return acceptable(password, login) if password is not None else generated()


def _checked_login(text: str) -> str:
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login) or login in ("clock", OPERATOR.login):
        raise Invalid(Say("登录名应为 2 至 40 个小写字母、数字或 . _ -，“{text}”不符合。", text=text), field="login")
    return login


def _checked_email(text: str | None) -> str | None:
    address = (text or "").strip()
    if address and (len(address) > 200 or not _EMAIL.fullmatch(address)):
        raise Invalid(Say("“{address}”不是邮箱地址。", address=address[:60]), field="email")
    return address or None
