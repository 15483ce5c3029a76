"""Limits as master data: a limit that was set never changes and is followed by a later one, so a sheet only adds."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues
from tracker.domain.rules.limits import STAGE_WORDS, UNIT_NAMES, Limit, LimitUnit, Stage
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work
from tracker.services.rules import limits
from tracker.storage.rules.rules import LimitRow
from tracker.storage.territory.territory import Source

LIMITS = MasterTable("limits", "期限", "每个环节多少日、依据什么；设过的不改，只从某天起另设", (
    MasterField("stage", "环节", FieldKind.choice, choices=tuple((each.value, word) for each, word in STAGE_WORDS.items()),
                is_required=True, is_fixed=True),
    MasterField("source", "来源", FieldKind.choice, hint="空着是通用的期限", is_fixed=True),
    MasterField("effective_from", "启用日", FieldKind.date, hint="今天或以后", is_required=True, is_fixed=True),
    MasterField("amount", "期限", FieldKind.number, least=1, most=400, is_required=True, is_fixed=True),
    MasterField("unit", "单位", FieldKind.choice, choices=tuple(UNIT_NAMES.items()), is_required=True, is_fixed=True),
    MasterField("is_first_day_counted", "当日即第 1 日", FieldKind.yes, is_fixed=True),
    MasterField("rolls", "末日逢休息日顺延", FieldKind.yes, hint="只用于自然日：到期日是休息日、节假日的，顺延到下一个工作日", is_fixed=True),
    MasterField("basis", "依据", longest=300, is_required=True, is_fixed=True),
), Permission.rules_manage, ("stage", "source", "effective_from"), "")


def _rows_now(session: Session) -> Iterator[MasterValues]:
    for row in session.scalars(select(LimitRow).order_by(LimitRow.stage, LimitRow.source_key, LimitRow.effective_from)):
        yield {"stage": row.stage, "source": row.source_key or None, "effective_from": row.effective_from, "amount": row.amount,
               "unit": row.unit, "is_first_day_counted": row.is_first_day_counted, "rolls": row.rolls, "basis": row.basis}


def _sources_offered(session: Session) -> Choices:
    return tuple((row.key, row.name) for row in session.execute(select(Source.key, Source.name).order_by(Source.key)))


def _save_limit(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, first = edit.values, edit.values["effective_from"]
    assert isinstance(first, date)
    source = str(values["source"]) if values["source"] else None
    wanted = Limit(source, Stage(str(values["stage"])), int(str(values["amount"])), LimitUnit(str(values["unit"])),
                   bool(values["is_first_day_counted"]), str(values["basis"]), first, rolls=bool(values["rolls"]))
    limits.set_limit(None if by is OPERATOR else by, wanted, edit.told())


MASTERS = (Master(LIMITS, _rows_now, _save_limit, lambda values: limits.STREAM, {"source": _sources_offered},
                  is_stream_shared=True),)
