"""Money is fen: typed in any of the usual ways it is the same number, and printed it is exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.house.errors import Invalid
from tracker.domain.rules.money import MOST_FEN, read_money, wan_text, yuan_text


@pytest.mark.parametrize("typed", ["51.2万", "51.2万元", "512,000", "512000元", "512000.00", "５１２０００",
                                   "¥512,000.00", " 512 000 元", "512，000"])
def test_the_same_amount_is_typed_in_many_ways(typed: str) -> None:
    assert read_money(typed, "罚款", "fine") == 51_200_000


@pytest.mark.parametrize("typed", ["", "-1", "五万", "1e5", "512000.001", "0.001万元.", "51,20", "10000000000.01",
                                   "1,00,000", "nan", "0.00000001万"])
def test_what_is_no_amount_is_refused_by_the_name_of_its_field(typed: str) -> None:
    with pytest.raises(Invalid, match="罚款") as told:
        read_money(typed, "罚款", "fine")
    assert told.value.field == "fine"


@given(st.integers(0, MOST_FEN))
def test_what_is_printed_is_read_back_to_the_fen(fen: int) -> None:
    assert read_money(yuan_text(fen), "罚款", "fine") == fen
    if fen % 100 == 0:
        assert read_money(f"{wan_text(fen)}万", "罚款", "fine") == fen


def test_amounts_are_printed_exactly() -> None:
    assert (yuan_text(5_000_000), yuan_text(3_250_000), yuan_text(5)) == ("50,000.00", "32,500.00", "0.05")
    assert (wan_text(51_200_000), wan_text(100_000_000), wan_text(1), wan_text(0)) == ("51.2", "100", "0.000001", "0")
