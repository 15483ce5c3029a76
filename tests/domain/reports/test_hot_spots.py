"""Hot spots of complaints: the same place or target, several voices, few days – and never one complainant alone."""

from dataclasses import replace
from datetime import date, timedelta
from math import cos, radians
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.evidence.photo_pairs import metres_between
from tracker.domain.reports.monthly.hot_spots import (
    SAME_PLACE,
    SAME_POINT,
    SAME_TARGET,
    Complaint,
    Months,
    Spot,
    Thresholds,
    find,
    is_near,
    method,
    place_key,
    place_label,
    target_key,
    thresholds,
)

MONTHS = Months(
    (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28)), (date(2025, 3, 1), date(2025, 3, 31)))
HERE = (28.66, 115.88)
STREET = "360103002"
USUAL = Thresholds()


def complaint(number: str, on: str = "2026-03-10", **more: Any) -> Complaint:
    known = Complaint(number, date.fromisoformat(on), STREET, HERE, number, ("noise",), None)
    return replace(known, **more)


def found(*complaints: Complaint, limits: Thresholds = USUAL) -> tuple[Spot, ...]:
    return find(complaints, MONTHS, limits)


def numbers(spot: Spot) -> list[str]:
    return [each.number for each in spot.reports]


def north(metres: float) -> tuple[float, float]:
    return (HERE[0] + metres / 111_195, HERE[1])


def test_three_people_at_one_place_within_thirty_days_make_a_hot_spot() -> None:
    (spot,) = found(complaint("A", "2026-03-01"), complaint("B", "2026-03-15"), complaint("C", "2026-03-30"))
    assert numbers(spot) == ["A", "B", "C"]
    assert (spot.voices, spot.ground, spot.this_month) == (3, SAME_POINT, 3)


def test_thirty_complaints_of_one_person_make_none() -> None:
    assert not found(*(complaint(f"{n:02}", voice="#1") for n in range(30)))


def test_a_repeat_reporter_counts_once_beside_the_others() -> None:
    assert not found(*(complaint(number, voice=voice) for number, voice in (("A", "#1"), ("B", "#1"), ("C", "#2"))))
    (spot,) = found(*(complaint(number, voice=voice) for number, voice in (("A", "#1"), ("B", "#1"), ("C", "#2"), ("D", "D"))))
    assert (spot.voices, len(spot.reports)) == (3, 4)


def test_the_days_slide_over_the_month_and_reach_back_before_it() -> None:
    reaching = [complaint("A", "2026-02-05"), complaint("B", "2026-02-20"), complaint("C", "2026-03-06")]
    (spot,) = found(*reaching)
    assert numbers(spot) == ["A", "B", "C"]
    assert (spot.this_month, spot.month_before) == (1, 2)
    assert not found(complaint("A", "2026-02-04"), *reaching[1:])
    assert not found(*(replace(each, received_on=date(2026, 2, 20)) for each in reaching))


@pytest.mark.parametrize(("metres", "is_one"), [(0, True), (199, True), (201, False)])
def test_the_same_place_is_what_lies_within_the_metres(metres: float, is_one: bool) -> None:
    spots = found(complaint("A"), complaint("B"), complaint("C", point=north(metres)))
    assert bool(spots) is is_one


def test_a_row_of_places_is_not_chained_into_one() -> None:
    chain = [complaint(f"{n:02}", point=north(150 * n)) for n in range(9)]
    spots = found(*chain)
    assert all(is_near(one.point or HERE, other.point or HERE, 400) for spot in spots for one in spot.reports
               for other in spot.reports)
    assert sum(len(spot.reports) for spot in spots) <= 9


def test_without_coordinates_the_street_and_the_words_of_the_place_decide() -> None:
    known: dict[str, Any] = {"point": None, "place": "桃花河边"}
    assert found(*(complaint(number, **known) for number in "ABC"))[0].ground == SAME_PLACE
    assert not found(complaint("A", **known), complaint("B", **known), complaint("C", **known | {"street": "360103003"}))
    assert not found(*(complaint(number, point=None, place="") for number in "ABC"))


def test_a_complaint_without_coordinates_joins_those_that_name_the_same_place() -> None:
    (spot,) = found(complaint("A", place="桃花河边"), complaint("B", point=north(50)), complaint("C", point=None, place="桃花河边"))
    assert numbers(spot) == ["A", "B", "C"]


def test_the_same_target_is_one_hot_spot_wherever_it_was_smelt() -> None:
    (spot,) = found(*(complaint(number, point=north(900 * at), target="红星家具厂") for at, number in enumerate("ABC")))
    assert (spot.ground, spot.label) == (SAME_TARGET, "红星家具厂")


