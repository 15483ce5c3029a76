"""Shifted maps and ours: back and forth within a metre, all over the country."""

import random

from tracker.domain.evidence.photo_pairs import metres_between
from tracker.gateways.territory.datums import on_the_map, shifted, shifted_twice


def test_the_round_trip_stays_within_a_metre_all_over_china() -> None:
    dice = random.Random(20261123)
    worst = 0.0
    for _ in range(2000):
        lat, lng = dice.uniform(18, 53), dice.uniform(74, 134)
        worst = max(worst, metres_between(lat, lng, *on_the_map(*shifted(lat, lng), "gcj02")))
    assert worst < 1


def test_in_nanchang_the_shift_is_some_six_hundred_metres() -> None:
    assert 500 < metres_between(28.655, 115.865, *shifted(28.655, 115.865)) < 700


def test_other_datums_and_other_countries_stay_where_they_are() -> None:
    for datum in ("wgs84", "cgcs2000", "manual", None, ""):
        assert on_the_map(28.655, 115.865, datum) == (28.655, 115.865)
    assert on_the_map(41.88, -87.63, "gcj02") == (41.88, -87.63)


def test_the_second_shift_of_baidu_lies_some_hundred_metres_beside_the_first() -> None:
    lat, lng = shifted(28.655, 115.865)
    twice = shifted_twice(28.655, 115.865)
    assert 600 < metres_between(lat, lng, *twice) < 1100
    assert shifted_twice(41.88, -87.63) == (41.88, -87.63)
