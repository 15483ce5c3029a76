"""Section chiefs （段长） as master data: dated posts on both sides of the railway, each handed over from a day."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues
from tracker.domain.house.say import Say
from tracker.domain.people.kinds import PersonKind
from tracker.domain.territory.fact_kinds import ChiefFacts
from tracker.domain.territory.shapes.layers import Layer
from tracker.domain.territory.shapes.measures import of_layer
from tracker.domain.territory.shapes.sections import RAIL, RAIL_UNIT, SIDE_WORDS, TIER_WORDS, post_faults, section_faults
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work, wiring
from tracker.services.territory.shapes.ground import shapes_on
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.chiefs import posts_on
from tracker.storage.territory.shapes import ChiefRow

NAME = "chiefs"
ONE_DAY = timedelta(days=1)
CHIEFS = MasterTable(NAME, "段长", "铁路沿线各段落的双段长：地方、铁路两边各三级，从哪天起由谁担任", (
    MasterField("section", "段落", FieldKind.choice, is_required=True, is_fixed=True),
    MasterField("side", "哪一方", FieldKind.choice, choices=tuple(SIDE_WORDS.items()), is_required=True, is_fixed=True),
    MasterField("tier", "级别", FieldKind.choice, choices=tuple((str(tier), word) for tier, word in TIER_WORDS.items()),
                is_required=True, is_fixed=True),
    MasterField("unit", "单位", FieldKind.choice, is_required=True),
    MasterField("person", "段长登录名", hint="没有账号的可不填", longest=60, is_personal=True),
    MasterField("title", "职务", longest=60),
    MasterField("valid_from", "任职日", FieldKind.date, hint="从哪天起；原任的前一天为最后一天", is_required=True, is_fixed=True),
    MasterField("valid_to", "最后一天", FieldKind.date),
), Permission.territory_manage, ("section", "side", "tier", "valid_from"))
PARTS = ("unit", "person")  # what a post that has begun keeps


def faults_on(session: Session, on: date, section: str = "") -> list[Say]:
    """What is wrong with sections and posts on a day, of one section or of all."""
    every = of_layer(shapes_on(session, on), Layer.section)
    own = [each for each in every if each.code == section] if section else every
    beside = [said for said in section_faults(every) if not section or section in (said.values["one"], said.values["other"])]
    return [*beside, *post_faults(own, posts_on(session, on, section))]


def _rows_now(session: Session) -> Iterator[MasterValues]:
    query = (select(ChiefRow, Unit.code, Person.login).join(Unit, Unit.id == ChiefRow.unit_id)
             .outerjoin(Person, Person.id == ChiefRow.person_id)
             .order_by(ChiefRow.section_code, ChiefRow.tier, ChiefRow.side, ChiefRow.valid_from))
    for row, unit, login in session.execute(query):
        yield {"section": row.section_code, "side": row.side, "tier": str(row.tier), "unit": unit, "person": login,
               "title": row.title or None, "valid_from": row.valid_from, "valid_to": row.valid_to}


def _sections_offered(session: Session) -> Choices:
    return tuple((shape.code, shape.name) for shape in of_layer(shapes_on(session, wiring().clock.today()), Layer.section))


def _units_offered(session: Session) -> Choices:
    today = wiring().clock.today()
    return tuple((unit.code, unit.name) for unit in session.scalars(select(Unit).order_by(Unit.code))
                 if unit.valid_to is None or unit.valid_to >= today)


def _save_chief(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, begins, ends = edit.values, edit.values["valid_from"], edit.values["valid_to"]
    assert isinstance(begins, date)
    if isinstance(ends, date) and ends < begins:
        raise Invalid(Say("最后一天 {ends} 早于任职日 {begins}。", ends=ends, begins=begins), field="valid_to")
    if not edit.is_new and begins < work.clock.today() and set(PARTS) & set(edit.changed):
        raise Invalid("已经任职的段长不改人、不改单位；换任请另写一条，写明从哪天起。", field=next(each for each in PARTS if each in edit.changed))
    unit, person = _unit_named(work, str(values["unit"]), str(values["side"])), _person_named(work, values["person"])
    row = _row_of(work, edit, begins)
    others = _others_of(work, row)
    if edit.is_new:
        _hand_over(others, begins)
    _require_apart(others, begins, ends if isinstance(ends, date) else None)
    if person is not None:
        _require_one_side(work, row, person)
    row.unit_id, row.person_id, row.title = unit.id, person.id if person is not None else None, str(values["title"] or "")
    row.valid_to = ends if isinstance(ends, date) else None
    work.session.add(row)
    work.record(f"chief:{row.section_code}", ChiefFacts.appointed if edit.is_new else ChiefFacts.changed, by, edit.told())


def _row_of(work: Work, edit: MasterEdit, begins: date) -> ChiefRow:
    section, side, tier = (str(edit.values[name]) for name in ("section", "side", "tier"))
    if edit.is_new:
        return ChiefRow(section_code=section, side=side, tier=int(tier), valid_from=begins)
    return work.session.scalars(select(ChiefRow).where(
        ChiefRow.section_code == section, ChiefRow.side == side, ChiefRow.tier == int(tier), ChiefRow.valid_from == begins)).one()


def _others_of(work: Work, row: ChiefRow) -> list[ChiefRow]:
    """The other rows of the same post."""
    return [each for each in work.session.scalars(select(ChiefRow).where(
        ChiefRow.section_code == row.section_code, ChiefRow.side == row.side, ChiefRow.tier == row.tier)
        .order_by(ChiefRow.valid_from).with_for_update()) if each is not row]


def _hand_over(others: list[ChiefRow], begins: date) -> None:
    """Who holds the post has it until the day before."""
    for each in others:
        if each.valid_from < begins and (each.valid_to is None or each.valid_to >= begins):
            each.valid_to = begins - ONE_DAY


def _require_apart(others: list[ChiefRow], begins: date, ends: date | None) -> None:
    """Nobody else holds the post on any of these days."""
    for each in others:
        if (each.valid_to is None or each.valid_to >= begins) and (ends is None or ends >= each.valid_from):
            raise Conflict(Say("这一级段长自 {day} 起已另有人担任。", day=each.valid_from), code="post_taken", field="valid_from")


def _require_one_side(work: Work, row: ChiefRow, person: Person) -> None:
    """Nobody is a chief of a section on both sides."""
    taken = work.session.scalar(select(ChiefRow.id).where(
        ChiefRow.section_code == row.section_code, ChiefRow.side != row.side, ChiefRow.person_id == person.id,
        ChiefRow.valid_to.is_(None) | (ChiefRow.valid_to >= row.valid_from)))
    if taken is not None:
        raise Invalid(Say("“{name}”已是这一段另一方的段长，一人不能兼任两方。", name=person.name), field="person")


def _unit_named(work: Work, code: str, side: str) -> Unit:
    """The unit of a post: one of the railway on its side, none of the railway on the other."""
    unit = work.session.scalars(select(Unit).where(Unit.code == code)).one()
    if _is_of_railway(work.session, unit) is not (side == RAIL):
        raise Invalid(Say("“{unit}”不是{side}一方的单位。", unit=unit.name, side=Say(SIDE_WORDS[side])), field="unit")
    return unit


def _is_of_railway(session: Session, unit: Unit) -> bool:
    above = aliased(Unit)
    return unit.kind == RAIL_UNIT or (unit.parent_id is not None and session.scalar(
        select(above.kind).where(above.id == unit.parent_id)) == RAIL_UNIT)


def _person_named(work: Work, login: object) -> Person | None:
    """Who holds it. Raises `Invalid` for nobody who is in office."""
    if not login:
        return None
    person = work.session.scalar(select(Person).where(Person.login == str(login).strip().lower(),
                                                      Person.kind == PersonKind.person))
    if person is None:
        raise Invalid(Say("没有登录名为“{login}”的人员。", login=str(login)), field="person")
    if person.deactivated_on is not None:
        raise Invalid(Say("“{name}”已停用，不能担任段长。", name=person.name), field="person")
    return person


MASTERS = (Master(CHIEFS, _rows_now, _save_chief, lambda values: f"chief:{values['section']}", offers={
    "section": _sections_offered, "unit": _units_offered}, is_stream_shared=True),)
