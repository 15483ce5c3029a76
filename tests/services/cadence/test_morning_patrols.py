"""What section chiefs read in the morning of the patrols that both sides owe."""

from datetime import date, datetime

import pytest

from tests.support import patrols as ground
from tests.support.acts import act_in, opened
from tests.support.makers import Town
from tests.support.mornings import morning_of
from tracker.services.coordination.patrol_plans import open_patrols
from tracker.services.house.work import wiring

pytestmark = pytest.mark.one_engine


def test_both_chiefs_read_what_is_due_within_a_week_and_who_has_to_confirm(town: Town) -> None:
    ground.staffed(town)
    act_in(town, "patrol_plan", "in_force")
    open_patrols(date(2026, 3, 2))
    assert "应巡未巡" not in morning_of(town, date(2026, 3, 3)).texts.get("officer2", "")
    found = morning_of(town, date(2026, 3, 9))
    line = "1. JJ-01 京九线JJ-01段｜三级段长联合巡查，2026年3月15日 到期"
    assert found.section("officer2", "应巡未巡") == [line]
    assert found.section("railman", "应巡未巡") == [line]
    assert "应巡未巡" not in found.texts["dispatcher"]
    town.clock.move_to(datetime(2026, 3, 9, 10, tzinfo=wiring().zone))
    number = opened(town, "patrol")
    found = morning_of(town, date(2026, 3, 10))
    assert found.section("officer2", "应巡未巡") == [line + "，待对方确认"]
    assert found.section("railman", "应巡未巡") == [line + f"，待您确认 {number}"]
