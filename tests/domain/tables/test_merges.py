"""Merged cells below a header."""

from collections.abc import Sequence

from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.merges import Merged, whole_rows

C = CaseColumn
COLUMNS = {0: C.source_number, 1: C.description, 2: C.area, 3: C.categories, 4: C.measures}


def whole(rows: Sequence[list[object]], *merges: Merged) -> list[tuple[int, list[object]]]:
    return list(whole_rows(enumerate(rows, 2), merges, COLUMNS))


def test_a_merged_area_holds_for_each_of_its_rows_and_for_no_other() -> None:
    rows: list[list[object]] = [["A", "一", "西湖区"], ["B", "二"], ["C", "三", None, "水"], ["D", "四"]]
    found = whole(rows, Merged(2, 2, 4, 2))
    assert [cells[2] if len(cells) > 2 else None for _, cells in found] == ["西湖区"] * 3 + [None]


def test_a_text_is_not_spread_and_a_blank_row_stays_blank() -> None:
    first: list[object] = ["A", "一", None, None, "已洒水"]
    assert whole([first, ["B", "二"]], Merged(2, 4, 3, 4)) == [(2, first), (3, ["B", "二"])]
    assert whole([["A", "一", "西湖区"], [None, None]], Merged(2, 2, 3, 2))[1] == (3, [None, None])


def test_a_merged_number_is_one_case_with_all_its_problems() -> None:
    rows: list[list[object]] = [["A", "问题一", "西湖区", "大气"], [None, "问题二", None, "噪声"], ["B", "三", None, "水"]]
    assert whole(rows, Merged(2, 0, 3, 0), Merged(2, 2, 3, 2)) == [
        (2, ["A", "问题一\n问题二", "西湖区", "大气、噪声"]), (4, ["B", "三", None, "水"])]


def test_rows_below_merged_numbers_keep_their_places_and_a_table_may_end_in_one() -> None:
    rows: list[list[object]] = [["A", "一"], [None, "二"], ["B", "三"], [None, "四"]]
    assert whole(rows, Merged(2, 0, 3, 0), Merged(4, 0, 5, 0)) == [(2, ["A", "一\n二"]), (4, ["B", "三\n四"])]


def test_cells_merged_side_by_side_change_nothing() -> None:
    assert whole([["A", "一"]], Merged(2, 0, 2, 1)) == [(2, ["A", "一"])]