def test_a_complaint_belongs_to_one_spot_only() -> None:
    here = [complaint(number, target="红星家具厂") for number in "ABCD"]
    there = [complaint(number, point=north(2000), target="红星家具厂") for number in "EF"]
    spots = found(*here, *there)
    assert sorted(number for spot in spots for number in numbers(spot)) == list("ABCDEF")


def test_complaints_after_a_closing_are_marked() -> None:
    closed = complaint("A", "2026-02-20", closed_on=date(2026, 3, 1))
    assert found(closed, complaint("B"), complaint("C"))[0].is_after_closing
    assert not found(replace(closed, closed_on=date(2026, 3, 12)), complaint("B"), complaint("C"))[0].is_after_closing


def test_the_same_place_is_counted_in_the_month_before_and_the_year_before() -> None:
    old = [complaint("D", "2025-03-09"), complaint("E", "2025-03-11", point=north(100)),
           complaint("F", "2025-03-11", point=north(900)),
           complaint("G", "2026-02-01")]
    (spot,) = found(*(complaint(number) for number in "ABC"), *old)
    assert (spot.month_before, spot.year_before) == (1, 2)


def test_the_gravest_comes_first() -> None:
    more = [complaint(f"X{n}", point=north(5000)) for n in range(4)]
    assert [spot.voices for spot in found(*(complaint(number) for number in "ABC"), *more)] == [4, 3]


def test_the_rule_book_sets_the_thresholds_and_the_method_says_them() -> None:
    limits = thresholds({"hot_spot": {"metres": 150, "reports": 4, "days": 15, "people": 2}})
    assert limits == Thresholds(150, 4, 15, 2)
    assert thresholds({}) == Thresholds()
    said = method(limits)
    assert all(part in said for part in ("150 米", "4 件以上", "15 日", "同一反映人多次投诉只计一次", "已并案的案件照计"))


@pytest.mark.parametrize(("place", "key"), [
    ("西湖区朝阳洲街道桃花河边 附近", "桃花河边"), ("桃苑小区3栋502室", "桃苑小区"), ("抚河路１２３号门口", "抚河路123号"), ("", ""), ("旁边", "")])
def test_places_are_compared_without_area_room_and_filling_words(place: str, key: str) -> None:
    assert place_key(place, ("西湖区", "朝阳洲街道")) == key


@pytest.mark.parametrize(("title", "key"), [
    ("反映红星家具厂夜间喷漆异味", "红星家具厂"), ("投诉：老字号烧烤店油烟扰民", "老字号烧烤店"), ("建筑工地夜间施工", ""), ("河边垃圾", ""),
    ("关于万和物业有限公司噪声", "万和物业有限公司")])
def test_the_target_is_who_is_named_and_nobody_in_general(title: str, key: str) -> None:
    assert target_key(title) == key


def test_no_room_number_is_printed() -> None:
    assert place_label("桃苑小区 3栋502室") == "桃苑小区"


some = st.tuples(st.integers(0, 70), st.sampled_from([0, 120, 240, 360, 4000]), st.integers(0, 6))


@given(st.lists(some, max_size=40))
def test_hot_spots_do_not_depend_on_the_order_and_none_is_below_the_threshold(drawn: list[tuple[int, int, int]]) -> None:
    known = [complaint(f"{at:02}", (MONTHS.now[1] - timedelta(days=back)).isoformat(), point=north(metres), voice=f"#{voice}")
             for at, (back, metres, voice) in enumerate(drawn)]
    spots = found(*known)
    assert found(*reversed(known)) == spots
    listed = [number for spot in spots for number in numbers(spot)]
    assert len(listed) == len(set(listed))
    for spot in spots:
        days = [each.received_on for each in spot.reports]
        assert spot.voices == len({each.voice for each in spot.reports}) >= 3
        assert (max(days) - min(days)).days < 30
        assert max(days) >= MONTHS.now[0]


def test_the_street_is_not_said_twice() -> None:
    assert place_label("西湖区朝阳洲街道桃花河 东侧", ("西湖区", "朝阳洲街道")) == "桃花河 东侧"


@given(lat=st.floats(-60, 60), lng=st.floats(-179, 179), metres=st.sampled_from([10, 200, 5000]), north=st.floats(-1.2, 1.2),
       east=st.floats(-1.2, 1.2))
def test_what_is_near_is_told_by_the_way_over_the_globe_alone(lat: float, lng: float, metres: int, north: float,
                                                              east: float) -> None:
    degrees = metres / 111_195
    other = (lat + north * degrees, lng + east * degrees / cos(radians(lat)))
    assert is_near((lat, lng), other, metres) == (metres_between(lat, lng, *other) <= metres)
