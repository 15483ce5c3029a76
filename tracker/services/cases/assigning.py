"""Deeds before the work begins: assign, decline, transfer, merge, acknowledge, returns, disputes, designation, void."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.categories.questions import kept_answers
from tracker.domain.cases.columns import CaseChanges, SupportDay, SupportDays
from tracker.domain.cases.facts import OPEN, Request
from tracker.domain.cases.flow import Steps
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Incomplete, Invalid, WrongState
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Stage
from tracker.domain.territory.routing import RoutingFacts
from tracker.services.cases.due_sheets import ruled_due
from tracker.services.cases.effects import (
    NOT_SUBMITTED,
    NOTHING_PENDING,
    Doing,
    Effect,
    end_of_pause,
    sponsor_named,
    step_deed,
    unit_named,
)
from tracker.services.house.work import reading
from tracker.services.people import access
from tracker.services.rules import values
from tracker.services.territory.shapes import places
from tracker.services.territory.shapes.places import Suggested
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.cases.scope import visible
from tracker.storage.people.accounts import Unit

_WITHOUT_UNIT: CaseChanges = {
    "lead_unit_id": None, "supporting_unit_ids": (), "assigned_at": None, "acknowledge_due_on": None, "return_until_on": None,
    "acknowledged_at": None, "support_days": {}, **NOTHING_PENDING,
}
_UNASSIGNED: CaseChanges = {
    "assigned_on": None, "due_on": None, "original_due_on": None, "is_due_provisional": False, "limit_unit": None,
    "is_due_rolling": False, **_WITHOUT_UNIT,
}


@step_deed(Steps.assign.name)
def assign(doing: Doing) -> Effect:
    """One lead unit, any supporting units, a due date, and the reason of the routing. A key case needs a sponsor."""
    changes, details = assignment_changes(doing, is_designated=False)
    return Effect({**changes, **sponsor_changes(doing)}, details | doing.texts("reason"))


def sponsor_changes(doing: Doing) -> CaseChanges:
    """The sponsor that is named; a key case is not given to a unit without one."""
    sponsor = doing.given.get("sponsor")
    if sponsor:
        return {"sponsor_id": sponsor_named(doing.work, str(sponsor), doing.case.jurisdiction).id}
    if doing.case.is_key and doing.case.sponsor_id is None:
        raise Incomplete("本案是重点件，交办时须确定“包案领导”。", field="sponsor")
    return {}


@step_deed(Steps.designate.name)
def designate(doing: Doing) -> Effect:
    """The final ruling of a dispute: no further send-back."""
    changes, details = assignment_changes(doing, is_designated=True)
    return Effect(changes, details | doing.texts("reason", "designated_by", "meeting"))


def suggested(actor: Actor, number: str, on: date) -> Suggested | None:
    """Which unit the routing rules would have lead this case, and why: the same sentence as the assignment's fact will keep. None
    where no rule fits, or for who may not see the case."""
    session = reading()
    case = session.scalar(select(Case).where(Case.number == number, visible(actor.scope())))
    return suggested_route(session, case, on) if case is not None else None


def due_by_rule(source: str, area_code: str, running: date | None, on: date) -> date:
    """The date that an assignment on this day would set by itself: the clock that runs already, else the rule's."""
    return running or ruled_due(source, area_code, Stage.rectify, on).on


@step_deed(Steps.decline.name)
def decline(doing: Doing) -> Effect:
    """Not accepted, with a reason code."""
    return Effect({}, doing.texts("reason_code", "reason"))


@step_deed(Steps.transfer.name)
def transfer(doing: Doing) -> Effect:
    """Handed to another authority, with the number of the paper."""
    return Effect(NOTHING_PENDING, doing.texts("authority", "document_no", "reason"))


@step_deed(Steps.void.name)
def void(doing: Doing) -> Effect:
    """Out of the count, before any work was reported."""
    return Effect(NOTHING_PENDING, doing.texts("reason_code", "reason"))


@step_deed(Steps.retract.name)
def retract(doing: Doing) -> Effect:
    """Who registered it takes it back before anybody was charged with it: out of the count."""
    return Effect({}, doing.texts("reason"))


