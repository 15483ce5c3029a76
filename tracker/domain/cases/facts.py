"""What the law knows of a case: its states, the frozen facts of one case, and the predicates on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.cases.belonging.candidates import UNASKED, Belonging
from tracker.domain.cases.works.items import CheckSheet
from tracker.domain.house.actor import Actor, Permission


class CaseState(StrEnum):
    """The sixteen states (lifecycle card). Never compared outside a flow or a query."""

    registered = "registered"
    checking = "checking"
    assigned = "assigned"
    disputed = "disputed"
    rectifying = "rectifying"
    suspended = "suspended"
    phased = "phased"
    submitted = "submitted"
    verified = "verified"
    noticing = "noticing"
    noticed = "noticed"
    closed = "closed"
    merged = "merged"
    transferred = "transferred"
    declined = "declined"
    voided = "voided"


# Every set of states that is more than the row of a step stands here, under one name; a house test finds a second one.
S = CaseState
FINAL = (S.closed, S.merged, S.transferred, S.declined, S.voided)
ACTIVE = tuple(s for s in S if s not in FINAL)
COMPLETED = (S.verified, S.noticing, S.noticed)
HANDLED = (*COMPLETED, S.closed)  # 已办结: what reports count, and what must name who submitted and who verified
APART = tuple(s for s in FINAL if s is not S.closed)  # ended without having been handled: listed, and in no rate
OPEN = tuple(s for s in ACTIVE if s not in COMPLETED)
AWAITS_LEAD = (S.registered, S.disputed)  # a dispatcher decides who leads
UNSIGNED = (S.assigned, S.disputed)  # handed over and not signed for: the first limits run
WITH_UNIT = (S.assigned, S.disputed, S.rectifying, S.suspended, S.phased)  # a unit leads it and has handed nothing in
IN_HAND = tuple(s for s in WITH_UNIT if s is not S.disputed)  # and the unit itself has to go on with it
WORKING = (S.rectifying, S.phased)  # it may hand its work in
SIGNABLE = (S.assigned, S.rectifying)  # the unit that leads it is to sign for it, or has
UNCHARGED = (S.registered, S.checking)  # nobody is charged with it yet
SUPPORTABLE = tuple(s for s in ACTIVE if s not in UNCHARGED)  # other units may have been asked to support
WITH_NOTICE = (S.noticing, S.noticed)
CLOSABLE = (S.verified, S.noticed)  # where the closing may be what is left
# "The clock still runs" (docs/decisions/0008-the-clock-still-runs.md). The due date of the case turns it yellow and red: a
# suspension pauses that clock, what was submitted stopped it at the submission.
CLOCK_RUNS = tuple(s for s in OPEN if s not in (S.suspended, S.submitted))
CLOCK_STOPPED = (S.submitted, *COMPLETED)
# Whom the date is told to beforehand: an agreed phase has a date of its own, by which it is reminded.
DUE_DATE_REMINDS = tuple(s for s in CLOCK_RUNS if s is not S.phased)
# Whose delay is held against a unit: before anybody is charged with the case, nobody is late.
UNIT_CLOCK_RUNS = tuple(s for s in CLOCK_RUNS if s not in UNCHARGED)

# state -> how reports count it
COUNTED_AS: dict[CaseState, str] = {
    S.registered: "open", S.checking: "open", S.assigned: "open", S.disputed: "open", S.rectifying: "open", S.suspended: "open",
    S.phased: "phased", S.submitted: "open", S.verified: "completed", S.noticing: "completed", S.noticed: "completed",
    S.closed: "closed", S.merged: "merged", S.transferred: "transferred", S.declined: "declined", S.voided: "voided",
}


class Why(StrEnum):
    """Why a step is not open. Each has a sentence in `wording`."""

    wrong_state = "wrong_state"
    no_permission = "no_permission"
    out_of_reach = "out_of_reach"
    same_person = "same_person"
    same_unit = "same_unit"
    not_submitter = "not_submitter"
    verification_begun = "verification_begun"
    request_pending = "request_pending"
    no_request = "no_request"
    own_request = "own_request"
    designated = "designated"
    past_return_limit = "past_return_limit"
    too_many_returns = "too_many_returns"
    past_due = "past_due"
    too_many_extensions = "too_many_extensions"
    notice_required = "notice_required"
    notice_running = "notice_running"
    objection_undecided = "objection_undecided"
    no_objection = "no_objection"
    evidence_missing = "evidence_missing"
    has_members = "has_members"
    is_master = "is_master"
    no_failed_look_back = "no_failed_look_back"
    work_reported = "work_reported"
    not_supervised = "not_supervised"
    already_submitted = "already_submitted"
    no_reply_awaited = "no_reply_awaited"
    not_registrar = "not_registrar"
    assigned_before = "assigned_before"
    corrected_by_others = "corrected_by_others"
    confirm_first = "confirm_first"
    wrong_source = "wrong_source"
    confirmed = "confirmed"
    recheck_first = "recheck_first"
    not_agreed = "not_agreed"


class Request(StrEnum):
    """What a unit may ask and another person decides. At most one is pending on a case."""

    return_ = "return"
    extension = "extension"
    phase = "phase"


@dataclass(frozen=True)
class CaseFacts:
    """One case, on one day, as far as the rules need it."""

    state: CaseState
    today: date
    area_code: str = ""
    lead_unit_id: int | None = None
    supporting_unit_ids: tuple[int, ...] = ()
    sponsor_id: int | None = None
    registered_by_id: int | None = None
    submitted_by_id: int | None = None
    submitted_unit_id: int | None = None
    submitted_for_id: int | None = None
    submitted_for_unit_id: int | None = None
    verified_by_id: int | None = None
    verified_for_id: int | None = None
    is_verification_begun: bool = False
    is_designated: bool = False
    pending: Request | None = None
    pending_by_id: int | None = None
    pending_for_id: int | None = None
    due_on: date | None = None
    return_until_on: date | None = None
    return_count: int = 0
    extension_count: int = 0
    phase_next_on: date | None = None
    is_notice_required: bool = False
    notice_to_on: date | None = None
    undecided_objections: int = 0
    is_supervised: bool = False
    is_look_back_failed: bool = False
    is_work_reported: bool = False
    has_been_submitted: bool = False
    is_free_of_matters: bool = True  # nothing waits to be coordinated
    is_answer_owed: bool = False
    awaited_replies: tuple[tuple[int, date], ...] = ()  # supporting units that owe their opinion, each with its day
    closing_gaps: tuple[str, ...] = ()
    sheet: CheckSheet | None = None  # by which its works are judged; asked for where a step needs it
    member_count: int = 0
    most_returns: int = 2
    most_extensions: int = 2
    belonging: Belonging = UNASKED

    @property
    def is_with_no_unit(self) -> bool:
        """Whether no unit could answer: none leads the case yet, or the lead unit has handed it in."""
        return self.lead_unit_id is None or self.state not in WITH_UNIT

    @property
    def is_signed_for(self) -> bool:
        """Whether the unit that leads it has taken it on."""
        return self.state is S.rectifying

    @property
    def has_works(self) -> bool:
        """Whether it was set what is to be done at the railway."""
        return self.sheet is not None

    @property
    def silent_unit_ids(self) -> tuple[int, ...]:
        """The supporting units whose day has passed without a word."""
        return tuple(unit for unit, due_on in self.awaited_replies if due_on < self.today)

    @property
    def has_silent_support(self) -> bool:
        """Whether a supporting unit let its day pass."""
        return bool(self.silent_unit_ids)

    @property
    def rectifying_unit_ids(self) -> tuple[int, ...]:
        """Every unit with a hand in the rectification."""
        units = (self.lead_unit_id, *self.supporting_unit_ids, self.submitted_unit_id, self.submitted_for_unit_id)
        return tuple(dict.fromkeys(unit for unit in units if unit is not None))

    @property
    def submitters(self) -> frozenset[int]:
        """Who submitted, and for whom."""
        return _known_persons(self.submitted_by_id, self.submitted_for_id)

    @property
    def verifiers(self) -> frozenset[int]:
        """Who verified, and for whom."""
        return _known_persons(self.verified_by_id, self.verified_for_id)

    @property
    def requesters(self) -> frozenset[int]:
        """Who asked, and for whom."""
        return _known_persons(self.pending_by_id, self.pending_for_id)


def _known_persons(*ids: int | None) -> frozenset[int]:
    return frozenset(person for person in ids if person is not None)


# --- relations: is this actor near enough to this case? ---------------------------------------------------------------


Relation = Callable[[Actor, CaseFacts], bool]


def in_area(permission: Permission) -> Relation:
    """The permission is held in the case's area."""

    def holds(actor: Actor, facts: CaseFacts) -> bool:
        return actor.has_in(permission, facts.area_code)

    return holds


