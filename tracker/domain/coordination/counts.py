"""What operations, interviews, controls and meetings come to in a window, folded from their facts as of a day: every figure with
what it means and what it counts. A figure of which there are no facts at all is absent, and never nought."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tracker.domain.coordination import controls, interviews, meetings, operations
from tracker.domain.coordination.agendas.counts import MEETING_FIGURES, NO_MEETINGS, MeetingFigure, MeetingWork
from tracker.domain.coordination.controls import ControlResult, ControlSteps
from tracker.domain.coordination.interviews import InterviewSteps
from tracker.domain.coordination.operations import KINDS, OPERATION, OperationSteps
from tracker.domain.coordination.patrols.periods import percent

ACT = "act:"
NOTHING, NO_FACTS = "—", "本系统没有这类记录"
Force = tuple[int, int]  # vehicles and people


@dataclass(frozen=True)
class ActFact:
    """One fact of an act on the office's day."""

    kind: str
    on: date
    details: Mapping[str, Any]


@dataclass(frozen=True)
class ForceChange:
    """What was said of a unit's forces before and after, and when that was corrected."""

    number: str
    unit_id: int
    on: date
    before: Force
    after: Force


@dataclass(frozen=True)
class Outing:
    """An operation that began: on which day, who was out, what was found, and what was corrected."""

    number: str
    sort: str
    began_on: date
    forces: Mapping[int, Force]
    found: tuple[str, ...]
    corrections: tuple[ForceChange, ...]


@dataclass(frozen=True)
class Sitting:
    """An interview that was held: on which day, and what it was about."""

    number: str
    held_on: date
    about: str

    @property
    def is_of_operation(self) -> bool:
        """Whether an operation led to it."""
        return self.about.startswith(f"{ACT}{OPERATION.prefix}-")


@dataclass(frozen=True)
class IssuedOrder:
    """A control order that was issued: on which day, and whether its days were kept, as it was assessed last."""

    number: str
    issued_on: date
    is_kept: bool


@dataclass(frozen=True)
class SitesTold:
    """How the sites of a control order acknowledged it, by what was known at the cut: those in their hours, those later, and
    those not at all; sites that were waived are none of them."""

    in_time: int = 0
    late: int = 0
    silent: int = 0

    @property
    def sites(self) -> int:
        """All of them."""
        return self.in_time + self.late + self.silent


@dataclass(frozen=True)
class ActsOfWindow:
    """What is counted: the operations that began in a window, the interviews that were held and the orders that were issued in
    it, what meetings come to, which of the found cases are rectified, and of which kinds of act there is any fact. `told` are the
    sites of the orders by their numbers, `weeks` the operations by which the weeks that ended in the window had as many as asked
    for, "" of a week that had not."""

    outings: tuple[Outing, ...]
    sittings: tuple[Sitting, ...]
    rectified: frozenset[str]
    kinds: frozenset[str]
    orders: tuple[IssuedOrder, ...] = ()
    meeting_work: MeetingWork = NO_MEETINGS
    told: Mapping[str, SitesTold] = field(default_factory=dict)
    weeks: tuple[str, ...] = ()

    @property
    def site_count(self) -> int:
        """The sites of all orders."""
        return sum(each.sites for each in self.told.values())

    @property
    def found(self) -> tuple[str, ...]:
        """The cases that were found, by their streams."""
        return tuple(case for outing in self.outings for case in outing.found)


Amount = tuple[str, int]  # a number of the list behind a figure, and how much of the figure it is


@dataclass(frozen=True)
class FigureRow:
    """How a figure is counted."""

    key: str
    word: str
    measure: str
    definition: str
    kind: str
    behind: Callable[[ActsOfWindow], Iterable[Amount]]
    out_of: Callable[[ActsOfWindow], int] | None = None
    counts_cases: bool = False  # the list behind it is of cases, and not of acts
    is_mean: bool = False  # of the amounts behind it, so many as it is out of


