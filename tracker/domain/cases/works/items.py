"""The six works 拆清绿改装亮, the two standards, and the sheet of items by which the works of one case are judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypedDict

from tracker.domain.house.say import Say
from tracker.domain.rules.part_words import RULE_WORDS
from tracker.domain.territory.routing import WORKS


class WorkKind(StrEnum):
    """The six works."""

    demolish = "demolish"
    clear = "clear"
    green = "green"
    rebuild = "rebuild"
    decorate = "decorate"
    light = "light"


class Standard(StrEnum):
    """By which list the works are judged."""

    urban = "urban"
    rural = "rural"


MEANINGS: Mapping[str, str] = {
    WorkKind.demolish: "拆：拆除违法建设、违章广告", WorkKind.clear: "清：清理卫生死角", WorkKind.green: "绿：绿化沿线环境",
    WorkKind.rebuild: "改：提升改造道路围墙", WorkKind.decorate: "装：装饰建筑立面", WorkKind.light: "亮：亮化周边环境",
}
STANDARDS: Mapping[str, str] = {standard: RULE_WORDS[standard] for standard in Standard}


@dataclass(frozen=True)
class CheckItem:
    """One line of the list: how many points it brings, whether it must hold, and whether a photo must show it."""

    work: str
    code: str
    text: str
    points: int
    is_must: bool = False
    has_photo: bool = False

    @property
    def name(self) -> str:
        """The work and what is looked at, as people speak of it: 拆·违章广告拆除."""
        return Say("{work}·{item}", work=Say(WORKS[self.work]), item=Say(self.text))


@dataclass(frozen=True)
class CheckSheet:
    """What one case is judged by: its works, the standard, and the items as they were when the works were set. `since` is the
    first day of that version; None where it is the list that holds while none was set."""

    works: tuple[str, ...]
    standard: str
    since: date | None
    items: tuple[CheckItem, ...]


class WorkResult(TypedDict):
    """What the last scored verification found of one work."""

    got: int | None
    most: int | None
    failed_musts: int | None
    round: int | None


class CaseWorks(TypedDict):
    """The works of a case as its facts set them: all of them, with standard and version, or none."""

    standard: str | None
    standard_from: date | None
    works: Mapping[str, WorkResult]


def read_works(told: Any) -> CaseWorks:
    """What a fact set, out of its JSON."""
    since = told["standard_from"]
    return {"standard": told["standard"], "standard_from": date.fromisoformat(since) if since else None, "works": told["works"]}


NO_RESULT: WorkResult = {"got": None, "most": None, "failed_musts": None, "round": None}
NO_WORKS: CaseWorks = {"standard": None, "standard_from": None, "works": {}}
