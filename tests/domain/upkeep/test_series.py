"""Running numbers without holes."""

from tracker.domain.upkeep.series import holes, unexplained


def test_a_series_with_every_number_has_no_hole() -> None:
    assert list(holes({1, 2, 3}, 3)) == []
    assert list(holes((), 0)) == []


def test_holes_are_found_at_the_beginning_in_the_middle_and_at_the_end() -> None:
    assert list(holes({2, 5}, 7)) == [(1, 1), (3, 4), (6, 7)]
    assert list(holes({2, 9}, 3)) == [(1, 1), (3, 3)]


def test_what_was_given_out_elsewhere_is_no_hole() -> None:
    assert list(unexplained([(1, 1), (3, 9)], [(2, 4), (6, 7)])) == [1, 5, 8, 9]
    assert list(unexplained([(1, 10**12)], [(1, 10**12)])) == []