@dataclass(frozen=True)
class ActFigure:
    """One figure; `count` None where there is no fact of its kind."""

    row: FigureRow
    count: int | None
    out_of: int | None
    behind: tuple[Amount, ...]

    @property
    def text(self) -> str:
        """As it is printed, a part of others with its rate."""
        if self.count is None or (self.row.is_mean and not self.out_of):
            return NOTHING
        if self.row.is_mean and self.out_of:
            mean = (Decimal(self.count) / self.out_of).quantize(Decimal("0.1"), ROUND_HALF_UP)
            return f"{mean} {self.row.measure}（{self.count}/{self.out_of}）"
        if not self.out_of:
            return f"{self.count} {self.row.measure}"
        return f"{self.count} {self.row.measure}（{self.count}/{self.out_of}，{percent(self.count, self.out_of)}%）"


def outing_of(number: str, facts: Iterable[ActFact]) -> Outing | None:
    """The operation of these facts; None where it did not begin, or was cancelled."""
    sort, began_on, forces, found, corrections = "", None, dict[int, Force](), list[str](), list[ForceChange]()
    for fact in facts:
        if fact.kind == OperationSteps.plan.fact:
            sort = str(fact.details["sort"])
        elif fact.kind == OperationSteps.begin.fact:
            began_on = datetime.fromisoformat(str(fact.details["began_at"])).date()
        elif fact.kind == OperationSteps.find.fact:
            found.append(str(fact.details["case"]))
        elif fact.kind == OperationSteps.set_forces.fact:
            (unit,) = fact.details["unit_ids"]
            force = (int(fact.details["vehicle_count"]), int(fact.details["person_count"]))
            if unit in forces:
                corrections.append(ForceChange(number, unit, fact.on, forces[unit], force))
            forces[unit] = force
    return Outing(number, sort, began_on, forces, tuple(found), tuple(corrections)) if began_on is not None else None


def sitting_of(number: str, facts: Iterable[ActFact]) -> Sitting | None:
    """The interview of these facts; None where it was not held."""
    about, held_on = "", None
    for fact in facts:
        if fact.kind == InterviewSteps.notify.fact:
            about = str(fact.details.get("about") or "")
        elif fact.kind == InterviewSteps.hold.fact:
            held_on = datetime.fromisoformat(str(fact.details["held_at"])).date()
    return Sitting(number, held_on, about) if held_on is not None else None


def order_of(number: str, facts: Iterable[ActFact]) -> IssuedOrder | None:
    """The control order of these facts; None where it was not issued."""
    issued_on, is_kept = None, False
    for fact in facts:
        if fact.kind == ControlSteps.issue.fact:
            issued_on = fact.on
        elif fact.kind == ControlSteps.assess.fact:
            is_kept = fact.details["result"] == ControlResult.kept
    return IssuedOrder(number, issued_on, is_kept) if issued_on is not None else None


def fulfilling(days: Iterable[tuple[date, str, str]], wanted: Mapping[str, int]) -> str:
    """Of the operations of a week, each with its day, sort and number, the one by which there were as many of each sort as
    wanted; "" where there never were."""
    left = {sort: amount for sort, amount in wanted.items() if amount}
    for _, sort, number in sorted(days):
        left = {each: amount - (each == sort) for each, amount in left.items() if amount > (each == sort)}
        if not left:
            return number
    return ""


def figures(counted: ActsOfWindow) -> tuple[ActFigure, ...]:
    """Every figure, in the order of the table."""
    return tuple(_figure_of(row, counted) for row in FIGURES)


def corrections_after(outings: Iterable[Outing], last: date) -> tuple[ForceChange, ...]:
    """What was corrected of the forces of these operations after a day, in the order of time."""
    found = [change for outing in outings for change in outing.corrections if change.on > last]
    return tuple(sorted(found, key=lambda change: (change.on, change.number)))


def _figure_of(row: FigureRow, counted: ActsOfWindow) -> ActFigure:
    if row.kind not in counted.kinds:
        return ActFigure(row, None, None, ())
    behind = tuple(row.behind(counted))
    return ActFigure(row, sum(amount for _, amount in behind), row.out_of(counted) if row.out_of else None, behind)


def _begun_of(sort: str) -> Callable[[ActsOfWindow], Iterable[Amount]]:
    return lambda counted: ((each.number, 1) for each in counted.outings if each.sort == sort)


