"""A table that grows for a while, and what is derived from it."""

import pytest

from tracker.domain.house.rolls import Roll


def test_what_is_derived_from_a_table_grows_with_it_and_shrinks_again() -> None:
    numbers = Roll(lambda: (1, 2))
    squares = Roll(lambda: (number ** 2 for number in numbers))
    with numbers.with_rows(3), numbers.with_rows(4):
        assert list(squares) == [1, 4, 9, 16]
        assert (len(numbers), numbers[-1], list(squares[1:3]), 9 in squares) == (4, 4, [4, 9], True)
    assert list(squares) == [1, 4]


def test_a_row_goes_even_when_what_it_was_added_for_fails() -> None:
    numbers = Roll(lambda: (1,))
    with pytest.raises(ZeroDivisionError), numbers.with_rows(0):
        assert [1 // number for number in numbers] == []
    assert list(numbers) == [1]
