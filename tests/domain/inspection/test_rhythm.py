"""How many looks from afar should be done by a day."""

from datetime import date

import pytest

from tracker.domain.inspection.rhythm import looks_due

LONG_AGO = date(2020, 1, 1)


@pytest.mark.parametrize(("on", "per_year", "listed_from", "due"), [
    (date(2026, 3, 31), 4, LONG_AGO, 0), (date(2026, 4, 1), 4, LONG_AGO, 1), (date(2026, 10, 1), 4, LONG_AGO, 3),
    (date(2026, 12, 31), 4, LONG_AGO, 3), (date(2027, 1, 1), 4, LONG_AGO, 0), (date(2026, 7, 1), 4, date(2026, 1, 2), 1),
    (date(2026, 7, 1), 4, date(2026, 4, 1), 1), (date(2026, 7, 1), 4, date(2026, 4, 2), 0), (date(2026, 12, 1), 1, LONG_AGO, 0),
    (date(2026, 3, 1), 5, LONG_AGO, 1), (date(2026, 12, 31), 12, LONG_AGO, 11), (date(2026, 12, 31), 0, LONG_AGO, 0),
])
def test_a_year_has_so_many_even_parts_each_with_one_look(on: date, per_year: int, listed_from: date, due: int) -> None:
    assert looks_due(on, per_year, listed_from) == due
