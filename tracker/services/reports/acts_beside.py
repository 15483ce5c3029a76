"""What a report tells of the acts of its days: their figures, what runs at the cut, what is owed and late."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import ActSight, DutyState
from tracker.domain.coordination import controls
from tracker.domain.coordination.controls import ControlState
from tracker.domain.coordination.schedules import drift_text
from tracker.domain.inspection import inspections
from tracker.domain.inspection.inspections import InspectionState
from tracker.domain.reports.measures.counted import Asked
from tracker.domain.reports.measures.registry import MEASURES
from tracker.domain.rules.lights import days_overdue
from tracker.domain.rules.periods import Period, PeriodKind
from tracker.services.acts import then
from tracker.services.coordination import counts, schedules
from tracker.services.coordination.patrols import counts as patrol_counts
from tracker.services.reports.measures.readers import READERS, measures_of
from tracker.storage.acts.acts import Act, Duty
from tracker.storage.acts.scope import ACTS, in_area
from tracker.storage.cases.titles import unit_names
from tracker.storage.coordination.backlog import had_late_duty
from tracker.storage.people.accounts import Unit

Row = Mapping[str, Any]
Owed = tuple[str, int, str, date]  # number, position, unit and day
MOST_OWED = 200
IN_FORCE = "截止时仍在管控中的管控令"
PATROLS = "期内到期、未免除的联合巡查中，按期完成并经双方确认的"
CORRECTED = "此前各期行动的出动力量，在期内更正的"
OVERDUE = {InspectionState.planned.value: ("超期未检查", "截止时过了最迟日期还没有完成的检查"),
           InspectionState.done.value: ("检查结果超期未公开", "截止时过了公开期限还没有公开结果的检查")}
DRIFT = "截止时各节点应达与实际的百分点之差，按权重合计"


def act_rows(session: Session, period: Period, today: date, area_code: str, until: datetime | None) -> tuple[Row, ...]:
    """The figures of a period up to today that are not nought, and what is in force now or, of a report that is made later, was
    at that moment. None where nothing is to be told. Patrols and programmes are told by the week."""
    if session.scalar(select(ACTS.id).limit(1)) is None:
        return ()
    last = min(period.last, today)
    found = [*_figure_rows(session, period.first, last, area_code), *_running_rows(session, area_code, until)]
    if period.kind is PeriodKind.day:
        return tuple(found)
    found += [*_longer_rows(session, period.first, last, area_code), *_told_rows(session, period, last, area_code)]
    return (*found, *_overdue_rows(session, today, area_code, until))


def owed_rows(session: Session, today: date, area_code: str, until: datetime | None) -> tuple[Row, ...]:
    """The duties that are late on this day, or were at that moment of it, the longest first; none of acts that only a few may
    read."""
    found = _late_now(session, today, area_code) if until is None else _late_then(session, today, area_code, until)
    return tuple({"number": number, "position": position, "unit": unit, "due_on": due_on.isoformat(),
                  "days": days_overdue(due_on, today)} for number, position, unit, due_on in found)


def _late_now(session: Session, today: date, area_code: str) -> Iterable[Owed]:
    owing = (Duty.state == DutyState.open, Duty.due_on < today, Act.is_over.is_(False), Act.sight == ActSight.area)
    late = (select(Act.number, Duty.position, Unit.name, Duty.due_on).join(Duty, Duty.act_id == Act.id)
            .join(Unit, Unit.id == Duty.unit_id).where(*owing, in_area(area_code)))
    rows = session.execute(late.order_by(Duty.due_on, Act.number, Duty.position).limit(MOST_OWED))
    return [(number, position, unit, due_on) for number, position, unit, due_on in rows]


def _late_then(session: Session, today: date, area_code: str, until: datetime) -> Iterable[Owed]:
    units = unit_names(session)
    acts = then.folded_by_stream(session, _streams_of(session, area_code, had_late_duty(today, until)), until).values()
    found = [(date.fromisoformat(row["due_on"]), act.act["number"], row["position"], units.get(row["unit_id"], "—"))
             for act in acts if act.act["sight"] == ActSight.area for row in act.late_duties(today)]
    return [(number, position, unit, due_on) for due_on, number, position, unit in sorted(found)[:MOST_OWED]]


def _streams_of(session: Session, area_code: str, which: ColumnElement[bool]) -> list[str]:
    query = select(ACTS.number).where(in_area(area_code), which).order_by(ACTS.id)
    return [f"act:{number}" for number in session.scalars(query)]


def _figure_rows(session: Session, first: date, last: date, area_code: str) -> Iterator[Row]:
    for figure in counts.counted(session, first, last, area_code=area_code, on=last).figures:
        if figure.count:
            yield {"word": figure.row.word, "said": figure.text, "definition": figure.row.definition}


def _longer_rows(session: Session, first: date, last: date, area_code: str) -> Iterator[Row]:
    patrolled = patrol_counts.counted(session, first, last, area_code)
    due, met = (sum(getattr(each, name) for each in patrolled.sections) for name in ("counting", "on_time"))
    if due:
        yield {"word": "联合巡查", "said": f"应巡 {due} 次，按期 {met} 次", "definition": PATROLS}
    yield from _drift_rows(session, last, area_code)  # by facts of that day
    units = unit_names(session)
    for each in counts.corrected(session, first, last, area_code):
        yield {"word": f"更正 {each.number}", "definition": CORRECTED, "said": (
            f"{units.get(each.unit_id, '—')}：车辆 {each.before[0]} → {each.after[0]} 车次，人员 {each.before[1]} → {each.after[1]} 人次")}


def _told_rows(session: Session, period: Period, last: date, area_code: str) -> Iterator[Row]:
    """Those figures of the other rooms that stand in the sheet of such a period."""
    asked = Asked(period.first, last, area_code, last)
    for owner in dict.fromkeys(each.owner for each in MEASURES if period.kind in each.told):
        for figure in measures_of(owner, READERS[owner](session, asked)):
            if period.kind in figure.measure.told and figure.counted is not None and figure.counted.value:
                yield {"word": figure.measure.word, "said": figure.text, "definition": figure.measure.definition}


def _overdue_rows(session: Session, today: date, area_code: str, until: datetime | None) -> Iterator[Row]:
    """Inspections past their day, and what came of others that is not public in time: how many, and of no site."""
    past = _standing_then(session, area_code, inspections.KIND, until) if until is not None else None
    for state, (word, definition) in OVERDUE.items():
        if past is not None:
            late = sum(row["state"] == state and date.fromisoformat(row["list_due_on"]) < today for row in past)
        else:
            late = session.scalar(select(func.count()).select_from(Act).where(
                Act.kind == inspections.KIND, Act.state == state, Act.list_due_on < today, in_area(area_code))) or 0
        if late:
            yield {"word": word, "said": f"{late} 次", "definition": definition}


def _running_rows(session: Session, area_code: str, until: datetime | None) -> Iterator[Row]:
    if until is not None:
        running = sum(row["state"] == ControlState.issued for row in _standing_then(session, area_code, controls.KIND, until))
    else:
        running = session.scalar(select(func.count()).select_from(Act).where(
            Act.kind == controls.KIND, Act.state == ControlState.issued.value, in_area(area_code))) or 0
    if running:
        yield {"word": "在管控", "said": f"{running} 次", "definition": IN_FORCE}


def _standing_then(session: Session, area_code: str, kind: str, until: datetime) -> list[Row]:
    """The acts of a kind as they stood at a moment, without those that were over by then."""
    which = and_(ACTS.kind == kind, or_(ACTS.closed_at.is_(None), ACTS.closed_at >= until))
    return [act.act for act in then.folded_by_stream(session, _streams_of(session, area_code, which), until).values()]


def _drift_rows(session: Session, on: date, area_code: str) -> Iterator[Row]:
    for number, found in schedules.adopted_on(session, on, area_code):
        whole = found.schedule.whole
        if whole is not None:
            red = f"，红灯 {whole.red_count} 项" if whole.red_count else ""
            yield {"word": f"规划 {number}", "definition": DRIFT,
                   "said": f"应达 {whole.plan_points}，实际 {whole.actual_points}，偏差 {drift_text(whole.drift)}{red}"}
