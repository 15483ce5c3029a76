"""What the story of one case holds for or against the units that led it, in one window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from tracker.domain.cases.facts import FINAL, UNIT_CLOCK_RUNS, CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.stories import Move, Story
from tracker.domain.reports.appraisal.scoring_rules import COUNTED, Occasion
from tracker.domain.reports.counting import BUCKET_OF, Bucket
from tracker.domain.rules.periods import Window

S = CaseState
ONE_DAY = timedelta(days=1)
THIRD = 3


@dataclass(frozen=True, slots=True)
class AppraisalLine:
    """One fact that counts, against the unit that led the case when it happened. `seq` is the fact's number in the case's stream;
    an event by hand has none, and may have no case either."""

    unit_id: int
    rule: str
    number: str
    seq: int
    on: date
    told: str = ""

    @property
    def key(self) -> str:
        """Names the line in every report that has it; what an appeal is about."""
        return key_of(self.unit_id, self.rule, self.number, self.seq, self.on)

    @property
    def order(self) -> tuple[date, str, int, str]:
        """By date, then by case."""
        return self.on, self.number, self.seq, self.rule


def key_of(unit_id: int, rule: str, number: str, seq: int, on: date) -> str:
    """The key of the line of these parts."""
    return f"{unit_id}/{rule}/{number or '-'}/{seq}/{on}"


def until(story: Story, instant: datetime) -> Story | None:
    """The story as it stood before an instant; None when there was none yet."""
    if story.last.at < instant:
        return story
    moves = tuple(move for move in story.moves if move.at < instant)
    return Story(story.number, moves) if moves else None


def is_scored(story: Story) -> bool:
    """Merged cases follow their master; transferred, declined and voided ones stand apart; brought-in history is nobody's
    doing."""
    return BUCKET_OF[story.last.state.value] is not Bucket.apart and story.get("history") != "imported"


def led_by(story: Story, window: Window) -> tuple[int, ...]:
    """The units that led the case at any moment of the window while it was not struck off, in order."""
    found: dict[int, None] = {}
    for move, following in pairwise((*story.moves, None)):
        assert move is not None
        if move.at < window.cuts and (following is None or following.at > window.opens):
            lead = move.values.get("lead_unit_id")
            if lead is not None and move.state not in FINAL and move.values.get("history") != "imported":
                found[lead] = None
    return tuple(found)


@dataclass
class _StoryReading:
    """What must be remembered of a story while it is read."""

    number: str
    early_days: int | None
    is_unspoilt: bool
    rejections: Counter[int] = field(default_factory=Counter)
    extensions: Counter[int] = field(default_factory=Counter)
    submission: tuple[Move, Move] | None = None  # the move before it, and itself

    def is_early(self, on: date, due_on: date) -> bool:
        """Whether a submission of that day earns the bonus, as far as the story goes."""
        is_smooth = self.is_unspoilt and not self.extensions and not self.rejections
        return is_smooth and self.early_days is not None and on <= due_on - timedelta(days=self.early_days)

    def line(self, rule: str, before: Move, move: Move) -> Iterator[AppraisalLine]:
        """A line against who led the case when it happened; none where nobody did."""
        lead = before.values.get("lead_unit_id")
        if lead is not None:
            yield AppraisalLine(lead, rule, self.number, move.seq, move.on)


Reader = Callable[[_StoryReading, Move, Move], Iterator[AppraisalLine]]


def _on_submitted(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    reading.submission = (before, move)
    return iter(())


def _on_withdrawn(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    reading.submission = None
    return iter(())


def _on_verified(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    """The clock stopped when the work was submitted; the date and the number of the fact are the submission's."""
    if reading.submission is None:
        return
    earlier, submitted = reading.submission
    due_on = earlier.values.get("due_on")
    if due_on is None:
        return
    if submitted.on > due_on:
        yield from reading.line("overdue_completion", earlier, submitted)
    elif reading.is_early(submitted.on, due_on):
        yield from reading.line("early", earlier, submitted)


