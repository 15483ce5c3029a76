"""Deeds of interviews (约谈): the notice, who did not come, and what is owed after it was held."""

from datetime import datetime

from tracker.domain.acts.facts import DutyKind, LinkRole
from tracker.domain.coordination.interviews import KIND, InterviewSteps
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.deadlines import due
from tracker.domain.rules.limits import Stage, choose
from tracker.services.acts import duties
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload, set_force, tie, unit_named
from tracker.services.rules import rules


def notify(doing: ActDoing) -> Payload:
    """A unit is asked to come."""
    unit, target = unit_named(doing.work, doing.text("unit"), doing.today, "unit"), ""
    if named := doing.text("target"):
        target = tie(doing, LinkRole.interviews, named, field="target")
    act = doing.act
    act.subkind, act.unit_id, act.title = doing.text("role"), doing.actor.unit_id, Say("约谈{unit}", unit=unit.name)
    set_force(doing.work, act, unit)
    doing.keep(unit_id=unit.id, held_at=doing.text("held_at"), notified_on=doing.today.isoformat(), missed=0)
    return doing.told() | {"unit_ids": [unit.id], "target": target}


def miss(doing: ActDoing) -> Payload:
    """Nobody came; there is a new time, and it is counted."""
    count = int(str(doing.act.details.get("missed", 0))) + 1
    doing.keep(held_at=doing.text("held_at"), missed=count)
    return doing.told() | {"missed_count": count}


def hold(doing: ActDoing) -> Payload:
    """It was held: the unit owes a written report by its limit."""
    held = datetime.fromisoformat(doing.text("held_at")).date()
    if held > doing.today:
        raise Invalid(Say("约谈时间 {at} 还没有到。", at=doing.text("held_at")), field="held_at")
    if held.isoformat() < str(doing.act.details["notified_on"]):
        raise Invalid("约谈时间早于通知日期。", field="held_at")
    act = doing.act
    act.began_on = held
    until = due(choose(rules.limits(), KIND, Stage.report_back, held), held, rules.calendar(act.area_code))
    duties.lay_down(doing.work, act, doing.actor, DutyKind.report_back, title=doing.text("demands"),
                    unit_id=int(str(act.details["unit_id"])), due_on=until.on)
    return doing.told() | {"due_on": until.on}


I = InterviewSteps  # noqa: E741
DEEDS: ActDeeds = {(KIND, I.notify.name): notify, (KIND, I.miss.name): miss, (KIND, I.hold.name): hold}
