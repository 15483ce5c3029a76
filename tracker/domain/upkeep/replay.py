"""The law replayed: was each fact of a case lawful, by the rights, the rules and the evidence of its position?"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tracker.domain.cases.belonging.candidates import Belonging, belonging_of
from tracker.domain.cases.columns import facts_of_columns
from tracker.domain.cases.facts import CaseFacts, Why
from tracker.domain.cases.flow import CASE_FLOW, OTHER_FACTS, OtherFacts, Steps
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.cases.works.asking import demanded
from tracker.domain.evidence.evidence import Exhibit, Requirement, evidence_set_digest, missing
from tracker.domain.evidence.sources import gate_from
from tracker.domain.house.actor import OPERATOR, REGISTERS_BY_ACT, Actor, Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.ledger import Fact
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.upkeep.breaches import Breach, Wrong
from tracker.domain.upkeep.dates_then import DatedStep, dates_by_rule
from tracker.domain.upkeep.folded_case import FoldedCase
from tracker.domain.upkeep.rules_then import RulesThen, notice_then
from tracker.domain.upkeep.timelines import Timelines
from tracker.domain.upkeep.works_then import WorksStep, sheet_then, wrong_works

SIGNERS = frozenset({"submitted_by_id", "verified_by_id", "closed_by_id", "pending_by_id"})
DATES = frozenset({"acknowledge_due_on", "return_until_on", "due_on", "notice_to_on", "confirm_due_on"})  # that a rule may give
GATES = {Steps.submit.name: "submit_gate", Steps.verify.name: "verify_gate"}
SIGNED_IN_SINCE = 2  # the edition
REASONS_DEMANDED_SINCE = SIGNED_IN_EVERYWHERE_SINCE = 3
BEFORE_A_SESSION = frozenset({  # in one's own stream
    PersonFacts.signed_in, PersonFacts.password_set, PersonFacts.password_rehashed, PersonFacts.link_made, PersonFacts.link_asked,
    PersonFacts.added, PersonFacts.granted})
PlacedFact = tuple[int, Fact]


@dataclass(frozen=True)
class StepNeeds:
    """What must be known of a case to judge a step: read off its row once, for facts are many."""

    evidence: bool
    members: bool
    works: bool
    demands: bool  # whether a case can make a question of its required

    @classmethod
    def of(cls, step: CaseStep) -> "StepNeeds":
        """Those of a row."""
        return cls(step.weighs_evidence, step.counts_members, step.asks_works,
                   step.checks_works or any(field.required_when for field in step.given))


@dataclass
class Replay:
    """What stands beside the facts of a case: the timelines, how many cases were merged into which and when, the deactivations
    that gave sponsorships away, and the office's calendar date of an instant."""

    past: Timelines
    members: Mapping[str, Sequence[tuple[int, int]]]
    deactivations: Collection[str]
    day_of: Callable[[datetime], date]
    edition_at: Callable[[int], int] = lambda position: 1
    sign_ins: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # by fact: whose, and at which position
    first_signed_in: int = 0  # facts behind this position name the session they were written in

    def __post_init__(self) -> None:
        self.rules = RulesThen(self.past)
        self.needs = {step.name: StepNeeds.of(step) for step in CASE_FLOW.steps.values()}
        self.gates: dict[str, tuple[Requirement, ...]] = {}
        self.belongings: dict[tuple[object, ...], Belonging] = {}

    def breaches(self, facts: Sequence[PlacedFact]) -> Iterator[Breach]:
        """What is unlawful in the facts of one case, in their order. What follows a step from a wrong state is not judged."""
        case = FoldedCase()
        for position, fact in facts:
            payload: dict[str, Any] = fact.payload
            step, other = CASE_FLOW.by_fact.get(fact.kind), OTHER_FACTS.get(fact.kind)
            if step is None and other is None:
                yield Breach(fact, Wrong.unknown_kind)
                return
            if not self._is_signed_in(position, fact, payload):
                yield Breach(fact, Wrong.no_sign_in)
            if other is not None:
                yield from self._unstepped_breaches(position, fact, payload)
            elif step is not None:
                if case.__dict__.get("state") not in step.froms:
                    yield Breach(fact, Wrong.wrong_state)
                    return
                yield from self._step_breaches(case, step, position, fact, payload)
            case.apply(payload.get("set") or {})
            to: Any = other.to if other is not None else step.to if step is not None else None
            if to is not None:
                case.reach(to)

    def is_in_session(self, position: int, fact: Fact) -> bool:
        """Whether a fact beside the cases names a session of its person. Before somebody is in one, they sign in, set the
        password of their link, and found the office."""
        if self.edition_at(position) < SIGNED_IN_EVERYWHERE_SINCE or (
                fact.kind in BEFORE_A_SESSION and fact.stream == f"person:{fact.actor_id}"):
            return True
        return self._is_signed_in(position, fact, fact.payload)

    def _unstepped_breaches(self, position: int, fact: Fact, payload: dict[str, Any]) -> Iterator[Breach]:
        actor = self.actor_then(position, fact, payload)
        if isinstance(actor, Wrong):
            yield Breach(fact, actor)
        elif fact.kind == OtherFacts.registered.fact:
            is_import = payload["set"].get("import_batch_id") is not None
            permission = Permission.case_import if is_import else Permission.case_register
            by_act = REGISTERS_BY_ACT if payload.get("act") else ()
            if not any(actor.has(each) for each in (permission, Permission.case_import, *by_act)):
                yield Breach(fact, Wrong.no_permission)

    def _step_breaches(self, case: FoldedCase, step: CaseStep, position: int, fact: Fact,
                       payload: dict[str, Any]) -> Iterator[Breach]:
        actor = self.actor_then(position, fact, payload)
        if isinstance(actor, Wrong):
            yield Breach(fact, actor)
            case.take_evidence(payload)
            return
        on, edition, needs = self.day_of(fact.at), self.edition_at(position), self.needs[step.name]
        law = self._facts_then(case, needs, position, fact, on)
        fresh = case.take_evidence(payload)
        is_handed_over = actor.is_clock and payload.get("because") in self.deactivations
        why = None if is_handed_over else self._refusal_then(step, actor, law, fresh, edition)
        if why is not None:
            yield Breach(fact, Wrong.no_permission if why is Why.no_permission else Wrong.unlawful, why)
        changes = payload.get("set") or {}
        if needs.demands and edition >= REASONS_DEMANDED_SINCE and _lacks_answer(step, law, payload):
            yield Breach(fact, Wrong.no_reason)
        if any(changes[name] not in (None, fact.actor_id) for name in SIGNERS & changes.keys()):
            yield Breach(fact, Wrong.other_signer)
        if step.has_gate:
            yield from self._evidence_breaches(case, step, position, fact, payload)
        if needs.works and (wrong := wrong_works(WorksStep(case, step, law, on, position, payload, self.rules))) is not None:
            yield Breach(fact, wrong)
        if DATES & changes.keys():
            yield from self._date_breaches(fact, DatedStep(case, step, position, on, edition, payload, self.rules, self.day_of))

    def actor_then(self, position: int, fact: Fact, payload: Mapping[str, Any]) -> Actor | Wrong:
        """Who wrote a fact, with the rights of its position, or why nobody could."""
        principal = payload.get("for_id")
        person = self.past.standing(fact.actor_id, position) if fact.actor_id > 0 else None
        if person is not None and person.deactivated_on and person.deactivated_on < self.day_of(fact.at).isoformat():
            return Wrong.deactivated
        if principal is not None:
            standing = self.past.acting(fact.actor_id, principal, position, fact.at, self.day_of(fact.at))
            return standing or Wrong.no_delegation
        if person is not None:
            return person.at(fact.at)
        return self.past.actor(fact.actor_id, position, fact.at) or Wrong.nobody

    def _is_signed_in(self, position: int, fact: Fact, payload: dict[str, Any]) -> bool:
        """Whether a person's fact says in which of their own sessions it was written, or that it came from the command line."""
        if fact.actor_id <= 0 or position <= self.first_signed_in or self.edition_at(position) < SIGNED_IN_SINCE:
            return True
        by = payload.get("by")
        whose, began = self.sign_ins.get(str(by), (0, position))
        return by == OPERATOR.sign_in or (whose == fact.actor_id and began < position)

    def _facts_then(self, case: FoldedCase, needs: StepNeeds, position: int, fact: Fact, on: date) -> CaseFacts:
        source = self.rules.source(case.source_id, position)
        gaps = missing(self._gate_of(source["close_gate"]), case.dossier()) if needs.evidence else ()
        joined = self.members.get(fact.stream.partition(":")[2], ()) if needs.members else ()
        count = sum(more for at, more in joined if at < position)
        returns, extensions = self.rules.most_requests(on, position)
        belonging = self._belonging_then(case, position, is_needed=bool(source.get("needs_confirmation")))
        return facts_of_columns(
            case, on, case.supporting_unit_ids, support_days=case.support_days,
            is_noticed=notice_then(source, case.verified_at), closing_gaps=gaps,
            member_count=count, most_returns=returns, most_extensions=extensions, belonging=belonging,
            sheet=sheet_then(case, self.rules, position) if needs.works else None)

    def _belonging_then(self, case: FoldedCase, position: int, *, is_needed: bool) -> Belonging:
        """Of the cases of which nobody was asked and whose place was not told, most are alike."""
        def made() -> Belonging:
            return belonging_of(case, is_needed=is_needed, answers=case.candidates, place=case.place_beside,
                                posts=self.rules.posts(case, position))

        if case.candidates or case.place_beside:
            return made()
        alike = (is_needed, case.confirmed_on, case.confirm_due_on, case.channel)
        if alike not in self.belongings:
            self.belongings[alike] = made()
        return self.belongings[alike]

    def _gate_of(self, text: str) -> tuple[Requirement, ...]:
        if text not in self.gates:
            self.gates[text] = gate_from(text)
        return self.gates[text]

    def _refusal_then(self, step: CaseStep, actor: Actor, law: CaseFacts, fresh: Sequence[Exhibit], edition: int) -> Why | None:
        why = CASE_FLOW.refusal(step, actor, law, edition)
        if fresh and step.name == Steps.add_evidence.name:
            shown = {each.role.value for each in fresh}
            for row in step.choices:
                if why is None and row.code in shown:
                    why = CASE_FLOW.refusal(row, actor, law, edition)
        return None if why is None else Why(why)

    def _evidence_breaches(self, case: FoldedCase, step: CaseStep, position: int, fact: Fact,
                           payload: dict[str, Any]) -> Iterator[Breach]:
        changes = payload.get("set") or {}
        if step.name in GATES:
            gate = self.rules.source(case.source_id, position)[GATES[step.name]]
            shown = case.dossier(has_no_work_basis=changes.get("has_no_work_basis"),
                                 has_onsite_record=step.name == Steps.verify.name or None)
            if missing(self._gate_of(gate), shown):
                yield Breach(fact, Wrong.unlawful, Why.evidence_missing)
        if step.name == Steps.close.name and changes.get("evidence_digest") != evidence_set_digest(case.exhibits):
            yield Breach(fact, Wrong.other_evidence)

    def _date_breaches(self, fact: Fact, taken: DatedStep) -> Iterator[Breach]:
        try:
            allowed = dates_by_rule(taken)
        except (Refusal, KeyError, ValueError):
            allowed = {}
        changes = taken.payload.get("set") or {}
        for name, wanted in allowed.items():
            if name in changes and not wanted.has(date.fromisoformat(changes[name]) if changes[name] else None):
                yield Breach(fact, Wrong.other_date, detail=name, due=wanted.by_rule)


def _lacks_answer(step: CaseStep, law: CaseFacts, payload: Mapping[str, Any]) -> bool:
    """Whether something is not said that the case made required."""
    said = {*payload, *(payload.get("words") or {})}
    asked = {field.name: field for field in demanded(step, law)}
    return any(asked[was.name].is_required and not was.is_required and was.name not in said for was in step.given)
