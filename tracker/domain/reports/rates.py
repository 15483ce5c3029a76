"""What one case counts as in one period, and the figures that are made of it: each with its definition and the cases behind
it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum, auto

from tracker.domain.cases.facts import CLOCK_RUNS, FINAL, CaseState
from tracker.domain.cases.flow import ASSIGNED, Steps
from tracker.domain.cases.stories import Move, Story
from tracker.domain.reports.case_lines import recalled_of
from tracker.domain.reports.counting import BUCKET_OF, Bucket, Rate
from tracker.domain.reports.document import Figure
from tracker.domain.reports.inputs import Inputs
from tracker.domain.rules.lights import days_overdue
from tracker.domain.rules.periods import Period

S = CaseState


class Mark(StrEnum):
    """What a case may count as in a period; a case bears each mark once, whatever happened to it how often."""

    new = auto()
    opening = auto()
    returned = auto()
    load = auto()
    rated = auto()
    apart = auto()
    handled = auto()
    phased = auto()
    handled_or_phased = auto()
    struck_off = auto()
    stock = auto()
    closed = auto()
    reopened = auto()
    looked_back = auto()
    due = auto()
    due_suspended = auto()
    on_time = auto()
    overdue = auto()
    acknowledge_due = auto()
    acknowledged = auto()
    first_verified = auto()
    first_passed = auto()
    concluded = auto()
    reworked = auto()
    worked_on = auto()
    extended = auto()
    to_sign = auto()
    sent_back = auto()
    called_back = auto()
    satisfied = auto()


M = Mark


@dataclass(frozen=True, slots=True)
class Span:
    """A period as it is counted: first and last day, the last day of it that is over, and the day whose lights it has."""

    first: date
    last: date
    over: date
    on: date

    def holds(self, on: date) -> bool:
        """Whether a day lies inside."""
        return self.first <= on <= self.last


def whole(period: Period) -> Span:
    """A period that has ended."""
    return Span(period.first, period.last, period.last, period.last)


def span_of(inputs: Inputs) -> Span:
    """The period of a report. Its lights are those of its last day, or of the day of the cut where that is earlier."""
    last, is_over = inputs.period.last, inputs.today >= inputs.period.last and inputs.window.cuts.time() == time()
    over = last if is_over else min(last, inputs.today - timedelta(days=1))
    return Span(inputs.period.first, last, over, min(last, inputs.today))


@dataclass(frozen=True, slots=True)
class Marked:
    """A case in a period: its marks, where it stood at the end, and what happened inside."""

    marks: frozenset[Mark]
    end: Move
    inside: tuple[Move, ...]


# What happened inside the period → marks.
HAPPENED: dict[str, tuple[Mark, ...]] = {
    Steps.close.fact: (M.closed, M.concluded), Steps.reopen.fact: (M.reopened, M.looked_back),
    Steps.look_back.fact: (M.looked_back,), Steps.verify.fact: (M.concluded,), Steps.reject.fact: (M.concluded, M.reworked),
    Steps.refuse_close.fact: (M.concluded, M.reworked), Steps.sustain_objection.fact: (M.concluded, M.reworked),
    Steps.grant_extension.fact: (M.extended, M.worked_on), Steps.grant_return.fact: (M.sent_back, M.to_sign),
    **dict.fromkeys(ASSIGNED, (M.to_sign,)),
}
SATISFIED, UNREACHED = ("satisfied", "basically"), "unreached"


def mark(story: Story, span: Span) -> Marked | None:
    """What a case counts as in a period; None when it was not registered by then, or had nothing to do with it."""
    if story.registered_on > span.last or _is_past(story.last, span):
        return None
    start, seen, inside = _cut_moves(story, span)
    end = seen[-1]
    if _is_past(end, span):
        return None
    found = set(_load_marks(start, end, inside))
    recalled = recalled_of(seen)
    found.update(each for move in inside if move.seq not in recalled for each in HAPPENED.get(move.kind, ()))
    if start is not None and start.state is S.assigned and not _is_recalled(seen, start, recalled):
        found.add(M.to_sign)
    if (start is not None and start.state is S.rectifying) or any(move.state is S.rectifying for move in inside):
        found.add(M.worked_on)
    standing = [move for move in seen if move.seq not in recalled]
    found.update(_due_marks(seen, span), _acknowledge_marks(standing, span), _first_verification(seen, span), _call_back(inside))
    return Marked(frozenset(found), end, tuple(inside))


def _cut_moves(story: Story, span: Span) -> tuple[Move | None, list[Move], list[Move]]:
    seen = [move for move in story.moves if move.on <= span.last]
    inside = [move for move in seen if move.on >= span.first]
    return (seen[-len(inside) - 1] if len(inside) < len(seen) else None), seen, inside


def _is_past(end: Move, span: Span) -> bool:
    """Finished before the period, and not due inside it either."""
    dates = (end.values.get("due_on"), end.values.get("acknowledge_due_on"))
    return end.on < span.first and end.state in FINAL and not any(on is not None and on >= span.first for on in dates)


def _is_recalled(seen: list[Move], at: Move, recalled: frozenset[int]) -> bool:
    """Whether the assignment that stood at this move was taken back later, unsigned."""
    return bool(recalled) and next((move.seq for move in reversed(seen) if move.seq <= at.seq and move.kind in ASSIGNED),
                                   0) in recalled


def _load_marks(start: Move | None, end: Move, inside: list[Move]) -> Iterable[Mark]:
    """Whether it had to be dealt with in the period, since when, and what became of it."""
    if start is None:
        yield M.new
    elif start.state not in FINAL:
        yield M.opening
    elif any(move.state not in FINAL for move in inside):
        yield M.returned
    else:
        return
    yield M.load
    yield from BY_BUCKET[BUCKET_OF[end.state]]


BY_BUCKET: dict[Bucket, tuple[Mark, ...]] = {
    Bucket.open: (M.rated, M.stock),
    Bucket.phased: (M.rated, M.stock, M.phased, M.handled_or_phased),
    Bucket.completed: (M.rated, M.stock, M.handled, M.handled_or_phased),
    Bucket.closed: (M.rated, M.struck_off, M.handled, M.handled_or_phased),
    Bucket.apart: (M.apart,),
}


def _due_marks(seen: list[Move], span: Span) -> Iterable[Mark]:
    end = seen[-1]
    due_on, bucket = end.values.get("due_on"), BUCKET_OF[end.state]
    if due_on is None or bucket is Bucket.apart:
        return
    if end.state in CLOCK_RUNS and days_overdue(due_on, span.on):
        yield M.overdue
    if due_on > span.over or not span.holds(due_on):
        return
    if end.state is S.suspended:
        yield M.due_suspended
        return
    yield M.due
    handed_in = next((move.on for move in reversed(seen) if move.kind == Steps.submit.fact), None)
    is_done = bucket in (Bucket.completed, Bucket.closed) or end.state is S.submitted
    if is_done and handed_in is not None and handed_in <= due_on:
        yield M.on_time


def _acknowledge_marks(seen: list[Move], span: Span) -> Iterable[Mark]:
    """The last assignment that was to be signed for inside the period. One that was taken back in time counts nowhere."""
    found: tuple[Mark, ...] = ()
    due_on: date | None = None
    for move in seen:
        if move.kind in ASSIGNED:
            due_on = move.values.get("acknowledge_due_on")
        elif due_on is not None and move.state is not S.assigned:
            if span.holds(due_on) and due_on <= span.over and (move.kind == Steps.acknowledge.fact or move.on > due_on):
                is_in_time = move.kind == Steps.acknowledge.fact and move.on <= due_on
                found = (M.acknowledge_due, M.acknowledged) if is_in_time else (M.acknowledge_due,)
            due_on = None
    if due_on is not None and span.holds(due_on) and due_on <= span.over:
        return (M.acknowledge_due,)
    return found


def _first_verification(seen: list[Move], span: Span) -> Iterable[Mark]:
    first = next((move for move in seen if move.kind in (Steps.verify.fact, Steps.reject.fact)), None)
    if first is None or not span.holds(first.on):
        return ()
    return (M.first_verified, M.first_passed) if first.kind == Steps.verify.fact else (M.first_verified,)


def _call_back(inside: list[Move]) -> Iterable[Mark]:
    said = [move.values.get("satisfaction") for move in inside if move.kind == Steps.call_back.fact]
    reached = [each for each in said if each != UNREACHED]
    if not reached:
        return ()
    return (M.called_back, M.satisfied) if reached[-1] in SATISFIED else (M.called_back,)


# --- figures ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, or a rate where `out_of` is given, with what it counts in words."""

    key: str
    word: str
    of: Mark
    out_of: Mark | None
    definition: str


