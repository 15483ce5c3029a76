"""Deeds after the submission: verify, reject, the public notice, close, refuse, reopen."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.flow import Steps
from tracker.domain.evidence.evidence import evidence_set_digest
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.deadlines import notice_window
from tracker.domain.rules.limits import Stage
from tracker.services.cases.due_sheets import after_reject
from tracker.services.cases.effects import (
    NOT_SUBMITTED,
    NOTHING_PENDING,
    Doing,
    Effect,
    new_due,
    step_deed,
    unit_named,
)
from tracker.services.cases.works.judging import judged_works, require_pass
from tracker.services.evidence import evidence
from tracker.services.house.numbers import next_number
from tracker.services.territory import offices
from tracker.storage.house import ledger
from tracker.storage.house.ledger import FactRow

MOST_NOTICE_WORKDAYS = 60


@step_deed(Steps.verify.name)
def verify(doing: Doing) -> Effect:
    """Passed on site, by somebody of no rectifying unit. The rectification clock stopped when the work was submitted."""
    case = doing.case
    _check_onsite(doing)
    shown = replace(evidence.dossier(case), has_onsite_record=True)
    evidence.require(case.source.verify_gate, shown)
    judged = judged_works(doing, shown)
    require_pass(doing, judged)
    changes: CaseChanges = {**judged.changes, "verified_at": doing.work.clock.now(), "verified_by_id": doing.actor.id,
                            "verified_unit_id": doing.actor.unit_id}
    return Effect(changes,
                  {"evidence": doing.evidence, "round": case.round, **judged.details}
                  | doing.texts("onsite_at", "onsite_people", "onsite_place", "conclusion"))


@step_deed(Steps.reject.name)
def reject(doing: Doing) -> Effect:
    """Not passed: round + 1, with a new date or the time that was left."""
    case = doing.case
    given = new_due(doing)
    judged = judged_works(doing)
    changes: CaseChanges = {**judged.changes, "round": case.round + 1, "has_no_work_basis": False, **NOT_SUBMITTED,
                            **NOTHING_PENDING}
    if given is not None:
        changes |= {"due_on": given, "is_due_provisional": False}
    elif left := after_reject(case, doing.today):
        changes |= {"due_on": left.on, "is_due_provisional": left.is_provisional}
    return Effect(changes, {"evidence": doing.evidence, "from_due_on": case.due_on, **judged.details} | doing.texts("reason"))


@step_deed(Steps.open_notice.name)
def open_notice(doing: Doing) -> Effect:
    """The public window, both ends counted in working days; refused where the calendar is not published."""
    first = doing.day("notice_from_on") or doing.today
    if first < doing.today:
        raise Invalid(Say("公示起始日 {first} 早于今天。", first=first), field="notice_from_on")
    given = doing.given.get("notice_workdays")
    workdays = doing.limit(Stage.notice).amount if given is None else given
    assert isinstance(workdays, int)
    if not 1 <= workdays <= MOST_NOTICE_WORKDAYS:
        raise Invalid(Say("公示期为 1 至 {most_notice_workdays} 个工作日，现填 {workdays}。", most_notice_workdays=MOST_NOTICE_WORKDAYS,
                          workdays=workdays), field="notice_workdays")
    window = notice_window(first, workdays, doing.calendar)
    return Effect({"notice_from_on": window.first, "notice_to_on": window.last},
                  {"workdays": workdays} | doing.texts("notice_text"))


@step_deed(Steps.receive_objection.name)
def receive_objection(doing: Doing) -> Effect:
    """Somebody objects to what the notice says. Of who it was the fact says the kind alone; the number is the case's own."""
    case, on = doing.case, doing.day("received_on")
    assert on is not None
    assert case.notice_from_on is not None
    assert case.notice_to_on is not None
    if on > doing.today:
        raise Invalid(Say("收到异议的日期 {on} 晚于今天 {today}。", on=on, today=doing.today), field="received_on")
    number = (case.objection_count or 0) + 1
    return Effect({"objection_count": number, "undecided_objections": (case.undecided_objections or 0) + 1},
                  {"objection_no": number, "received_on": on, "is_in_window": case.notice_from_on <= on <= case.notice_to_on}
                  | doing.texts("objector", "objection"))


@step_deed(Steps.dismiss_objection.name)
def dismiss_objection(doing: Doing) -> Effect:
    """The objection does not hold; the window goes on."""
    changes, details = _decided_objection(doing)
    return Effect(changes, details | doing.texts("reason"))


@step_deed(Steps.sustain_objection.name)
def sustain_objection(doing: Doing) -> Effect:
    """The objection holds: back to rectifying. Others that wait are still to be decided, in the next notice."""
    changes, details = _decided_objection(doing)
    return Effect(changes | _back_to_work(doing), details | doing.texts("reason"))


