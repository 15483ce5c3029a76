"""Which of the cases that are attached to a milestone count as completed on a day."""

from collections.abc import Mapping
from datetime import datetime

from tracker.domain.cases.facts import HANDLED, CaseState
from tracker.domain.cases.stories import Story
from tracker.domain.coordination.schedules import IsDone


def master_key(case_id: object) -> str:
    """Under which the story of a case stands that another was merged into."""
    return f"#{case_id}"


def done_by(stories: Mapping[str, Story], before: datetime) -> IsDone:
    """Whether a case was completed before an instant, by the stories of cases by their streams, of masters by `master_key`; one
    that was merged follows its master."""

    def is_done(stream: str) -> bool:
        told = stories.get(stream)
        move = told.before(before) if told is not None else None
        if move is not None and move.state is CaseState.merged:
            master = stories.get(master_key(move.values.get("master_id")))
            move = master.before(before) if master is not None else None
        return move is not None and move.state in HANDLED

    return is_done