COUNTS: tuple[Measure, ...] = (
    Measure("received", "本月登记", M.new, None, "本月在本系统登记的案件，按登记日计，每案计一次"),
    Measure("load", "本月应办", M.load, None, "月初未销号 + 本月登记 + 本月重开或撤销并案，每案计一次"),
    Measure("handled", "月末已办结", M.handled, None, "本月应办案件中，月末处于核查通过、公示中、公示期满、已销号的"),
    Measure("phased", "月末阶段性办结", M.phased, None, "本月应办案件中，月末处于阶段性办结的；不计入办结"),
    Measure("closed", "本月销号", M.closed, None, "本月内批准销号的案件；其后又重开的，原销号仍计入销号当月"),
    Measure("reopened", "本月重开", M.reopened, None, "本月经回头看发现反弹而重开的案件"),
    Measure("stock", "月末未销号", M.stock, None, "本月应办案件中，月末尚未销号的，含已办结待销号的"),
    Measure("overdue", "月末超期", M.overdue, None, "月末当日整改时限已过（当日到期的不计），仍处于待交办、待签收、争议提级、整改中、阶段性办结的案件"),
)
RATES: tuple[Measure, ...] = (
    Measure("completion", "办结率", M.handled, M.rated, "月末已办结 ÷ 本月应办（不含并案、移送、不予受理、作废），阶段性办结不计入"),
    Measure("completion_with_phased", "办结率（含阶段性办结）", M.handled_or_phased, M.rated,
            "（月末已办结 + 阶段性办结）÷ 本月应办（不含并案、移送、不予受理、作废）"),
    Measure("on_time", "按期办结率", M.on_time, M.due,
            "整改时限在本月内届满的案件（不含缓办）中，时限内报送且未被退回整改的 ÷ 全部；以报送日为准，月末待核查的按已报送计"),
    Measure("acknowledged", "按期签收率", M.acknowledged, M.acknowledge_due, "签收时限在本月内届满的案件中，时限内签收的 ÷ 全部；时限内退回或改派的不计"),
    Measure("first_pass", "一次核查通过率", M.first_passed, M.first_verified, "本月作出首次核查结论的案件中，首次即核查通过的 ÷ 全部"),
    Measure("rework", "返工率", M.reworked, M.concluded, "本月被退回整改（核查不通过、异议成立、不予销号）的案件 ÷ 本月有核查、异议成立或销号审核结论的案件"),
    Measure("extension", "延期率", M.extended, M.worked_on, "本月批准延期的案件 ÷ 本月处于整改中的案件"),
    Measure("return", "退回率", M.sent_back, M.to_sign, "本月同意退回的案件 ÷ 本月交办和月初待签收的案件"),
    Measure("recurrence", "复发率", M.reopened, M.looked_back, "本月重开的案件 ÷ 本月回头看或重开的案件"),
    Measure("closing", "销号率", M.struck_off, M.handled, "月末已销号 ÷ 月末已办结，均以本月应办案件为范围"),
    Measure("satisfaction", "回访满意率", M.satisfied, M.called_back, "本月回访且联系上的案件中，末次回访为满意或基本满意的 ÷ 全部"),
)


