"""The lines by which cases are routed, as master data: a line never changes, it ends, and another begins."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues, cell_text
from tracker.domain.house.say import Say
from tracker.domain.territory.fact_kinds import RoutingListFacts
from tracker.domain.territory.routing import FENCE_WORDS
from tracker.services.house.caching import rules_changed
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work, wiring
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import RoutingRow

ROUTING = MasterTable("routing", "交办规则", "什么问题、在哪里，由谁主办、谁协办；规则不改写，终止旧的、新增新的", (
    MasterField("number", "编号", FieldKind.number, least=1, most=99_999, is_required=True, is_fixed=True),
    MasterField("category", "问题类型", FieldKind.choice, hint="空着不看类型", is_fixed=True),
    MasterField("area_code", "区划", FieldKind.choice, hint="空着不看区划", is_fixed=True),
    MasterField("keywords", "关键词", hint="有一个就算，用、分开", is_fixed=True),
    MasterField("side", "围栏", FieldKind.choice, choices=tuple(FENCE_WORDS.items()), is_fixed=True, is_listed=False),
    MasterField("lead_unit", "主办单位代码", FieldKind.choice, is_required=True, is_fixed=True),
    MasterField("supporting_units", "协办单位代码", hint="多个用、分开", longest=300, is_fixed=True, is_listed=False),
    MasterField("reason", "理由", longest=300, is_required=True, is_fixed=True),
    MasterField("valid_from", "启用日", FieldKind.date, hint="今天或以后", is_required=True, is_fixed=True, is_listed=False),
    MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天"),
), Permission.rules_manage, ("number",))
STREAM = "rules:routing"


def _rows_now(session: Session) -> Iterator[MasterValues]:
    for row in session.scalars(select(RoutingRow).order_by(RoutingRow.number)):
        listed = {name: getattr(row, f"{name}_codes" if name == "supporting_unit" else name).replace(",", "、") or None
                  for name in ("keywords", "supporting_unit")}
        yield {"number": row.number, "category": row.category or None, "area_code": row.area_code or None,
               "keywords": listed["keywords"], "side": row.side or None, "lead_unit": row.lead_unit_code,
               "supporting_units": listed["supporting_unit"], "reason": row.reason, "valid_from": row.valid_from,
               "valid_to": row.valid_to}


def _units_offered(session: Session) -> Choices:
    today = wiring().clock.today()
    return tuple((unit.code, unit.name) for unit in session.scalars(select(Unit).order_by(Unit.code))
                 if unit.valid_to is None or unit.valid_to >= today)


def _types_offered(session: Session) -> Choices:
    return categories().open_on(wiring().clock.today())


def _areas_offered(session: Session) -> Choices:
    return tuple((area.code, area.name) for area in rules.gazetteer().existing_on(wiring().clock.today()))


def _save_line(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, today = edit.values, work.clock.today()
    begins, ends = values["valid_from"], values["valid_to"]
    assert isinstance(begins, date)
    if edit.is_new and begins < today:
        raise Invalid(Say("交办规则只能从今天（{today}）或以后起用。", today=today), field="valid_from")
    if isinstance(ends, date) and ends < max(begins, today if not edit.is_new else begins):
        raise Invalid(Say("终止日不能早于今天，也不能早于启用日 {begins}。", begins=begins), field="valid_to")
    row = work.session.scalar(select(RoutingRow).where(RoutingRow.number == values["number"]).with_for_update())
    if row is None:
        text = {name: cell_text(values[name]) for name in ("category", "area_code", "side", "reason")}
        row = RoutingRow(number=values["number"], lead_unit_code=values["lead_unit"], valid_from=begins, valid_to=ends,
                         keywords=_comma_list(values["keywords"]), supporting_unit_codes=_supporting_codes(work, values), **text)
        work.session.add(row)
    elif row.valid_to is not None and row.valid_to < today:
        raise Invalid(Say("第 {number} 条已于 {valid_to} 终止，不能再改。", number=row.number, valid_to=row.valid_to), field="valid_to")
    else:
        row.valid_to = ends if isinstance(ends, date) else None
    rules_changed(work.session)
    kind = RoutingListFacts.routing_added if edit.is_new else RoutingListFacts.routing_changed
    work.record(STREAM, kind, by, {"number": row.number, **edit.told()})


def _supporting_codes(work: Work, values: MasterValues) -> str:
    codes = [each for each in _comma_list(values["supporting_units"]).split(",") if each]
    known = dict(_units_offered(work.session))
    if odd := next((code for code in codes if code not in known), None):
        raise Invalid(Say("没有现存的单位“{name}”，请填单位代码或全称。", name=odd), field="supporting_units")
    return ",".join(dict.fromkeys(codes))


def _comma_list(value: object) -> str:
    parts = cell_text(value).replace("，", ",").replace("、", ",").split(",")
    return ",".join(part.strip() for part in parts if part.strip())


MASTERS = (Master(ROUTING, _rows_now, _save_line, lambda values: STREAM,
                  {"category": _types_offered, "lead_unit": _units_offered, "area_code": _areas_offered}, is_stream_shared=True),)
