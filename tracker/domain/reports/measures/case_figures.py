"""Cases in figures over any window: what was received and handled, by the marks that the reports count, and on which day a
complaint was first handled."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from tracker.domain.cases.facts import HANDLED, CaseState
from tracker.domain.cases.stories import Story
from tracker.domain.reports.measures.counted import CASE, Reckoned, number_of, rate_of
from tracker.domain.reports.rates import Mark, Span, mark

COMPLAINTS = ("hotline", "inspectorate", "message")  # the kinds of sources through which people complain


@dataclass
class CasePiles:
    """Adds up a window, case by case. `merged` are the complaints that stand merged at its end: they follow their masters."""

    span: Span
    complaint_ids: Collection[int]
    marks: dict[Mark, list[str]] = field(default_factory=lambda: {each: [] for each in (Mark.new, Mark.handled, Mark.rated)})
    handled: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def add(self, story: Story) -> None:
        """Count one case."""
        stream, found = CASE + story.number, mark(story, self.span)
        for each, pile in self.marks.items():
            if found is not None and each in found.marks:
                pile.append(stream)
        if story.get("source_id") not in self.complaint_ids:
            return
        if _ends_merged(story, self.span):
            self.merged.append(stream)
        elif _was_handled(story, self.span):
            self.handled.append(stream)

    def figures(self, merged_handled: Callable[[str], bool]) -> dict[str, Reckoned]:
        """The figures; `merged_handled` says of a merged one whether its master was first handled in the window."""
        complaints = [*self.handled, *filter(merged_handled, self.merged)]
        return {"cases.received": number_of(self.marks[Mark.new]), "cases.handled": number_of(self.marks[Mark.handled]),
                "cases.completion": rate_of(self.marks[Mark.handled], self.marks[Mark.rated]),
                "complaints.handled": number_of(sorted(complaints))}


def _ends_merged(story: Story, span: Span) -> bool:
    seen = [move for move in story.moves if move.on <= span.last]
    return bool(seen) and seen[-1].state is CaseState.merged


def _was_handled(story: Story, span: Span) -> bool:
    """Whether it came to be handled inside the window, from where it was not."""
    before = False
    for move in story.moves:
        if (is_handled := move.state in HANDLED) and not before and span.holds(move.on):
            return True
        before = is_handled
    return False
