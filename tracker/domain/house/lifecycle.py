"""The machinery of a workflow table. It knows steps, states and people, and nothing of cases."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Incomplete, NotAllowed, Refusal, WrongState
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.say import Say

Facts = TypeVar("Facts")
STAY = None


def no_parts(actor: Actor, facts: Any) -> frozenset[str]:
    """Of a record in which nobody has a part."""
    return frozenset()


@dataclass(frozen=True)
class Who(Generic[Facts]):
    """One way to be entitled: a permission together with a relation to the record."""

    permission: Permission
    relation: Callable[[Actor, Facts], bool]

    @property
    def admits_clock(self) -> bool:
        """Whether it is the clock's own way."""
        return self.permission is Permission.clock_tick

    def admits(self, actor: Actor, facts: Facts) -> bool:
        """True when the actor holds the permission and stands in the relation."""
        return self.relation(actor, facts)


@dataclass(frozen=True)
class FlowRule(Generic[Facts]):
    """A further condition. `why` is the reason given when it does not hold; `since` the edition of the law that brought it, by
    which no earlier fact is judged."""

    why: StrEnum
    holds: Callable[[Actor, Facts], bool]
    since: int = 1


class StepName(str):
    """The name of a step. Only its row makes one, so that a table cannot name a step that is none."""

    __slots__ = ()


class Guarded(Protocol[Facts]):
    """What is open from some states, to some people, under rules: a step, or one of the answers that it may be given."""

    @property
    def froms(self) -> tuple[StrEnum, ...]:
        """The states in which it is open."""

    @property
    def who(self) -> tuple[Who[Facts], ...]:
        """The ways to be entitled, of which one suffices."""

    @property
    def rules(self) -> tuple[FlowRule[Facts], ...]:
        """What must hold besides, in this order."""

    @property
    def hand(self) -> str:
        """The part that who takes it plays in the record; "" where it is none."""


@dataclass(frozen=True)
class Step(Generic[Facts]):
    """One row of a workflow: where from, where to (`STAY` moves nothing), who, what fact, what is given, which rules, and as
    whose `hand`: who has another part in the record does not take it.

    In the body of a class it is called what it is assigned to.
    """

    froms: tuple[StrEnum, ...]
    to: StrEnum | None
    who: tuple[Who[Facts], ...]
    fact: FactKind
    given: tuple[Given, ...] = ()
    rules: tuple[FlowRule[Facts], ...] = ()
    name: StepName = field(default=StepName(""), kw_only=True)
    hand: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        texts = (given.name for given in self.given if given.kind in (FieldKind.text, FieldKind.long_text))
        object.__setattr__(self, "fact", FactKind(self.fact, *self.fact.words, *texts))

    def __set_name__(self, table: type, name: str) -> None:
        object.__setattr__(self, "name", StepName(name.rstrip("_")))  # `pass_`, for what Python keeps for itself

    def goes_to(self, state: StrEnum) -> StrEnum:
        """The state after this step was taken in `state`."""
        return state if self.to is STAY else self.to


Row = TypeVar("Row", bound=Step[Any])


def rows_of(table: type, kind: type[Row]) -> tuple[Row, ...]:
    """The rows in the body of a class, as they stand there."""
    return tuple(row for row in vars(table).values() if isinstance(row, kind))


class Lifecycle(Generic[Facts, Row]):
    """A table of steps with the one predicate that buttons, guards and tests share. `Row` is what a row of it is. `of_state` are
    reasons that lie in where the record stands, whoever asks,
    `of_lack` those that say what must come first; `parts_of` are the parts that somebody, or whom they stand in for,
    plays in it already."""

    def __init__(self, steps: Iterable[Row], state_of: Callable[[Facts], StrEnum], why: type[StrEnum],
                 of_state: Iterable[StrEnum] = (), parts_of: Callable[[Actor, Facts], frozenset[str]] = no_parts,
                 of_lack: Iterable[StrEnum] = ()) -> None:
        self.steps: dict[str, Row] = {step.name: step for step in steps}
        self.by_fact: dict[str, Row] = {step.fact: step for step in self.steps.values()}
        self._state_of = state_of
        self._why = why
        self._parts_of = parts_of
        self._of_state = frozenset(of_state) | {why("wrong_state")}
        self._of_lack = frozenset(of_lack)

    def refusal(self, step: Guarded[Facts], actor: Actor, facts: Facts, edition: int | None = None) -> StrEnum | None:
        """The reason why this actor may not take this step, or give this answer, now, or by an edition of the law that was in
        force; or None."""
        if self._state_of(facts) not in step.froms:
            return self._why("wrong_state")
        held = [who for who in step.who if _holds_permission(who, actor)]
        if not held:
            return self._why("no_permission")
        if not any(who.admits(actor, facts) for who in held):
            return self._why("out_of_reach")
        for rule in step.rules:
            if (edition is None or rule.since <= edition) and not rule.holds(actor, facts):
                return rule.why
        if step.hand and self._parts_of(actor, facts) - {step.hand}:
            return self._why("same_person")
        return None

    def open_to(self, actor: Actor, facts: Facts) -> tuple[tuple[Row, StrEnum | None], ...]:
        """Every step that starts from the present state, with the reason why it is closed to this actor, or None."""
        state = self._state_of(facts)
        return tuple((s, self.refusal(s, actor, facts)) for s in self.steps.values() if state in s.froms)

    def plan(self, name: str, actor: Actor, facts: Facts, sentence: Callable[[StrEnum], str]) -> Row:
        """The step, if this actor may take it now; otherwise the refusal, as an exception."""
        step = self.steps.get(name)
        if step is None:
            raise Refusal(Say("没有名为“{name}”的步骤。", name=name), code="unknown_step")
        self.require(step, actor, facts, sentence)
        return step

    def require(self, row: Guarded[Facts], actor: Actor, facts: Facts, sentence: Callable[[StrEnum], str],
                field: str | None = None) -> None:
        """Raise the refusal of what is closed to this actor; `field` names the question whose answer is."""
        why = self.refusal(row, actor, facts)
        if why is not None:
            kind: type[Refusal] = WrongState if why in self._of_state else Incomplete if why in self._of_lack else NotAllowed
            raise kind(sentence(why), code=why.value, field=field)

    def walk(self, start: StrEnum, goal: StrEnum) -> tuple[str, ...]:
        """The shortest chain of step names from one state to another; raises LookupError when there is none."""
        paths: dict[StrEnum, tuple[str, ...]] = {start: ()}
        frontier = [start]
        while frontier:
            here = frontier.pop(0)
            if here == goal:
                return paths[here]
            for step in self.steps.values():
                if step.to is not None and here in step.froms and step.to not in paths:
                    paths[step.to] = (*paths[here], step.name)
                    frontier.append(step.to)
        raise LookupError(f"{goal} cannot be reached from {start}")


def _holds_permission(who: Who[Facts], actor: Actor) -> bool:
    return actor.is_clock if who.permission is Permission.clock_tick else actor.has(who.permission)
