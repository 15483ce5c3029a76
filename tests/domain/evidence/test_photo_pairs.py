"""What lies between two photos."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.evidence.photo_pairs import Shot, between, metres_between

T = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert metres_between(28, 115, 29, 115) == pytest.approx(111_195, abs=5)
    assert metres_between(28.66, 115.88, 28.66, 115.88) == 0
    assert metres_between(28.66, 115.88, 28.6601, 115.8801) == pytest.approx(14.8, abs=.3)


def test_the_devices_time_is_used_only_when_both_tell_it() -> None:
    assert between(Shot(T, T), Shot(T + 9 * DAY, T + 3 * DAY)).passed == 3 * DAY
    found = between(Shot(T), Shot(T + 9 * DAY, T + 3 * DAY))
    assert (found.passed, found.is_by_device) == (9 * DAY, False)


def test_there_is_no_distance_unless_both_tell_a_place() -> None:
    assert between(Shot(T, lat=28.66, lng=115.88), Shot(T)).metres is None
    assert between(Shot(T, lat=28.66, lng=115.88), Shot(T, lat=28.66, lng=115.88)).metres == 0
