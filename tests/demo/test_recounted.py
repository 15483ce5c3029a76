"""The frozen reports of the demo, counted a second time from its facts with nothing of the product."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.recounted_reports import recounted
from tracker.storage.house.base import db

pytestmark = [pytest.mark.one_engine, pytest.mark.timeout(600)]


def test_every_number_of_the_weeks_the_months_and_the_year_is_what_the_facts_say(supervised: Any) -> None:
    found = recounted(Path(str(db.engine.url.database)))
    assert found.differing == []
    assert all(found.compared[name] > 100 for name in ("weekly", "monthly"))
