"""The operations of the demo's year, counted as `flask act count` counts them."""

from datetime import date
from typing import Any

import pytest

from tracker.services.coordination.counts import counted
from tracker.services.house.work import reading

pytestmark = [pytest.mark.one_engine, pytest.mark.timeout(600)]
FINDINGS = 15  # of a demo of sixty cases: a third of the bulletin's, in its proportion


def test_the_year_has_the_bulletins_operations_and_interviews_and_all_findings_but_one_are_rectified(supervised: Any) -> None:
    found = counted(reading(), date(2025, 2, 2), date(2026, 3, 1))
    assert {each.row.key: each.count for each in found.figures if each.row.key.startswith(("operations.", "interviews."))} == {
        "operations.count.campaign": 12, "operations.count.midnight": 24, "operations.count.regular": 0,
        "operations.vehicles": 195, "operations.people": 380, "operations.found": FINDINGS, "operations.rectified": FINDINGS - 1,
        "operations.weeks": 0,  # no ordinary operation is invented
        "interviews.held": 12, "interviews.held.operations": 12}
    assert found.corrections == ()
