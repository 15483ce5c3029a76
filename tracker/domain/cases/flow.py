"""CASE_FLOW: the lifecycle of a case as one table that can be read aloud (lifecycle card, "Steps").

Columns: step (what the row is assigned to) = from · to · who (permission, relation) · fact · given · rules, and then by name what
else holds of it. Nothing else in the product decides what may happen to a case.
"""

from dataclasses import replace

from tracker.domain.cases import step_fields as ask
from tracker.domain.cases.belonging.attributing import (
    CONFIRM_FIRST,
    UNCONFIRMED,
    candidate_unit,
    clock_when_disclaimed,
)
from tracker.domain.cases.belonging.checks import CaseChecks
from tracker.domain.cases.fact_kinds import UnsteppedFact
from tracker.domain.cases.facts import (
    ACTIVE,
    AWAITS_LEAD,
    CLOSABLE,
    OPEN,
    SIGNABLE,
    UNCHARGED,
    WORKING,
    CaseFacts,
    CaseState,
    Request,
    Why,
    before_due,
    clock,
    clock_on_next_date,
    is_the_submitter,
    within_return_limit,
)
from tracker.domain.cases.notes import CaseNotes
from tracker.domain.cases.step_rows import (
    ALONE,
    CLOSERS,
    DECIDABLE,
    DECIDE,
    DISPATCH,
    EITHER,
    EVERYWHERE,
    FREE,
    GATE,
    OTHER_PERSON,
    OTHER_UNIT,
    OWN,
    SERVED,
    TAKES_BACK,
    THIRD,
    VERIFY,
    Among,
    Bulk,
    DateRule,
    StepGroup,
    Waits,
    area,
    fact_rule,
    notice_is_over,
    pending,
    unknown_names,
)
from tracker.domain.cases.step_rows import CaseStep as Step
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Permission
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, Lifecycle, Who, rows_of
from tracker.domain.house.words import REPLACED

P, S, E, F, D = Permission, CaseState, EvidenceRole, FactKind, DateRule
QUIET, REFUSING, VISITED = StepGroup.quiet, StepGroup.refusing, (E.onsite, E.document)
ASSIGNED, SUBMITTED, VERIFIED, OBJECTED = (
    ("case:assigned", "case:confirmed", "case:designated"), ("case:submitted",), ("case:verified",), ("case:objection_received",))
SENT_BACK = ("case:rejected", "case:close_refused", "case:objection_sustained", "case:reopened")


