"""Deeds of the rectification: extensions, suspension, phases, submission, withdrawal."""

from dataclasses import replace
from datetime import date

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.facts import Request, own_unit
from tracker.domain.cases.flow import Steps
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import DateWords, Say
from tracker.services.cases.due_sheets import after_phase, latest_extension
from tracker.services.cases.effects import NOT_SUBMITTED, NOTHING_PENDING, Doing, Effect, end_of_pause, step_deed
from tracker.services.evidence import evidence
from tracker.services.rules import values


@step_deed(Steps.request_extension.name)
def request_extension(doing: Doing) -> Effect:
    """The unit asks for a later date before the due date has passed."""
    asked = doing.day("new_due_on")
    _check_extension(doing, asked)
    return Effect({"pending": Request.extension, "pending_by_id": doing.actor.id, "pending_on": asked},
                  {"due_on": doing.case.due_on, "new_due_on": asked} | doing.texts("reason"))


@step_deed(Steps.grant_extension.name)
def grant_extension(doing: Doing) -> Effect:
    """Another person of the dispatching side grants it; both dates are kept, and it is counted."""
    granted = doing.day("new_due_on") or doing.case.pending_on
    _check_extension(doing, granted)
    changes: CaseChanges = {"due_on": granted, "extension_count": doing.case.extension_count + 1, "is_due_provisional": False,
               **NOTHING_PENDING}
    return Effect(changes, {"from_due_on": doing.case.due_on, "to_due_on": granted} | doing.texts("reason"))


@step_deed(Steps.suspend.name)
def suspend(doing: Doing) -> Effect:
    """The clock stops, on listed grounds only; the pause stays a visible segment."""
    return Effect({"paused_from_on": doing.today, **NOTHING_PENDING}, doing.texts("reason_code", "reason"))


@step_deed(Steps.resume.name)
def resume(doing: Doing) -> Effect:
    """The clock runs again with what was left."""
    case = doing.case
    return Effect(end_of_pause(doing), {"paused_from_on": case.paused_from_on, "resumed_on": doing.today,
                                        "from_due_on": case.due_on}
                  | doing.texts("reason"))


@step_deed(Steps.request_phase.name)
def request_phase(doing: Doing) -> Effect:
    """The unit asks to count a phase as done, with a plan and the date of the next."""
    asked = doing.day("next_on")
    if asked is not None and asked <= doing.today:
        raise Invalid(Say("下一节点日期 {asked} 须晚于今天 {today}。", asked=asked, today=doing.today), field="next_on")
    changes: CaseChanges = {"pending": Request.phase, "pending_by_id": doing.actor.id, "pending_on": asked,
                            **_work_reported(doing)}
    return Effect(changes, {"next_on": asked, "evidence": doing.evidence} | doing.texts("plan"))


@step_deed(Steps.grant_phase.name)
def grant_phase(doing: Doing) -> Effect:
    """A column of its own, never closed. Its next date becomes the due date where it is later."""
    case, after = doing.case, after_phase(doing.case, doing.case.pending_on)
    moved: CaseChanges = {"due_on": after.on, "is_due_provisional": after.is_provisional} if after else {}
    return Effect({"phase_next_on": case.pending_on, **moved, **NOTHING_PENDING},
                  {"next_on": case.pending_on, "from_due_on": case.due_on, "to_due_on": after.on if after else None}
                  | doing.texts("reason"))


@step_deed(Steps.resume_phase.name)
def resume_phase(doing: Doing) -> Effect:
    """Rectification goes on. Phases that were granted before their date moved the due date move it now."""
    case, after = doing.case, after_phase(doing.case, doing.case.phase_next_on)
    moved: CaseChanges = {"due_on": after.on, "is_due_provisional": after.is_provisional} if after else {}
    return Effect({"phase_next_on": None, **moved}, {"from_due_on": case.due_on, "to_due_on": after.on if after else None})


@step_deed(Steps.submit.name)
def submit(doing: Doing) -> Effect:
    """Finding, measures and the evidence that the gate asks for; otherwise `Incomplete` names what is missing."""
    case = doing.case
    has_no_work_basis = bool(doing.given.get("no_work_basis"))
    shown = replace(evidence.dossier(case), has_no_work_basis=has_no_work_basis)
    evidence.require(case.source.submit_gate, shown)
    if not doing.given.get("unmatched"):
        evidence.require_matched(case.source.submit_gate, shown)
    changes: CaseChanges = {
        "finding": doing.code("finding"), "has_no_work_basis": has_no_work_basis, "submitted_at": doing.work.clock.now(),
        "submitted_by_id": doing.actor.id, "submitted_unit_id": doing.actor.unit_id, "verification_begun_at": None,
        "phase_next_on": None, **NOTHING_PENDING, **_work_reported(doing),
        **_supervision_answered(doing),
    }
    return Effect(changes, {"evidence": doing.evidence, "round": case.round}
                  | doing.texts("finding", "measures", "no_work_basis", "unmatched"))


@step_deed(Steps.withdraw.name)
def withdraw(doing: Doing) -> Effect:
    """Who submitted takes it back before its verification has begun."""
    return Effect(NOT_SUBMITTED, doing.texts("reason"))


@step_deed(Steps.progress.name)
def progress(doing: Doing) -> Effect:
    """How far the work is; moves no state."""
    has_matters, is_settled = bool(doing.given.get("matters")), bool(doing.given.get("is_settled"))
    if has_matters and is_settled:
        raise Invalid("写了新的“需协调事项”，就不能同时勾选原来的已解决。", field="is_settled")
    changes: CaseChanges = {**_work_reported(doing), **_supervision_answered(doing)}
    if has_matters and doing.case.matter_since_on is None:
        changes["matter_since_on"] = doing.today
    if is_settled:
        changes["matter_since_on"] = None
    return Effect(changes, {"evidence": doing.evidence, "is_settled": is_settled}
                  | doing.texts("text", "problems", "matters", "matters_to", "next"))


def _supervision_answered(doing: Doing) -> CaseChanges:
    """What changes when the unit that leads the case says how far it is: the supervision order is answered."""
    is_answered = doing.case.supervision_due_on is not None and own_unit(doing.actor, doing.facts)
    return {"supervision_due_on": None} if is_answered else {}


def _work_reported(doing: Doing) -> CaseChanges:
    return {} if doing.case.work_reported_at else {"work_reported_at": doing.work.clock.now()}


def _check_extension(doing: Doing, asked: date | None) -> None:
    due_on = doing.case.due_on
    if asked is None or (due_on is not None and asked <= due_on):
        raise Invalid(Say("延期后的日期须晚于现时限 {due_on}。", due_on=DateWords(due_on) if due_on else "—"), field="new_due_on")
    if due_on is not None and asked > (latest := latest_extension(due_on, doing.today)):
        raise Invalid(Say("一次延期最多 {most} 日，最晚到 {due_on}。", most=values.number("longest_extension_days", doing.today),
                          due_on=DateWords(latest)), field="new_due_on")
