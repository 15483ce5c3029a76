"""What joint meetings come to in a window, folded from their facts: items by what was decided, follow-ups due, on time and
overdue, and how long a dispute waited for its decision."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from tracker.domain.acts.fact_kinds import DutyFactKinds
from tracker.domain.acts.facts import DutyState
from tracker.domain.cases.step_fields import MEETING_OUTCOMES
from tracker.domain.coordination.meetings import MeetingSteps
from tracker.domain.house.say import Say

Amount = tuple[str, int]


class DatedFact(Protocol):
    """A fact of a meeting on the office's day."""

    @property
    def kind(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def details(self) -> Mapping[str, Any]: ...


class DecidedItem(NamedTuple):
    """What was decided of an item, on which day, and what it is about."""

    position: int
    target: str
    outcome: str
    on: date


@dataclass(frozen=True)
class HeldMeeting:
    """A joint meeting that was held: on which day, and what was decided."""

    number: str
    held_on: date
    items: tuple[DecidedItem, ...]

    @property
    def item_count(self) -> int:
        """How many items were decided."""
        return len(self.items)


@dataclass(frozen=True)
class FollowUp:
    """What a meeting laid on a unit."""

    number: str
    position: int
    due_on: date
    answered_on: date | None = None
    state: DutyState = DutyState.open

    @property
    def is_on_time(self) -> bool:
        """Reported by its day, and found done."""
        return self.state is DutyState.met and self.answered_on is not None and self.answered_on <= self.due_on

    def is_overdue(self, on: date) -> bool:
        """Its day is over, and nothing was reported by it."""
        return self.due_on < (self.answered_on or on)


@dataclass(frozen=True)
class MeetingWork:
    """What is counted: the meetings that were held in a window, the follow-ups that are due in it, how many days each dispute
    waited that they decided, as of a day."""

    on: date
    meetings: tuple[HeldMeeting, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    waited: tuple[Amount, ...] = ()


NO_MEETINGS = MeetingWork(date.max)


class MeetingFigure(NamedTuple):
    """How a figure is counted. `is_mean`: it is the mean of the amounts behind it."""

    key: str
    word: str
    measure: str
    definition: str
    behind: Callable[[MeetingWork], Iterable[Amount]]
    out_of: Callable[[MeetingWork], int] | None = None
    is_mean: bool = False
    counts_cases: bool = False


def meeting_of(number: str, facts: Iterable[DatedFact]) -> HeldMeeting | None:
    """The meeting of these facts; None where it was not held."""
    held_on, decided = None, dict[int, DecidedItem]()
    for fact in facts:
        if fact.kind == MeetingSteps.hold.fact:
            held_on = datetime.fromisoformat(str(fact.details["held_at"])).date()
        elif fact.kind == MeetingSteps.decide_item.fact:
            position = int(fact.details["position"])
            target, outcome = str(fact.details.get("target") or ""), str(fact.details["outcome"])
            decided[position] = DecidedItem(position, target, outcome, fact.on)
    return HeldMeeting(number, held_on, tuple(decided.values())) if held_on is not None else None


def follow_ups_of(number: str, facts: Iterable[DatedFact]) -> tuple[FollowUp, ...]:
    """The follow-ups of a meeting as its facts leave them, but those that were waived."""
    found: dict[int, FollowUp] = {}
    for fact in facts:
        if fact.kind == DutyFactKinds.opened:
            position = int(fact.details["position"])
            found[position] = FollowUp(number, position, date.fromisoformat(str(fact.details["due_on"])))
        elif fact.kind in _FOLLOWED:
            position = int(fact.details["position"])
            found[position] = _FOLLOWED[fact.kind](found[position], fact)
    return tuple(each for each in found.values() if each.state is not DutyState.waived)


def days_waited(told: Iterable[tuple[str, date]], decided_on: date, *, begins: str, ends: str) -> int | None:
    """How many days lie between the beginning of a dispute and its end on that day, by the facts of a case; None where none ended
    then."""
    since: date | None = None
    for kind, on in told:
        if kind == begins:
            since = on
        elif kind == ends and since is not None:
            if on == decided_on:
                return (on - since).days
            since = None
    return None


def _with_new_day(row: FollowUp, fact: DatedFact) -> FollowUp:
    return replace(row, due_on=date.fromisoformat(str(fact.details["due_on"])))


_FOLLOWED: Mapping[str, Callable[[FollowUp, DatedFact], FollowUp]] = {
    DutyFactKinds.answered: lambda row, fact: replace(row, answered_on=fact.on, state=DutyState.answered),
    DutyFactKinds.sent_back: lambda row, fact: replace(row, answered_on=None, state=DutyState.open),
    DutyFactKinds.passed: lambda row, fact: replace(row, state=DutyState.met),
    DutyFactKinds.waived: lambda row, fact: replace(row, state=DutyState.waived),
    DutyFactKinds.extended: _with_new_day,
}


def _items_with(outcome: str) -> Callable[[MeetingWork], Iterable[Amount]]:
    return lambda work: ((each.number, count) for each in work.meetings
                         if (count := sum(item.outcome == outcome for item in each.items)))


def _cases_of(work: MeetingWork) -> Iterator[Amount]:
    targets = (item.target for each in work.meetings for item in each.items if item.target.startswith("case:"))
    return ((target.partition(":")[2], 1) for target in dict.fromkeys(targets))


def _each_of(follow_ups: Iterable[FollowUp]) -> Iterator[Amount]:
    return ((f"{each.number}/{each.position}", 1) for each in follow_ups)


MEETING_FIGURES: tuple[MeetingFigure, ...] = (
    MeetingFigure("meetings.held", "联席会议", "次", "期内召开的联席会议，按召开日期计", lambda work: ((each.number, 1) for each in work.meetings)),
    MeetingFigure("meetings.items", "议定事项", "件", "上述会议议定的议题",
                  lambda work: ((each.number, each.item_count) for each in work.meetings if each.item_count)),
    *(MeetingFigure(f"meetings.items.{code}", Say("其中{word}", word=Say(word)), "件",
                    Say("其中议定结果为“{word}”的议题", word=Say(word)), _items_with(code))
      for code, word in MEETING_OUTCOMES),
    MeetingFigure("meetings.cases", "议定涉及案件", "件", "上述议题涉及的案件，列入两次会议的计一件", _cases_of,
                  counts_cases=True),
    MeetingFigure("meetings.follow_ups.due", "议定事项到期", "项", "期限落在期内、未免除的会议议定事项，不论会议何时召开",
                  lambda work: _each_of(work.follow_ups)),
    MeetingFigure("meetings.follow_ups.on_time", "议定事项按期", "项", "其中按期报送并已核实通过的",
                  lambda work: _each_of(each for each in work.follow_ups if each.is_on_time), lambda work: len(work.follow_ups)),
    MeetingFigure("meetings.follow_ups.overdue", "议定事项超期", "项", "其中到期后才报送或至今未报的",
                  lambda work: _each_of(each for each in work.follow_ups if each.is_overdue(work.on)),
                  lambda work: len(work.follow_ups)),
    MeetingFigure("meetings.dispute_days", "争议到议定平均天数", "天", "上述会议指定办理的争议案件，自争议提级至议定的自然日数",
                  lambda work: work.waited, lambda work: len(work.waited), is_mean=True, counts_cases=True),
)
