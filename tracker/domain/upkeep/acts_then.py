"""The law of acts replayed: was each step of an act, and of a duty, open to who took it, by the rows that its facts had told?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.domain.acts.duty_flow import DUTY_FLOW
from tracker.domain.acts.fact_kinds import BY_OTHERS, LIMITS_BY_OTHERS, DutyFactKinds, LimitFactKinds
from tracker.domain.acts.facts import ActFacts, ActWhy, DutyFacts, DutyKind, DutyState, Start
from tracker.domain.acts.quantities import measured_by
from tracker.domain.acts.step_rows import ActFlow, ActStep
from tracker.domain.house.actor import Actor
from tracker.domain.house.folds import after, rows_told
from tracker.domain.house.ledger import Fact
from tracker.domain.upkeep.breaches import Breach, Wrong
from tracker.domain.upkeep.replay import PlacedFact, Replay

Row = Mapping[str, Any]


@dataclass
class FoldedAct:
    """The rows of one act and of what belongs to it, as its facts have told them so far."""

    rows: dict[str, Row] = field(default_factory=dict)

    def apply(self, payload: Mapping[str, object]) -> None:
        """One fact more."""
        for name, told in rows_told(payload).items():
            now = after(self.rows.get(name), told)  # type: ignore[arg-type]
            if now is None:
                self.rows.pop(name, None)
            else:
                self.rows[name] = now

    def of_table(self, table: str) -> list[Row]:
        """Its rows in a table."""
        return [row for name, row in self.rows.items() if name.startswith(f"{table}/")]

    @property
    def act(self) -> Row:
        """The row of the act itself; empty before its first fact."""
        return next(iter(self.of_table("acts")), {})

    def late_duties(self, on: date) -> list[Row]:
        """What it owed since before a day, while it went on."""
        return [] if self.act["is_over"] else [row for row in self.of_table("duties") if row["state"] == DutyState.open
                                               and date.fromisoformat(row["due_on"]) < on]

    def facts(self, flow: ActFlow, on: date) -> ActFacts:
        """The act as the law saw it."""
        act = self.act
        if not act:
            return ActFacts(Start.unopened, on)
        duties = sorted(self.of_table("duties"), key=lambda row: row["position"])
        units = {row["unit_id"] for row in (*duties, *self.of_table("act_forces"))} | {act["unit_id"]}
        hands = tuple((row["person_id"], row["part"]) for row in self.of_table("act_hands") if row["round"] == act["round"])
        return ActFacts(flow.state_named(act["state"]), on, act["area_code"], act["unit_id"], hands, frozenset(units - {None}),
                        tuple(DutyState(row["state"]) for row in duties), act["details"])

    def duty(self, position: object, on: date, most_extensions: int) -> DutyFacts | None:
        """One of its duties; None for none."""
        row = next((row for row in self.of_table("duties") if row["position"] == position), None)
        if row is None:
            return None
        answered = frozenset(row[name] for name in ("answered_by_id", "answered_for_id") if row[name] is not None)
        return DutyFacts(DutyState(row["state"]), on, self.act["area_code"], row["unit_id"], answered, row["answered_unit_id"],
                         row["extension_count"], most_extensions, self.act["is_over"],
                         *measured_by(row["kind"], row["indicator"], row["value"]))


@dataclass
class ActReplay:
    """What stands beside the facts of an act: who everybody was at each position, and the flows."""

    replay: Replay
    flows: Mapping[str, ActFlow]

    def breaches(self, facts: Sequence[PlacedFact]) -> Iterator[Breach]:
        """What is unlawful in the facts of one act, in their order. What follows a step from a wrong state is not judged."""
        folded = FoldedAct()
        flow = self.flows.get(facts[0][1].kind.partition(":")[0]) if facts else None
        for position, fact in facts:
            payload: dict[str, Any] = fact.payload
            wrong = self._breach_of(folded, flow, position, fact, payload)
            if wrong is not None:
                yield wrong
                if wrong.wrong in (Wrong.unknown_kind, Wrong.wrong_state):
                    return
            folded.apply(payload)

    def _breach_of(self, folded: FoldedAct, flow: ActFlow | None, position: int, fact: Fact,
                   payload: Mapping[str, Any]) -> Breach | None:
        if flow is None:
            return Breach(fact, Wrong.unknown_kind)
        actor = self.replay.actor_then(position, fact, payload)
        if isinstance(actor, Wrong):
            return Breach(fact, actor)
        on, edition = self.replay.day_of(fact.at), self.replay.edition_at(position)
        if fact.kind in DUTY_FLOW.by_fact or fact.kind in BY_OTHERS:
            return self._duty_breach(folded, actor, position, fact, payload, on)
        if fact.kind in (*LIMITS_BY_OTHERS, LimitFactKinds.recounted):
            is_theirs = actor.is_clock or fact.kind in LIMITS_BY_OTHERS
            return None if is_theirs else Breach(fact, Wrong.no_permission)
        step = flow.lifecycle.by_fact.get(fact.kind)
        if step is None:
            return Breach(fact, Wrong.unknown_kind)
        facts = folded.facts(flow, on)
        if step.opens:
            told = next((row for name, row in rows_told(payload).items() if name.startswith("acts/") and row), {})
            facts = ActFacts(facts.state, on, str(told.get("area_code", "")))
        return _breach_by(fact, flow.lifecycle.refusal(step, actor, facts, edition)) or _state_breach(fact, step, facts, payload)

    def _duty_breach(self, folded: FoldedAct, actor: Actor, position: int, fact: Fact, payload: Mapping[str, Any],
                     on: date) -> Breach | None:
        """A duty is laid down by whoever takes a step of its act, and a patrol that is owed is met by the confirmation of one:
        both are judged for themselves."""
        if fact.kind == DutyFactKinds.opened:
            return None
        most = self.replay.rules.number("most_extensions", on, position)
        duty = folded.duty(payload.get("position"), on, most)
        if duty is None:
            return Breach(fact, Wrong.wrong_state)
        if fact.kind in BY_OTHERS:
            fits = duty.kind is DutyKind.patrol and duty.state is DutyState.open
            return None if fits else Breach(fact, Wrong.wrong_state)
        return _breach_by(fact, DUTY_FLOW.refusal(DUTY_FLOW.by_fact[fact.kind], actor, duty, self.replay.edition_at(position)))


def _breach_by(fact: Fact, why: StrEnum | None) -> Breach | None:
    if why is None:
        return None
    wrong = {ActWhy.wrong_state: Wrong.wrong_state, ActWhy.no_permission: Wrong.no_permission}.get(ActWhy(why), Wrong.unlawful)
    return Breach(fact, wrong, why)


def _state_breach(fact: Fact, step: ActStep, facts: ActFacts, payload: Mapping[str, object]) -> Breach | None:
    """A fact whose row stands elsewhere than its step leads to."""
    told = [row for name, row in rows_told(payload).items() if name.startswith("acts/") and row and "state" in row]
    reached = told[0]["state"] if told and told[0] else facts.state.value
    return None if reached == step.goes_to(facts.state).value else Breach(fact, Wrong.wrong_state)
