"""People as master data: two hundred at once, and one by one, by the deeds of accounts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import NEEDS_SECOND, Actor, Permission, Role
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues, cell_text
from tracker.domain.house.say import Say
from tracker.domain.people.kinds import ACCOUNT_STATES, AccountState, PersonKind
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work, wiring
from tracker.services.people import accounts
from tracker.services.people.masters.typed_roles import grants_of, settled, typed_areas, typed_roles
from tracker.services.people.masters.units import units_offered
from tracker.services.people.persons import person_named, stream_of
from tracker.services.people.signing.links import PasswordLink
from tracker.storage.people.account_states import account_states
from tracker.storage.people.accounts import Person, RoleGrant, Unit

PEOPLE = MasterTable("people", "人员", "账号：姓名、单位、职务、联系方式、角色和辖区", (
    MasterField("login", "登录名", hint="小写字母、数字", longest=40, is_required=True, is_fixed=True, is_personal=True),
    MasterField("name", "姓名", is_required=True, is_personal=True),
    MasterField("unit", "单位代码", FieldKind.choice),
    MasterField("title", "职务", longest=100, is_personal=True),
    MasterField("email", "邮箱", hint="设密码的链接寄到这里", is_personal=True, is_listed=False),
    MasterField("phone", "电话", longest=60, is_personal=True, is_listed=False),
    MasterField("roles", "角色", hint="如 核查员；多个用、分开；各有辖区的写 核查员:330106", longest=500),
    MasterField("areas", "辖区", hint="区划代码，多个用、分开；不限写 全部", longest=500),
    MasterField("state", "状态", FieldKind.choice, choices=tuple((each.value, word) for each, word in ACCOUNT_STATES.items()),
                is_derived=True),
    MasterField("heir", "接手人", hint="调动、停用时由谁接手未办结的工作，填登录名", longest=40, is_personal=True, is_listed=False),
    MasterField("deactivated_on", "停用日", FieldKind.date, hint="只能填当天", is_listed=False),
), Permission.account_manage, ("login",), "deactivated_on", asks_fresh=True)
PLAIN = frozenset({"name", "title", "phone"})
PAPERLESS = NEEDS_SECOND | {Role.lead}  # whose links stand on no sheet


def _rows_now(session: Session) -> Iterator[MasterValues]:
    states = account_states(session, wiring().clock.now())
    grants: dict[int, list[RoleGrant]] = {}
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.revoked_at.is_(None)).order_by(RoleGrant.id)):
        grants.setdefault(grant.person_id, []).append(grant)
    query = select(Person, Unit.code).outerjoin(Unit, Unit.id == Person.unit_id).where(Person.kind == PersonKind.person)
    for person, unit in session.execute(query.order_by(Person.deactivated_on.is_not(None), Person.login)):
        held = {(each.role, each.area_code) for each in grants.get(person.id, ())}
        yield {"login": person.login, "name": person.name, "unit": unit, "title": person.title or None, "email": person.email,
               "phone": person.phone, "roles": typed_roles(held), "areas": typed_areas(held), "heir": None,
               "state": states.get(person.id, AccountState.enabled).value, "deactivated_on": person.deactivated_on,
               "id": person.id}


def _save_person(work: Work, by: Actor, edit: MasterEdit) -> PasswordLink | None:
    login, text = str(edit.values["login"]), {name: cell_text(value) for name, value in edit.values.items()}
    if edit.is_new:
        return _add_person(by, edit, text)
    changed = set(edit.changed)
    if edit.before is not None and edit.before["deactivated_on"] is not None:
        raise Invalid(Say("“{login}”已停用，不能再改。", login=login), field="login")
    heir = text["heir"] or None
    if changed & PLAIN:
        told = replace(edit, changed=tuple(name for name in edit.changed if name in PLAIN)).told()
        accounts.change_person(by, login=login, name=text["name"], title=text["title"], phone=text["phone"], told=told)
    if "email" in changed:
        accounts.change_email(by, login=login, email=text["email"])
    if changed & {"roles", "areas"}:
        _settle_roles(work, by, login, text)
    if "unit" in changed:
        accounts.move_person(by, login=login, unit=text["unit"] or None, heir=heir)
    if "deactivated_on" in changed:
        _require_today(work, edit.values["deactivated_on"])
        accounts.deactivate(by, login=login, heir=heir)
    elif heir is not None and "unit" not in changed:
        raise Invalid("只有调动或停用时才写接手人。", field="heir")
    return None


def _add_person(by: Actor, edit: MasterEdit, text: dict[str, str]) -> PasswordLink | None:
    login, wanted = str(edit.values["login"]), grants_of(text["roles"], text["areas"], set())
    if login != login.lower():
        raise Invalid(Say("登录名只用小写，可写“{lower}”。", lower=login.lower()), field="login")
    if edit.is_bulk and not text["email"] and any(each.role in PAPERLESS for each in wanted):
        raise Incomplete("管理员、审计员、身份保管员和区领导须填邮箱：他们的链接不写在表里。", field="email")
    if text["heir"] or text["deactivated_on"]:
        raise Invalid("新增的人员不写接手人和停用日。", field="heir" if text["heir"] else "deactivated_on")
    added = accounts.add_person(by, login=login, name=text["name"], unit=text["unit"] or None, roles=wanted, email=text["email"],
                                title=text["title"], phone=text["phone"], is_mailed=True)
    return added.link if added.link is not None and added.link.code else None


def _settle_roles(work: Work, by: Actor, login: str, text: dict[str, str]) -> None:
    """The grants as they were typed: what is missing is revoked, what is new granted, or proposed to a second person."""
    person = person_named(work.session, login)
    held = {(each.role, each.area_code) for each in work.session.scalars(select(RoleGrant).where(
        RoleGrant.person_id == person.id, RoleGrant.revoked_at.is_(None)))}
    wanted = grants_of(text["roles"], text["areas"], {area for _, area in held})
    pairs = {(each.role, each.area_code) for each in wanted}
    for role, area in sorted(held - pairs):
        accounts.revoke(by, login=login, role=role, area_code=area)
    for each in wanted:
        if (each.role, each.area_code) not in held:
            accounts.grant(by, login=login, role=each.role, area_code=each.area_code)


def _require_today(work: Work, on: object) -> None:
    if not isinstance(on, date) or on != work.clock.today():
        raise Invalid(Say("停用从当天起，停用日只能填今天（{today}）。", today=work.clock.today()), field="deactivated_on")


def _stream_of(values: MasterValues) -> str:
    return stream_of(int(str(values["id"])))


def _settle_typed(before: MasterValues | None, values: MasterValues) -> MasterValues:
    return {**values, **settled(before or {}, cell_text(values["roles"]), cell_text(values["areas"]))}


MASTER = Master(PEOPLE, _rows_now, _save_person, _stream_of, {"unit": units_offered}, settle=_settle_typed)
