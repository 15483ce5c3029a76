"""The step rail: which stages a case has behind it, when and by whom."""

from dataclasses import dataclass
from datetime import datetime

from tracker.storage.cases.page import CasePage
from tracker.web.house.drawing.wording import NOTICE_STAGE, RAIL, RAIL_AT

WORK_STAGE = 3


@dataclass(frozen=True)
class RailStage:
    """One stage of the rail. `stand` is done, now or ahead."""

    word: str
    stand: str
    at: datetime | None
    actor: str | None
    round: int


def rail(page: CasePage) -> list[RailStage]:
    """The stages of a case; the notice only where one is required or was opened."""
    at, latest = RAIL_AT[page.head.state], {fact.kind: fact for fact in page.facts}
    stages = []
    for index, (word, kinds) in enumerate(RAIL):
        if index == NOTICE_STAGE and not page.head.is_notice_required and page.head.notice_to_on is None:
            continue
        done = max((latest[kind] for kind in kinds if kind in latest), key=lambda fact: fact.seq, default=None)
        stand = "done" if index < at and done else "now" if index == at else "skipped" if index < at else "ahead"
        shown = done if stand == "done" else None
        stages.append(RailStage(word, stand, shown.at if shown else None, shown.told_by if shown else None,
                                page.head.round if index == WORK_STAGE else 1))
    return _with_one_now(stages)


def _with_one_now(stages: list[RailStage]) -> list[RailStage]:
    """A stage that was left out of the rail may have been the present one: then it is the next."""
    if any(stage.stand == "now" for stage in stages):
        return stages
    for index, stage in enumerate(stages):
        if stage.stand == "ahead":
            return [*stages[:index], RailStage(stage.word, "now", None, None, stage.round), *stages[index + 1:]]
    return stages
