"""Mileage as people write it, and where it lies by the posts."""

import pytest

from tracker.domain.house.errors import Invalid
from tracker.domain.territory.shapes.mileage import Mileage, Posts, metre_on, read_mileage

# A long kilometre: K1449 has 1012 m.
LONG = Posts("JJ", "京九线", ((1449, 0.0), (1450, 1012.0), (1451, 2012.0)), 2500.0)
FAR = Posts("HK", "沪昆线", ((12, 0.0), (15, 3000.0)), 4000.0, ("DK",))


@pytest.mark.parametrize(("text", "mileage"), [
    ("K12+300", Mileage(12, 300)), ("k12+300", Mileage(12, 300)), ("K12 + 300", Mileage(12, 300)),
    ("K12+1300", Mileage(12, 1300)),
    ("DK12+300", Mileage(12, 300, "DK")), ("12.3 km", Mileage(12, 300)), ("12.3公里", Mileage(12, 300)),
    ("12+300", Mileage(12, 300)),
    ("Ｋ１２＋３００", Mileage(12, 300)), (" K1449+005 ", Mileage(1449, 5)),
])
def test_every_form_in_which_people_write_it_is_read(text: str, mileage: Mileage) -> None:
    found = read_mileage(text)
    assert (found.kilometre, round(found.metres, 3), found.prefix) == (mileage.kilometre, mileage.metres, mileage.prefix)


@pytest.mark.parametrize("text", ["", "12.3", "K", "+300", "K12+", "K12-300", "十二公里", "K12+30000"])
def test_what_is_no_mileage_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match=r"里程应写成 K1449\+300 或 12.3 km"):
        read_mileage(text)


@pytest.mark.parametrize(("metre", "told"), [(0, "K1449+000"), (1005, "K1449+1005"), (1012, "K1450+000"), (1312, "K1450+300"),
                                             (1011.7, "K1450+000"), (2500, "K1451+488")])
def test_a_long_kilometre_keeps_its_post(metre: float, told: str) -> None:
    assert LONG.told(metre) == told
    assert LONG.metre_of(read_mileage(told)) == pytest.approx(metre, abs=0.5)


def test_kilometres_whose_posts_are_missing_have_a_thousand_metres() -> None:
    assert [FAR.told(metre) for metre in (999, 1000, 2500, 3000, 4000)] == ["K12+999", "K13+000", "K14+500", "K15+000", "K16+000"]
    before = Posts("X", "某线", ((5, 300.0),), 2000.0)
    assert [before.told(metre) for metre in (0, 299, 300)] == ["K4+700", "K4+999", "K5+000"]
    assert before.metre_of(Mileage(4, 700)) == 0


def test_metres_beyond_the_next_post_are_refused_and_the_post_named() -> None:
    assert LONG.metre_of(Mileage(1449, 1005)) == 1005
    with pytest.raises(Invalid, match=r"K1450 这一公里只有 1000 米，没有 K1450\+1300"):
        LONG.metre_of(Mileage(1450, 1300))
    with pytest.raises(Invalid, match=r"K1449 这一公里只有 1012 米，没有 K1449\+1013"):
        LONG.metre_of(Mileage(1449, 1013))


def test_the_designers_mileage_is_read_where_the_line_has_it_alone() -> None:
    assert FAR.metre_of(read_mileage("DK12+300")) == 300
    with pytest.raises(Invalid, match="京九线没有“DK”里程"):
        LONG.metre_of(read_mileage("DK1449+300"))


@pytest.mark.parametrize("text", ["K1448+900", "K1452+000", "K12+300"])
def test_mileage_outside_the_line_lists_its_ends(text: str) -> None:
    with pytest.raises(Invalid, match=r"不在线路上：京九线 K1449\+000—K1451\+488"):
        metre_on([LONG, FAR], "京九线", text)


def test_a_line_that_is_none_lists_those_there_are() -> None:
    with pytest.raises(Invalid, match=r"没有线路“京广线”；已有：京九线 K1449\+000—K1451\+488、沪昆线"):
        metre_on([LONG, FAR], "京广线", "K12+300")
    assert metre_on([LONG, FAR], "HK", "K12+300") == (FAR, 300)
