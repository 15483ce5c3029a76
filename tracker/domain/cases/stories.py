"""One case as the counting rules need it: what it is, and its moves in order, read from its facts alone.

Every report is a fold over stories, so the same facts give the same report at any later time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from tracker.domain.cases.facts import FINAL, CaseState
from tracker.domain.cases.flow import BESIDE, CASE_FLOW, FIRST, OTHER_FACTS, OtherFacts, Steps
from tracker.domain.house.say import Say
from tracker.domain.rules.periods import Window

# What a report may ask of a case; everything else in a fact's `set` is passed over.
WATCHED = (
    "source_id", "source_number", "is_key", "batch_label", "channel", "area_code", "jurisdiction", "received_on", "categories",
    "history",
    "lat", "lng", "datum", "lead_unit_id", "supporting_unit_ids", "sponsor_id", "due_on", "original_due_on", "assigned_on",
    "round", "finding",
    "limit_unit", "acknowledge_due_on", "supervision_level", "satisfaction", "master_id", "pending", "filing_no",
    "phase_next_on", "is_due_provisional", "verified_at", "matter_since_on",
)
DATES = ("received_on", "due_on", "original_due_on", "assigned_on", "acknowledge_due_on", "phase_next_on",
         "matter_since_on")
WITHDRAWN = OtherFacts.import_withdrawn.fact
# Facts that set nothing and that no report quotes: their bodies are not even parsed.
PASSED_OVER = frozenset({Steps.comment.fact, Steps.add_evidence.fact, *BESIDE})


class Move(NamedTuple):
    """One fact of a case and where the case stood after it. `on` is the office date; `told` is the fact's own body.

    `at` never goes back within a story, even where a clock did.
    """

    seq: int
    kind: str
    actor_id: int
    at: datetime
    on: date
    state: CaseState
    values: Mapping[str, Any]  # the watched values after this move; shared between moves that changed none
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """All moves of one case up to the moment of the report; never empty."""

    number: str
    moves: tuple[Move, ...]

    @property
    def last(self) -> Move:
        """Where the case stands."""
        return self.moves[-1]

    @property
    def received_on(self) -> date:
        """When it was received, with any correction made by now."""
        on: date = self.moves[-1].values["received_on"]
        return on

    @property
    def registered_on(self) -> date:
        """When it was put on the register: from then on it is counted."""
        return self.moves[0].on

    @property
    def is_withdrawn(self) -> bool:
        """Its import was taken back: it never was."""
        return any(move.kind == WITHDRAWN for move in self.moves)

    def before(self, instant: datetime) -> Move | None:
        """The last move before an instant; None when the case was not registered yet."""
        found = None
        for move in self.moves:
            if move.at >= instant:
                break
            found = move
        return found

    def of(self, kind: str, window: Window) -> Iterator[Move]:
        """The moves of a kind inside a window."""
        return (move for move in self.moves if move.kind == kind and window.holds(move.at))

    def during(self, window: Window) -> tuple[Move, ...]:
        """All moves inside a window, in order."""
        if self.moves[-1].at < window.opens:
            return ()
        return tuple(move for move in self.moves if window.holds(move.at))

    def get(self, name: str) -> Any:
        """A watched value as it stands."""
        return self.last.values.get(name)


Told = tuple[int, str, int, datetime, Mapping[str, Any]]  # seq, kind, actor, instant, body


def story(number: str, facts: Iterable[Told], office_date: Callable[[datetime], date]) -> Story:
    """The story of one case from its facts in order. Raises ValueError for a stream that does not begin with its registration."""
    moves: list[Move] = []
    values: Mapping[str, Any] = {}
    state, last = CaseState.registered, None
    for seq, kind, actor_id, at, body in facts:
        if last is not None and at < last:
            at = last
        elif last is None and kind != FIRST:
            raise ValueError(Say("case:{number}#{seq} {kind}: 不是从登记开始的", number=number, seq=seq, kind=kind))
        if changes := body.get("set"):
            values = _follow_changes(values, changes)
        state, last = _TO.get(kind, state), at
        moves.append(Move(seq, kind, actor_id, at, office_date(at), state, values, body))
    return Story(number, tuple(moves))


def has_ended(kinds: Iterable[str]) -> bool:
    """Whether a case with these facts, in order, stands in a final state."""
    state = CaseState.registered
    for kind in kinds:
        state = _state_after(kind, state)
    return state in _FINAL


def _follow_changes(values: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values with those that are watched and differ; the very same where none does."""
    changed: dict[str, Any] | None = None
    for name, value in changes.items():
        if name in _WATCHED:
            if name in _DATES and value.__class__ is str:
                value = date.fromisoformat(value)
            if changed is None:
                if name in values and values[name] == value:
                    continue
                changed = {**values}
            changed[name] = value
    return values if changed is None else changed


def _state_after(kind: str, state: CaseState) -> CaseState:
    to = _TO.get(kind)
    return state if to is None else to


_WATCHED, _DATES = frozenset(WATCHED), frozenset(DATES)
_FINAL = frozenset(FINAL)
_TO: dict[str, CaseState] = {
    step.fact: CaseState(step.to) for step in CASE_FLOW.steps.values() if step.to is not None
} | {kind: row.to for kind, row in OTHER_FACTS.items() if row.to is not None}
# Facts that end a case and facts that bring one back: their difference is the number of ended cases, whatever else the streams
# hold.
ENDINGS = tuple(sorted(kind for kind, to in _TO.items() if to in _FINAL))
RETURNS = tuple(sorted(
    step.fact for step in CASE_FLOW.steps.values() if step.to is not None and step.to not in _FINAL
    and _FINAL.issuperset(step.froms)))
KINDS = tuple(sorted({step.fact for step in CASE_FLOW.steps.values()} | set(OTHER_FACTS)))