def own_unit(actor: Actor, facts: CaseFacts) -> bool:
    """The actor's unit leads the case, or is below the unit that leads it."""
    return facts.lead_unit_id is not None and facts.lead_unit_id in actor.unit_line


def either_unit(actor: Actor, facts: CaseFacts) -> bool:
    """The actor's unit leads or supports the case, or is below one that does."""
    return any(unit in actor.unit_line for unit in (facts.lead_unit_id, *facts.supporting_unit_ids))


def supporting_unit(actor: Actor, facts: CaseFacts) -> bool:
    """The actor's unit supports the case, or is below one that does."""
    return any(unit in actor.unit_line for unit in facts.supporting_unit_ids)


def sponsor(actor: Actor, facts: CaseFacts) -> bool:
    """The actor sponsors the case, or stands in for who does."""
    return facts.sponsor_id is not None and actor.right_holder_id == facts.sponsor_id


def clock(actor: Actor, facts: CaseFacts) -> bool:
    """The clock itself, never a person."""
    return actor.is_clock


def clock_on_next_date(actor: Actor, facts: CaseFacts) -> bool:
    """The clock, once the phase's next date has come."""
    return actor.is_clock and facts.phase_next_on is not None and facts.today >= facts.phase_next_on


def is_not_the_submitter(actor: Actor, facts: CaseFacts) -> bool:
    """Who submitted does not verify, neither in person nor through a substitute."""
    return facts.submitters.isdisjoint(actor.persons)


