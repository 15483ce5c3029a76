"""The steps between the register and the assignment of a case whose source asks that it be settled first whose it is （下派、复核、
认领、确认）: rows of CASE_FLOW like all others."""

from tracker.domain.cases import step_fields as ask
from tracker.domain.cases.belonging import fields
from tracker.domain.cases.belonging.attributing import (
    AGREED,
    ASKS_CONFIRMATION,
    CONFIRMER,
    RECHECKED,
    SEEN_ENOUGH,
    candidate_unit,
    clock_when_silent,
    reader_of_area,
)
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.step_rows import ALONE, DISPATCH, Among, DateRule, MailParty, StepGroup, Waits
from tracker.domain.cases.step_rows import CaseStep as Step
from tracker.domain.cases.works.fields import WORKS_CONFIRMED
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Permission
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, Who

P, S, E, F = Permission, CaseState, EvidenceRole, FactKind
CANDIDATE, ANSWERS = Who(P.case_attribute, candidate_unit), Who(P.case_rectify, candidate_unit)
LOOKS = Who(P.case_attribute, reader_of_area(P.case_attribute))
ANSWERED = (MailParty.candidates, MailParty.dispatchers)
SENT_DOWN = ("case:sent_down",)
SEEN, SAID = ("case:rechecked",), ("case:claimed", "case:disclaimed", "case:claim_presumed")


class CaseChecks:
    """The steps of a case that waits to be confirmed, and the one that brings it there."""

    send_down = Step((S.registered,), S.checking, (DISPATCH,), F("case:sent_down"),
        (fields.CANDIDATES, fields.OPINION), (ASKS_CONFIRMATION,),
        answers=(("case:unmerged", "case:return_granted", "case:recalled"),), dates=DateRule.sent_down,
        waits=Waits(6, Among.to_send_down, when=lambda facts: not facts.belonging.is_confirmed))
    recheck = Step((S.checking,), STAY, (CANDIDATE, LOOKS), F("case:rechecked"),
        (fields.CHECK_FILES, fields.CHECKED_AT, fields.POINT, fields.LINE, fields.MILEAGE, fields.SIDE, fields.FENCE_SEEN,
         fields.OWNER_SEEN, fields.CHECK_NOTE),
        group=StepGroup.quiet, answers=(SENT_DOWN, SEEN), file_roles=(E.progress, E.before, E.document),
        is_first_look=True, is_outside=True,
        told_to=ANSWERED)
    claim = Step((S.checking,), STAY, (ANSWERS,), F("case:claimed"), (fields.EXTENT, fields.CLAIM_OPINION),
        answers=(SENT_DOWN, SEEN), twin="disclaim", told_to=ANSWERED, says_whose=True,
        waits=Waits(10, Among.asked_units, when=lambda facts: bool(facts.belonging.units_that(""))))
    disclaim = Step((S.checking,), STAY, (ANSWERS,), F("case:disclaimed"), (fields.GROUND, fields.BASIS, ask.FILES),
        group=StepGroup.refusing, answers=(SENT_DOWN, SEEN), file_roles=(E.document, E.before),
        told_to=ANSWERED, says_whose=True)
    presume = Step((S.checking,), STAY, (Who(P.clock_tick, clock_when_silent),), F("case:claim_presumed"),
        answers=(SENT_DOWN, SEEN), told_to=ANSWERED, says_whose=True)
    confirm = Step((S.checking,), S.assigned, (DISPATCH, ANSWERS), F("case:confirmed"),
        (ask.LEAD_UNIT, ask.SUPPORTING, fields.INFORMED, ask.DUE_ON, ask.DUE_REASON, ask.SUPPORT_DUE, ask.SPONSOR,
         *WORKS_CONFIRMED, fields.CONFIRM_REASON),
        (AGREED, CONFIRMER, SEEN_ENOUGH), answers=(SENT_DOWN, SEEN, SAID), dates=DateRule.assigned,
        waits=Waits(8, Among.to_confirm, when=lambda facts: facts.belonging.is_answered(facts.today)), knows_works=True)
    find_nothing = Step((S.checking,), S.declined, (DISPATCH,), F("case:nothing_found"),
        (fields.NOT_FOUND, fields.NOT_FOUND_REASON), (RECHECKED, ALONE), group=StepGroup.refusing, answers=(SEEN, SAID),
        told_to=(MailParty.candidates,))
