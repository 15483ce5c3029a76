"""Points: what may be kept, what is swapped, what deserves a second look."""

from math import inf, nan

import pytest

from tracker.domain.house.errors import Invalid
from tracker.domain.territory.positions import (
    COUNTRY,
    DATUMS,
    LOCATED_BY,
    Datum,
    LocatedBy,
    box_of,
    check,
    check_datum,
    doubt,
    lies_in,
)

HOME = box_of("360103")


@pytest.mark.parametrize(("lat", "lng", "said"), [
    (0, 0, "(0,0)"), (0.0, -0.0, "(0,0)"), (28.6, None, "一起填写"), (None, 115.8, "一起填写"), (115.86, 28.65, "填反"),
    (91, 115, "不在地球上"), (28, 181, "不在地球上"), (nan, 115, "不在地球上"), (28, inf, "不在地球上"),
])
def test_a_point_that_cannot_be_is_refused_in_a_sentence(lat: float | None, lng: float | None, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check(lat, lng, box=HOME)
    assert said in refusal.value.sentence
    assert refusal.value.sentence.endswith("。")


def test_no_point_and_points_of_other_places_are_possible() -> None:
    for lat, lng in ((None, None), (28.65, 115.86), (41.8, -87.6), (0, 115.8), (28.6, 0)):
        check(lat, lng)
        check(lat, lng, box=HOME)


def test_swapped_numbers_are_named_with_what_they_should_be() -> None:
    with pytest.raises(Invalid, match="江西省在北纬 24°至 30°、东经 114°至 118°之间。请把两个数对调"):
        check(115.86, 28.65, box=HOME)


def test_what_lies_outside_the_province_is_told_and_not_refused() -> None:
    assert doubt(28.65, 115.86, HOME) == doubt(None, None, HOME) == ""
    assert "江西省范围以外" in doubt(39.9, 116.4, HOME)
    assert box_of("110101").name == "北京市"
    assert box_of("990101") is COUNTRY
    assert doubt(39.9, 116.4, COUNTRY) == ""


def test_every_datum_and_way_of_locating_has_a_word() -> None:
    assert set(DATUMS) == set(Datum)
    assert set(LOCATED_BY) == set(LocatedBy)
    check_datum(None)
    check_datum("gcj02")
    with pytest.raises(Invalid, match="没有坐标系"):
        check_datum("bd09")


def test_a_point_in_a_hole_is_outside() -> None:
    square = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
    hole = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]
    assert lies_in(2, 2, [[square, hole]])
    assert not lies_in(5, 5, [[square, hole]])
    assert not lies_in(12, 5, [[square]])
