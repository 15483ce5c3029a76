"""What a reader sees for the area alone is one law: as the value says, so the query finds."""

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.house.actor import Scope
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house.base import db


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
