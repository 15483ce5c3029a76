"""Patrols counted over some days, from the facts alone: what was owed and met, how much of it on time, what one side alone stands
for, and how much of a section was covered. A day later the same days are counted alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyKind, DutyState
from tracker.domain.acts.step_rows import ActFlow
from tracker.domain.coordination.patrols.joint import PATROL, PatrolState
from tracker.domain.coordination.patrols.periods import covered_metres, percent, section_and_tier
from tracker.domain.coordination.patrols.plans import PATROL_PLAN
from tracker.services.acts.then import folded
from tracker.services.coordination.patrols.sections import LineSection, sections_on
from tracker.services.house.work import wiring
from tracker.storage.house.ledger import FactRow

SINGLE = (PatrolState.logged.value, PatrolState.denied.value)


@dataclass(frozen=True)
class SectionCount:
    """A section over some days. `on_time` are those met that were answered by their last day; `patrols` those confirmed, of one
    day and tier once; `single` those that one side alone stands for."""

    code: str
    name: str
    due: int
    met: int
    on_time: int
    waived: int
    patrols: int
    single: int
    covered: float
    length: float
    behind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of each figure its duties, or its patrols

    @property
    def counting(self) -> int:
        """What the rate is of: what was due and not waived."""
        return self.due - self.waived

    @property
    def rate(self) -> Decimal | None:
        """按期率 as a percentage; None where nothing was due."""
        return percent(self.on_time, self.counting) if self.counting else None

    @property
    def coverage(self) -> Decimal:
        """里程覆盖 as a percentage."""
        return percent(self.covered, self.length)


@dataclass(frozen=True)
class PatrolCount:
    """All sections over some days. `has_records`: whether any plan or patrol is there at all."""

    first: date
    last: date
    sections: tuple[SectionCount, ...]
    has_records: bool

    def total(self, name: str) -> int:
        """A figure of all sections."""
        return sum(int(getattr(each, name)) for each in self.sections)

    @property
    def rate(self) -> Decimal | None:
        """按期率 of all sections."""
        counting = self.total("counting")
        return percent(self.total("on_time"), counting) if counting else None


def counted(session: Session, first: date, last: date, area_code: str = "", on: date | None = None) -> PatrolCount:
    """What was owed and done from one day to another, as it had been told by the end of the last, or of another day."""
    duties = list(_rows_then(session, PATROL_PLAN, "duties", on or last))
    acts = [row for row in _rows_then(session, PATROL, "acts", on or last) if first <= _day_of(row["began_on"]) <= last]
    due = [row for row in duties if row["kind"] == DutyKind.patrol and first <= _day_of(row["due_on"]) <= last]
    sections = [section for section in sections_on(session, last)
                if str(section.shape.extra.get("area") or area_code).startswith(area_code)]
    return PatrolCount(first, last, tuple(_count_of(section, due, acts) for section in sections), bool(duties or acts))


def _count_of(section: LineSection, duties: Sequence[Mapping[str, Any]], acts: Sequence[Mapping[str, Any]]) -> SectionCount:
    mine = [row for row in duties if section_and_tier(row["subject"])[0] == section.code]
    met = [row for row in mine if row["state"] == DutyState.met]
    here = [row for row in acts if row["details"].get("section") == section.code]
    confirmed, alone = ([row for row in here if row["state"] in states] for states in ((PatrolState.confirmed,), SINGLE))
    on_time, waived = list(filter(_is_on_time, met)), [row for row in mine if row["state"] == DutyState.waived]
    stretches = [(row["details"]["metre_from"], row["details"]["metre_to"]) for row in confirmed]
    return SectionCount(
        section.code, section.shape.name, len(mine), len(met), len(on_time), len(waived),
        len({(row["began_on"], row["details"]["tier"]) for row in confirmed}), len(alone),
        covered_metres(stretches, section.begin, section.end), section.end - section.begin,
        {"due": _names_of(mine), "met": _names_of(met), "on_time": _names_of(on_time), "single": _names_of(alone),
         "counting": _names_of([row for row in mine if row not in waived]), "covered": _names_of(confirmed)})


def _names_of(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Patrols by their streams, duties by that of their plan and their place in it."""
    return tuple(f"{row['stream']}/{row['position']}" if "position" in row else str(row["stream"]) for row in rows)


def _rows_then(session: Session, flow: ActFlow, table: str, last: date) -> Iterator[Mapping[str, Any]]:
    """The rows of a table as the facts of acts of a kind had told them by the end of a day."""
    for act in folded(session, FactRow.stream.startswith(f"act:{flow.prefix}-"), wiring().clock.end_of(last)):
        yield from ({**row, "stream": f"act:{act.act['number']}"} for row in act.of_table(table))


def _is_on_time(row: Mapping[str, Any]) -> bool:
    answered = datetime.fromisoformat(str(row["answered_at"]))
    return wiring().clock.local(answered).date() <= _day_of(row["due_on"])


def _day_of(said: object) -> date:
    return said if isinstance(said, date) else date.fromisoformat(str(said))
