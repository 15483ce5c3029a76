"""Editions of the law: by which table of steps a fact is judged. Whoever changes the table adds an edition; a stricter rule says
`since` which one it holds."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tracker.domain.acts.duty_flow import DUTY_FLOW
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_rows import CaseStep, ChoiceRow
from tracker.domain.house.actor import ROLE_GRANTS
from tracker.domain.house.lifecycle import Step
from tracker.domain.upkeep.flows import ACT_FLOWS

# edition -> digest of the table; a house test compares the newest
EDITIONS: dict[int, str] = {
    1: "6e2ea04c87fd694c",
    2: "2dceb59be54f3a9f",  # a fact names the session in which it was written
    # an assignment may be recalled, supporting units answer; the responsibility list is drafted by some, put in force by others
    3: "3a2a9ee7b5c6d574",
    # acts beside the case, each kind with its flow; who reads, runs, decides, answers and checks them; shapes put in force
    4: "71dfe2aba14f85f9",
    # a duty with a quantity is booked part by part; programmes, operations, interviews, patrols, controls; works of a case are
    # scored; supervised sites
    5: "22bdb81a0ef2433f",
    # enforcers, reviewers of the law and heads of the agency; inspections and draws; penalties, cards, referrals; publications
    6: "d8cf3a8f2333a356",
    # who says nothing in time to whose a case is may be taken to have claimed it; who audits looks up what the witness of a draw
    # read; who heads the unit closes its penalties
    7: "8490ff5d6f9c5c17",
}
NEWEST = max(EDITIONS)


def law_digest() -> str:
    """One hash over every step of cases, acts and duties, who may take it, its rules, and what each role grants."""
    lines = [line for step in CASE_FLOW.steps.values() for line in _step_lines(step)]
    lines += [line for flow in ACT_FLOWS.values() for step in flow.steps for line in _act_lines(step, flow.kind)]
    lines += [line for step in DUTY_FLOW.steps.values() for line in _act_lines(step, "duty")]
    lines += [f"{role}: {','.join(sorted(granted))}" for role, granted in sorted(ROLE_GRANTS.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def falls(editions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The places at which an edition is not above every one before it, each with the highest of those."""
    highest = 0
    for at, edition in enumerate(editions):
        if edition <= highest:
            yield at, highest
        highest = max(highest, edition)


def _step_lines(step: CaseStep) -> Iterator[str]:
    yield f"{step.name} {step.fact} {','.join(step.froms)} > {step.to} {step.has_gate} {step.asks} {step.decides}"
    yield from (f" {field.name} when {field.required_when}" for field in step.given if field.required_when)
    rows: tuple[CaseStep | ChoiceRow, ...] = (step, *step.choices)
    for row in rows:
        if isinstance(row, ChoiceRow):
            yield f" {row.field}={row.code} {','.join(row.froms)}"
        yield from (f"  {who.permission} {_function_text(who.relation)}" for who in row.who)
        yield from (f"  {rule.why} {rule.since} {_function_text(rule.holds)}" for rule in row.rules)


def _act_lines(step: Step[Any], kind: str) -> Iterator[str]:
    yield f"{kind} {step.name} {step.fact} {','.join(step.froms)} > {step.to} {step.hand}"
    yield from (f"  {who.permission} {_function_text(who.relation)}" for who in step.who)
    yield from (f"  {rule.why} {rule.since} {_function_text(rule.holds)}" for rule in step.rules)


def _function_text(function: Callable[..., Any]) -> str:
    """A function by what it names and holds, which no version of Python writes otherwise."""
    code = function.__code__
    held = [cell.cell_contents for cell in function.__closure__ or ()]
    told = [_function_text(each) if callable(each) else str(each) for each in held]
    consts = [str(each) for each in code.co_consts if isinstance(each, int | str) and each != function.__doc__]
    return f"{function.__name__}({' '.join((*code.co_names, *consts, *told))})"
