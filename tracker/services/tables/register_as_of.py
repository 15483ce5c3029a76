"""The register as it was: each case folded from its facts up to an instant, then filtered as it stood."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.folding import fold
from tracker.domain.cases.search_texts import case_texts, told_in
from tracker.domain.house.actor import Scope
from tracker.domain.house.ledger import Fact
from tracker.domain.house.search import matches
from tracker.domain.rules.lights import LightBounds
from tracker.domain.tables.cells import whole_number
from tracker.services.house.work import reading
from tracker.services.rules.categories import categories
from tracker.services.tables.import_reading import STEP, Progress
from tracker.storage.cases.register.filters import Filters
from tracker.storage.cases.register.register import light_of
from tracker.storage.cases.rows import CATEGORIES, UNITS, typed
from tracker.storage.tables import case_export
from tracker.storage.tables.case_export import COLUMNS, Names, said_in

# What never changes, or stands in no fact: taken from the row as it is now.
FROM_ROW = ("id", "number", "title", "description", "place", "source_id", "registered_at")


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


def _as_of(now: Mapping[str, Any], facts: list[Fact]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS) | {"withdrawn_at": None, "pending": None, "sponsor_id": None,
                                                    "supervision_level": None}
    folded = fold(facts)
    row |= {name: typed(name, value) for name, value in folded.items()}
    row |= {name: now[name] for name in FROM_ROW}
    row["state"] = CaseState(str(folded["state"]))
    row["categories"], row["supporting"] = folded.get(CATEGORIES) or (), folded.get(UNITS) or ()
    row["told"], row["words"] = {}, []
    for fact in facts:
        row["words"] += told_in(fact.kind, fact.payload)
        row["told"] |= said_in(fact.kind, fact.payload)
    return row


def _matches_filters(row: Mapping[str, Any], filters: Filters, bounds: LightBounds, names: Names) -> bool:
    """The same filters as a list has, asked of a folded row."""
    light = light_of(row["state"], row["due_on"], bounds)
    unit = names.units[row["lead_unit_id"]][0] if row["lead_unit_id"] is not None else ""
    asked: tuple[tuple[object, bool], ...] = (
        (filters.state, row["state"] in filters.state),
        (filters.light, light == filters.light),
        (filters.is_overdue, light == "red"),
        (filters.source, names.sources[row["source_id"]][0] == filters.source),
        (filters.unit, unit == filters.unit),
        (filters.area, (row["area_code"] or "").startswith(filters.area)),
        (filters.type, not categories().within(filters.type).isdisjoint(row["categories"])),
        (filters.sponsor, str(row["sponsor_id"]) == filters.sponsor
         or (row["sponsor_id"] and whole_number(filters.sponsor) is None)),
        (filters.is_key, bool(row["is_key"])),
        (filters.is_pending, row["pending"] is not None),
        (filters.is_supervised, row["supervision_level"] is not None),
        (filters.received_from, filters.received_from is None or row["received_on"] >= filters.received_from),
        (filters.received_to, filters.received_to is None or row["received_on"] <= filters.received_to),
        (filters.q, matches(filters.q, case_texts(row["number"], row, row["words"]))),
    )
    return all(holds for wanted, holds in asked if wanted)