def _decided_objection(doing: Doing) -> tuple[CaseChanges, dict[str, object]]:
    """What changes when the named objection is decided, and what the fact says of it. Facts older than the numbers have none."""
    waiting: list[object] = []
    for fact in ledger.stream_of(doing.work.session, doing.case.stream):
        number = fact.payload.get("objection_no")
        if fact.kind == Steps.receive_objection.fact:
            waiting.append(number)
        elif number in waiting:
            waiting.remove(number)
    number = doing.given["objection_no"]
    if number not in waiting:
        others = Listed(map(str, waiting))
        raise Invalid(Say("没有编号为 {number} 的待处理异议；待处理的编号：{others}。", number=number, others=others), field="objection_no")
    return {"undecided_objections": len(waiting) - 1}, {"objection_no": number}


@step_deed(Steps.close.name)
def close(doing: Doing) -> Effect:
    """Struck off the ledger by a third person: the flow weighed what the case has to show, and this exact set is hashed."""
    case, shown = doing.case, doing.dossier
    assert shown is not None
    exhibits = shown.exhibits
    for exhibit in exhibits:
        doing.work.wiring.blobs.verify(exhibit.digest)
    number, drawn = _filing_number(doing)
    now, digest = doing.work.clock.now(), evidence_set_digest(exhibits)
    changes: CaseChanges = {"closed_at": now, "closed_by_id": doing.actor.id, "filing_no": number, "evidence_digest": digest,
               "first_closed_at": case.first_closed_at or now, "is_look_back_failed": False, "supervision_level": None,
               "supervision_due_on": None, "matter_since_on": None}
    return Effect(changes, {"evidence": [e.digest for e in exhibits], "is_history": case.history == "imported"} | drawn
                  | ({"silent_unit_ids": list(doing.facts.silent_unit_ids)} if doing.facts.has_silent_support else {})
                  | doing.texts("reason"))


def _filing_number(doing: Doing) -> tuple[str, dict[str, object]]:
    """The number as it was typed, or the next one of the office whose case it is, with its place in the series."""
    if typed := doing.text("filing_no"):
        return typed, {}
    office = offices.all_offices().of(doing.case.jurisdiction, doing.today)
    if office is None:
        raise Incomplete("本系统还没有设立机关，不能编销号文号：请先开设。", field="filing_no")
    series = offices.series_of(office, doing.today.year)
    serial = next_number(doing.work, series)
    return offices.filing_number(office, doing.today.year, serial), {"filing": {"series": series, "serial": serial}}


@step_deed(Steps.refuse_close.name)
def refuse_close(doing: Doing) -> Effect:
    """Not signed off: round + 1."""
    return Effect(_back_to_work(doing), doing.texts("reason"))


@step_deed(Steps.reopen.name)
def reopen(doing: Doing) -> Effect:
    """After a look-back that failed. The first closing stays counted in its period."""
    check = doing.work.session.scalar(
        select(FactRow.seq).where(FactRow.stream == doing.case.stream, FactRow.kind == Steps.look_back.fact)
        .order_by(FactRow.seq.desc()))
    assert check is not None  # only a look-back fails
    changes = _back_to_work(doing) | {
        "closed_at": None, "closed_by_id": None, "filing_no": None, "evidence_digest": None, "is_look_back_failed": False,
        "reopen_count": doing.case.reopen_count + 1,
    }
    return Effect(changes, {"look_back_seq": check, "closed_at": doing.case.closed_at, "closed_by_id": doing.case.closed_by_id}
                  | doing.texts("reason"))


def _back_to_work(doing: Doing) -> CaseChanges:
    fresh = doing.due(Stage.rectify)
    given: date | None = new_due(doing)
    due_on = given or fresh.on
    return {"round": doing.case.round + 1, "due_on": due_on, "original_due_on": due_on,
            "is_due_provisional": fresh.is_provisional and given is None,
            "limit_unit": fresh.limit.unit.value, "is_due_rolling": fresh.limit.rolls, "has_no_work_basis": False,
            "history": "own", "notice_from_on": None, "notice_to_on": None, **NOT_SUBMITTED, **NOTHING_PENDING,
            **_unit_of_history(doing)}


def _unit_of_history(doing: Doing) -> CaseChanges:
    """A case that arrived handled has no unit to go back to: one must be named, and its own history begins."""
    case, name = doing.case, doing.given.get("lead_unit")
    if case.lead_unit_id is not None:
        return {}
    if not name:
        raise Incomplete("本案是导入的历史案件，还没有主办单位：请在“主办单位”里指明由谁整改。", field="lead_unit")
    unit = unit_named(doing.work, str(name), doing.today, "lead_unit")
    return {"lead_unit_id": unit.id, "assigned_on": doing.today, "assigned_at": doing.work.clock.now()}


def _check_onsite(doing: Doing) -> None:
    at = str(doing.given["onsite_at"])
    now = doing.work.clock.local(doing.work.clock.now())
    if at > now.strftime("%Y-%m-%d %H:%M"):
        raise Invalid(Say("现场核查时间 {at} 晚于现在。", at=datetime.fromisoformat(at)), field="onsite_at")
