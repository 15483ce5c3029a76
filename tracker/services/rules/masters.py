"""Limits and calendars as master data. A limit that was set never changes and is followed by a later one, so a sheet only adds; a
day is what it was said to be last."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import STAGE_WORDS, UNIT_NAMES, Limit, LimitUnit, Stage
from tracker.domain.rules.workdays import (
    DAY_NAMES,
    LONGEST_NAME,
    LONGEST_PAPER,
    SOURCE_NAMES,
    CalendarDay,
    DayKind,
    DaySource,
    day_trouble,
    published_years,
)
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work
from tracker.services.rules import calendar, limits, own_days, rules
from tracker.storage.rules.rules import CalendarRow, LimitRow, OwnDay
from tracker.storage.territory.territory import Source

NO_MOVE = "已经定下的时限不动，从今以后起算的按它数。"
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


# --- the calendars ------------------------------------------------------------------------------------------------------------

_WHAT = (
    MasterField("kind", "是什么日", FieldKind.choice, "周一至周五改写放假，周末改写调休上班；写错了就改回工作日或周末",
                choices=tuple((each.value, word) for each, word in DAY_NAMES.items()), is_required=True),
    MasterField("name", "名称", hint="如 国庆节", longest=LONGEST_NAME, is_required=True),
    MasterField("paper", "文号", hint="公布它的通知，如 国办发明电〔2025〕7号", longest=LONGEST_PAPER),
)
CALENDAR = MasterTable("calendar", "全国工作日历", "哪天放假、哪天调休上班，依据哪份通知；整年的安排在工作日历页装文件更快", (
    MasterField("day", "日期", FieldKind.date, is_required=True, is_fixed=True), *_WHAT,
    MasterField("source", "怎么知道", FieldKind.choice, "预估的，该年公布后作废",
                choices=tuple((each.value, word) for each, word in SOURCE_NAMES.items()), is_required=True),
), Permission.rules_manage, ("day",), "")
OWN_DAYS = MasterTable("own-days", "本地放假日", "一个省、市、区县自己的放假日和上班日，如广西三月三；只数这里的时限，最小的区划说了算", (
    MasterField("area_code", "区划代码", hint="省、市或区县", longest=12, is_required=True, is_fixed=True),
    MasterField("day", "日期", FieldKind.date, is_required=True, is_fixed=True), *_WHAT,
), Permission.territory_manage, ("area_code", "day"), "")


def _days_now(session: Session) -> Iterator[MasterValues]:
    for row in session.scalars(select(CalendarRow).order_by(CalendarRow.on)):
        yield {"day": row.on, "kind": row.kind, "name": row.name, "paper": row.paper or None, "source": row.source}


def _own_days_now(session: Session) -> Iterator[MasterValues]:
    for row in session.scalars(select(OwnDay).order_by(OwnDay.area_code, OwnDay.on)):
        yield {"area_code": row.area_code, "day": row.on, "kind": row.kind, "name": row.name, "paper": row.paper or None}


def _day_of(values: MasterValues, source: DaySource) -> CalendarDay:
    on = values["day"]
    assert isinstance(on, date)
    return CalendarDay(on, DayKind(str(values["kind"])), str(values["name"]), source, str(values["paper"] or ""))


def _save_day(work: Work, by: Actor, edit: MasterEdit) -> None:
    day = _day_of(edit.values, DaySource(str(edit.values["source"])))
    if trouble := day_trouble(day):
        raise Invalid(Say("{on}：{trouble}。", on=day.on, trouble=trouble), field="kind")
    calendar.load(None if by is OPERATOR else by, (day,), told=edit.told())


def _save_own_day(work: Work, by: Actor, edit: MasterEdit) -> None:
    own_days.set_own_day(None if by is OPERATOR else by, str(edit.values["area_code"]), _day_of(edit.values, DaySource.entered),
                         edit.told())


def _effects_of_day(session: Session, edit: MasterEdit) -> tuple[str, ...]:
    day, known = _day_of(edit.values, DaySource(str(edit.values["source"]))), rules.country_calendar()
    if day.on.year in known.published_years or not published_years((day,)):
        return (NO_MOVE,)
    estimated = sum(each.on.year == day.on.year and each.source is DaySource.estimated and each.on != day.on
                    for each in known.days)
    return (Say("{year} 年就此算已公布，其余 {count} 个预估的日子作废，暂定的时限重算；只知道一天时请写预估。", year=day.on.year, count=estimated),)


def _effects_of_own_day(session: Session, edit: MasterEdit) -> tuple[str, ...]:
    return (NO_MOVE,)


MASTERS = (
    Master(LIMITS, _rows_now, _save_limit, lambda values: limits.STREAM, {"source": _sources_offered}, is_stream_shared=True),
    Master(CALENDAR, _days_now, _save_day, lambda values: calendar.STREAM, effects=_effects_of_day, is_stream_shared=True),
    Master(OWN_DAYS, _own_days_now, _save_own_day, lambda values: calendar.STREAM, effects=_effects_of_own_day,
           is_stream_shared=True),
)
