"""What the row of a step says beyond from, to, who and rules. All of it has a default: what is not given, the step is not. Below
stands who, and which rules, several rows name.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TypeAlias

from tracker.domain.cases.facts import (
    CaseFacts,
    CaseState,
    Request,
    Why,
    asks_nothing_yet,
    either_unit,
    in_area,
    is_not_the_requester,
    is_not_the_submitter,
    is_of_no_rectifying_unit,
    is_third_person,
    owes_a_reply,
    own_unit,
    sponsor,
    supporting_unit,
)
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.lifecycle import FlowRule, Step, Who

LAST = 99
EVERYWHERE = tuple(CaseState)


class StepGroup(StrEnum):
    """How a step stands among the buttons, in their order: the main one, the other answer beside it, and what notes, asks or
    ends."""

    main = "main"
    refusing = "refusing"
    quiet = "quiet"


class Among(StrEnum):
    """Among which cases a desk looks for those where a step waits: a little more than the law lets through, never less."""

    everything = "everything"
    asked_by_others = "asked_by_others"
    own_units = "own_units"
    to_answer = "to_answer"
    supported = "supported"
    rectified_by_others = "rectified_by_others"
    to_notice = "to_notice"
    objected_to = "objected_to"
    to_close = "to_close"
    look_back_failed = "look_back_failed"
    to_assign = "to_assign"
    to_send_down = "to_send_down"
    asked_units = "asked_units"
    to_confirm = "to_confirm"


class MailParty(StrEnum):
    """Whom a mail may be sent to: who works on the case, who verifies, signs off or sponsors it, and the roles of its area."""

    officers = "officers"
    supporters = "supporters"
    verifiers = "verifiers"
    closers = "closers"
    sponsor = "sponsor"
    dispatchers = "dispatchers"
    leads = "leads"
    supervisors = "supervisors"
    candidates = "candidates"
    chiefs = "chiefs"


@dataclass(frozen=True)
class Waits:
    """Somebody's desk shows that the step waits. Of two steps of one case the lower order is shown first: what is asked, then
    what is given out, then the work itself. `states` where not all that it starts from wait, `when` where only some cases do."""

    order: int
    among: Among
    states: tuple[CaseState, ...] = ()
    when: Callable[[CaseFacts], bool] = lambda facts: True


@dataclass(frozen=True)
class Bulk:
    """The step makes sense for many cases at once. `without` are the questions whose answer differs from case to case."""

    order: int = LAST
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ChoiceRow:
    """One answer to a question of a step that is not open wherever the step is: in which states, to whom, under which rules."""

    field: str
    code: str
    froms: tuple[CaseState, ...]
    who: tuple[Who[CaseFacts], ...]
    rules: tuple[FlowRule[CaseFacts], ...] = ()
    hand: str = ""


class DateRule(StrEnum):
    """By which rule a step sets its dates; `free` sets none that a rule gives, or starts the clock anew."""

    free = auto()
    assigned = auto()
    sent_down = auto()
    noticed = auto()
    resumed = auto()
    merged = auto()
    rejected = auto()
    extended = auto()
    phased = auto()


@dataclass(frozen=True, kw_only=True)
class CaseStep(Step[CaseFacts]):
    """A row of CASE_FLOW.

    `answers` are groups of facts, the newest of each is told above the form. `file_roles` are what a file may be said to show;
    the first is what a photo shows when nothing is said. `twin` is the other answer to the same question, `undone_by` the step
    that takes this one back. `restarts_clock`: the work starts anew under the limits of that day. `dates` is the rule by which
    it sets them. `told_to` are sent a mail that says the word of the step, where no mail of its own does. `choices` are the
    answers that are closed to some. `is_outside`: its form is filled in on the spot, so it keeps drafts and waits on the device
    for a network. `is_first_look`: a photo shows the place before the work where none does yet. `checks_works`: it asks for an
    answer to every item by which the works of the case are judged; `knows_works`: it asks which works those are.
    `settles_escalation`: what the case was escalated for is decided by it. `says_whose`: it is the answer of a unit that was
    asked whether the case is its own.
    """

    group: StepGroup = StepGroup.main
    asks: Request | None = None
    decides: Request | None = None
    answers: tuple[tuple[str, ...], ...] = ()
    file_roles: tuple[EvidenceRole, ...] = ()
    has_gate: bool = False
    compares_photos: bool = False
    twin: str = ""
    undone_by: str = ""
    restarts_clock: bool = False
    dates: DateRule = DateRule.free
    bulk: Bulk | None = None
    waits: Waits | None = None
    told_to: tuple[MailParty, ...] = ()
    choices: tuple[ChoiceRow, ...] = ()
    is_outside: bool = False
    is_first_look: bool = False
    checks_works: bool = False
    knows_works: bool = False
    settles_escalation: bool = False
    says_whose: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether it is never the main button."""
        return self.group is not StepGroup.main

    @property
    def photo_role(self) -> EvidenceRole:
        """What a photo shows when nothing is said."""
        return self.file_roles[0] if self.file_roles else EvidenceRole.document

    def roles_where(self, *, is_shown_before: bool) -> tuple[EvidenceRole, ...]:
        """What a file may be said to show, first what is meant where nothing is said; by whether a photo shows the place before
        the work already."""
        is_first = self.is_first_look and not is_shown_before
        return tuple(sorted(self.file_roles, key=lambda role: role is not EvidenceRole.before)) if is_first else self.file_roles

    @property
    def weighs_evidence(self) -> bool:
        """Whether a rule asks what the evidence lacks for a closing."""
        return any(rule.why is Why.evidence_missing for rule in self.rules)

    @property
    def counts_members(self) -> bool:
        """Whether a rule asks how many cases are merged into this one."""
        return any(rule.why in (Why.has_members, Why.is_master) for rule in self.rules)

    @property
    def asks_works(self) -> bool:
        """Whether it must be known which works the case has."""
        return self.checks_works or self.knows_works

    @property
    def waits_in(self) -> tuple[CaseState, ...]:
        """The states in which it waits on a desk; none where it waits on none."""
        return () if self.waits is None else self.waits.states or tuple(CaseState(state) for state in self.froms)