@step_deed(Steps.merge.name)
def merge(doing: Doing) -> Effect:
    """Into an open master; no chains; number, clock and reply duty stay the member's own."""
    number = doing.text("master").upper()
    query = select(Case).where(Case.number == number, visible(doing.actor.scope())).with_for_update(of=Case)
    master = doing.work.session.scalar(query)
    if master is None:
        raise access.no_such_case(number)
    if master.id == doing.case.id:
        raise Invalid("不能并入自己。", field="master")
    if master.state not in OPEN:
        raise WrongState(Say("主案 {number} 不在办理中，不能并入。", number=number), field="master")
    return Effect({"master_id": master.id, **end_of_pause(doing), **NOTHING_PENDING},
                  {"master": master.number} | doing.texts("reason"))


@step_deed(Steps.unmerge.name)
def unmerge(doing: Doing) -> Effect:
    """Back to a case of its own, to be assigned again; its clock kept running."""
    return Effect({**_WITHOUT_UNIT, **asked_no_more(doing), **NOT_SUBMITTED, "phase_next_on": None, "master_id": None},
                  doing.texts("reason"))


@step_deed(Steps.acknowledge.name)
def acknowledge(doing: Doing) -> Effect:
    """The lead unit signs for the case. The rectification clock has run since the assignment."""
    late = doing.case.acknowledge_due_on is not None and doing.today > doing.case.acknowledge_due_on
    return Effect({"acknowledged_at": doing.work.clock.now(), **NOTHING_PENDING}, {"is_late": late})


@step_deed(Steps.request_return.name)
def request_return(doing: Doing) -> Effect:
    """The unit asks to send the case back, within the limit."""
    return Effect({"pending": Request.return_, "pending_by_id": doing.actor.id}, doing.texts("reason_code", "reason"))


@step_deed(Steps.grant_return.name)
def grant_return(doing: Doing) -> Effect:
    """Back to the dispatcher; counted."""
    return Effect({**_UNASSIGNED, **asked_no_more(doing), "return_count": doing.case.return_count + 1}, doing.texts("reason"))


@step_deed(Steps.recall.name)
def recall(doing: Doing) -> Effect:
    """The assignment was a mistake of the dispatching side: as if it had not been, and no return of the unit."""
    case = doing.case
    had = {"former_lead_unit_id": case.lead_unit_id, "former_supporting_unit_ids": list(case.supporting_unit_ids)}
    return Effect({**_UNASSIGNED, **asked_no_more(doing)}, had | doing.texts("reason"))


@step_deed(Steps.refuse_return.name, Steps.refuse_extension.name, Steps.refuse_phase.name)
def refuse_request(doing: Doing) -> Effect:
    """The request is refused and the case goes on as it was."""
    return Effect(NOTHING_PENDING, doing.texts("reason"))


@step_deed(Steps.dispute.name)
def dispute(doing: Doing) -> Effect:
    """Either unit takes the question of responsibility upwards; the clock keeps running. Units that were asked still see it."""
    changes: CaseChanges = {**NOTHING_PENDING}
    if doing.case.confirm_due_on is not None:
        changes["confirm_due_on"] = None
    return Effect(changes, doing.texts("reason"))


def asked_no_more(doing: Doing) -> CaseChanges:
    """What changes where units were asked whether the case is theirs, or told of it, and that is over."""
    case, changes = doing.case, CaseChanges()
    if case.candidates:
        changes["candidates"] = {}
    if case.informed_unit_ids:
        changes["informed_unit_ids"] = ()
    if case.confirm_due_on is not None:
        changes["confirm_due_on"] = None
    return changes


def assignment_changes(doing: Doing, *, is_designated: bool) -> tuple[CaseChanges, dict[str, object]]:
    """What a unit that gets the case changes, and what its fact says: who, by when, and by which rules."""
    lead, supporting = _named_units(doing)
    changes: CaseChanges = {
        "lead_unit_id": lead.id, "supporting_unit_ids": tuple(sorted(u.id for u in supporting)),
        "is_designated": is_designated, "assigned_at": doing.work.clock.now(),
        "acknowledge_due_on": doing.due(Stage.acknowledge).on, "return_until_on": doing.due(Stage.return_request).on,
        "acknowledged_at": None, **NOTHING_PENDING, **asked_no_more(doing),
    }
    clock_changes, details = _due_date_changes(doing)
    due_on = clock_changes["due_on"]
    assert due_on is not None
    changes["support_days"] = _support_days(doing, supporting, due_on)
    details |= _routing_details(doing, lead)
    return changes | clock_changes, details


