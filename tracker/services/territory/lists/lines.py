"""The lines of the responsibility list, as master data: those of the draft; while there is none, those in force to be read."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues, cell_text
from tracker.domain.house.say import Say
from tracker.domain.territory.fact_kinds import RuleListFacts
from tracker.domain.territory.responsibility import require_no_clash, require_sound
from tracker.domain.territory.routing import FENCE_WORDS, WORKS
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work, wiring
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.services.territory.lists import versions
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import RoutingRow, RuleList

ROUTING = MasterTable("routing", "责任清单条目", "什么问题、在哪里，由谁主办、谁协办；只改草稿，草稿启用后才作数", (
    MasterField("number", "编号", FieldKind.number, least=1, most=99_999, is_required=True, is_fixed=True),
    MasterField("clause", "条目号", hint="清单上印的号，空着就是编号", longest=20, is_listed=False),
    MasterField("category", "问题类型", FieldKind.choice, hint="空着不看类型"),
    MasterField("area_code", "区划", FieldKind.choice, hint="空着不看区划"),
    MasterField("keywords", "关键词", hint="有一个就算，用、分开"),
    MasterField("side", "围栏", FieldKind.choice, choices=tuple(FENCE_WORDS.items()), is_listed=False),
    MasterField("work", "整治内容", FieldKind.choice, choices=tuple(WORKS.items()), is_listed=False),
    MasterField("lead_unit", "主办单位代码", FieldKind.choice, is_required=True),
    MasterField("supporting_units", "协办单位代码", hint="多个用、分开", longest=300, is_listed=False),
    MasterField("reason", "理由", hint="写进交办说明的一句话", longest=300, is_required=True),
    MasterField("basis", "依据", hint="文件、条款", longest=300, is_listed=False),
    MasterField("valid_from", "启用日", FieldKind.date, hint="空着就是清单起用日", is_listed=False),
    MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天；空着就与清单同止", is_listed=False),
), Permission.list_manage, ("number",), ends_by="")
TEXTS = ("clause", "category", "area_code", "side", "work", "reason", "basis")


def values_of(session: Session, version: RuleList) -> Iterator[MasterValues]:
    """The lines of a version by column, with the number of the version, which is no column."""
    for row in session.scalars(select(RoutingRow).where(RoutingRow.list_id == version.id).order_by(RoutingRow.number)):
        yield {"number": row.number, **{name: getattr(row, name) or None for name in TEXTS},
               "keywords": row.keywords.replace(",", "、") or None, "lead_unit": row.lead_unit_code,
               "supporting_units": row.supporting_unit_codes.replace(",", "、") or None,
               "valid_from": row.valid_from, "valid_to": row.valid_to, "version": version.number}


def _rows_now(session: Session) -> Iterator[MasterValues]:
    version = versions.open_draft(session) or versions.in_force(session, wiring().clock.today())
    return values_of(session, version) if version is not None else iter(())


def _units_offered(session: Session) -> Choices:
    today = wiring().clock.today()
    return tuple((unit.code, unit.name) for unit in session.scalars(select(Unit).order_by(Unit.code))
                 if unit.valid_to is None or unit.valid_to >= today)


def _types_offered(session: Session) -> Choices:
    return categories().open_on(wiring().clock.today())


def _areas_offered(session: Session) -> Choices:
    return tuple((area.code, area.name) for area in rules.gazetteer().existing_on(wiring().clock.today()))


def _save_line(work: Work, by: Actor, edit: MasterEdit) -> None:
    draft, values = versions.editable_draft(work), edit.values
    query = select(RoutingRow).where(RoutingRow.list_id == draft.id, RoutingRow.number == values["number"])
    row = work.session.scalar(query)
    if row is None:
        row = RoutingRow(list_id=draft.id, number=values["number"])
        work.session.add(row)
    with work.session.no_autoflush:
        for name in TEXTS:
            setattr(row, name, cell_text(values[name]))
        row.keywords, row.supporting_unit_codes = _comma_list(values["keywords"]), _supporting_codes(work, values)
        row.lead_unit_code = cell_text(values["lead_unit"])
        for name in ("valid_from", "valid_to"):
            setattr(row, name, day if isinstance(day := values[name], date) else None)
    require_sound(rules.rule_of(row, draft.number))
    require_no_clash(versions.rules_of(work.session, draft))
    versions.tell_edit(work, by, draft, RuleListFacts.line_set, {"number": row.number, **edit.told()})


def _supporting_codes(work: Work, values: MasterValues) -> str:
    codes = [each for each in _comma_list(values["supporting_units"]).split(",") if each]
    known = dict(_units_offered(work.session))
    if odd := next((code for code in codes if code not in known), None):
        raise Invalid(Say("没有现存的单位“{name}”，请填单位代码或全称。", name=odd), field="supporting_units")
    return ",".join(dict.fromkeys(codes))


def _comma_list(value: object) -> str:
    parts = cell_text(value).replace("，", ",").replace("、", ",").split(",")
    return ",".join(part.strip() for part in parts if part.strip())


MASTERS = (Master(ROUTING, _rows_now, _save_line, lambda values: versions.stream_of(int(str(values["version"]))),
                  {"category": _types_offered, "lead_unit": _units_offered, "area_code": _areas_offered}, is_stream_shared=True),)
