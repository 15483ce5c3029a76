"""The register as it was: each case folded from its facts up to an instant, then filtered as it stood."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.folding import fold
from tracker.domain.cases.search_texts import case_texts, told_in
from tracker.domain.house.actor import Scope
from tracker.domain.house.ledger import Fact
from tracker.domain.house.search import matches
from tracker.domain.rules.lights import LightBounds
from tracker.domain.tables.cells import whole_number
from tracker.services.house.work import reading, wiring
from tracker.services.rules.categories import categories
from tracker.services.tables.import_reading import STEP, Progress
from tracker.storage.cases.register.conditions import STREET_DIGITS
from tracker.storage.cases.register.filters import NOBODY, Filters
from tracker.storage.cases.register.register import light_of
from tracker.storage.cases.rows import CATEGORIES, PLACE, UNITS, typed
from tracker.storage.tables import case_export
from tracker.storage.tables.case_export import COLUMNS, Names, said_in

LINES_OF_PAGE, LOOKED_AT_ONCE, MOST_LOOKED_AT = 50, 200, 2000
# What never changes, or stands in no fact: taken from the row as it is now.
FROM_ROW = ("id", "number", "title", "description", "place", "source_id", "registered_at")


@dataclass(frozen=True)
class LineAsOf:
    """One case as it stood: all but its title, which is that of today."""

    number: str
    title: str
    state: CaseState
    light: str
    unit: str
    source: str
    received_on: date
    due_on: date | None


@dataclass(frozen=True)
class PageAsOf:
    """Some lines by their numbers; `after` is where the next page goes on, None at the end."""

    lines: tuple[LineAsOf, ...]
    after: str | None


def rows_as_of(scope: Scope, filters: Filters, bounds: LightBounds, names: Names, until: datetime, progress: Progress
               ) -> Iterator[Mapping[str, Any]]:
    """The cases registered before `until`, as they stood then. Whose case it was is asked of today's scope."""
    session = reading()
    total, done = case_export.count_by(session, scope, until), 0
    for portion in case_export.portions_by(session, scope, until):
        for now in portion.rows:
            row = _as_of(now, portion.facts.get(f"case:{now['number']}", []))
            if row["withdrawn_at"] is None and _matches_filters(row, filters, bounds, names):
                yield row
        done += len(portion.rows)
        if total > STEP:
            progress(done, total, "导出（件）")


def page_as_of(scope: Scope, filters: Filters, bounds: LightBounds, until: datetime, after: str = "") -> PageAsOf:
    """The next lines of the register as it stood, from a number on. So that a page comes soon, it looks at `MOST_LOOKED_AT`
    cases at the most: then the next page goes on where it stopped, however few it found."""
    session = reading()
    names, lines, looked = case_export.names(session), list[LineAsOf](), 0
    for portion in case_export.portions_by(session, scope, until, after, LOOKED_AT_ONCE):
        for now in portion.rows:
            row = _as_of(now, portion.facts.get(f"case:{now['number']}", []))
            if row["withdrawn_at"] is None and _matches_filters(row, filters, bounds, names):
                lines.append(_line_as_of(row, bounds, names))
            if len(lines) > LINES_OF_PAGE:
                return PageAsOf(tuple(lines[:LINES_OF_PAGE]), lines[LINES_OF_PAGE - 1].number)
        looked += len(portion.rows)
        if looked >= MOST_LOOKED_AT:
            return PageAsOf(tuple(lines), str(portion.rows[-1]["number"]))
    return PageAsOf(tuple(lines), None)


def _line_as_of(row: Mapping[str, Any], bounds: LightBounds, names: Names) -> LineAsOf:
    lead = names.units.get(row["lead_unit_id"])
    return LineAsOf(str(row["number"]), row["title"] or "", row["state"], light_of(row["state"], row["due_on"], bounds),
                    lead[1] if lead else "", names.sources[row["source_id"]][1], row["received_on"], row["due_on"])


def _as_of(now: Mapping[str, Any], facts: list[Fact]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS) | {"withdrawn_at": None, "pending": None, "sponsor_id": None,
                                                    "supervision_level": None}
    folded = fold(facts)
    row |= {name: typed(name, value) for name, value in folded.items()}
    row |= {name: now[name] for name in FROM_ROW}
    row["state"] = CaseState(str(folded["state"]))
    row["categories"], row["supporting"] = folded.get(CATEGORIES) or (), folded.get(UNITS) or ()
    row["told"], row["words"], row["place_beside"] = {}, [], folded.get(PLACE) or {}
    for fact in facts:
        row["words"] += told_in(fact.kind, fact.payload)
        row["told"] |= said_in(fact.kind, fact.payload)
    return row


def _matches_filters(row: Mapping[str, Any], filters: Filters, bounds: LightBounds, names: Names) -> bool:
    """The same filters as a list has, asked of a folded row."""
    light = light_of(row["state"], row["due_on"], bounds)
    unit = names.units[row["lead_unit_id"]][0] if row["lead_unit_id"] is not None else NOBODY
    closed_on = wiring().clock.local(row["closed_at"]).date() if row["closed_at"] else None
    asked: tuple[tuple[object, bool], ...] = (
        (filters.state, row["state"] in filters.state),
        (filters.light, light == filters.light),
        (filters.is_overdue, light == "red"),
        (filters.source, names.sources[row["source_id"]][0] == filters.source),
        (filters.unit, unit == filters.unit),
        (filters.area, _lies_in(row["area_code"] or "", filters.area)),
        (filters.type, not categories().within(filters.type).isdisjoint(row["categories"])),
        (filters.batch, row["batch_label"] == filters.batch),
        (filters.sponsor, str(row["sponsor_id"]) == filters.sponsor
         or (row["sponsor_id"] and whole_number(filters.sponsor) is None)),
        (filters.is_key, bool(row["is_key"])),
        (filters.is_pending, row["pending"] is not None),
        (filters.is_supervised, row["supervision_level"] is not None),
        (filters.is_unsettled, row["matter_since_on"] is not None),
        (filters.received_from, filters.received_from is None or row["received_on"] >= filters.received_from),
        (filters.received_to, filters.received_to is None or row["received_on"] <= filters.received_to),
        (filters.closed_from, closed_on is not None and (filters.closed_from is None or closed_on >= filters.closed_from)),
        (filters.closed_to, closed_on is not None and (filters.closed_to is None or closed_on <= filters.closed_to)),
        (filters.q, matches(filters.q, case_texts(row["number"], row, row["words"]))),
    )
    return all(holds for wanted, holds in asked if wanted)


def _lies_in(area_code: str, asked: str) -> bool:
    return len(area_code) < STREET_DIGITS if asked == NOBODY else area_code.startswith(asked)
