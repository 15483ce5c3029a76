"""待议事项: what waits for a joint meeting, asked anew of what stands; nobody keeps it. Nothing leaves it but by a decision or by
its own end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from tracker.domain.coordination.meetings import FOLLOWS, OUTCOME, PREPARING, ItemOutcome, item_key, standing_items
from tracker.domain.coordination.schedules import PlannedMilestone, ScheduleOn
from tracker.domain.rules.lights import Light


class WaitKind(StrEnum):
    """Why something waits for a meeting."""

    disputed = "disputed"
    disclaimed = "disclaimed"
    escalated = "escalated"
    asked = "asked"
    overdue = "overdue"
    red = "red"
    missed = "missed"
    deferred = "deferred"


class WaitRow(NamedTuple):
    """How a reason is said, what the meeting is asked, and whether its decision ends it: what else ends only by itself."""

    word: str
    question: str
    ends_by_decision: bool = False


WAITS: Mapping[WaitKind, WaitRow] = {
    WaitKind.disputed: WaitRow("争议逾期未裁定", "争议超过裁定期限，请议定由谁办理"),
    WaitKind.disclaimed: WaitRow("各方均不认领", "各候选单位均不认领，请议定由谁办理"),
    WaitKind.escalated: WaitRow("已提请协调，未议定", "已提请上级协调，请议定如何办理"),
    WaitKind.asked: WaitRow("单位请求协调", "承办单位请求协调，请议定如何办理"),
    WaitKind.overdue: WaitRow("议定事项超期", "上次议定的事项超期未完成，请议定如何处理", ends_by_decision=True),
    WaitKind.red: WaitRow("规划节点红灯", "规划节点严重滞后，请议定如何推进", ends_by_decision=True),
    WaitKind.missed: WaitRow("被约谈人再次未到场", "被约谈人两次以上未到场，请议定如何处理", ends_by_decision=True),
    WaitKind.deferred: WaitRow("上次会议缓议", "上次会议未议定，请再议"),
}


MOST_MISSED = 1  # interviews that somebody may miss before a meeting hears of it


@dataclass(frozen=True)
class WaitReason:
    """One reason of one matter, and since when. `position` is of the duty or milestone, `title` what it is called, `unit_id`
    whose it is."""

    why: WaitKind
    since_on: date
    position: int = 0
    title: str = ""
    unit_id: int | None = None


@dataclass(frozen=True)
class Agenda:
    """A meeting as far as its agenda goes."""

    number: str
    state: str
    held_on: date | None
    items: Sequence[Mapping[str, Any]]

    @property
    def is_preparing(self) -> bool:
        """Whether what stands on it has still to be decided there."""
        return self.state in PREPARING


@dataclass(frozen=True)
class BacklogMatter:
    """What waits: the stream of a case or an act, or the item without a number that a meeting put off (`HY-2026-0001/2`); why,
    and on which agenda it stands already."""

    key: str
    reasons: tuple[WaitReason, ...]
    listed: str = ""

    @property
    def since_on(self) -> date:
        """Since when it waits for the first of its reasons."""
        return self.reasons[0].since_on

    @property
    def is_plain(self) -> bool:
        """Whether it is an item without a number."""
        return "/" in self.key

    @property
    def number(self) -> str:
        """The number of what it is about, or the place of the item."""
        return self.key.partition(":")[2] or self.key

    @property
    def question(self) -> str:
        """What the meeting is asked of it, by its first reason."""
        return WAITS[self.reasons[0].why].question

    @property
    def given(self) -> Mapping[str, str]:
        """How it is put on an agenda: by the number, or as what follows an item."""
        return {FOLLOWS: self.key} if self.is_plain else {"target": self.number}

    def days(self, today: date) -> int:
        """How many days it waits."""
        return (today - self.since_on).days


@dataclass
class _Course:
    """What meetings made of a matter so far."""

    decided_on: date | None = None  # the last day on which anything but a postponement was decided
    put_off_on: date | None = None  # since when it is put off
    listed: str = ""


def matters_of(reasons: Iterable[tuple[str, WaitReason]], agendas: Iterable[Agenda],
               alive: Iterable[str]) -> tuple[BacklogMatter, ...]:
    """The backlog, what waits longest first. `alive` are the streams, among those that meetings put off, which are not over."""
    courses, going = _courses_of(agendas), frozenset(alive)
    found: dict[str, list[WaitReason]] = defaultdict(list)
    for key, reason in reasons:
        course = courses.get(key)
        if not (WAITS[reason.why].ends_by_decision and course and course.decided_on and course.decided_on > reason.since_on):
            found[key].append(reason)
    for key, course in courses.items():
        if course.put_off_on is not None and ("/" in key or key in going):
            found[key].append(WaitReason(WaitKind.deferred, course.put_off_on))
    matters = (BacklogMatter(key, tuple(sorted(told, key=_place_of)), courses[key].listed if key in courses else "")
               for key, told in found.items())
    return tuple(sorted(matters, key=lambda matter: (matter.since_on, matter.key)))


def put_off_keys(agendas: Iterable[Agenda]) -> tuple[str, ...]:
    """What meetings put off, by its key."""
    return tuple(key for key, course in _courses_of(agendas).items() if course.put_off_on is not None)


def red_reasons(schedule: ScheduleOn, adopted_on: date) -> Iterator[WaitReason]:
    """The milestones of a programme whose light is red, each since the day on which what is done until now sufficed no longer,
    but not since before the programme was adopted."""
    for each in schedule.counting:
        if schedule.of(each).light(schedule.bounds) is Light.red:
            since = max(_red_since(schedule, each), adopted_on)
            yield WaitReason(WaitKind.red, since, each.position, each.title, each.unit_id)


def _red_since(schedule: ScheduleOn, milestone: PlannedMilestone) -> date:
    low, high = milestone.starts_on.toordinal(), schedule.on.toordinal()
    while low < high:
        middle = (low + high) // 2
        then = replace(schedule, on=date.fromordinal(middle)).of(milestone)
        low, high = (low, middle) if then.light(schedule.bounds) is Light.red else (middle + 1, high)
    return date.fromordinal(low)


def _place_of(reason: WaitReason) -> tuple[date, int, int]:
    return reason.since_on, list(WaitKind).index(reason.why), reason.position


def _courses_of(agendas: Iterable[Agenda]) -> dict[str, _Course]:
    courses: dict[str, _Course] = {}
    for agenda in sorted(agendas, key=lambda each: (each.held_on or date.max, each.number)):
        for item in standing_items(agenda.items):
            course = courses.setdefault(item_key(agenda.number, item), _Course())
            if outcome := item.get(OUTCOME):
                _follow_decision(course, str(outcome), agenda.held_on)
            elif agenda.is_preparing:
                course.listed = agenda.number
    return courses


def _follow_decision(course: _Course, outcome: str, on: date | None) -> None:
    if outcome == ItemOutcome.defer:
        course.put_off_on = course.put_off_on or on
    else:
        course.decided_on, course.put_off_on = on, None
