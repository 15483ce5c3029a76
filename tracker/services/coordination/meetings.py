"""Deeds of joint meetings (联席会议): the agenda, the call, what is decided of each item, and the minutes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.domain.acts.facts import DutyKind, LinkRole
from tracker.domain.acts.step_rows import TARGET
from tracker.domain.coordination.meetings import (
    CHAIR,
    DAY_OFF,
    FOLLOWS,
    ITEMS,
    KIND,
    OUTCOME,
    ItemOutcome,
    MeetingSteps,
    item_key,
    standing_items,
)
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Stage
from tracker.services.acts import access, clocks, duties
from tracker.services.acts.effects import (
    ActDeeds,
    ActDoing,
    Payload,
    next_seq,
    person_named,
    set_force,
    tie,
    units_named,
)
from tracker.services.coordination.agendas.papers import minutes_told
from tracker.services.coordination.decisions import Decision, carry_onto_case
from tracker.services.people.access import actor_for
from tracker.services.rules import rules, values
from tracker.storage.acts.acts import Act, ActForce, ActLink
from tracker.storage.acts.scope import readable
from tracker.storage.people.accounts import Unit

Item = Mapping[str, object]
ONE_DAY = timedelta(days=1)


def open_meeting(doing: ActDoing) -> Payload:
    """A meeting is being prepared."""
    doing.act.subkind, doing.act.title, doing.act.unit_id = doing.text("series"), doing.text("title"), doing.actor.unit_id
    doing.act.began_on = doing.day("planned_on")
    return doing.told()


def add_item(doing: ActDoing) -> Payload:
    """A case, an act, what another meeting put off, or plain words are put on the agenda, with what is to be decided."""
    position, target = len(doing.facts.rows(ITEMS)) + 1, ""
    follows = _item_followed(doing, doing.text(FOLLOWS)) if doing.text(FOLLOWS) else ""
    if named := doing.text(TARGET) or (follows.partition(":")[2] if "/" not in follows else ""):
        target, follows = tie(doing, LinkRole.agenda, named, field=TARGET), ""
    item = {"position": position, "target": target, "asked": next_seq(doing.work, doing.act), "by_unit_id": doing.actor.unit_id,
            **({FOLLOWS: follows} if follows else {})}
    doing.keep(**{ITEMS: [*doing.facts.rows(ITEMS), item]})
    return doing.told() | {"position": position, "target": target}


def drop_item(doing: ActDoing) -> Payload:
    """An item is taken off the agenda; its matter is open as before."""
    item = _item_at(doing)
    doing.keep(**{ITEMS: _items_with(doing, item, dropped=True)})
    link = doing.work.session.get(ActLink, (doing.act.id, LinkRole.agenda, str(item["target"])))
    if link is not None:
        doing.work.session.delete(link)
    return doing.told()


def call(doing: ActDoing) -> Payload:
    """Units are called together, some working days ahead or with a reason."""
    at, chair = _moment_of(doing), person_named(doing.work, doing.text("chair"), "chair")
    stands = actor_for(chair.id)
    if not any(stands.has_in(each, doing.act.area_code) for each in (Permission.act_run, Permission.act_decide)):
        raise Invalid(Say("“{name}”不能主持会议：主持人须是本区域的调度员或区领导。", name=chair.name), field="chair")
    units = units_named(doing.work, doing.given["units"], doing.today, "units")
    least = values.number("meeting_notice_workdays", doing.today)
    between = rules.calendar(doing.act.area_code).workdays_between(doing.today + ONE_DAY, at.date() - ONE_DAY)
    if between < least and not doing.text("reason"):
        raise Incomplete(Say("距开会只有 {between} 个工作日，不足 {least} 个，请写明理由。", between=between, least=least), field="reason")
    for unit in units:
        set_force(doing.work, doing.act, unit)
    doing.keep(held_at=doing.text("held_at"), **{CHAIR: chair.id})
    doing.act.began_on = at.date()
    return doing.told() | {"chair_id": chair.id, "unit_ids": [unit.id for unit in units], "workdays_ahead": between} | _day_told(
        doing, at)


def postpone(doing: ActDoing) -> Payload:
    """The time is another one; both are kept."""
    at, before = _moment_of(doing), doing.act.details.get("held_at")
    doing.keep(held_at=doing.text("held_at"))
    doing.act.began_on = at.date()
    return doing.told() | {"from_at": before} | _day_told(doing, at)


def hold(doing: ActDoing) -> Payload:
    """The meeting took place: who came, and from now on the minutes are awaited."""
    at = _moment_of(doing)
    if at.date() > doing.today:
        raise Invalid(Say("会议时间 {at} 还没有到。", at=at), field="held_at")
    came = units_named(doing.work, doing.given["units"], doing.today, "units")
    invited = set(doing.work.session.scalars(select(ActForce.unit_id).where(ActForce.act_id == doing.act.id)))
    doing.keep(held_at=doing.text("held_at"), came=[unit.id for unit in came], person_count=doing.headcount("person_count"))
    doing.act.began_on = at.date()
    clocks.start(doing.work, doing.act.stream, KIND, Stage.minutes, at.date(), area_code=doing.act.area_code,
                 owner_unit_id=doing.act.unit_id)
    absent = sorted(invited - {unit.id for unit in came})
    return doing.told() | {"unit_ids": [unit.id for unit in came], "absent_unit_ids": absent}


def decide_item(doing: ActDoing) -> Payload:
    """What is decided of an item becomes a fact on its case in the same transaction; where the case refuses, nothing is."""
    item, outcome = _item_at(doing), ItemOutcome(doing.text("outcome"))
    units = units_named(doing.work, doing.given.get("units"), doing.today, "units")
    lead = units_named(doing.work, [doing.text("lead_unit")] if doing.text("lead_unit") else [], doing.today, "lead_unit")
    position = int(str(item["position"]))
    made = carry_onto_case(Decision(doing, str(item["target"]), position, outcome, lead, units))
    laid = _lay_follow_ups(doing, item, units) if outcome is ItemOutcome.measure else []
    came = doing.act.details.get("came", [])
    absent = [unit.id for unit in (*lead, *units) if unit.id not in came]
    doing.keep(**{ITEMS: _items_with(doing, item, outcome=outcome.value, decided=next_seq(doing.work, doing.act))})
    return doing.told() | {"position": position, "target": item["target"], "lead_unit_ids": [unit.id for unit in lead],
                           "unit_ids": [unit.id for unit in units], "absent_unit_ids": absent, "duties": laid, "steps": made}


def issue(doing: ActDoing) -> Payload:
    """The minutes are issued by who chaired: their text is kept as it stands now."""
    doing.act.document_no, doing.act.ended_on = doing.text("document_no"), doing.today
    stopped = clocks.stop(doing.work, doing.act.stream, Stage.minutes, doing.today)
    late = {"due_on": stopped.due_on, "is_late": stopped.outcome == clocks.LATE} if stopped else {}
    return doing.told() | minutes_told(doing) | late


def correct(doing: ActDoing) -> Payload:
    """What stands in the minutes is corrected by a fact of its own; the issued paper stays."""
    item = _item_at(doing, is_decided=True)
    doing.keep(**{ITEMS: _items_with(doing, item, corrected=next_seq(doing.work, doing.act))})
    return doing.told()


def _lay_follow_ups(doing: ActDoing, item: Item, units: Sequence[Unit]) -> list[int]:
    """A duty for each unit. Raises `Incomplete` where no unit or no day is named: then nobody would have to do anything."""
    due_on = doing.day("due_on")
    if not units or due_on is None:
        raise Incomplete("议定事项须写明落实单位和完成日期。", field="due_on" if units else "units")
    return [duties.lay_down(doing.work, doing.act, doing.actor, DutyKind.follow_up, title=doing.text("text"), unit_id=unit.id,
                            due_on=due_on, subject=str(item["target"])).position for unit in units]


def _item_at(doing: ActDoing, *, is_decided: bool = False) -> Item:
    """The item that was named; it still stands, and nothing was decided of it yet, or just that. Raises `Invalid`."""
    wanted = doing.whole("position")
    item = next((each for each in doing.facts.rows(ITEMS) if each["position"] == wanted and not each.get("dropped")), None)
    if item is None:
        raise Invalid(Say("没有第 {position} 项议题。", position=wanted), field="position")
    if bool(item.get("outcome")) is not is_decided:
        raise Invalid(Say("第 {position} 项还没有议定。" if is_decided else "第 {position} 项已经议定。", position=wanted), field="position")
    return item


def _item_followed(doing: ActDoing, named: str) -> str:
    """What the item `HY-2026-0001/2` that another meeting put off is about. Raises `Invalid` in one sentence for absent,
    forbidden and otherwise decided alike, and for what stands on this agenda already."""
    number, _, position = named.strip().upper().rpartition("/")
    act = doing.work.session.scalar(select(Act).where(Act.kind == KIND, Act.number == number,
                                                      readable(access.scope_of(doing.actor))))
    items = standing_items(act.details.get(ITEMS, ())) if act is not None else ()
    item = next((each for each in items if str(each["position"]) == position and each.get(OUTCOME) == ItemOutcome.defer), None)
    if item is None:
        raise Invalid(Say("没有缓议的议题“{named}”，或您无权查看。", named=named.strip()), field=FOLLOWS)
    key = item_key(number, item)
    if any(each.get(FOLLOWS) == key for each in standing_items(doing.facts.rows(ITEMS))):
        raise Invalid(Say("“{named}”已经列入。", named=named.strip().upper()), field=FOLLOWS)
    return key


def _items_with(doing: ActDoing, item: Item, **changes: object) -> list[Item]:
    return [{**each, **changes} if each["position"] == item["position"] else each for each in doing.facts.rows(ITEMS)]


def _day_told(doing: ActDoing, at: datetime) -> dict[str, object]:
    """That a meeting is called for a day off: it may be, and it is said."""
    is_off = not rules.calendar(doing.act.area_code).is_workday(at.date())
    doing.keep(is_day_off=is_off)
    return {"day_off": DAY_OFF} if is_off else {}


def _moment_of(doing: ActDoing) -> datetime:
    return datetime.fromisoformat(doing.text("held_at"))


M = MeetingSteps
DEEDS: ActDeeds = {
    (KIND, M.open.name): open_meeting, (KIND, M.add_item.name): add_item, (KIND, M.drop_item.name): drop_item,
    (KIND, M.call.name): call, (KIND, M.postpone.name): postpone, (KIND, M.hold.name): hold,
    (KIND, M.decide_item.name): decide_item, (KIND, M.issue.name): issue, (KIND, M.correct.name): correct,
}