def _forces_of(which: int) -> Callable[[ActsOfWindow], Iterable[Amount]]:
    return lambda counted: ((each.number, sum(force[which] for force in each.forces.values())) for each in counted.outings)


def _rectified_of(counted: ActsOfWindow) -> Iterable[Amount]:
    return ((_number_of(case), 1) for case in counted.found if case in counted.rectified)


def _number_of(stream: str) -> str:
    return stream.partition(":")[2]


def _row_of(figure: MeetingFigure) -> FigureRow:
    counted = figure.out_of
    return FigureRow(figure.key, figure.word, figure.measure, figure.definition, meetings.KIND,
                     lambda window: figure.behind(window.meeting_work),
                     None if counted is None else lambda window: counted(window.meeting_work),
                     counts_cases=figure.counts_cases, is_mean=figure.is_mean)


def _sites_of(how: Callable[[SitesTold], int]) -> Callable[[ActsOfWindow], Iterable[Amount]]:
    return lambda counted: ((number, how(each)) for number, each in counted.told.items() if how(each))


FIGURES: tuple[FigureRow, ...] = (
    *(FigureRow(f"operations.count.{sort}", word, "次", "期内开始、未取消的行动，按开始那一刻的日期计", operations.KIND, _begun_of(sort))
      for sort, word in KINDS),
    FigureRow("operations.vehicles", "出动车辆", "车次", "上述行动各单位最后填报的车辆之和，一辆车出动两次计两次", operations.KIND, _forces_of(0)),
    FigureRow("operations.people", "出动人员", "人次", "上述行动各单位最后填报的人员之和", operations.KIND, _forces_of(1)),
    FigureRow("operations.found", "发现问题", "个", "上述行动发现并登记为案件的问题，并案的仍各计一个", operations.KIND,
              lambda counted: ((_number_of(case), 1) for case in counted.found), counts_cases=True),
    FigureRow("operations.rectified", "已整改", "个", "其中截止时案件（并案的看主案）已核查通过、公示中、公示期满或已销号的", operations.KIND,
              _rectified_of, lambda counted: len(counted.found), counts_cases=True),
    FigureRow("operations.weeks", "行动达标周", "周", "期内结束的自然周中，各类行动都达到规定次数的 ÷ 期内结束的自然周；清单是使该周达标的那次行动",
              operations.KIND, lambda counted: ((number, 1) for number in counted.weeks if number),
              lambda counted: len(counted.weeks)),
    FigureRow("interviews.held", "约谈", "次", "期内召开的约谈，按召开日期计", interviews.KIND,
              lambda counted: ((each.number, 1) for each in counted.sittings)),
    FigureRow("interviews.held.operations", "其中因行动约谈", "次", "其中关联到行动的约谈", interviews.KIND,
              lambda counted: ((each.number, 1) for each in counted.sittings if each.is_of_operation)),
    FigureRow("controls.count", "发布管控", "次", "期内发布的管控令，按发布记录的日期计", controls.KIND,
              lambda counted: ((each.number, 1) for each in counted.orders)),
    FigureRow("controls.good_kept", "保良成功", "次", "其中截止时最近一次评估为每个目标日都保住的", controls.KIND,
              lambda counted: ((each.number, 1) for each in counted.orders if each.is_kept), lambda counted: len(counted.orders)),
    FigureRow("controls.acknowledged", "管控按时收到", "个点位", "上述管控令的点位中在时限内确认收到的，调级后以最后一次为准；免除的点位不计", controls.KIND,
              _sites_of(lambda each: each.in_time), lambda counted: counted.site_count),
    FigureRow("controls.acknowledged_late", "管控逾时收到", "个点位", "其中过了时限才确认收到的", controls.KIND,
              _sites_of(lambda each: each.late), lambda counted: counted.site_count),
    FigureRow("controls.unacknowledged", "管控未确认收到", "个点位", "其中截止时还没有确认收到的", controls.KIND,
              _sites_of(lambda each: each.silent), lambda counted: counted.site_count),
    *(_row_of(each) for each in MEETING_FIGURES),
)