class MarkTally:
    """How many cases bear each mark in one period; with `keeps_cases`, which ones."""

    def __init__(self, *, keeps_cases: bool = False) -> None:
        self.counts: Counter[Mark] = Counter()
        self.cases: dict[Mark, list[str]] = defaultdict(list)
        self._keeps_cases = keeps_cases

    def add(self, number: str, marks: Iterable[Mark]) -> None:
        """CaseCount one case."""
        for each in marks:
            self.counts[each] += 1
            if self._keeps_cases:
                self.cases[each].append(number)

    def value(self, measure: Measure) -> int | Rate:
        """A number, or a rate with its definition."""
        of = self.counts[measure.of]
        return of if measure.out_of is None else Rate(of, self.counts[measure.out_of], measure.definition)

    def behind(self, measure: Measure) -> dict[str, tuple[str, ...]]:
        """The cases of a figure under its key; those of a rate's denominator under `<key>/of`."""
        found = {measure.key: tuple(self.cases[measure.of])}
        return found if measure.out_of is None else found | {f"{measure.key}/of": tuple(self.cases[measure.out_of])}


def figure(measure: Measure, now: MarkTally, before: MarkTally, year_before: MarkTally) -> Figure:
    """A figure beside the same one of the period before and of the year before."""
    return Figure(measure.key, measure.word, now.value(measure), measure.definition, before.value(measure),
                  year_before.value(measure))
