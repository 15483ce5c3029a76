"""What a report rests on besides the facts: the names, rule values and dates that were in force when it was made.

They are stored with the report, so that the same facts with the same inputs give the same bytes at any later time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

from tracker.domain.cases.categories.first import FIRST_NAMES
from tracker.domain.cases.stories import Story
from tracker.domain.evidence.sources import asks_notice
from tracker.domain.reports.document import Document
from tracker.domain.rules.periods import Period, Window, period_named

OF_MERGERS, OF_ACTS = ("merged", "torn"), ("acts", "owed", "met")  # not stored where there was none


@dataclass(frozen=True)
class Inputs:
    """Names by id or code, rule values by key, and the days that decide lights: `today` is the office date of the cut.

    Everything but the dates is plain JSON. `due_soon_until` is the last due date whose light is yellow.
    """

    period: Period
    window: Window
    area_code: str
    area_name: str
    today: date
    due_soon_until: date
    units: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)  # id → code, name, kind
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # id → key, name
    areas: Mapping[str, str] = field(default_factory=dict)  # code → name
    categories: Mapping[str, str] = field(default_factory=lambda: dict(FIRST_NAMES))  # key → name
    people: Mapping[str, str] = field(default_factory=dict)  # id → name, of sponsors and of who closed
    rules: Mapping[str, Any] = field(default_factory=dict)  # rule book, by key
    notice_sources: tuple[str, ...] = ()  # ids of the sources whose closing needs a public notice
    notice_since: Mapping[str, str] = field(default_factory=dict)  # id → instant before whose verifications it was otherwise
    texts: Mapping[str, tuple[str, str]] | None = None  # case number → title and place, masked; None until the cases are counted
    # case number → WGS-84, where the case has another datum
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    dispute_until: date | None = None  # the last day on which a dispute may have begun that should be decided by now
    appeals: tuple[Mapping[str, Any], ...] = ()  # appeals against appraisals that were upheld before the cut
    appraised: tuple[str, ...] = ()  # ids of the units of the area that are in being at the cut: an appraisal lists them all
    reporters: Mapping[str, int] = field(default_factory=dict)  # case number → which of the repeat reporters, numbered
    seal: tuple[str, str] | None = None  # business date and hash of the latest seal
    merged: tuple[str, ...] = ()  # codes that went wholly into the area since the first month it is compared with
    torn: tuple[str, ...] = ()  # names of those of which it got a part
    acts: tuple[Mapping[str, Any], ...] = ()  # what the acts beside the cases come to: word, what is said, its definition
    owed: tuple[Mapping[str, Any], ...] = ()  # their duties that are late: number, position, unit, due_on, days
    met: tuple[Mapping[str, Any], ...] = ()  # how what was owed beside the cases was met: by unit, section, programme
    backlog: tuple[Mapping[str, Any], ...] | None = None  # what waits for a joint meeting; None where the rows do not tell
    edition: int = 1  # which edition of the report's builder counted it; the first one did not say so

    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name)
                or name not in (*OF_MERGERS, *OF_ACTS, "backlog")}
        if self.backlog is not None:
            said["backlog"] = self.backlog
        window = [self.window.opens.isoformat(), self.window.cuts.isoformat()]
        return said | {"period": self.period.key, "window": window, "today": self.today.isoformat(),
                       "due_soon_until": self.due_soon_until.isoformat(),
                       "dispute_until": self.dispute_until.isoformat() if self.dispute_until else None}


def read_inputs(plain: Mapping[str, Any]) -> Inputs:
    """The inputs that were stored."""
    known = dict(plain)
    known["period"] = period_named(known["period"])
    known["window"] = Window(*(datetime.fromisoformat(each) for each in known["window"]))
    for name in ("today", "due_soon_until"):
        known[name] = date.fromisoformat(known[name])
    known["dispute_until"] = date.fromisoformat(known["dispute_until"]) if known.get("dispute_until") else None
    known["points"] = {key: tuple(value) for key, value in known.get("points", {}).items()}
    for name in ("units", "sources", "texts"):
        if known[name] is not None:
            known[name] = {key: tuple(value) for key, value in known[name].items()}
    known["backlog"] = None if known.get("backlog") is None else tuple(known["backlog"])
    known["seal"] = tuple(known["seal"]) if known["seal"] else None
    for name in ("notice_sources", "appeals", "appraised", *OF_MERGERS, *OF_ACTS):
        known[name] = tuple(known.get(name, ()))
    return Inputs(**known)


def is_notice_due(inputs: Inputs, values: Mapping[str, Any]) -> bool:
    """Whether a case with these values needs a public notice, as the inputs have the rules of its source."""
    source, verified = str(values["source_id"]), values.get("verified_at")
    since = inputs.notice_since.get(source)
    return asks_notice(source in inputs.notice_sources, datetime.fromisoformat(since) if since else None,
                       datetime.fromisoformat(verified) if isinstance(verified, str) else verified)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a report looks: a case that had ended before `since` adds nothing to it, unless one of its due dates or its
    day of receipt is not before `on`, where that is given."""

    since: datetime
    on: date | None = None


def its_window(inputs: Inputs) -> Reach:
    """The reach of a report that is of its own window alone."""
    return Reach(inputs.window.opens)


class Builder(Protocol):
    """Counts one report. Stories come one by one and are not kept; `wanted` says whose texts the tables will print."""

    def add(self, story: Story) -> None:
        """CaseCount one case. Cases of other areas and withdrawn imports are left out by the engine, not here."""
        ...

    def wanted(self) -> tuple[str, ...]:
        """The numbers of the cases that stand in a table with their title and place."""
        ...

    def document(self, texts: Mapping[str, tuple[str, str]]) -> Document:
        """The finished report."""
        ...


@runtime_checkable
class ComparingBuilder(Builder, Protocol):
    """A report that sets its period beside earlier ones."""

    def add_merged(self, story: Story) -> None:
        """CaseCount one case of an area that has gone wholly into this one: for what this period is compared with alone."""
        ...


Make = Callable[[Inputs], Builder]
# The first and last days of the stretches whose reporters are compared, by the rules of then.
Compared = Callable[[Period, Mapping[str, Any]], tuple[tuple[date, date], ...]]
