"""The fold: the row that the facts of one case amount to."""

from collections.abc import Iterable

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW, FIRST, OTHER_FACTS
from tracker.domain.house.ledger import Fact


def fold(facts: Iterable[Fact]) -> dict[str, object]:
    """The row that the facts of one case amount to: every `set` applied in order, plus `state` and `seq`.

    Raises ValueError naming the first fact whose step does not start from the state reached so far.
    """
    row: dict[str, object] = {}
    state: CaseState | None = None
    for fact in facts:
        froms, to = _state_change(fact.kind)
        if (state is None and fact.kind != FIRST) or (state is not None and state not in froms):
            raise ValueError(f"{fact.stream}#{fact.seq} {fact.kind}: 不能从状态 {state} 发生")
        state = to or state
        changes = fact.payload.get("set", {})
        assert isinstance(changes, dict)
        row.update(changes)
        row["seq"] = fact.seq
        row["state"] = state.value if state else None
    return row


def _state_change(kind: str) -> tuple[tuple[object, ...], CaseState | None]:
    if kind in OTHER_FACTS:
        return OTHER_FACTS[kind].froms, OTHER_FACTS[kind].to
    step = CASE_FLOW.by_fact.get(kind)
    if step is None:
        raise ValueError(f"unknown fact kind {kind}")
    return step.froms, None if step.to is None else CaseState(step.to)
