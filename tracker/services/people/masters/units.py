"""Units as master data: what of a unit may change, its end, and who heads it."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.cases.facts import ACTIVE
from tracker.domain.cases.wording import UNIT_KINDS
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import LISTED, MasterEdit, MasterField, MasterTable, MasterValues, cell_text, listed_parts
from tracker.domain.house.say import Say
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work, wiring
from tracker.services.people import accounts, mergers, units
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, Unit

UNITS = MasterTable("units", "单位", "责任单位：名称、类别、上级、辖区、负责人，撤销与并入", (
    MasterField("code", "代码", hint="字母、数字，如 XH-HB", longest=40, is_required=True, is_fixed=True),
    MasterField("name", "名称", is_required=True),
    MasterField("kind", "类别", FieldKind.choice, choices=tuple(UNIT_KINDS.items()), is_required=True),
    MasterField("parent", "上级", FieldKind.choice),
    MasterField("area_code", "辖区", FieldKind.choice),
    MasterField("phone", "电话", longest=60, is_listed=False),
    MasterField("email", "邮箱", is_listed=False),
    MasterField("head", "负责人", hint="本单位在岗人员的登录名，多人用、分开", is_personal=True),
    MasterField("valid_from", "启用日", FieldKind.date, hint="不填则从今天起", is_fixed=True, is_listed=False),
    MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天；以往的案件仍记它的名字"),
    MasterField("successor", "并入", FieldKind.choice, hint="终止后，未办结的案件和在岗人员转给它", is_listed=False),
), Permission.account_manage, ("code",))
KEPT = ("name", "kind", "parent", "area_code", "phone", "email")
ENDS = ("valid_to", "successor")


def _rows_now(session: Session) -> Iterator[MasterValues]:
    heads: dict[int, list[str]] = {}
    for unit_id, login in session.execute(select(Person.unit_id, Person.login).where(
            Person.is_head, Person.unit_id.is_not(None), Person.deactivated_on.is_(None)).order_by(Person.login)):
        heads.setdefault(unit_id or 0, []).append(login)
    above, heir = aliased(Unit), aliased(Unit)
    query = select(Unit, above.code, heir.code).outerjoin(above, above.id == Unit.parent_id).outerjoin(
        heir, heir.id == Unit.successor_id).order_by(Unit.valid_to.is_not(None), Unit.code)
    for unit, parent, successor in session.execute(query):
        yield {"code": unit.code, "name": unit.name, "kind": unit.kind, "parent": parent, "area_code": unit.area_code or None,
               "phone": unit.phone, "email": unit.email, "head": LISTED.join(heads.get(unit.id, ())) or None,
               "valid_from": unit.valid_from, "valid_to": unit.valid_to, "successor": successor}


def units_offered(session: Session) -> Choices:
    """Every unit in being."""
    today = wiring().clock.today()
    return tuple((unit.code, unit.name) for unit in session.scalars(select(Unit).order_by(Unit.code))
                 if unit.valid_to is None or unit.valid_to >= today)


def _areas_offered(session: Session) -> Choices:
    return tuple((area.code, area.name) for area in rules.gazetteer().existing_on(wiring().clock.today()))


def _save_unit(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, changed = edit.values, set(edit.changed)
    code, text = str(values["code"]), {name: cell_text(values[name]) for name in KEPT}
    ends, begins = values["valid_to"], values["valid_from"]
    if edit.is_new:
        accounts.add_unit(by, code=code, name=text["name"], kind=text["kind"], parent=text["parent"] or None,
                          area_code=text["area_code"], email=text["email"], phone=text["phone"], told=edit.told(),
                          valid_from=begins if isinstance(begins, date) else work.clock.today())
    elif changed & set(KEPT):
        units.change_unit(by, code=code, told=edit.told(), name=text["name"], kind=text["kind"], parent=text["parent"] or None,
                          area_code=text["area_code"], email=text["email"], phone=text["phone"])
    if "head" in changed:
        _set_heads(work, by, code, str(values["head"] or ""))
    if changed & set(ENDS):
        _set_end(by, edit, code, ends)


def _set_end(by: Actor, edit: MasterEdit, code: str, ends: object) -> None:
    successor = cell_text(edit.values["successor"])
    if isinstance(ends, date):
        units.end_unit(by, code=code, last_day=ends, successor=successor or None, told=edit.told())
    elif successor:
        raise Invalid("写了并入哪个单位，也要写终止日。", field="valid_to")
    elif not edit.is_new:
        units.keep_unit(by, code=code, told=edit.told())


def _set_heads(work: Work, by: Actor, code: str, wanted: str) -> None:
    logins = {each.lower() for each in listed_parts(wanted)}
    unit = units.unit_coded(work, code)
    people = {person.login: person for person in work.session.scalars(
        select(Person).where(Person.unit_id == unit.id, Person.deactivated_on.is_(None)))}
    if strange := sorted(logins - people.keys()):
        raise Invalid(Say("“{login}”不是“{unit_name}”的在岗人员，不能作负责人。", login=strange[0], unit_name=unit.name), field="head")
    for login, person in sorted(people.items()):
        if person.is_head != (login in logins):
            accounts.set_head(by, login=login, is_head=login in logins)


def _effects_of(session: Session, edit: MasterEdit) -> tuple[str, ...]:
    unit = session.scalar(select(Unit).where(Unit.code == edit.values["code"])) if not edit.is_new else None
    if unit is None:
        return ()
    said: list[str] = []
    if "area_code" in edit.changed:
        open_cases = select(func.count()).select_from(Case).where(Case.lead_unit_id == unit.id, Case.state.in_(ACTIVE))
        said.append(Say("辖区改后：它主办的 {count} 件未办结案件不变，以后按新辖区分办；人员的角色辖区不随之改变。",
                        count=session.scalar(open_cases) or 0))
    heir = session.scalar(select(Unit).where(Unit.code == edit.values["successor"])) if edit.values["successor"] else None
    if set(edit.changed) & set(ENDS) and heir is not None:
        moved = mergers.foresee_merger(session, unit.id, heir.id)
        said.append(Say("终止日次日转给“{heir_name}”：主办 {led} 件，协办 {supported} 件，人员 {people} 人。", heir_name=heir.name, led=moved.led,
                        supported=moved.supported, people=moved.people))
        if moved.kept:
            said.append(Say("{count} 件已由“{heir_name}”的人核查，暂留原单位，办结为止。", count=moved.kept, heir_name=heir.name))
    return tuple(said)


MASTER = Master(UNITS, _rows_now, _save_unit, lambda values: f"unit:{values['code']}",
                {"parent": units_offered, "successor": units_offered, "area_code": _areas_offered}, _effects_of)
