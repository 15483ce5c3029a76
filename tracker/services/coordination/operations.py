"""Deeds of operations (专项行动): who goes out with what, which places are checked, and what is found becomes a case."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.domain.acts.facts import LinkRole
from tracker.domain.cases.facts import CaseState
from tracker.domain.coordination.operations import FORCES, KIND, PLACES, OperationSteps
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.services.acts.effects import CASE, ActDeeds, ActDoing, Payload, case_of, set_force, tie, unit_named, units_named
from tracker.services.cases import intake
from tracker.services.house.work import wiring
from tracker.storage.acts.acts import ActLink

SOURCE = "OPER"
LONGEST = timedelta(hours=48)


def plan(doing: ActDoing) -> Payload:
    """An operation is planned: its lead, who takes part, the day."""
    lead = unit_named(doing.work, doing.text("lead_unit"), doing.today, "lead_unit")
    units = units_named(doing.work, doing.given.get("units") or (), doing.today, "units")
    act = doing.act
    act.subkind, act.title, act.unit_id, act.began_on = doing.text("sort"), doing.text("title"), lead.id, doing.day("planned_on")
    for unit in (lead, *units):
        set_force(doing.work, act, unit)
        doing.work.session.flush()
    return doing.told() | {"lead_unit_ids": [lead.id], "unit_ids": [unit.id for unit in units]}


def begin(doing: ActDoing) -> Payload:
    """It begins; its day is that of this moment."""
    doing.act.began_on = _past_moment(doing, "began_at").date()
    doing.keep(began_at=doing.text("began_at"))
    return doing.told()


def set_forces(doing: ActDoing) -> Payload:
    """A unit is out with so many; what was said of it before is replaced, and told."""
    unit, vehicles, people = (unit_named(doing.work, doing.text("unit"), doing.today, "unit"), doing.whole("vehicle_count"),
                              doing.whole("person_count"))
    runs = doing.actor.has_in(Permission.act_run, doing.act.area_code)
    if not runs and unit.id not in doing.actor.unit_line:
        raise Invalid("只能填写本单位的出动力量。", field="unit")
    before = next((row for row in doing.facts.rows(FORCES) if row["unit_id"] == unit.id), None)
    set_force(doing.work, doing.act, unit, vehicles=vehicles, people=people)
    rest = [row for row in doing.facts.rows(FORCES) if row["unit_id"] != unit.id]
    doing.keep(**{FORCES: [*rest, {"unit_id": unit.id, "vehicle_count": vehicles, "person_count": people}]})
    was = {"from_vehicle_count": before["vehicle_count"], "from_person_count": before["person_count"]} if before else {}
    return doing.told() | {"unit_ids": [unit.id]} | was


def check_place(doing: ActDoing) -> Payload:
    """Places of a kind were checked."""
    if doing.whole("place_count") < 1:
        raise Invalid("“检查几处”至少为 1。", field="place_count")
    row = {"place_kind": doing.text("place_kind"), "place_count": doing.whole("place_count")}
    doing.keep(**{PLACES: [*doing.facts.rows(PLACES), row]})
    return doing.told()


def find_problem(doing: ActDoing) -> Payload:
    """What was found is registered as a case in the same transaction, and tied to the operation."""
    order = intake.RegisterOrder(SOURCE, doing.text("problem"), doing.text("description"), place=doing.text("place"),
                                 area_code=doing.act.area_code, no_photo=doing.text("no_photo"))
    made = intake.register(doing.actor, order)
    tie(doing, LinkRole.found, made.number, field="problem")
    return doing.told() | {"target": CASE + made.number}


def report(doing: ActDoing) -> Payload:
    """It is over, and summed up."""
    ended, began = _past_moment(doing, "ended_at"), datetime.fromisoformat(str(doing.act.details["began_at"]))
    if not began.replace(tzinfo=None) <= ended.replace(tzinfo=None) <= began.replace(tzinfo=None) + LONGEST:
        raise Invalid("结束时间须在开始之后 48 小时以内。", field="ended_at")
    doing.act.ended_on = ended.date()
    return doing.told()


def finish(doing: ActDoing) -> Payload:
    """Every case that was found has been handed to somebody. Raises `Invalid` naming one that was not."""
    query = select(ActLink.target).where(ActLink.act_id == doing.act.id, ActLink.role == LinkRole.found)
    for target in doing.work.session.scalars(query):
        case = case_of(doing.work, target)
        if case is not None and case.state == CaseState.registered:
            raise Invalid(Say("案件 {number} 还没有交办，行动不能办结。", number=case.number))
    return doing.told()


def _past_moment(doing: ActDoing, name: str) -> datetime:
    at = datetime.fromisoformat(doing.text(name))
    if at.replace(tzinfo=None) > doing.work.clock.now().astimezone(wiring().zone).replace(tzinfo=None):
        raise Invalid(Say("时间 {at} 还没有到。", at=doing.text(name)), field=name)
    return at


O = OperationSteps  # noqa: E741
DEEDS: ActDeeds = {
    (KIND, O.plan.name): plan, (KIND, O.begin.name): begin, (KIND, O.set_forces.name): set_forces,
    (KIND, O.check_place.name): check_place, (KIND, O.find_problem.name): find_problem, (KIND, O.report.name): report,
    (KIND, O.finish.name): finish,
}
