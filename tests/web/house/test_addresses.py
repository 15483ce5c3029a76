"""What somebody may write into an address by hand: it is refused or passed over, and never a fault of ours."""

import pytest
from flask import Flask

from tests.support.visitors import found_town, send, visitor

pytestmark = pytest.mark.one_engine
LONG, STRANGE = "9" * 25, "²"  # more than a database counts; a digit to Python that is no number
DAYS = ("0001-01-01", "9999-12-31", "9999-W52", "9999")


@pytest.mark.parametrize("path", [
    "/evidence/{}", "/reports/annual/2025/appeals/{}/decide", "/my/delegations/{}/revoke", "/cases/views/{}/delete", "/reports?after={}",
    "/cases?sponsor={}", "/supervision/preview?to={}",
])
def test_a_number_that_is_none_is_never_a_fault(app: Flask, path: str) -> None:
    found_town(app)
    lead = visitor(app, "lead")
    for number in (LONG, STRANGE, "9" * 5000):
        assert lead.get(path.format(number)).status_code < 500, number[:30]


def test_a_list_for_many_with_strange_numbers_is_sent_back(app: Flask) -> None:
    found_town(app)
    for number in (LONG, STRANGE, ""):
        assert send(visitor(app, "lead"), "/cases/bulk/urge", {"row": f"XH-2026-000001:{number}"}, at="/cases").status_code == 422


def test_a_period_beyond_the_calendar_is_not_there(app: Flask) -> None:
    found_town(app)
    lead = visitor(app, "lead")
    for day in DAYS:
        assert lead.get(f"/supervision/daily-evening/{day}").status_code == lead.get(f"/reports/weekly/{day}").status_code == 404
    for month in ("0001-01", "9999-12", "1990-01"):
        assert lead.get(f"/supervision?month={month}").status_code == 422