class CaseMoves:
    """The steps that move a case, and those that ask to or decide. The name of a row is the name of the step."""

    assign = Step(AWAITS_LEAD, S.assigned, (DISPATCH,), F("case:assigned"),
        (ask.LEAD_UNIT, ask.SUPPORTING, ask.DUE_ON, ask.DUE_REASON, ask.SUPPORT_DUE, ask.SPONSOR,
          ask.reason("交办意见", is_required=False)), (CONFIRM_FIRST,),
        answers=(("case:return_granted", "case:recalled", "case:disputed", "case:unmerged"),), undone_by="recall",
        dates=D.assigned, bulk=Bulk(2), waits=Waits(7, Among.to_assign, (S.registered,),
                                                    when=lambda facts: facts.belonging.is_confirmed
                                                    or not facts.belonging.is_needed))
    decline = Step((S.registered,), S.declined, (area(P.case_accept),), F("case:declined"),
        (ask.code("不予受理的原因", ask.DECLINE_REASONS), ask.reason("说明", is_required=False)), (ALONE,), group=REFUSING,
        bulk=Bulk(10))
    transfer = Step((*UNCHARGED, S.assigned), S.transferred, (area(P.case_accept),), F("case:transferred"),
        (Given("authority", "移送机关", longest=120), ask.DOCUMENT_NO, ask.reason("说明", is_required=False)), (ALONE,),
        group=QUIET, bulk=Bulk(12))
    merge = Step(OPEN, S.merged, (area(P.case_merge),), F("case:merged"),
        (Given("master", "并入的主案编号", FieldKind.case), ask.reason()),
        (fact_rule(Why.is_master, lambda f: f.member_count == 0),), group=QUIET, undone_by="unmerge", bulk=Bulk(11),
        dates=D.merged)
    unmerge = Step((S.merged,), S.registered, (area(P.case_merge),), F("case:unmerged"), (ask.reason(),))
    recall = Step(SIGNABLE, S.registered, (DISPATCH,), F("case:recalled"),
        (replace(ask.reason("撤回交办的原因", is_required=False), hint="主办单位已签收的，须写明原因", required_when="is_signed_for"),),
        (fact_rule(Why.designated, lambda f: not f.is_designated),
         fact_rule(Why.already_submitted, lambda f: not f.has_been_submitted), UNCONFIRMED),
        group=QUIET, answers=(ASSIGNED,), bulk=Bulk(9))
    retract = Step((S.registered,), S.voided, (area(P.case_register),), F("case:retracted"), (ask.reason("撤回登记的原因"),),
        (*TAKES_BACK, ALONE), group=QUIET)
    acknowledge = Step((S.assigned,), S.rectifying, (OWN,), F("case:acknowledged"),
        answers=(ASSIGNED,), bulk=Bulk(3), waits=Waits(9, Among.own_units))
    request_return = Step((S.assigned,), STAY, (OWN,), F("case:return_requested"),
        (ask.code("退回原因", ask.RETURN_REASONS), ask.reason("依据")),
        (fact_rule(Why.designated, lambda f: not f.is_designated), FREE, FlowRule(Why.past_return_limit, within_return_limit),
         fact_rule(Why.too_many_returns, lambda f: f.return_count < f.most_returns), UNCONFIRMED),
        group=QUIET, asks=Request.return_, answers=(ASSIGNED,))
    grant_return = Step((S.assigned,), S.registered, (DECIDE,), F("case:return_granted"),
        (ask.reason("意见", is_required=False),), pending(Request.return_),
        decides=Request.return_, answers=(("case:return_requested",),), twin="refuse_return",
        waits=Waits(1, Among.asked_by_others))
    refuse_return = Step((S.assigned,), STAY, (DECIDE,), F("case:return_refused"), (ask.reason(),), pending(Request.return_),
        group=REFUSING, decides=Request.return_, answers=(("case:return_requested",),))
    dispute = Step((S.checking, *SIGNABLE), S.disputed,
        (EITHER, Who(P.case_rectify, candidate_unit), Who(P.clock_tick, clock_when_disclaimed)), F("case:disputed"),
        (ask.reason("争议理由与依据"),),
        (fact_rule(Why.designated, lambda f: not f.is_designated),), group=QUIET)
    designate = Step((S.disputed,), S.assigned, (area(P.case_designate),), F("case:designated"),
        (ask.LEAD_UNIT, ask.SUPPORTING, Given("designated_by", "指定方式", FieldKind.choice, choices=ask.DESIGNATED_BY),
         ask.reason("指定理由"), ask.DUE_ON, ask.DUE_REASON, ask.SUPPORT_DUE, ask.MEETING),
        answers=(("case:disputed",),), dates=D.assigned, waits=Waits(5, Among.everything), settles_escalation=True)
    request_extension = Step((S.rectifying,), STAY, (OWN,), F("case:extension_requested"), (ask.NEW_DUE, ask.reason()),
        (FREE, FlowRule(Why.past_due, before_due),
         fact_rule(Why.too_many_extensions, lambda f: f.extension_count < f.most_extensions)),
        group=QUIET, asks=Request.extension)
    grant_extension = Step((S.rectifying,), STAY, (DECIDE,), F("case:extension_granted"),
        (Given("new_due_on", "批准的时限", FieldKind.date, is_required=False, hint="不填则按申请的日期"),
         ask.reason("意见", is_required=False)), pending(Request.extension),
        decides=Request.extension, answers=(("case:extension_requested",),), twin="refuse_extension",
        dates=D.extended, bulk=Bulk(4, frozenset({"new_due_on"})), waits=Waits(2, Among.asked_by_others))
    refuse_extension = Step((S.rectifying,), STAY, (DECIDE,), F("case:extension_refused"), (ask.reason(),),
        pending(Request.extension),
        group=REFUSING, decides=Request.extension, answers=(("case:extension_requested",),))
    suspend = Step((S.rectifying,), S.suspended, (DECIDE,), F("case:suspended"),
        (ask.code("缓办情形", ask.SUSPEND_GROUNDS), ask.reason("说明")), group=QUIET, undone_by="resume")
    resume = Step((S.suspended,), S.rectifying, (DECIDE,), F("case:resumed"), (ask.reason("说明", is_required=False),),
        answers=(("case:suspended",),), dates=D.resumed)
    request_phase = Step((S.rectifying,), STAY, (OWN,), F("case:phase_requested"),
        (Given("plan", "后续整改计划", FieldKind.long_text), ask.NEXT_ON, ask.FILES), (FREE,),
        group=QUIET, asks=Request.phase, file_roles=(E.progress, E.before, E.after, E.document))
    grant_phase = Step((S.rectifying,), S.phased, (DECIDE,), F("case:phase_granted"), (ask.reason("意见", is_required=False),),
        pending(Request.phase),
        decides=Request.phase, answers=(("case:phase_requested",),), twin="refuse_phase", undone_by="resume_phase",
        dates=D.phased, waits=Waits(3, Among.asked_by_others))
    refuse_phase = Step((S.rectifying,), STAY, (DECIDE,), F("case:phase_refused"), (ask.reason(),), pending(Request.phase),
        group=REFUSING, decides=Request.phase, answers=(("case:phase_requested",),))
    resume_phase = Step((S.phased,), S.rectifying, (OWN, DECIDE, Who(P.clock_tick, clock_on_next_date)), F("case:phase_resumed"),
        answers=(("case:phase_granted",),), dates=D.phased, bulk=Bulk(5))
    submit = Step(WORKING, S.submitted, (OWN,), F("case:submitted"),
        (ask.FINDING, ask.MEASURES, ask.NO_WORK_BASIS, ask.UNMATCHED, ask.FILES),
        answers=((*ASSIGNED, *SENT_BACK),), file_roles=(E.after, E.before, E.progress, E.document), has_gate=True,
        undone_by="withdraw", waits=Waits(12, Among.own_units), is_outside=True)
    withdraw = Step((S.submitted,), S.rectifying, (OWN,), F("case:withdrawn"), (ask.reason(is_required=False),),
        (FlowRule(Why.not_submitter, is_the_submitter),
         fact_rule(Why.verification_begun, lambda f: not f.is_verification_begun)), group=QUIET, answers=(SUBMITTED,))
    verify = Step((S.submitted,), S.verified, (VERIFY,), F("case:verified", "remarks"),
        (ask.ONSITE_AT, ask.ONSITE_PEOPLE, ask.ONSITE_PLACE, ask.CONCLUSION, ask.FILES), (OTHER_PERSON, OTHER_UNIT),
        answers=(SUBMITTED,), file_roles=VISITED, has_gate=True, compares_photos=True, twin="reject", checks_works=True,
        waits=Waits(13, Among.rectified_by_others), is_outside=True)
    reject = Step((S.submitted,), S.rectifying, (VERIFY,), F("case:rejected", "remarks"),
        (ask.reason("不通过的理由"),
         Given("new_due_on", "新的时限", FieldKind.date, is_required=False, hint="不填则沿用剩余时间"), ask.FILES),
        (OTHER_PERSON, OTHER_UNIT),
        group=REFUSING, answers=(SUBMITTED,), file_roles=VISITED, compares_photos=True, dates=D.rejected, checks_works=True,
        is_outside=True)
    open_notice = Step((S.verified,), S.noticing, (area(P.case_notice),), F("case:notice_opened"),
        (ask.NOTICE_TEXT, ask.NOTICE_FROM, ask.NOTICE_DAYS),
        answers=(SUBMITTED, VERIFIED), dates=D.noticed,
        waits=Waits(14, Among.to_notice, when=lambda facts: facts.is_notice_required))
    receive_objection = Step((S.noticing,), STAY, (area(P.case_notice),), F("case:objection_received"),
        (ask.OBJECTOR, ask.OBJECTION, Given("received_on", "收到日期", FieldKind.date)), group=QUIET)
    dismiss_objection = Step((S.noticing,), STAY, (area(P.case_notice),), F("case:objection_dismissed"),
        (ask.OBJECTION_NO, ask.reason("不成立的理由")), (DECIDABLE,),
        answers=(OBJECTED,), twin="sustain_objection", waits=Waits(15, Among.objected_to))
    sustain_objection = Step((S.noticing,), S.rectifying, (area(P.case_notice),), F("case:objection_sustained"),
        (ask.OBJECTION_NO, ask.reason("成立的理由"), ask.LEAD_UNIT_OF_HISTORY,
         Given("new_due_on", "新的时限", FieldKind.date, is_required=False, hint="不填则按规则重算")), (DECIDABLE,),
        answers=(OBJECTED,), restarts_clock=True)
    end_notice = Step((S.noticing,), S.noticed, (Who(P.clock_tick, clock),), F("case:notice_ended"), (),
        (FlowRule(Why.notice_running, notice_is_over),
         fact_rule(Why.objection_undecided, lambda f: f.undecided_objections == 0)))
    close = Step(CLOSABLE, S.closed, CLOSERS, F("case:closed"),
        (Given("filing_no", "备案号", is_required=False, longest=80, hint="不填则自动编号"),
         replace(ask.reason("销号意见", is_required=False), hint="协办单位到期没有提出意见的，须写明理由",
                 required_when="has_silent_support")), (THIRD, SERVED, GATE),
        answers=(SUBMITTED, VERIFIED), has_gate=True, compares_photos=True, twin="refuse_close",
        bulk=Bulk(1, frozenset({"filing_no"})), waits=Waits(16, Among.to_close))
    refuse_close = Step(CLOSABLE, S.rectifying, CLOSERS, F("case:close_refused"),
        (ask.reason("不予销号的理由"), ask.LEAD_UNIT_OF_HISTORY,
         Given("new_due_on", "新的时限", FieldKind.date, is_required=False, hint="不填则按规则重算")), (THIRD,),
        group=REFUSING, answers=(SUBMITTED, VERIFIED), compares_photos=True, restarts_clock=True)
    reopen = Step((S.closed,), S.rectifying, (DECIDE,), F("case:reopened"),
        (ask.reason("重开理由"), ask.LEAD_UNIT_OF_HISTORY,
         Given("new_due_on", "整改时限", FieldKind.date, is_required=False, hint="不填则按规则重算")),
        (fact_rule(Why.no_failed_look_back, lambda f: f.is_look_back_failed),),
        answers=(("case:looked_back",),), restarts_clock=True, waits=Waits(4, Among.look_back_failed))
    void = Step((*UNCHARGED, S.assigned), S.voided, (area(P.case_accept),), F("case:voided"),
        (ask.code("作废原因", ask.VOID_REASONS), ask.reason("说明", is_required=False)),
        (fact_rule(Why.work_reported, lambda f: not f.is_work_reported), ALONE), group=QUIET)


