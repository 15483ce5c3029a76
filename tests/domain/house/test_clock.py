"""The clock: instants in UTC, business dates in the office."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.domain.house.clock import Clock, SetClock, SystemClock


def test_the_business_date_is_the_offices_and_not_utcs() -> None:
    clock = SetClock(datetime(2026, 3, 31, 16, 0, tzinfo=UTC))
    assert clock.today() == date(2026, 4, 1)
    assert clock.local(clock.now()).hour == 0


def test_a_day_ends_at_24_00_of_the_office() -> None:
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.end_of(date(2026, 3, 31)) == datetime(2026, 3, 31, 16, 0, tzinfo=UTC)


def test_a_set_clock_stands_still_until_moved() -> None:
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(hours=1), days=2)
    assert clock.now() == datetime(2026, 1, 3, 1, tzinfo=UTC)
    clock.move_to(datetime(2025, 1, 1, tzinfo=UTC))
    assert clock.today() == date(2025, 1, 1)


def test_a_set_clock_does_not_advance_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        SetClock(datetime(2026, 1, 1, tzinfo=UTC)).advance(days=-1)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SetClock(datetime(2026, 1, 1))


def test_the_system_clock_is_aware_and_in_utc() -> None:
    clock: Clock = SystemClock()
    assert clock.now().utcoffset() == timedelta()
    assert abs((clock.now().date() - clock.today()).days) <= 1
