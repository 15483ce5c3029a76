"""The areas of a city, taken from the country's table into the product's own."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Actor
from tracker.domain.house.folds import ROWS_A_FACT
from tracker.domain.territory.fact_kinds import AreaFacts
from tracker.domain.territory.territory import Area
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


def row_of(area: Area) -> AreaRow:
    """An area as it is kept."""
    return AreaRow(code=area.code, valid_from=area.valid_from or date.min, name=area.name, level=area.level.value,
                   parent_code=area.parent_code or "", valid_to=area.valid_to, successors=",".join(area.successor_codes),
                   kind=area.kind.value, formal_code=area.formal_code, document_no=area.document_no)
