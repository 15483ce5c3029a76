"""The areas as master data: the present name of each code, what takes over those that have ended, and the deed that a changed row
is: an area more, another name, or a last day."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.master import LISTED, MasterEdit, MasterField, MasterTable, MasterValues, cell_text, listed_parts
from tracker.domain.house.say import Say
from tracker.domain.territory.editing import AREA_KINDS, AREA_LEVELS, LONGEST_DOCUMENT, LONGEST_NAME, AreaOrder, EndOrder
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work
from tracker.services.territory import areas
from tracker.services.territory.slices import STREAM
from tracker.storage.territory.territory import AreaRow

ONE_AT_A_TIME = "一行一次只做一件事：改名，或者写最后一天。"
_RENAMES, _ENDS = {"name", "valid_from"}, {"valid_to", "successors", "reason"}

TABLE = MasterTable("areas", "区划", "本系统用到的区划：新增、改名、撤并；用过的代码不再用", (
    MasterField("code", "代码", hint="国家代码，或自编代码", longest=12, is_required=True, is_fixed=True),
    MasterField("name", "名称", longest=LONGEST_NAME, is_required=True),
    MasterField("level", "级别", FieldKind.choice, choices=tuple(AREA_LEVELS.items()), is_derived=True),
    MasterField("kind", "类别", FieldKind.choice, choices=tuple(AREA_KINDS.items()), is_derived=True),
    MasterField("valid_from", "起始日", FieldKind.date, hint="新增或改名从哪天起；不改则从今天起"),
    MasterField("formal_code", "法定代码", hint="功能区代管的乡镇的国家代码", longest=12, is_fixed=True, is_listed=False),
    MasterField("document_no", "文号", hint="国家区划新设、改名或倒签时须写明", longest=LONGEST_DOCUMENT, is_listed=False),
    MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天；下级一同撤销"),
    MasterField("successors", "承接", hint="由哪些区划承接，写代码，用顿号隔开", longest=200),
    MasterField("reason", "没有承接的原因", hint="撤销而无承接时写", longest=200, is_listed=False),
), Permission.territory_manage, ("code",))


def _rows_now(session: Session) -> Iterator[MasterValues]:
    newest = select(AreaRow.code, func.max(AreaRow.valid_from).label("begun")).group_by(AreaRow.code).subquery()
    found = select(AreaRow).join(newest, (AreaRow.code == newest.c.code) & (AreaRow.valid_from == newest.c.begun))
    for row in session.scalars(found.order_by(AreaRow.code)):
        yield {"code": row.code, "name": row.name, "level": row.level, "kind": row.kind,
               "valid_from": row.valid_from if row.valid_from > date.min else None, "formal_code": row.formal_code or None,
               "document_no": row.document_no or None, "valid_to": row.valid_to,
               "successors": LISTED.join(row.successors.split(",")) or None, "reason": None}


def _save_area(work: Work, by: Actor, edit: MasterEdit) -> None:
    actor, changed, code = None if by is OPERATOR else by, set(edit.changed), str(edit.values["code"])
    if edit.is_new:
        if edit.values["valid_to"]:
            raise Invalid("新增的区划先不写终止日。", field="valid_to")
        areas.add(actor, _order_of(edit.values), edit.told())
    elif changed & _ENDS and changed & _RENAMES:
        raise Invalid(ONE_AT_A_TIME, field="valid_to")
    elif changed & _ENDS:
        areas.end(actor, _end_of(edit), edit.told())
    elif "name" in changed:
        areas.rename(actor, code, str(edit.values["name"]), valid_from=_first_day(work, edit),
                     document_no=_paper_of(edit), told=edit.told())
    else:
        raise Invalid("起始日和文号随新增、改名或撤并一起写，不单独改。", field=edit.changed[0])


def _order_of(values: MasterValues) -> AreaOrder:
    first = values["valid_from"]
    assert first is None or isinstance(first, date)
    return AreaOrder(str(values["name"]), code=str(values["code"]), valid_from=first,
                     formal_code=str(values["formal_code"] or ""), document_no=str(values["document_no"] or ""))


def _end_of(edit: MasterEdit) -> EndOrder:
    last = edit.values["valid_to"]
    if not isinstance(last, date):
        raise Invalid("撤并须写明终止日；已登记的撤并不能取消。", field="valid_to")
    heirs = listed_parts(cell_text(edit.values["successors"]))
    return EndOrder(str(edit.values["code"]), last, heirs, _paper_of(edit), str(edit.values["reason"] or ""))


def _first_day(work: Work, edit: MasterEdit) -> date:
    first = edit.values["valid_from"] if "valid_from" in edit.changed else None
    return first if isinstance(first, date) else work.clock.today()


def _paper_of(edit: MasterEdit) -> str:
    """The paper of this change: what stood there before is that of the change before."""
    return str(edit.values["document_no"] or "") if "document_no" in edit.changed else ""


def _effects_of_end(session: Session, edit: MasterEdit) -> tuple[str, ...]:
    if edit.is_new or not set(edit.changed) & _ENDS:
        return ()
    plan = areas.foresee_end(None, _end_of(edit))
    hanging = plan.hanging
    return (Say("下级 {parts} 个一同撤销；未办结案件 {cases} 件、授权 {grants} 项、单位 {units} 个、责任清单 {lines} 条、机关 {offices} 个受影响。",
                parts=len(plan.parts), cases=hanging.open_cases, grants=len(hanging.grants), units=len(hanging.units),
                lines=len(hanging.routing), offices=len(hanging.offices)),)


MASTERS = (Master(TABLE, _rows_now, _save_area, lambda values: STREAM, effects=_effects_of_end, is_stream_shared=True),)