def is_of_no_rectifying_unit(actor: Actor, facts: CaseFacts) -> bool:
    """A verifier is never of a unit that rectified, nor of one below it; and neither is whom they stand in for."""
    return not any(unit in actor.all_units for unit in facts.rectifying_unit_ids)


def is_third_person(actor: Actor, facts: CaseFacts) -> bool:
    """Who closes neither submitted nor verified, in person or through a substitute."""
    return (facts.submitters | facts.verifiers).isdisjoint(actor.persons)


def owes_a_reply(actor: Actor, facts: CaseFacts) -> bool:
    """The opinion of the actor's own unit is still owed."""
    return any(unit in actor.unit_line for unit, _ in facts.awaited_replies)


def is_the_submitter(actor: Actor, facts: CaseFacts) -> bool:
    """Only who submitted may withdraw it, or for whom it was submitted."""
    return not facts.submitters.isdisjoint(actor.persons)


def asks_nothing_yet(actor: Actor, facts: CaseFacts) -> bool:
    """No request is pending."""
    return facts.pending is None


def is_not_the_requester(actor: Actor, facts: CaseFacts) -> bool:
    """A request is decided by another person, in whoever's name."""
    return facts.requesters.isdisjoint(actor.persons)


def within_return_limit(actor: Actor, facts: CaseFacts) -> bool:
    """The return limit has not run out."""
    return facts.return_until_on is None or facts.today <= facts.return_until_on


def before_due(actor: Actor, facts: CaseFacts) -> bool:
    """The due date has not passed."""
    return facts.due_on is None or facts.today <= facts.due_on
