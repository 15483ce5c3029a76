"""Measuring on the map: the examples of the rule with their metres, where a polygon is wrong, what lies on one another."""

import pytest

from tests.support import railway
from tracker.domain.territory.shapes.layers import Layer
from tracker.domain.territory.shapes.measures import Bounds, Fence, Measures, measured, of_layer
from tracker.domain.territory.shapes.mileage import Posts
from tracker.gateways.territory import geometry
from tracker.services.territory.shapes.ground import line_posts

BOUNDS = Bounds(100, 500, 2, 5)


def at(lat: float, lng: float, accuracy: float | None, *left_out: Layer, is_pin: bool = False) -> Measures:
    found = railway.shapes(*left_out)
    ground = geometry.ShapeMap.of(found).ground(lat, lng)
    return measured(ground, {shape.code: shape for shape in found}, line_posts(found), accuracy, is_pin, BOUNDS)


@pytest.mark.parametrize(("lat", "lng", "accuracy", "fence", "metres", "mileage", "side", "owner"), [
    (28.660902, 115.920051, 3, "inside", 7.0, "K1449+100", "right", "none"),
    (28.662707, 115.91975, 5, "outside", 12.4, "K1449+300", "left", "none"),
    (28.663158, 115.920409, 3, "outside", 28.0, "K1449+350", "right", "railway"),
    (28.666343, 115.919928, 3, "inside", 5.0, "K1449+703", "left", "local"),
    (28.670827, 115.920131, 1, "on_line", 0.8, "K1450+200", "right", "none"),
    (28.673534, 115.920092, 15, "on_line", 3.0, "K1450+500", "right", "none"),
    (28.673534, 115.920092, 2, "inside", 3.0, "K1450+500", "right", "none"),
    (28.668121, 115.919, 5, "outside", 85.7, "K1449+900", "left", "none"),
    (28.668121, 115.9158, 5, "outside", 398.5, "K1449+900", "left", "none"),
    (28.68, 115.920051, 5, "outside", 216.6, "K1451+000", "right", "none"),
])
def test_each_example_is_measured_to_a_tenth_of_a_metre(lat: float, lng: float, accuracy: float, fence: str, metres: float,
                                                        mileage: str, side: str, owner: str) -> None:
    found = at(lat, lng, accuracy)
    assert (found.fence, round(found.fence_metres or -1, 1), found.mileage, found.side, found.owner_class) == (
        fence, metres, mileage, side, owner)


def test_a_corridor_is_narrow_in_town_and_wide_elsewhere() -> None:
    assert at(28.668121, 115.9158, 5).is_beyond
    assert not at(28.668121, 115.9158, 5, Layer.built_up).is_beyond
    assert not at(28.668121, 115.919, 5).is_beyond


def test_a_pin_set_by_hand_is_no_better_than_five_metres() -> None:
    assert at(28.673534, 115.920092, 2).fence is Fence.inside
    assert at(28.673534, 115.920092, 2, is_pin=True).fence is Fence.on_line


def test_where_no_fence_is_drawn_neither_side_is_claimed_and_the_line_measures_the_corridor() -> None:
    found = at(28.662707, 115.91975, 5, Layer.fence)
    assert (found.fence, found.fence_shape, round(found.beyond or 0, 1)) == (Fence.unknown, None, 24.4)


def test_the_fence_of_another_stretch_says_nothing_of_this_one() -> None:
    short = (railway.feature(railway.box(115.919877, 28.66, 115.920123, 28.665), code="WL-01", tolerance_metres=2),)
    found = railway.shapes(fence=short)
    ground = geometry.ShapeMap.of(found).ground(28.67, 115.91999)
    assert ground.fences == ()
    assert measured(ground, {shape.code: shape for shape in found}, line_posts(found), 3, False, BOUNDS).fence is Fence.unknown


def test_a_parcel_given_by_mileage_and_side_is_found_along_the_line() -> None:
    lot = railway.feature(None, code="CQ-09", owner_kind="third", name="某公司料场", line="京九线", side="right",
                          **{"from": "K1449+200", "to": "K1449+400"})
    found = geometry.ShapeMap.of(railway.shapes(ownership=(lot,)))
    assert found.ground(28.662707, 115.92025).owners == ("CQ-09",)
    assert found.ground(28.662707, 115.91975).owners == () == found.ground(28.668, 115.92025).owners


def test_a_polygon_that_crosses_itself_is_found_with_the_place() -> None:
    bow = [[115.91, 28.66], [115.92, 28.67], [115.92, 28.66], [115.91, 28.67], [115.91, 28.66]]
    (crossed,) = railway.shapes(Layer.line, Layer.section, Layer.ownership, Layer.built_up,
                                fence=(railway.feature({"type": "Polygon", "coordinates": [bow]}, code="X", tolerance_metres=1),))
    assert geometry.fault_of(crossed) == ("Self-intersection", pytest.approx(115.915), pytest.approx(28.665))
    assert all(geometry.fault_of(shape) is None for shape in railway.shapes())


def test_two_parcels_that_share_more_than_a_square_metre_lie_on_one_another() -> None:
    parcels = of_layer(railway.shapes(), Layer.ownership)
    other = railway.feature(railway.box(115.9205, 28.6630, 115.921, 28.664), code="CQ-03", owner_kind="third", name="某公司")
    (fresh,) = of_layer(railway.shapes(ownership=(other,)), Layer.ownership)
    (found,) = geometry.overlaps([fresh], parcels)
    assert (found.key, round(found.square_metres), round(found.lng, 4), round(found.lat, 4)) == (
        "CQ-03/CQ-01", 976, 115.9206, 28.6634)
    beside = railway.feature(railway.box(115.920614, 28.662707, 115.921, 28.66379), code="CQ-04", owner_kind="third", name="邻居")
    assert geometry.overlaps(of_layer(railway.shapes(ownership=(beside,)), Layer.ownership), parcels) == []


def test_a_line_of_many_kilometres_keeps_its_posts() -> None:
    """The plane at the point bends away from the globe far off; metres along the line are those of the globe."""
    course = [[115.0 + at / 100, 28.0 + at / 200] for at in range(101)]
    line = railway.feature({"type": "LineString", "coordinates": course}, code="CX", name="长线", posts=[[1, 0]])
    found = railway.shapes(Layer.section, Layer.fence, Layer.ownership, Layer.built_up, line=(line,))
    posts: Posts = line_posts(found)[0]
    ground = geometry.ShapeMap.of(found).ground(28.5, 116.0)
    assert ground.line is not None
    assert ground.line.along == pytest.approx(posts.length, abs=0.01)
