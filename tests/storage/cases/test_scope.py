"""What a reader sees for the area alone is one law: as the value says, so the query finds."""

import pytest
from sqlalchemy import select, text

from tests.support.makers import Town
from tracker.domain.house.actor import Scope
from tracker.domain.rules.area_codes import beyond
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house.base import db


@pytest.mark.both_engines
@pytest.mark.parametrize("areas", [(), ("",), ("36",), ("360103",), ("360103001",), ("360103001", "360103002"), ("360104",),
                                   ("3601030",)])
def test_a_scope_covers_what_its_query_finds(town: Town, areas: tuple[str, ...]) -> None:
    town.registered()
    jurisdictions = {"360103", "360103001", "360103002001", "360104", "360103100"}
    (number,) = db.session.scalars(select(Case.number))
    scope = Scope(areas=areas)
    for code in sorted(jurisdictions):
        db.session.execute(Case.__table__.update().values(jurisdiction=code))  # type: ignore[attr-defined]
        found = db.session.scalar(select(Case.id).where(Case.number == number, visible(scope))) is not None
        assert found is scope.covers(code), (areas, code)


def test_an_area_is_a_range_in_any_collation_of_the_database(town: Town) -> None:
    """A database that was made for Chinese sorts signs before digits: the end of a range is a letter or a digit."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite compares bytes")
    for code, inside, outside in (("360103", "360103Z01", "360104"), ("3601K1", "3601K1192", "3601K2"),
                                  ("3601", "3601Z9", "3602")):
        for sorting in ("C", "und-x-icu", "zh-x-icu"):
            query = text(f'SELECT :each COLLATE "{sorting}" >= :first AND :each COLLATE "{sorting}" < :beyond')
            found = [db.session.scalar(query, {"each": each, "first": code, "beyond": beyond(code)})
                     for each in (code, inside, outside)]
            assert found == [True, True, False], (code, sorting)