def _on_rejected(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    reading.submission = None
    times = _count_for_lead(reading.rejections, before)
    yield from reading.line("rejected_again" if times >= THIRD else "rejected", before, move)


def _on_extended(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    if _count_for_lead(reading.extensions, before) > 1:
        yield from reading.line("extended_again", before, move)


def _on_acknowledged(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    due_on = before.values.get("acknowledge_due_on")
    if due_on is not None and move.on > due_on:
        yield from reading.line("late_acknowledgement", before, move)


def _on_supervised(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    yield from reading.line(f"supervised_{move.values.get('supervision_level') or 'ordinary'}", before, move)


def _close_refused(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    reading.submission = None
    yield from reading.line("close_refused", before, move)


def _on_reopened(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    reading.submission = None
    yield from reading.line("reopened", before, move)


def _looked_back(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    """Counts only where it was found false by hand as well; `appraisal` asks for that."""
    if move.told.get("result") == "failed":
        yield from reading.line("false_rectification", before, move)


def _count_for_lead(counts: Counter[int], before: Move) -> int:
    lead = before.values.get("lead_unit_id")
    if lead is None:
        return 0
    counts[lead] += 1
    return counts[lead]


def _reads_nothing(reading: _StoryReading, before: Move, move: Move) -> Iterator[AppraisalLine]:
    return iter(())


# What is read from each fact, and to what it gives occasion.
READERS: Mapping[str, tuple[Reader, Occasion]] = {
    Steps.submit.fact: (_on_submitted, Occasion.limit), Steps.withdraw.fact: (_on_withdrawn, Occasion.limit),
    Steps.verify.fact: (_on_verified, Occasion.verdict), Steps.reject.fact: (_on_rejected, Occasion.verdict),
    Steps.grant_extension.fact: (_on_extended, Occasion.limit), Steps.acknowledge.fact: (_on_acknowledged, Occasion.limit),
    Steps.open_supervision.fact: (_on_supervised, Occasion.led), Steps.refuse_close.fact: (_close_refused, Occasion.verdict),
    Steps.close.fact: (_reads_nothing, Occasion.verdict), Steps.reopen.fact: (_on_reopened, Occasion.verdict),
    Steps.look_back.fact: (_looked_back, Occasion.verdict),
}


def occasions_of(story: Story, window: Window, today: date) -> Iterator[tuple[int, Occasion]]:
    """To what the case gave occasion, and to which unit; a limit that ran out is one though nothing happened."""
    for before, move in pairwise(story.moves):
        lead = before.values.get("lead_unit_id")
        if lead is not None and move.kind in READERS and window.holds(move.at) and before.values.get("history") != "imported":
            yield lead, READERS[move.kind][1]
    for line in _standing_lines(story, today):
        yield line.unit_id, COUNTED[line.rule].occasion


def lines_of(story: Story, window: Window, today: date, early_days: int | None) -> list[AppraisalLine]:
    """Every line of a case in a window, `today` being the office date of its end. The story ends where the window does."""
    reading = _StoryReading(story.number, early_days, story.get("round") == 1)
    found: list[AppraisalLine] = []
    for before, move in pairwise(story.moves):
        reader, _ = READERS.get(move.kind, (_reads_nothing, None))
        if reader is _reads_nothing or before.values.get("history") == "imported":
            continue
        lines = list(reader(reading, before, move))
        if window.holds(move.at):
            found += lines
    return [*found, *_standing_lines(story, today)]


def _standing_lines(story: Story, today: date) -> Iterator[AppraisalLine]:
    """What is still owed at the end of the window."""
    last, lead = story.last, story.get("lead_unit_id")
    if lead is None:
        return
    limit = last.values.get("due_on")
    if last.state is S.phased and limit is not None:
        limit = max(limit, last.values.get("phase_next_on") or limit)
    if last.state in UNIT_CLOCK_RUNS and limit is not None and limit < today:
        yield AppraisalLine(lead, "overdue_open", story.number, _move_since(story, "due_on").seq, limit + ONE_DAY)
    limit = last.values.get("acknowledge_due_on")
    if last.state is S.assigned and limit is not None and limit < today:
        yield AppraisalLine(lead, "late_acknowledgement", story.number, _move_since(story, "acknowledge_due_on").seq,
                            limit + ONE_DAY)
    if last.state not in FINAL and last.values.get("supervision_level") == "listed":
        opened = _move_since(story, "supervision_level")
        yield AppraisalLine(lead, "listed_unresolved", story.number, opened.seq, opened.on)


def _move_since(story: Story, name: str) -> Move:
    """The move since which a value and the lead unit are what they are."""
    now = (story.get(name), story.get("lead_unit_id"))
    found = story.last
    for move in reversed(story.moves):
        if (move.values.get(name), move.values.get("lead_unit_id")) != now:
            break
        found = move
    return found
