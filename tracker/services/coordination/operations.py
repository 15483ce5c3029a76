"""Deeds of operations (专项行动): who goes out with what, which places are checked, and what is found becomes a case."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from tracker.domain.acts.facts import LinkRole
from tracker.domain.acts.step_rows import TARGET
from tracker.domain.cases.facts import UNCHARGED
from tracker.domain.coordination.operations import FORCES, KIND, PLACES, SOURCE, OperationSteps
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say
from tracker.services.acts import steps
from tracker.services.acts.effects import (
    CASE,
    ActDeeds,
    ActDoing,
    Payload,
    set_force,
    target_named,
    unit_named,
    units_named,
)
from tracker.services.acts.sites import site_named, tie_site
from tracker.services.cases import intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.steps import Outcome
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import Work, deed
from tracker.services.rules import values
from tracker.storage.acts.acts import Act, ActLink
from tracker.storage.cases.cases import Case


@deed
def register_found(work: Work, actor: Actor, number: str, order: intake.RegisterOrder, *, uploads: Sequence[Upload] = (),
                   reporter: Reporter | None = None, is_from_reporter: bool = False) -> Outcome:
    """What an operation found, registered with everything that the form of a case asks, and tied to it; asked twice it is there
    once. Raises what either refuses; then neither is there."""
    made = intake.register(actor, replace(order, source=SOURCE), uploads=uploads, reporter=reporter,
                           is_from_reporter=is_from_reporter)
    if _finder_of(work, CASE + made.number) != number.strip().upper():
        steps.take(actor, number, OperationSteps.find.name, {TARGET: made.number})
    return made


def plan(doing: ActDoing) -> Payload:
    """An operation is planned: its lead, who takes part, the day."""
    lead = unit_named(doing.work, doing.text("lead_unit"), doing.today, "lead_unit")
    units = [unit for unit in units_named(doing.work, doing.given.get("units"), doing.today, "units") if unit is not lead]
    act = doing.act
    act.subkind, act.title, act.unit_id, act.began_on = doing.text("sort"), doing.text("title"), lead.id, doing.day("planned_on")
    for unit in (lead, *units):
        set_force(doing.work, act, unit)
    return doing.told() | {"lead_unit_ids": [lead.id], "unit_ids": [unit.id for unit in units]}


def begin(doing: ActDoing) -> Payload:
    """It begins; its day is that of this moment."""
    doing.act.began_on = _past_moment(doing, "began_at").date()
    doing.keep(began_at=doing.text("began_at"))
    return doing.told()


def set_forces(doing: ActDoing) -> Payload:
    """A unit is out with so many; what was said of it before is replaced with a reason, and both are told."""
    unit = unit_named(doing.work, doing.text("unit"), doing.today, "unit")
    vehicles, people, rows = doing.headcount("vehicle_count"), doing.headcount("person_count"), doing.facts.rows(FORCES)
    if not doing.actor.has_in(Permission.act_run, doing.act.area_code) and unit.id not in doing.actor.unit_line:
        raise Invalid("只能填写本单位的出动力量。", field="unit")
    before = next((row for row in rows if row["unit_id"] == unit.id), None)
    if before is not None and not doing.text("reason"):
        raise Incomplete(Say("{unit}已填车辆 {vehicles} 车次、人员 {people} 人次，要更正请写明理由。", unit=unit.name,
                             vehicles=before["vehicle_count"], people=before["person_count"]), field="reason")
    set_force(doing.work, doing.act, unit, vehicles=vehicles, people=people)
    rest = [row for row in rows if row["unit_id"] != unit.id]
    doing.keep(**{FORCES: [*rest, {"unit_id": unit.id, "vehicle_count": vehicles, "person_count": people}]})
    was = {f"from_{name}": before[name] for name in ("vehicle_count", "person_count")} if before else {}
    return doing.told() | {"unit_ids": [unit.id]} | was


def check_place(doing: ActDoing) -> Payload:
    """Places of a kind were checked."""
    site = site_named(doing) if doing.text("site") else None
    count = doing.headcount("place_count") if doing.given.get("place_count") is not None else 1
    if count < 1 or (site is not None and count != 1):
        raise Invalid("填了监管对象的只算一处。" if site is not None else "“检查几处”至少为 1。", field="place_count")
    row = {"place_kind": doing.text("place_kind"), "place_count": count, "is_clear": bool(doing.given.get("is_clear"))}
    doing.keep(**{PLACES: [*doing.facts.rows(PLACES), row]})
    if site is not None:
        tie_site(doing, site)
    return doing.told() | ({"site": site.name, "site_code": site.code, "place_count": 1} if site is not None else {})


def find(doing: ActDoing) -> Payload:
    """What was found is registered as a case in the same transaction, and tied to the operation; or a case that was registered as
    found by one is tied."""
    number = _registered_before(doing) if doing.text(TARGET) else _register_case(doing)
    target, links = CASE + number, doing.work.session
    position = len(list(links.scalars(select(ActLink.target).where(ActLink.act_id == doing.act.id))))
    links.add(ActLink(act_id=doing.act.id, role=LinkRole.found, target=target, position=position + 1))
    told = {"is_fixed": True} if doing.given.get("is_fixed") else {}
    return told | {TARGET: target, "case": target}


def report(doing: ActDoing) -> Payload:
    """It is over, and summed up."""
    ended, began = _past_moment(doing, "ended_at"), datetime.fromisoformat(str(doing.act.details["began_at"]))
    hours = values.number("operation_most_hours", doing.today)
    if ended < began:
        raise Invalid(Say("结束时间 {ended} 早于开始时间 {began}。", ended=ended, began=began), field="ended_at")
    if ended > began + timedelta(hours=hours):
        raise Invalid(Say("结束时间 {ended} 距开始时间 {began} 超过 {hours} 小时，请核对。", ended=ended, began=began, hours=hours),
                      field="ended_at")
    doing.act.ended_on = ended.date()
    return doing.told()


def finish(doing: ActDoing) -> Payload:
    """Every case that was found has been handed to somebody, or has ended. Raises `Invalid` naming those that were not."""
    if left := _cases_left(doing):
        raise Invalid(Say("案件{numbers}还没有交办，行动不能办结。", numbers=Listed(left)))
    return doing.told()


# --- what several ask ---------------------------------------------------------------------------------------------------------


def _register_case(doing: ActDoing) -> str:
    """The number of the case that is made of what was found, with its photos."""
    is_fixed, has_before = bool(doing.given.get("is_fixed")), not doing.text("no_photo")
    if is_fixed and len(doing.uploads) <= int(has_before):
        raise Incomplete("当场整改的，请附整改后照片。", field="files")
    order = intake.RegisterOrder(SOURCE, doing.text("title"), doing.text("description"), place=doing.text("place"),
                                 area_code=doing.act.area_code, no_photo=doing.text("no_photo"), act=doing.act.stream)
    photos = [replace(upload, role=EvidenceRole.after) if is_fixed and index >= has_before else upload
              for index, upload in enumerate(doing.uploads)]
    return intake.register(doing.actor, order, uploads=photos).number


def _registered_before(doing: ActDoing) -> str:
    """The case that was named: one of this source that no operation has yet. Raises `Invalid`."""
    named = doing.text(TARGET).strip().upper()
    target = target_named(doing.work, doing.actor, named, TARGET)
    case = doing.work.session.scalar(select(Case).where(Case.number == named))
    if case is None or case.source.key != SOURCE:
        raise Invalid(Say("“{number}”不是按“专项行动问题”登记的案件。", number=named), field=TARGET)
    if finder := _finder_of(doing.work, target):
        raise Invalid(Say("“{number}”已经列在行动 {finder} 名下。", number=named, finder=finder), field=TARGET)
    if doing.uploads:
        raise Invalid("照片请在该案件中补充。", field="files")
    return named


def _finder_of(work: Work, target: str) -> str | None:
    """The number of the operation that found a case; None where none did."""
    query = (select(Act.number).join(ActLink, ActLink.act_id == Act.id)
             .where(ActLink.role == LinkRole.found, ActLink.target == target))
    number: str | None = work.session.scalar(query)
    return number


def _cases_left(doing: ActDoing) -> Iterable[str]:
    """The cases that it found, or their masters, which nobody was handed yet."""
    master = aliased(Case)
    query = (select(func.coalesce(master.number, Case.number)).select_from(ActLink)
             .join(Case, ActLink.target == CASE + Case.number).outerjoin(master, master.id == Case.master_id)
             .order_by(ActLink.position).where(ActLink.act_id == doing.act.id, ActLink.role == LinkRole.found,
                                               func.coalesce(master.state, Case.state).in_(UNCHARGED)))
    return dict.fromkeys(doing.work.session.scalars(query))


def _past_moment(doing: ActDoing, name: str) -> datetime:
    """A moment of the office's time that was given. Raises `Invalid` for one that has not come."""
    at, clock = datetime.fromisoformat(doing.text(name)), doing.work.clock
    if at > clock.local(clock.now()).replace(tzinfo=None):
        raise Invalid(Say("时间 {at} 还没有到。", at=at), field=name)
    return at


O = OperationSteps  # noqa: E741
DEEDS: ActDeeds = {
    (KIND, O.plan.name): plan, (KIND, O.begin.name): begin, (KIND, O.set_forces.name): set_forces,
    (KIND, O.check_place.name): check_place, (KIND, O.find.name): find, (KIND, O.report.name): report,
    (KIND, O.finish.name): finish,
}