def unknown_names(step: CaseStep, steps: Collection[str], kinds: Collection[str]) -> Iterator[str]:
    """What a row says of other rows that are none, a sentence each."""
    others = {"twin": step.twin, "undone_by": step.undone_by}
    yield from (f"its {field} {name} is no step." for field, name in others.items() if name and name not in steps)
    yield from (f"it answers {kind}, which is no fact." for group in step.answers for kind in group if kind not in kinds)


# --- who, and which rules, several rows name ----------------------------------------------------------------------------------

CaseWho: TypeAlias = Who[CaseFacts]
CaseRule: TypeAlias = FlowRule[CaseFacts]


def area(permission: Permission) -> CaseWho:
    """Held in the area of the case."""
    return Who(permission, in_area(permission))


def pending(request: Request) -> tuple[CaseRule, CaseRule]:
    """The request waits for a decision, and by another person than who asked."""
    return (
        FlowRule(Why.no_request, lambda actor, facts: facts.pending is request),
        FlowRule(Why.own_request, is_not_the_requester),
    )


DISPATCH = area(Permission.case_assign)
DECIDE = area(Permission.case_decide)
OWN = Who(Permission.case_rectify, own_unit)
EITHER = Who(Permission.case_rectify, either_unit)
SUPPORTS = Who(Permission.case_rectify, supporting_unit)
VERIFY = area(Permission.case_verify)
CLOSERS = (area(Permission.case_close), Who(Permission.case_close, sponsor))

FREE = FlowRule(Why.request_pending, asks_nothing_yet)
OTHER_PERSON = FlowRule(Why.same_person, is_not_the_submitter)
OTHER_UNIT = FlowRule(Why.same_unit, is_of_no_rectifying_unit)
OWES_REPLY = FlowRule(Why.no_reply_awaited, owes_a_reply)
THIRD = FlowRule(Why.same_person, is_third_person)


def fact_rule(why: Why, test: Callable[[CaseFacts], bool]) -> CaseRule:
    """A rule that does not look at the person."""

    def holds(actor: Actor, facts: CaseFacts) -> bool:
        return test(facts)

    return FlowRule(why, holds)



def notice_is_over(actor: Actor, facts: CaseFacts) -> bool:
    """The last day of the notice has ended."""
    return facts.notice_to_on is not None and facts.today > facts.notice_to_on


def notice_is_served(actor: Actor, facts: CaseFacts) -> bool:
    """No notice is required, or it has run its time."""
    return facts.state is CaseState.noticed or not facts.is_notice_required


def is_the_registrar(actor: Actor, facts: CaseFacts) -> bool:
    """Only who registered it takes it back, or for whom it was registered."""
    return facts.registered_by_id in actor.persons


def was_never_assigned(actor: Actor, facts: CaseFacts) -> bool:
    """No unit has had it yet; an assignment that was recalled is as if it had not been."""
    return facts.return_count == 0


def may_correct(actor: Actor, facts: CaseFacts) -> bool:
    """Who corrects in this area; and who registered it, as long as nobody was charged with it."""
    is_theirs = facts.state is CaseState.registered and is_the_registrar(actor, facts) and was_never_assigned(actor, facts)
    return is_theirs or actor.has_in(Permission.case_correct, facts.area_code)


SERVED = FlowRule(Why.notice_required, notice_is_served)
TAKES_BACK = (FlowRule(Why.not_registrar, is_the_registrar), FlowRule(Why.assigned_before, was_never_assigned))
CORRECTS = FlowRule(Why.corrected_by_others, may_correct)
DECIDABLE = fact_rule(Why.no_objection, lambda f: f.undecided_objections > 0)
ALONE = fact_rule(Why.has_members, lambda f: f.member_count == 0)
GATE = fact_rule(Why.evidence_missing, lambda f: not f.closing_gaps)