class Steps(CaseMoves, CaseChecks, CaseNotes):
    """Every step of a case: `Steps.close.name`, `Steps.close.fact`."""


MOVES, NOTES = (*rows_of(CaseMoves, Step), *rows_of(CaseChecks, Step)), rows_of(CaseNotes, Step)
ASKED_IN = tuple(dict.fromkeys(state for step in MOVES if step.asks for state in step.froms))  # where a request may wait
CASE_FLOW: Lifecycle[CaseFacts, Step] = Lifecycle((*MOVES, *NOTES), state_of=lambda facts: facts.state, why=Why,
                                                  of_state=(Why.has_members, Why.is_master), of_lack=(Why.recheck_first,))


def steps_on_desks() -> tuple[Step, ...]:
    """The steps that wait on somebody's desk, in the order in which a desk shows them."""
    found = [(step.waits.order, step) for step in CASE_FLOW.steps.values() if step.waits is not None]
    return tuple(step for _, step in sorted(found, key=lambda pair: pair[0]))


class OtherFacts:
    """Facts of no step: the first of every stream, the importer's, the custodian's, the calendar's, and of who carries on."""

    registered = UnsteppedFact(F("case:registered"), (), S.registered)
    history_imported = UnsteppedFact(F("case:history_imported", "published"), (S.registered,), S.verified)
    history_noted = UnsteppedFact(F("case:history_noted", "published"), (S.registered,))
    import_withdrawn = UnsteppedFact(F("case:import_withdrawn"), (S.registered, S.verified), S.voided)
    identity_requested = UnsteppedFact(F("case:identity_requested"), EVERYWHERE, is_beside=True)
    identity_granted = UnsteppedFact(F("case:identity_granted"), EVERYWHERE, is_beside=True)
    identity_refused = UnsteppedFact(F("case:identity_refused"), EVERYWHERE, is_beside=True)
    identity_revealed = UnsteppedFact(F("case:identity_revealed"), EVERYWHERE, is_beside=True)
    identity_lapsed = UnsteppedFact(F("case:identity_lapsed"), EVERYWHERE, is_beside=True)
    words_masked = UnsteppedFact(F("case:words_masked", REPLACED), EVERYWHERE, is_beside=True)
    due_recomputed = UnsteppedFact(F("case:due_recomputed"), ACTIVE)
    unit_succeeded = UnsteppedFact(F("case:unit_succeeded"), ACTIVE)
    moved = UnsteppedFact(F("case:moved"), ACTIVE)


FIRST = OtherFacts.registered.fact
OTHER_FACTS: dict[str, UnsteppedFact] = {row.fact: row for row in vars(OtherFacts).values() if isinstance(row, UnsteppedFact)}
BESIDE = frozenset(row.fact for row in OTHER_FACTS.values() if row.is_beside)

for _step in CASE_FLOW.steps.values():
    for _said in unknown_names(_step, CASE_FLOW.steps, {*CASE_FLOW.by_fact, *OTHER_FACTS}):
        raise LookupError(f"{_step.name}: {_said}")
