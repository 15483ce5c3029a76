"""A circular between its figures and its readers: composed when they freeze, edited by a dispatcher, signed by a lead; unsigned
when its days are over, it goes out as it was composed and says so. One table that buttons, guards and tests ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.lifecycle import STAY, FlowRule, Lifecycle, Step, Who, rows_of
from tracker.domain.reports.fact_kinds import CircularFacts

SIGN_WORKDAYS = 2


class PaperState(StrEnum):
    """Where a circular stands."""

    composed = "composed"
    signed = "signed"
    unsigned = "unsigned"


class PaperWhy(StrEnum):
    """Why somebody may not."""

    wrong_state = "wrong_state"
    no_permission = "no_permission"
    out_of_reach = "out_of_reach"
    same_person = "same_person"


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What the law must know of a circular: where it stands, whose area it is of, and whose words stand in it."""

    state: PaperState
    area_code: str
    editors: frozenset[int] = frozenset()


def _over_area(permission: Permission) -> Who[PaperFacts]:
    return Who(permission, lambda actor, facts: actor.has_in(permission, facts.area_code))


def _is_another_hand(actor: Actor, facts: PaperFacts) -> bool:
    return not set(actor.persons) & facts.editors


WAITING = (PaperState.composed,)
BY_CLOCK: Who[PaperFacts] = Who(Permission.clock_tick, lambda actor, facts: actor.is_clock)


class PaperSteps:
    """The steps."""

    edit = Step(WAITING, STAY, (_over_area(Permission.report_edit),), CircularFacts.edited)
    sign = Step(WAITING, PaperState.signed, (_over_area(Permission.report_sign),), CircularFacts.signed,
                rules=(FlowRule(PaperWhy.same_person, _is_another_hand),))
    issue_unsigned = Step(WAITING, PaperState.unsigned, (BY_CLOCK,), CircularFacts.issued_unsigned)


PAPER_FLOW: Lifecycle[PaperFacts, Step[Any]] = Lifecycle(rows_of(PaperSteps, Step), lambda facts: facts.state, PaperWhy)

# --- words ----------------------------------------------------------------------------------------------------------------------

STATES: Mapping[PaperState, str] = {PaperState.composed: "待签发", PaperState.signed: "已签发", PaperState.unsigned: "未经签发"}
MARKED = frozenset({PaperState.composed, PaperState.unsigned})  # the states that stand on the paper
REFUSALS: Mapping[StrEnum, str] = {
    PaperWhy.wrong_state: "这份通报已经印发，不能再改，也不能再签发；更正见下一期。",
    PaperWhy.no_permission: "通报由调度员修改，由区领导签发。",
    PaperWhy.out_of_reach: "通报由本区域的调度员修改，由本区域的区领导签发。",
    PaperWhy.same_person: "修改过这份通报的人不能签发，请由另一位区领导签发。",
}


def refusal_sentence(why: StrEnum) -> str:
    """A reason as a sentence."""
    return REFUSALS[why]
