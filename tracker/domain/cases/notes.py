"""The steps that move nothing: notes, evidence, pressure from above, and what is looked at afterwards. Rows of CASE_FLOW.

Which kinds of evidence may be added in which state, and by whom, stands here too: what a verifier saw is not changed behind their
back.
"""

from tracker.domain.cases import step_fields as ask
from tracker.domain.cases.facts import (
    ACTIVE,
    FINAL,
    IN_HAND,
    OPEN,
    SUPPORTABLE,
    UNCHARGED,
    WITH_UNIT,
    CaseState,
    Why,
    either_unit,
    sponsor,
)
from tracker.domain.cases.intake_fields import CORRECTABLE, LONGEST_CORRECTION
from tracker.domain.cases.step_rows import (
    CORRECTS,
    DECIDE,
    DISPATCH,
    EITHER,
    EVERYWHERE,
    OTHER_PERSON,
    OTHER_UNIT,
    OWES_REPLY,
    SUPPORTS,
    VERIFY,
    Among,
    Bulk,
    ChoiceRow,
    MailParty,
    StepGroup,
    Waits,
    area,
    fact_rule,
)
from tracker.domain.cases.step_rows import CaseStep as Step
from tracker.domain.cases.works.fields import WORKS_ASKED
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Permission
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, Who

P, S, E, F = Permission, CaseState, EvidenceRole, FactKind
QUIET, VISITED, ASSIGNED = StepGroup.quiet, (E.onsite, E.document), ("case:assigned", "case:confirmed", "case:designated")
ADDERS = (area(P.case_evidence), EITHER, VERIFY)
ADDABLE = (
    *(ChoiceRow(ask.EVIDENCE_ROLE.name, role.value, states, ADDERS) for role, states in (
        (E.before, (*UNCHARGED, *WITH_UNIT)), (E.after, WITH_UNIT), (E.progress, WITH_UNIT), (E.document, ACTIVE))),
    ChoiceRow(ask.EVIDENCE_ROLE.name, E.onsite.value, (S.submitted,), (VERIFY,), (OTHER_PERSON, OTHER_UNIT)),
)


class CaseNotes:
    """The steps that move nothing."""

    comment = Step(EVERYWHERE, STAY, (area(P.case_comment), Who(P.case_comment, either_unit), Who(P.case_comment, sponsor)),
        F("case:commented"), (ask.TEXT,), group=QUIET)
    progress = Step(WITH_UNIT, STAY, (EITHER,), F("case:progressed"),
        (*ask.REPORTED, ask.FILES), group=QUIET, file_roles=(E.progress, E.before, E.document), is_outside=True,
        waits=Waits(11, Among.to_answer, when=lambda facts: facts.is_answer_owed))
    support_reply = Step(SUPPORTABLE, STAY, (SUPPORTS,), F("case:support_replied"),
        (Given("text", "协办意见", FieldKind.long_text), ask.FILES), (OWES_REPLY,),
        group=QUIET, answers=(ASSIGNED,), file_roles=(E.document, E.progress, E.before), told_to=(MailParty.officers,),
        waits=Waits(17, Among.supported), is_outside=True)
    add_evidence = Step(ACTIVE, STAY, ADDERS, F("case:evidence_added"),
        (ask.EVIDENCE_ROLE, Given("files", "照片或文件", FieldKind.files), ask.FROM_REPORTER, ask.reason("说明", is_required=False)),
        group=QUIET, choices=ADDABLE, is_outside=True)
    urge = Step(OPEN, STAY, (area(P.case_urge), Who(P.case_urge, sponsor)), F("case:urged"),
        (Given("text", "催办内容", FieldKind.long_text),), group=QUIET, bulk=Bulk(7))
    open_supervision = Step(OPEN, STAY, (area(P.case_supervise), Who(P.case_supervise, sponsor)), F("case:supervision_opened"),
        (Given("level", "督办级别", FieldKind.choice, choices=ask.SUPERVISION_LEVELS),
         Given("document_no", "督办文号", is_required=False, longest=80), ask.reason("督办事由"), ask.ANSWER_ON),
        group=QUIET, undone_by="lift_supervision", bulk=Bulk(8))
    lift_supervision = Step(EVERYWHERE, STAY, (area(P.case_supervise),), F("case:supervision_lifted"), (ask.reason(),),
        (fact_rule(Why.not_supervised, lambda f: f.is_supervised),), group=QUIET)
    set_sponsor = Step(ACTIVE, STAY, (DISPATCH,), F("case:sponsor_set"),
        (Given("sponsor", "包案领导", FieldKind.person), ask.reason(is_required=False)), group=QUIET, bulk=Bulk(6))
    set_works = Step((*IN_HAND, S.submitted), STAY, (DISPATCH,), F("case:works_set"), WORKS_ASKED, group=QUIET, knows_works=True)
    joint_meeting_decision = Step(ACTIVE, STAY, (area(P.case_designate),), F("case:joint_meeting_decided"),
        (Given("held_on", "会议日期", FieldKind.date), Given("text", "会议决定", FieldKind.long_text), *ask.OF_MEETING), group=QUIET,
        settles_escalation=True)
    escalate = Step(OPEN, STAY, (DECIDE,), F("case:escalated"), (ask.reason("提请市级协调的事项"),), group=QUIET)
    call_back = Step((*ACTIVE[ACTIVE.index(S.verified):], S.closed), STAY, (area(P.case_call_back),), F("case:called_back"),
        (Given("satisfaction", "回访结果", FieldKind.choice, choices=ask.SATISFACTION), Given("text", "回访记录", FieldKind.long_text,
                                                                                          is_required=False)),
        group=QUIET)
    look_back = Step((S.closed,), STAY, (area(P.case_look_back),), F("case:looked_back"),
        (Given("checked_on", "回头看日期", FieldKind.date), Given("result", "结果", FieldKind.choice, choices=ask.LOOK_BACK_RESULTS),
         Given("text", "情况", FieldKind.long_text), ask.FILES), group=QUIET, file_roles=VISITED, is_outside=True)
    correct_field = Step((*ACTIVE, *FINAL), STAY, (area(P.case_correct), area(P.case_register)), F("case:field_corrected"),
        (Given("field", "更正项", FieldKind.choice, choices=CORRECTABLE),
         Given("value", "更正为", FieldKind.long_text, longest=LONGEST_CORRECTION),
         ask.reason("更正理由")), (CORRECTS,), group=QUIET)
