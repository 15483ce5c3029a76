"""What waits for somebody beside the cases, as their desk shows it: the law is asked of each act for its step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.acts.facts import ActFacts
from tracker.domain.acts.sight import ACT_READERS
from tracker.domain.acts.step_rows import ActFlow, ActStep
from tracker.domain.acts.wording import DUTY_STEPS
from tracker.domain.house.actor import ROLE_GRANTS, Actor, Permission
from tracker.domain.house.lifecycle import STAY
from tracker.domain.house.say import Say
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access
from tracker.services.house.work import reading, wiring
from tracker.storage.acts import waiting
from tracker.storage.acts.acts import FAR
from tracker.storage.acts.waiting import ActHands, WaitingQuestion, WaitingRow

MOST = 40
WORD_OF_WAY: Mapping[str, str] = {waiting.ANSWER: DUTY_STEPS[DutySteps.answer.name],
                                  waiting.CHECK: DUTY_STEPS[DutySteps.pass_.name]}


@dataclass(frozen=True)
class WaitingAct:
    """One line of the desk: what is to be done, of which act, by when."""

    number: str
    kind: str
    title: str
    word: str
    due_on: date | None
    position: int | None = None


def waiting_for(actor: Actor) -> tuple[WaitingAct, ...]:
    """The most urgent of what waits for this person."""
    if not actor.has(Permission.act_read):
        return ()
    rows = waiting.waiting(reading(), access.scope_of(actor), _question_of(actor), MOST)
    heads = waiting.heads_of(reading(), [row.act_id for row in rows if row.way == waiting.STEP]) if rows else {}
    hands = waiting.hands_of(reading(), [(act, head[3]) for act, head in heads.items()]) if heads else {}
    facts = {act: _facts_from(row.kind, heads[act], hands[act]) for row in rows if (act := row.act_id) in heads}
    found = (_line_of(actor, row, facts.get(row.act_id)) for row in rows)
    return tuple(line for line in found if line is not None)


def steps_by_hand(flow: ActFlow) -> tuple[ActStep, ...]:
    """The steps that are somebody's part, and lead on: what waits for a person and not for an event."""
    return tuple(step for step in flow.rows if step.hand and not step.opens and not step.is_quiet and step.to is not STAY
                 and not all(state in flow.finals for state in step.froms))


def _question_of(actor: Actor) -> WaitingQuestion:
    areas = tuple(sorted({grant.area_code for grant in actor.grants if Permission.act_check in ROLE_GRANTS[grant.role]}))
    states = tuple((kind, state.value) for kind, flow in ACT_FLOWS.items() for step in steps_by_hand(flow)
                   if any(actor.has(who.permission) for who in step.who) for state in step.froms if state not in flow.finals)
    is_reader = any(grant.role in ACT_READERS for grant in actor.grants)
    return WaitingQuestion(actor.unit_line if actor.has(Permission.act_answer) else (), areas, actor.persons, actor.all_units,
                           tuple(dict.fromkeys(states)) if is_reader else ())


def _facts_from(kind: str, head: tuple[str, str, int | None, int, dict[str, object]], hands: ActHands) -> ActFacts:
    state, area_code, unit_id, _, details = head
    units = frozenset(hands.units) | (frozenset() if unit_id is None else {unit_id})
    return ActFacts(ACT_FLOWS[kind].state_named(state), wiring().clock.today(), area_code, unit_id, hands.hands, units,
                    hands.duties, details)


def _line_of(actor: Actor, row: WaitingRow, facts: ActFacts | None) -> WaitingAct | None:
    """A duty as it is; an act only where one of these steps is open to this person."""
    due_on = None if row.due_on == FAR else row.due_on
    if facts is None:
        return WaitingAct(row.number, row.kind, row.title or row.act_title, Say(WORD_OF_WAY[row.way]), due_on, row.position)
    flow = ACT_FLOWS[row.kind]
    step = next((step for step in steps_by_hand(flow) if flow.lifecycle.refusal(step, actor, facts) is None), None)
    return None if step is None else WaitingAct(row.number, row.kind, row.act_title, Say(flow.word_of_step(step.name)), due_on)
