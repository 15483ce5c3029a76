"""Deeds of interviews (约谈): the notice, who did not come, and what is owed after it was held."""

from datetime import datetime

from tracker.domain.acts.facts import DutyKind, LinkRole
from tracker.domain.acts.step_rows import TARGET
from tracker.domain.coordination.interviews import HOST, KIND, NOTIFIER, PERSON, InterviewSteps
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say, finished
from tracker.domain.rules.deadlines import due
from tracker.domain.rules.limits import Stage, choose
from tracker.services.acts import duties
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload, person_named, set_force, take_hand, tie, unit_named
from tracker.services.acts.parties import keep_party
from tracker.services.acts.sites import site_named, tie_site
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.storage.people.accounts import Unit
from tracker.storage.sites.sites import Site

HELD, UNIT, MISSED = "held_at", "unit_id", "missed_count"


def notify(doing: ActDoing) -> Payload:
    """A unit, or a firm by the unit that answers for it, is asked to come."""
    site = site_named(doing) if doing.text("site") else None
    unit, act = _unit_asked(doing, site), doing.act
    person = _person_kept(doing, site)
    if _moment_of(doing).date() < doing.today:
        raise Invalid(Say("约谈时间 {at} 早于今天。", at=_moment_of(doing)), field=HELD)
    act.subkind, act.unit_id, act.title = doing.text("role"), doing.actor.unit_id, _title_of(unit, is_of_person=bool(person))
    act.began_on = _moment_of(doing).date()
    set_force(doing.work, act, unit)
    if site is not None:
        tie_site(doing, site)
    target = tie(doing, LinkRole.interviews, doing.text(TARGET), field=TARGET) if doing.text(TARGET) else ""
    doing.keep(**{UNIT: unit.id, HELD: doing.text(HELD), "notified_on": doing.today.isoformat(), NOTIFIER: doing.actor.id,
                  MISSED: 0})
    told = {"site": site.name, "site_code": site.code, "party": site.name} if site is not None else {}
    return doing.told() | {"unit_ids": [unit.id], TARGET: target, "about": target} | told | person


def miss(doing: ActDoing) -> Payload:
    """Nobody came; there is a later time, and it is counted."""
    before, at = datetime.fromisoformat(str(doing.act.details[HELD])), _moment_of(doing)
    if before > _now_of(doing):
        raise Invalid(Say("约定的时间 {at} 还没有到。", at=before), field=HELD)
    if at <= before:
        raise Invalid(Say("改约时间 {at} 须晚于原定时间 {before}。", at=at, before=before), field=HELD)
    count = int(str(doing.act.details[MISSED])) + 1
    doing.keep(**{HELD: doing.text(HELD), MISSED: count})
    doing.act.began_on = at.date()
    return doing.told() | {MISSED: count}


def hold(doing: ActDoing) -> Payload:
    """It was held by a host, and is recorded by another hand: the unit owes a written report by its limit."""
    act, held = doing.act, _moment_of(doing).date()
    if _moment_of(doing) > _now_of(doing):
        raise Invalid(Say("约谈时间 {at} 还没有到。", at=_moment_of(doing)), field=HELD)
    if held.isoformat() < str(act.details["notified_on"]):
        raise Invalid("约谈时间早于通知日期。", field=HELD)
    host_id = _host_of(doing)
    act.began_on = held
    doing.keep(**{HELD: doing.text(HELD)})
    until = due(choose(rules.limits(), KIND, Stage.report_back, held), held, rules.calendar(act.area_code))
    duties.lay_down(doing.work, act, doing.actor, DutyKind.report_back, title=doing.text("demands"), starts_on=held,
                    unit_id=int(str(act.details[UNIT])), due_on=until.on)
    return doing.told() | {"due_on": until.on, "host_id": host_id}


def _title_of(unit: Unit, *, is_of_person: bool) -> str:
    """What it is called: a person is not named."""
    return finished(Say("约谈个人（{unit}）", unit=unit.name) if is_of_person else Say("约谈{unit}", unit=unit.name))


def _person_kept(doing: ActDoing, site: Site | None) -> dict[str, object]:
    """Who is asked to come as a person: sealed, and told by a digest. Raises `Invalid` beside a firm."""
    name = doing.text(PERSON).strip()
    if name and (site is not None or doing.text("party")):
        raise Invalid("监管对象、企业或工地与个人只能填一个。", field=PERSON)
    return keep_party(doing.work, doing.act, name) if name else {}


def _unit_asked(doing: ActDoing, site: Site | None) -> Unit:
    """The unit that is called: the one that was named, else the one that supervises the site. Raises `Incomplete` for neither."""
    if doing.text("unit") or site is None:
        return unit_named(doing.work, doing.text("unit"), doing.today, "unit")
    found = doing.work.session.get(Unit, site.unit_id) if site.unit_id is not None else None
    if found is None:
        raise Incomplete(Say("“{name}”没有登记日常监管单位，请填写责任单位。", name=site.name), field="unit")
    return found


def _host_of(doing: ActDoing) -> int:
    """Who held it, with their hand in the act. Raises `Invalid` for who may not, or records it."""
    host = person_named(doing.work, doing.text("host"), "host")
    stands = access.actor_for(host.id)
    if not any(stands.has_in(each, doing.act.area_code) for each in (Permission.act_run, Permission.act_decide)):
        raise Invalid(Say("“{name}”不能主持约谈：主持人须是本区域的调度员或区领导。", name=host.name), field="host")
    if host.id in doing.actor.persons:
        raise Invalid("主持人和记录人须是两个人。", field="host")
    take_hand(doing.work, doing.act, stands, HOST)
    return host.id


def _moment_of(doing: ActDoing) -> datetime:
    return datetime.fromisoformat(doing.text(HELD))


def _now_of(doing: ActDoing) -> datetime:
    clock = doing.work.clock
    return clock.local(clock.now()).replace(tzinfo=None)


I = InterviewSteps  # noqa: E741
DEEDS: ActDeeds = {(KIND, I.notify.name): notify, (KIND, I.miss.name): miss, (KIND, I.hold.name): hold}
