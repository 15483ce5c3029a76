"""Deeds of programmes （规划）: drafted in zones and phases, adopted by another hand, cases attached, milestones revised with both
plans kept."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.domain.acts.facts import OWED, DutyKind, LinkRole
from tracker.domain.acts.quantities import GOAL, kept_quantity, quantity_text, read_quantity
from tracker.domain.coordination.plan_lists import phase_lines, refuse_twice, zone_lines
from tracker.domain.coordination.programmes import (
    BLANKS,
    KIND,
    MILESTONES,
    PHASES,
    SERIES,
    WHOLE,
    ZONES,
    Indicator,
    ProgrammeSteps,
)
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.shapes.layers import Layer, MapShape
from tracker.services.acts import duties
from tracker.services.acts.effects import CASE, ActDeeds, ActDoing, Payload, target_named, tie, units_named
from tracker.services.coordination import schedules
from tracker.services.territory.shapes.ground import shapes_on
from tracker.storage.acts.acts import ActLink, Duty
from tracker.storage.house.ledger import head

PlanRow = Mapping[str, object]


def draft(doing: ActDoing) -> Payload:
    """A programme is drafted: its zones, by the map where they are drawn, and its phases."""
    drawn, phases = _zones_drawn(doing), phase_lines(doing.text("phases"))
    zones = [(line, drawn[line].name) if line in drawn else (f"#{at}", line)
             for at, line in enumerate(zone_lines(doing.text("zones")), start=1)]
    refuse_twice([name for _, name in zones], "片区", "zones")
    codes, phase_codes = [code for code, _ in zones], [f"P{at}" for at in range(1, len(phases) + 1)]
    act = doing.act
    act.subkind, act.unit_id = SERIES[0][0], doing.actor.unit_id
    act.title, act.document_no = doing.text("title"), doing.text("document_no")
    doing.keep(**{ZONES: [{"code": code} for code in codes], MILESTONES: [], BLANKS: [],
                  PHASES: [{"code": code, "last_on": str(on)} for code, (_, on) in zip(phase_codes, phases, strict=True)]})
    return doing.told() | {
        "zones": "\n".join(name for _, name in zones), "phases": "\n".join(f"{name} {on}" for name, on in phases),
        "zone_codes": codes, "phase_codes": phase_codes, "phase_days": [str(on) for _, on in phases]}


def add_milestone(doing: ActDoing) -> Payload:
    """A milestone is put into its cell of the draft."""
    zone, phase, rows = _code_named(doing, ZONES), _code_named(doing, PHASES), doing.facts.rows(MILESTONES)
    unit = units_named(doing.work, [doing.text("unit")], doing.today, "unit")[0]
    starts_on, due_on = _days_of(doing, phase)
    weight, goal = doing.whole("weight"), _goal_asked(doing)
    if not 1 <= weight <= WHOLE:
        raise Invalid(Say("“权重”应为 1 至 {most} 的整数，“{weight}”不合。", most=WHOLE, weight=weight), field="weight")
    said, _ = head(doing.work.session, doing.act.stream)
    position = 1 + max((int(str(each["position"])) for each in rows), default=_dropped_up_to(doing))
    row = {"position": position, "zone": zone, "phase": phase, "unit_id": unit.id, "weight": weight, "starts_on": str(starts_on),
           "due_on": str(due_on), "indicator": doing.text("indicator"), GOAL: goal and quantity_text(goal), "said": said + 1}
    doing.keep(**{MILESTONES: [*rows, row], "last_position": position, BLANKS: _without_cell(doing, zone, phase)})
    return doing.told() | {"position": position, "zone_code": zone, "phase_code": phase, "unit_ids": [unit.id]} | _goal_told(goal)


def drop_milestone(doing: ActDoing) -> Payload:
    """A milestone is taken out of the draft."""
    row = _drafted_at(doing)
    doing.keep(**{MILESTONES: [each for each in doing.facts.rows(MILESTONES) if each != row]})
    return doing.told()


def leave_out(doing: ActDoing) -> Payload:
    """Nothing is to be done in a cell."""
    zone, phase = _code_named(doing, ZONES), _code_named(doing, PHASES)
    if any((each["zone"], each["phase"]) == (zone, phase) for each in doing.facts.rows(MILESTONES)):
        raise Invalid("这一片区在这一期已有节点，请先删去节点。", field="zone")
    doing.keep(**{BLANKS: [*_without_cell(doing, zone, phase), {"zone": zone, "phase": phase}]})
    return doing.told() | {"zone_code": zone, "phase_code": phase}


def adopt(doing: ActDoing) -> Payload:
    """The programme is in force: each milestone is owed by its unit from now on."""
    rows, plan = doing.facts.rows(MILESTONES), schedules.plan_on(doing.work.session, doing.act.stream, doing.today)
    for row in rows:
        indicator = {"indicator": row["indicator"], "phase": row["phase"]} | ({GOAL: row[GOAL]} if row[GOAL] else {})
        duties.lay_down(doing.work, doing.act, doing.actor, DutyKind.milestone, title=plan.milestones[_number_of(row)].title,
                        unit_id=int(str(row["unit_id"])), due_on=_day_of(row, "due_on"), subject=str(row["zone"]),
                        starts_on=_day_of(row, "starts_on"), weight=int(str(row["weight"])), indicator=indicator)
    doing.act.began_on = min(_day_of(row, "starts_on") for row in rows)
    return doing.told() | {"positions": [row["position"] for row in rows]}


def attach(doing: ActDoing) -> Payload:
    """A case belongs to a milestone; whether it lies inside the zone is noted, and keeps nobody from it."""
    row, named = _duty_at(doing), doing.text("target")
    if not target_named(doing.work, doing.actor, named, "target").startswith(CASE):
        raise Invalid("只能挂接案件。", field="target")
    if row.indicator.get("indicator") != Indicator.cases:
        raise Invalid(Say("第 {position} 项节点不按案件计，不能挂接案件。", position=row.position), field="position")
    target = tie(doing, LinkRole.attached, named, field="target")
    link = doing.work.session.get_one(ActLink, (doing.act.id, LinkRole.attached, target))
    link.position = row.position
    shape = _zones_drawn(doing).get(row.subject)
    is_outside = shape is not None and schedules.lies_outside(doing.work.session, shape, target)
    return doing.told() | {"position": row.position, "target": target, "case": target} | (
        {"remark": Say("不在片区图形内")} if is_outside else {})


def detach(doing: ActDoing) -> Payload:
    """A case does not belong to the programme any more."""
    target = CASE + doing.text("target").strip().upper()
    link = doing.work.session.get(ActLink, (doing.act.id, LinkRole.attached, target))
    if link is None:
        raise Invalid(Say("“{named}”没有挂接在本规划。", named=doing.text("target")), field="target")
    position = link.position
    doing.work.session.delete(link)
    return doing.told() | {"position": position, "target": target, "case": target}


def revise(doing: ActDoing) -> Payload:
    """A milestone gets another day or another goal; what was planned at first stays beside it."""
    row, due_on = _duty_at(doing), doing.day("due_on")
    goal = read_quantity(doing.text("goal"), "目标数量改为", "goal") if doing.text("goal") else None
    before = kept_quantity(row.indicator, GOAL)
    if row.state not in OWED:
        raise Invalid(Say("第 {position} 项节点已经完成或免除，不能调整。", position=row.position), field="position")
    if goal is not None and (before is None or not goal):
        raise Invalid("这一项不按数量计，或目标数量为 0。", field="goal")
    if due_on in (None, row.due_on) and goal in (None, before):
        raise Incomplete("请填写与现在不同的完成日期或目标数量。", field="due_on")
    told = doing.told() | {"position": row.position} | _goal_told(goal)
    if due_on is not None:
        if due_on < max(row.starts_on, doing.today):
            raise Invalid(Say("完成日期 {due_on} 早于开始日期，或已经过去。", due_on=due_on), field="due_on")
        told, row.due_on = told | {"from_due_on": str(row.due_on)}, due_on
    if goal is not None and before is not None:
        told, row.indicator = told | {"from_goal": quantity_text(before)}, {**row.indicator, GOAL: quantity_text(goal)}
    row.extension_count += 1
    return told


def finish(doing: ActDoing) -> Payload:
    """Everything was met or waived."""
    doing.act.ended_on = doing.today
    return doing.told()


# --- what several ask ---------------------------------------------------------------------------------------------------------


def _zones_drawn(doing: ActDoing) -> dict[str, MapShape]:
    """The zones of the map today, by code."""
    return {shape.code: shape for shape in shapes_on(doing.work.session, doing.today) if shape.layer is Layer.zone}


def _code_named(doing: ActDoing, rows: str) -> str:
    """The code of the zone, or phase, that was named by its code or its name. Raises `Invalid`."""
    field, word = ("zone", "片区") if rows == ZONES else ("phase", "分期")
    plan = schedules.plan_on(doing.work.session, doing.act.stream, doing.today)
    names, wanted = plan.zones if rows == ZONES else plan.phases, " ".join(doing.text(field).split())
    found = next((code for code, name in names.items() if wanted in (name, code)), None)
    if found is None:
        raise Invalid(Say("本规划没有{word}“{wanted}”，现有：{names}。", word=Say(word), wanted=wanted, names=Listed(names.values())),
                      field=field)
    return found


def _days_of(doing: ActDoing, phase: str) -> tuple[date, date]:
    """From when till when; not beyond the last day of the phase."""
    starts_on, due_on = doing.day("starts_on"), doing.day("due_on")
    assert starts_on is not None
    assert due_on is not None
    if due_on < starts_on:
        raise Invalid(Say("完成日期 {due_on} 早于开始日期 {start}。", due_on=due_on, start=starts_on), field="due_on")
    last = next(date.fromisoformat(str(each["last_on"])) for each in doing.facts.rows(PHASES) if each["code"] == phase)
    if due_on > last:
        raise Invalid(Say("完成日期 {due_on} 晚于这一期的最后一天 {last}。", due_on=due_on, last=last), field="due_on")
    return starts_on, due_on


def _goal_asked(doing: ActDoing) -> Decimal | None:
    """The goal of a milestone that is measured by a quantity."""
    if doing.text("indicator") != Indicator.quantity:
        return None
    if not doing.text("goal"):
        raise Incomplete("按完成数量计的节点，请填写“目标数量”。", field="goal")
    goal = read_quantity(doing.text("goal"), "目标数量", "goal")
    if not goal:
        raise Invalid("“目标数量”须大于 0。", field="goal")
    return goal


def _goal_told(goal: Decimal | None) -> dict[str, object]:
    return {} if goal is None else {"goal_now": quantity_text(goal)}


def _without_cell(doing: ActDoing, zone: str, phase: str) -> list[PlanRow]:
    return [each for each in doing.facts.rows(BLANKS) if (each["zone"], each["phase"]) != (zone, phase)]


def _dropped_up_to(doing: ActDoing) -> int:
    return int(str(doing.facts.details.get("last_position", 0)))


def _drafted_at(doing: ActDoing) -> PlanRow:
    wanted = doing.whole("position")
    found = next((each for each in doing.facts.rows(MILESTONES) if each["position"] == wanted), None)
    if found is None:
        raise Invalid(Say("没有第 {position} 项节点。", position=wanted), field="position")
    return found


def _duty_at(doing: ActDoing) -> Duty:
    wanted = doing.whole("position")
    found = doing.work.session.scalar(select(Duty).where(Duty.act_id == doing.act.id, Duty.position == wanted))
    if found is None:
        raise Invalid(Say("没有第 {position} 项节点。", position=wanted), field="position")
    return found


def _number_of(row: PlanRow) -> int:
    return int(str(row["position"]))


def _day_of(row: PlanRow, name: str) -> date:
    return date.fromisoformat(str(row[name]))


P = ProgrammeSteps
DEEDS: ActDeeds = {
    (KIND, P.draft.name): draft, (KIND, P.add_milestone.name): add_milestone, (KIND, P.drop_milestone.name): drop_milestone,
    (KIND, P.leave_out.name): leave_out, (KIND, P.adopt.name): adopt, (KIND, P.attach.name): attach,
    (KIND, P.detach.name): detach, (KIND, P.revise.name): revise, (KIND, P.finish.name): finish,
}
