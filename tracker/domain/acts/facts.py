"""What the law knows of an act (事项): the frozen facts of one, of its links and its duties, and the relations of people to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.domain.house.actor import Actor, Permission


class Start(StrEnum):
    """Where an act stands that is not there yet: its first step starts here."""

    unopened = "unopened"


class ActSight(StrEnum):
    """Who may read an act: everybody who reads acts of its area, or its hands and those who may take a step of it."""

    area = "area"
    narrow = "narrow"


class LinkRole(StrEnum):
    """What an act has to do with what it is tied to."""

    agenda = "agenda"
    found = "found"
    ground = "ground"
    punishes = "punishes"
    refers = "refers"
    interviews = "interviews"
    attached = "attached"
    site = "site"
    follows = "follows"


class LinkGrade(StrEnum):
    """How grave it is, of what was found."""

    ordinary = "ordinary"
    serious = "serious"


class DutyKind(StrEnum):
    """What one of our units owes by a day, and another unit checks."""

    report_back = "report_back"
    measure = "measure"
    milestone = "milestone"
    follow_up = "follow_up"
    patrol = "patrol"


class DutyState(StrEnum):
    """Where a duty stands."""

    open = "open"
    answered = "answered"
    met = "met"
    waived = "waived"


class DutyResult(StrEnum):
    """What came of a duty."""

    passed = "passed"
    waived = "waived"


class ActWhy(StrEnum):
    """Why a step of an act, or of a duty, is not open. Each has a sentence in `wording`."""

    wrong_state = "wrong_state"
    no_permission = "no_permission"
    out_of_reach = "out_of_reach"
    same_person = "same_person"
    same_unit = "same_unit"
    act_is_over = "act_is_over"
    too_many_extensions = "too_many_extensions"
    duties_open = "duties_open"
    items_open = "items_open"
    no_items = "no_items"
    not_chair = "not_chair"
    is_chair = "is_chair"
    no_forces = "no_forces"
    no_places = "no_places"
    not_notifier = "not_notifier"
    goal_missed = "goal_missed"
    goal_reached = "goal_reached"
    only_revised = "only_revised"
    weights_off = "weights_off"
    cells_open = "cells_open"
    year_goes_on = "year_goes_on"
    only_patrolled = "only_patrolled"
    no_sites = "no_sites"
    days_to_come = "days_to_come"
    only_measures = "only_measures"
    rights_open = "rights_open"
    not_reviewed = "not_reviewed"
    stands_still = "stands_still"
    goes_on = "goes_on"
    not_published = "not_published"
    referred = "referred"
    only_replaced = "only_replaced"
    nothing_excluded = "nothing_excluded"


OWED = (DutyState.open, DutyState.answered)
SETTLED = (DutyState.met, DutyState.waived)


@dataclass(frozen=True)
class DutyFacts:
    """One duty on one day."""

    state: StrEnum
    today: date
    area_code: str = ""
    unit_id: int | None = None
    answered_by: frozenset[int] = frozenset()
    answered_unit_id: int | None = None
    extension_count: int = 0
    most_extensions: int = 2
    is_act_over: bool = False
    kind: DutyKind | None = None
    goal: Decimal | None = None  # of one that is measured by a quantity
    value: Decimal | None = None  # as it was reported last

    @property
    def falls_short(self) -> bool:
        """Whether what was reported is less than its goal."""
        return self.goal is not None and (self.value is None or self.value < self.goal)


@dataclass(frozen=True)
class ActFacts:
    """One act of any kind on one day. `hands` are persons with their parts in the present round; `details` what its steps keep
    of it besides, by name."""

    state: StrEnum
    today: date
    area_code: str = ""
    unit_id: int | None = None
    hands: tuple[tuple[int, str], ...] = ()
    unit_ids: frozenset[int] = frozenset()  # of the act, of its duties, and those invited
    duties: tuple[DutyState, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def owed_count(self) -> int:
        """How many of its duties are neither met nor waived."""
        return sum(duty in OWED for duty in self.duties)

    def rows(self, name: str) -> tuple[Mapping[str, object], ...]:
        """A list that its steps keep, such as the items of an agenda."""
        found = self.details.get(name)
        return tuple(each for each in found if isinstance(each, Mapping)) if isinstance(found, list | tuple) else ()


Relation = Callable[[Actor, ActFacts], bool]


def parts_of(actor: Actor, facts: ActFacts) -> frozenset[str]:
    """The parts that the actor, or whom they stand in for, plays in the present round."""
    return frozenset(_parts_among(actor, facts))


def _parts_among(actor: Actor, facts: ActFacts) -> Iterator[str]:
    yield from (part for person, part in facts.hands if person in actor.persons)


def in_area(permission: Permission) -> Relation:
    """The permission is held in the area of the act."""

    def holds(actor: Actor, facts: ActFacts) -> bool:
        return actor.has_in(permission, facts.area_code)

    return holds


def of_its_units(actor: Actor, facts: ActFacts) -> bool:
    """The actor's unit, or one above it, has to do with the act."""
    return any(unit in facts.unit_ids for unit in actor.unit_line)


def is_clock(actor: Actor, facts: ActFacts) -> bool:
    """The clock itself, never a person."""
    return actor.is_clock


# --- of duties ------------------------------------------------------------------------------------------------------------------


def owes_it(actor: Actor, facts: DutyFacts) -> bool:
    """The actor's unit owes the duty, or is below the unit that does."""
    return facts.unit_id is not None and facts.unit_id in actor.unit_line


def checks_it(permission: Permission) -> Callable[[Actor, DutyFacts], bool]:
    """The permission is held in the area of the act."""

    def holds(actor: Actor, facts: DutyFacts) -> bool:
        return actor.has_in(permission, facts.area_code)

    return holds


def is_another_person(actor: Actor, facts: DutyFacts) -> bool:
    """Who answered does not check, neither in person nor through a substitute."""
    return facts.answered_by.isdisjoint(actor.persons)


def is_of_another_unit(actor: Actor, facts: DutyFacts) -> bool:
    """Who checks is of no unit that owes or answered, nor of one below it; and neither is whom they stand in for."""
    theirs = {facts.unit_id, facts.answered_unit_id} - {None}
    return theirs.isdisjoint(actor.all_units)


def act_goes_on(actor: Actor, facts: DutyFacts) -> bool:
    """The act is not over."""
    return not facts.is_act_over


def falls_short(actor: Actor, facts: DutyFacts) -> bool:
    """Less was reported than its goal."""
    return facts.falls_short


def reaches_goal(actor: Actor, facts: DutyFacts) -> bool:
    """It has no goal, or what was reported reaches it."""
    return not facts.falls_short


def is_measure(actor: Actor, facts: DutyFacts) -> bool:
    """It is what a control order asks of a site, which a change of the order asks anew."""
    return facts.kind is DutyKind.measure


def is_no_patrol(actor: Actor, facts: DutyFacts) -> bool:
    """It is no joint patrol, which the record that both sides confirmed answers."""
    return facts.kind is not DutyKind.patrol


def is_no_milestone(actor: Actor, facts: DutyFacts) -> bool:
    """It is no milestone of a programme, whose days only the programme changes."""
    return facts.kind is not DutyKind.milestone
