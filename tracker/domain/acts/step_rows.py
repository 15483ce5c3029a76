"""What the row of a step of an act says beyond from, to, who and rules; what a kind of act is; and the step that all kinds
have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActSight, ActWhy, Start, in_area, of_its_units, parts_of
from tracker.domain.house.actor import Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, Lifecycle, Step, StepName, Who

NOTE = StepName("note")
AWAITED = "awaited_unit_ids"  # under which an act keeps the units whose answer it waits for
TARGET = "target"  # under which a step asks for what the act is tied to, and its fact names it by its stream
UNOPENED = (Start.unopened,)


class ActParty(StrEnum):
    """Whom a step of an act tells by mail: the officers of every unit that has to do with it, the heads of these, the officers of
    the units whose answer is awaited, the heads of the units of which something was decided while they were not there, their
    officers where there is no head; who enforces, decides on penalties, or publishes, in the area; who has a hand in it."""

    units = "units"
    heads = "heads"
    awaited = "awaited"
    absent = "absent"
    enforcers = "enforcers"
    principals = "principals"
    hands = "hands"
    publishers = "publishers"


@dataclass(frozen=True, kw_only=True)
class ActStep(Step[ActFacts]):
    """A row of the flow of a kind of act. `is_quiet`: never the main button. `told_to` are sent a mail that says the word of the
    step. `hands_files_on`: its files belong to the case that it registers, not to the act. `is_outside`: it is taken on the spot,
    so its form keeps drafts on the device and opens without a network. `is_after_end`: it moves what is over. `has_own_job`: the
    clock takes it at an hour of its own, and not with what it settles."""

    is_quiet: bool = False
    is_outside: bool = False
    is_after_end: bool = False
    hands_files_on: bool = False
    has_own_job: bool = False
    told_to: tuple[ActParty, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether an act begins with it."""
        return Start.unopened in self.froms

    @property
    def takes_files(self) -> bool:
        """Whether files may come along."""
        return any(given.kind is FieldKind.files for given in self.given)


@dataclass(frozen=True, kw_only=True)
class ActFlow:
    """One kind of act: its word, the letters of its numbers, its states with their words, its steps with theirs, the parts that
    people play. `finals` are the states in which it is over; in `narrow_in` it is read by its hands alone and those who may take
    a step; `lasting` parts stay with a new round; `series` what is asked as its subkind. Who holds one of the `hand_only`
    permissions reads a narrow one only by a hand in it. Its numbers have so many `digits`, or are made by `numbered` of its area
    and of what is given, a second attempt with -2."""

    kind: str
    word: str
    prefix: str
    states: Mapping[StrEnum, str]
    finals: frozenset[StrEnum]
    rows: tuple[ActStep, ...]
    step_words: Mapping[str, str]
    parts: Mapping[str, str]
    subkinds: Choices = ()
    narrow_in: frozenset[StrEnum] = frozenset()
    lasting: frozenset[str] = frozenset()
    hand_only: frozenset[Permission] = frozenset()
    digits: int = 4
    numbered: Callable[[str, Mapping[str, object]], str] | None = None
    codes: Mapping[str, Choices] = field(default_factory=dict)  # of what its facts tell, by name
    words: Mapping[str, str] = field(default_factory=dict)  # what its facts tell beyond the fields of their steps
    effects: Mapping[StrEnum, tuple[str, ...]] = field(default_factory=dict)  # what it does to its site while it stands somewhere
    says: Mapping[ActWhy, Callable[[ActFacts], str]] = field(default_factory=dict)  # reasons that name what they found
    lifecycle: Lifecycle[ActFacts, ActStep] = field(init=False, compare=False)  # the table with the one predicate
    opening: ActStep = field(init=False, compare=False)  # the step with which one begins
    # What its steps ask for where it begins, or is narrow: who holds one of these reads it there, but for those that a hand alone
    # gives.
    permissions: frozenset[Permission] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        steps = (*self.rows, note_step(self.kind, self.states, self.rows))
        object.__setattr__(self, "lifecycle", Lifecycle(steps, lambda facts: facts.state, ActWhy,
                                                        of_state=(ActWhy.act_is_over,), parts_of=parts_of))
        object.__setattr__(self, "opening", next(step for step in self.rows if step.opens))
        here = {*self.narrow_in, *UNOPENED}
        asked = frozenset(who.permission for step in self.rows if not here.isdisjoint(step.froms) for who in step.who)
        object.__setattr__(self, "permissions", asked - self.hand_only)

    @property
    def steps(self) -> tuple[ActStep, ...]:
        """Its own rows, and the note."""
        return tuple(self.lifecycle.steps.values())

    def state_named(self, code: str) -> StrEnum:
        """The state with this code. Raises KeyError."""
        return next((state for state in self.states if state.value == code), None) or _no_state(code)

    def sight_in(self, state: StrEnum) -> ActSight:
        """Who reads it there."""
        return ActSight.narrow if state in self.narrow_in else ActSight.area

    def word_of_state(self, code: str) -> str:
        """The word of a state. Raises KeyError."""
        return self.states[self.state_named(code)]

    def effects_in(self, code: str) -> tuple[str, ...]:
        """What it does to its site while it stands there."""
        return self.effects.get(self.state_named(code), ())

    def word_of_step(self, name: str) -> str:
        """The word of a step."""
        return "记事" if name == NOTE else self.step_words[name]


def _no_state(code: str) -> StrEnum:
    raise KeyError(code)


# --- who, several rows name -----------------------------------------------------------------------------------------------------

ActWho = Who[ActFacts]


def over_area(permission: Permission) -> ActWho:
    """Held in the area of the act."""
    return Who(permission, in_area(permission))


RUNS = over_area(Permission.act_run)
DECIDES = over_area(Permission.act_decide)
CHECKS = over_area(Permission.act_check)
ANSWERS: ActWho = Who(Permission.act_answer, of_its_units)


# --- what several rows ask ------------------------------------------------------------------------------------------------------

NOTED_ON = Given("noted_on", "日期", FieldKind.date)
TEXT = Given("text", "内容", FieldKind.long_text)
FILES = Given("files", "照片或文件", FieldKind.files, is_required=False)


def reason(word: str = "理由", *, is_required: bool = True) -> Given:
    """A reason in words."""
    return Given("reason", word, FieldKind.long_text, is_required=is_required)


def note_step(kind: str, states: Iterable[StrEnum], rows: Iterable[ActStep]) -> ActStep:
    """记事: open in every state to whoever may take any step of this kind; it moves nothing, and is no part."""
    ways = {(who.permission, who.relation): who for row in rows for who in row.who
            if who.permission is not Permission.clock_tick}
    return ActStep(tuple(states), STAY, tuple(ways.values()), FactKind(f"{kind}:noted", TEXT.name), (NOTED_ON, TEXT, FILES),
                   name=NOTE, is_quiet=True)
