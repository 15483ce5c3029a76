"""归属认定 in figures: which cases units were asked about, what they answered, how it was settled, and how often as the map had
proposed. A case counts once in each figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from tracker.domain.cases.flow import Steps
from tracker.domain.reports.measures.counted import Behind, Part, Reckoned, number_of, rate_of
from tracker.domain.territory.shapes.sections import SIDE_WORDS

BY_SIDE, BY_SECTION, NO_SECTION = "按方", "按区段", "区段未定"
SENT, CONFIRMED = "sent_down", "confirmed"
# What happened → under which word it is counted; what else is read tells the place.
MOVES: Mapping[str, str] = {
    Steps.send_down.fact: SENT, Steps.claim.fact: "claimed", Steps.disclaim.fact: "disclaimed", Steps.presume.fact: "presumed",
    Steps.dispute.fact: "disputed",
    Steps.designate.fact: "designated", Steps.confirm.fact: CONFIRMED,
}
READ = (*MOVES, Steps.recheck.fact)
COUNTED = ("sent_down", "claimed", "disclaimed", "presumed", "disputed", "designated")
OVERRULED = "is_routing_overruled"


@dataclass(frozen=True)
class AttributionFact:
    """One fact of a case on the office's day."""

    stream: str
    kind: str
    on: date
    details: Mapping[str, Any]


@dataclass
class SentCase:
    """A case that units were asked about: its section, whom each thing that happened in the window concerned, and whether it was
    confirmed as proposed: None where nothing was proposed."""

    stream: str
    section: str = ""
    asked: frozenset[int] = frozenset()
    units: dict[str, set[int]] = field(default_factory=dict)
    is_overruled: bool | None = None

    def follow(self, fact: AttributionFact, is_inside: bool) -> None:
        """One fact more."""
        said = fact.details.get("set") or {}
        self.section = (said.get("place_beside") or {}).get("section_code") or self.section
        key = MOVES.get(fact.kind)
        if key == SENT:
            self.asked = frozenset(fact.details["asked_unit_ids"])
        if key is None or not self.asked or not is_inside:
            return
        self.units.setdefault(key, set()).update(_units_concerned(self, fact, said))
        if key == CONFIRMED:
            self.is_overruled = fact.details.get(OVERRULED)


@dataclass(frozen=True)
class Places:
    """What the parts are called: the side of each unit, and the name of each section."""

    sides: Mapping[int, str]
    sections: Mapping[str, str]


def asked_cases(facts: Iterable[AttributionFact], first: date, last: date) -> tuple[SentCase, ...]:
    """The cases that anything happened to in a window; the facts of a case stand together, in their order."""
    return tuple(case for _, told in groupby(facts, key=lambda fact: fact.stream)
                 if (case := _asked_case(list(told), first, last)).units)


def attribution_figures(cases: Sequence[SentCase], places: Places, notes: Mapping[str, str]) -> dict[str, Reckoned]:
    """Every figure; `notes` are the reasons for which a proposal was not followed, by stream."""
    found: dict[str, Reckoned] = {}
    for key in COUNTED:
        mine = [case for case in cases if key in case.units]
        found[f"attribution.{key}"] = number_of(_streams_of(mine), parts=tuple(_parts_of(mine, places, key, _number_of)))
    sent = [case for case in cases if SENT in case.units]
    found["attribution.dispute_rate"] = _disputed_of(sent, parts=tuple(_parts_of(sent, places, SENT, _disputed_of)))
    confirmed = [case for case in cases if CONFIRMED in case.units]
    found["attribution.agreement"] = rate_of(_streams_of(case for case in confirmed if case.is_overruled is False),
                                             _streams_of(confirmed))
    overruled = tuple(Behind(case.stream, 1, notes.get(case.stream, "")) for case in confirmed if case.is_overruled)
    found["attribution.overruled"] = Reckoned(len(overruled), overruled)
    return found


def overruled_of(cases: Iterable[SentCase]) -> tuple[str, ...]:
    """The streams of the cases that went to another unit than the map had proposed."""
    return tuple(case.stream for case in cases if case.is_overruled)


def _asked_case(facts: Sequence[AttributionFact], first: date, last: date) -> SentCase:
    case = SentCase(facts[0].stream)
    for fact in facts:
        case.follow(fact, first <= fact.on <= last)
    return case


def _units_concerned(case: SentCase, fact: AttributionFact, said: Mapping[str, Any]) -> Iterable[int]:
    """The units that answered, or lead from now on; else those that were asked."""
    if (units := fact.details.get("unit_ids")) is not None:
        return list(units)
    return [said["lead_unit_id"]] if said.get("lead_unit_id") else case.asked


def _parts_of(cases: Sequence[SentCase], places: Places, key: str,
           count: Callable[[Sequence[SentCase]], Reckoned]) -> Iterator[Part]:
    for side, word in SIDE_WORDS.items():
        mine = [case for case in cases if any(places.sides.get(unit) == side for unit in case.units[key])]
        if mine:
            yield Part(BY_SIDE, word, count(mine))
    for section in sorted({case.section for case in cases}):
        name = f"{section} {places.sections.get(section, '')}".strip() or NO_SECTION
        yield Part(BY_SECTION, name, count([case for case in cases if case.section == section]))


def _number_of(cases: Sequence[SentCase]) -> Reckoned:
    return number_of(_streams_of(cases))


def _disputed_of(cases: Sequence[SentCase], *, parts: tuple[Part, ...] = ()) -> Reckoned:
    return rate_of(_streams_of(case for case in cases if "disputed" in case.units), _streams_of(cases), parts=parts)


def _streams_of(cases: Iterable[SentCase]) -> list[str]:
    return [case.stream for case in cases]