def _named_units(doing: Doing) -> tuple[Unit, list[Unit]]:
    lead = unit_named(doing.work, str(doing.given["lead_unit"]), doing.today, "lead_unit")
    names = doing.given.get("supporting_units") or ()
    assert isinstance(names, Sequence)
    supporting = {u.id: u for u in (unit_named(doing.work, str(n), doing.today, "supporting_units") for n in names)}
    if lead.id in supporting:
        raise Invalid(Say("“{lead_name}”已是主办单位，不能同时协办。", lead_name=lead.name), field="supporting_units")
    return lead, list(supporting.values())


def _support_days(doing: Doing, supporting: Sequence[Unit], due_on: date) -> SupportDays:
    """The day by which each supporting unit gives its opinion: the given one, or the rule's, and not after the work is due."""
    given = doing.day("support_due_on")
    if given is not None and not supporting:
        raise Invalid("没有选协办单位，不用填“协办意见时限”。", field="support_due_on")
    if given is not None and not doing.today <= given:
        raise Invalid(Say("协办意见时限 {given} 早于今天 {today}。", given=given, today=doing.today), field="support_due_on")
    by_rule = doing.calendar.add_workdays(doing.today, values.number("support_workdays", doing.today)).on
    day: SupportDay = {"due_on": given or min(by_rule, max(due_on, doing.today)), "answered_on": None}
    return {str(unit.id): day for unit in sorted(supporting, key=lambda unit: unit.id)}


def _due_date_changes(doing: Doing) -> tuple[CaseChanges, dict[str, object]]:
    """The due date: by rule from today, or the running one when the case was assigned before; overruled only with a reason."""
    running, limit, proposed = doing.case.due_on, doing.limit(Stage.rectify), doing.due(Stage.rectify)
    by_rule = running or proposed.on
    given = doing.day("due_on")
    if given is not None and given != by_rule and not doing.given.get("due_reason"):
        raise Incomplete(Say("按规则时限为 {by_rule}；改为 {given} 须填写“另定时限的理由”。", by_rule=by_rule, given=given), field="due_reason")
    if given is not None and given < doing.today:
        raise Invalid(Say("整改时限 {given} 早于今天 {today}。", given=given, today=doing.today), field="due_on")
    due_on: date = given or by_rule
    is_by_rule_provisional = proposed.is_provisional if running is None else doing.case.is_due_provisional
    details: dict[str, object] = {
        "limit": {"stage": limit.stage, "amount": limit.amount, "unit": limit.unit, "basis": limit.basis,
                  "source": limit.source, "effective_from": limit.effective_from, "is_first_day_counted": limit.first_day_counts},
        "proposed_due_on": by_rule,
    }
    changes: CaseChanges = {
        "assigned_on": doing.case.assigned_on or doing.today, "due_on": due_on, "limit_unit": limit.unit.value,
        "is_due_rolling": limit.rolls if running is None else doing.case.is_due_rolling,
        "original_due_on": doing.case.original_due_on or due_on, "is_due_provisional": is_by_rule_provisional
        and due_on == by_rule,
    }
    return changes, details | doing.texts("due_reason")


def _routing_details(doing: Doing, lead: Unit) -> dict[str, object]:
    suggestion = suggested_route(doing.work.session, doing.case, doing.today)
    if suggestion is None:
        return {"routing": Say("没有适用的交办规则，由调度员判定。")}
    told: dict[str, object] = {"routing": suggestion.why}
    if suggestion.routed is not None:
        rule = suggestion.routed.rule
        told |= {"routing_rule": rule.number, "routing_list": rule.version, "routing_clause": rule.clause}
    if suggestion.attribution is not None:
        told["attribution"] = suggestion.attribution.told()
    return told | ({"is_routing_overruled": suggestion.lead != lead.code} if suggestion.lead else {})


def suggested_route(session: Session, case: Case, on: date) -> Suggested | None:
    """Whom the rules would have lead a case, read in a work's own session."""
    types = session.scalars(select(CaseCategory.category).where(CaseCategory.case_id == case.id)).all()
    return suggested_for(case, types, on)


def suggested_for(case: Case, types: Iterable[str], on: date) -> Suggested | None:
    """Whom the rules would have lead a case at hand."""
    text, answers = f"{case.title}\n{case.description}", kept_answers(case.answers)
    facts = RoutingFacts(frozenset(types), case.area_code, text, answers)
    return places.suggested(places.place_of(case, facts), facts, on)
