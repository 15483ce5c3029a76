"""Deeds of daily patrols （日巡查）."""

from tracker.domain.coordination.patrols.daily import KIND, DailyPatrolSteps
from tracker.domain.house.errors import Invalid
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload, set_force
from tracker.services.cases.intake import RegisterOrder
from tracker.services.coordination.patrols.findings import register_found
from tracker.services.coordination.patrols.joint import patrolled_day
from tracker.storage.people.accounts import Unit

SOURCE = "PATROL"


def record(doing: ActDoing) -> Payload:
    """Who went where with how many, and what they saw."""
    on, is_late = patrolled_day(doing)
    people = doing.headcount("person_count")
    vehicles = doing.headcount("vehicle_count") if doing.given.get("vehicle_count") is not None else 0
    if not people:
        raise Invalid("“人数”至少为 1。", field="person_count")
    act = doing.act
    act.title, act.unit_id, act.began_on = f"{doing.text('route_from')}—{doing.text('route_to')}", doing.actor.unit_id, on
    if doing.actor.unit_id is not None:
        set_force(doing.work, act, doing.work.session.get_one(Unit, doing.actor.unit_id), vehicles=vehicles, people=people)
    doing.keep(findings=doing.text("findings"), is_late=is_late)
    return doing.told() | {"is_late": is_late}


def find_problem(doing: ActDoing) -> Payload:
    """A problem that was found on the way is registered as a case."""
    order = RegisterOrder(SOURCE, doing.text("title"), doing.text("text"), place=doing.text("place"),
                          area_code=doing.act.area_code,
                          no_photo=doing.text("no_photo"), act=doing.act.stream)
    return doing.told() | register_found(doing, order)


DEEDS: ActDeeds = {(KIND, DailyPatrolSteps.record.name): record, (KIND, DailyPatrolSteps.find_problem.name): find_problem}
