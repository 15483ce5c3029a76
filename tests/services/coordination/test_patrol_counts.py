"""Patrols counted from their facts: due, met, on time, single records, metres covered; the same over rows."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tests.support.patrols import PLAN, at, owed
from tracker.services.acts import duties
from tracker.services.coordination.patrols.counts import counted
from tracker.services.coordination.patrols.plans import open_patrols
from tracker.services.house.work import reading
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine


def test_counts_are_of_the_facts_and_of_any_day(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    at(november, 2026, 11, 12)
    number = opened(november, "patrol")
    at(november, 2026, 11, 14)
    do(november, number, "patrol", "confirm")
    act_in(november, "patrol", "denied", patrolled_on="2026-11-13")
    opened(november, "patrol", patrolled_on="2026-11-14", tier="2")
    at(november, 2026, 11, 20)
    first, last = date(2026, 11, 1), date(2026, 11, 15)
    (found,) = counted(reading(), first, last).sections
    assert (found.due, found.met, found.on_time, found.rate, found.single, found.patrols) == (1, 1, 1, Decimal("100.0"), 2, 1)
    assert (found.covered, found.length, found.coverage) == (1600.0, 3800.0, Decimal("42.1"))
    (earlier,) = counted(reading(), first, date(2026, 11, 12)).sections
    assert (earlier.due, earlier.met, earlier.single, earlier.covered, earlier.rate) == (0, 0, 1, 0.0, None)
    (month,) = counted(reading(), first, date(2026, 11, 30)).sections
    assert (month.due, month.met, month.on_time, month.rate) == (2, 1, 1, Decimal("50.0"))
    rows = db.session.execute(text("SELECT count(*), sum(CASE WHEN state = 'met' THEN 1 ELSE 0 END) FROM duties "
                                   "WHERE kind = 'patrol' AND due_on BETWEEN :a AND :b"), {"a": first, "b": date(2026, 11, 30)})
    assert tuple(rows.one()) == (month.due, month.met)


def test_a_daily_patrol_stands_outside_single_records_and_duties(november: Town) -> None:
    opened(november, "daily_patrol")
    open_patrols(date(2026, 11, 1))
    (found,) = counted(reading(), date(2026, 11, 1), date(2026, 11, 30)).sections
    assert (found.single, found.patrols, found.met) == (0, 0, 0)


def test_late_is_what_was_recorded_after_the_last_day(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    at(november, 2026, 11, 20)
    number = opened(november, "patrol", patrolled_on="2026-11-12")
    do(november, number, "patrol", "confirm")
    assert owed(PLAN, 3)[0].state == "met"
    (found,) = counted(reading(), date(2026, 11, 1), date(2026, 11, 15)).sections
    assert (found.due, found.on_time) == (1, 0)


def test_what_is_waived_is_left_out_of_the_rate(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    duties.take(november.actor("dispatcher"), PLAN, owed(PLAN, 3)[0].position, "waive", {"reason": "汛期封闭"})
    (found,) = counted(reading(), date(2026, 11, 1), date(2026, 11, 15)).sections
    assert (found.due, found.waived, found.counting, found.rate) == (1, 1, 0, None)
