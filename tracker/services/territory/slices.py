"""The areas of a city, taken from the country's table into the product's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Actor
from tracker.domain.house.folds import ROWS_A_FACT
from tracker.domain.house.say import finished
from tracker.domain.territory.fact_kinds import AreaFacts
from tracker.domain.territory.territory import Area, AreaKind
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed
from tracker.services.rules import reference
from tracker.services.territory import outlines
from tracker.storage.territory.territory import AreaRow

STREAM = "areas"


@dataclass(frozen=True)
class CitySlice:
    """What was asked for, by its code and name, and how many areas of it are there and are new; of how many
    counties there are outlines."""

    code: str
    name: str
    count: int
    added: int
    outline_count: int


@deed
def load_city_slice(work: Work, actor: Actor | None, code: str) -> CitySlice:
    """Bring the city of a place into the areas, counties, towns and what they were before: those that are not there yet, so that
    doing it again changes nothing and what somebody edited stays; and the outlines of its counties, where set-up fetched them.
    Raises `Invalid` for no code of the country."""
    country = reference.country()
    wanted = country.slice_of(code)
    areas = country.slice(wanted)
    _make_own(work, actor, wanted, {area.code: area for area in areas if area.valid_to is None})
    known = set(work.session.scalars(select(AreaRow.code).where(AreaRow.code.startswith(wanted))))
    new = [area for area in areas if area.code not in known]
    for some in (new[start:start + ROWS_A_FACT] for start in range(0, len(new), ROWS_A_FACT)):
        work.session.add_all(row_of(area) for area in some)
        work.record(STREAM, AreaFacts.added, actor or OPERATOR, {"city": wanted, "count": len(some)})
    if new:
        rules_changed(work.session)
    named = country.area(wanted)
    name, lines = named.name if named is not None else wanted, outlines.try_to_keep(actor, wanted)
    return CitySlice(wanted, name, len(areas), len(new), lines)


def _make_own(work: Work, actor: Actor | None, city: str, areas: Mapping[str, Area]) -> None:
    """What cases brought in from outside are areas like the others once their city is ours."""
    rows = work.session.scalars(select(AreaRow).where(AreaRow.code.startswith(city), AreaRow.kind == AreaKind.outside)).all()
    for row in rows:
        if (area := areas.get(row.code)) is not None:
            row.kind, row.name, row.parent_code = area.kind.value, area.name, area.parent_code or ""
    if rows:
        work.record(STREAM, AreaFacts.added, actor or OPERATOR, {"city": city, "count": len(rows), "was": AreaKind.outside})


def add_outside(work: Work, actor: Actor, codes: Iterable[str]) -> None:
    """Areas of the country that are not ours, for the cases of an import that lie there: those that are not known yet. They are
    called by their whole name, so that no short one means them."""
    wanted = set(codes)
    known = set(work.session.scalars(select(AreaRow.code).where(AreaRow.code.in_(wanted)))) if wanted else set()
    country = reference.country()
    new = [area for code in sorted(wanted - known) if (area := country.area(code)) is not None]
    for some in (new[start:start + ROWS_A_FACT] for start in range(0, len(new), ROWS_A_FACT)):
        work.session.add_all(row_of(Area(area.code, finished(country.title(area.code)), area.level, None, kind=AreaKind.outside))
                             for area in some)
        work.record(STREAM, AreaFacts.added, actor, {"kind": AreaKind.outside, "count": len(some)})
    if new:
        rules_changed(work.session)


def row_of(area: Area) -> AreaRow:
    """An area as it is kept."""
    return AreaRow(code=area.code, valid_from=area.valid_from or date.min, name=area.name, level=area.level.value,
                   parent_code=area.parent_code or "", valid_to=area.valid_to, successors=",".join(area.successor_codes),
                   kind=area.kind.value, formal_code=area.formal_code, document_no=area.document_no)
