"""What a workbook says beside its cells: shapes of numbers, hidden rows and columns, merged cells."""

from pathlib import Path

import pytest

from tests.support.tables import save_xlsx
from tracker.domain.tables.cells import Reshaped
from tracker.domain.tables.merges import Merged
from tracker.gateways.tables import xlsx_in
from tracker.gateways.tables.sheets_in import open_sheets


def rows_of(path: Path) -> list[tuple[int, list[object]]]:
    with open_sheets(path) as sheets:
        return list(next(iter(sheets)).rows)


@pytest.mark.parametrize(("shape", "number", "shown"), [
    ("00000000", 1234, "00001234"), ('"编"0000', 7, "编0007"), ("0", 1234, 1234), ("General", 12, 12),
    ("0_ ", 1234, 1234), ("@", 5, 5),
])
def test_a_number_is_read_as_its_format_shows_it(tmp_path: Path, shape: str, number: int, shown: object) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", {"一": [["x"]]}, write=lambda book, sheet: sheet.write_number(
        1, 0, number, book.add_format({"num_format": shape})))
    assert rows_of(path)[1] == (2, [shown])


@pytest.mark.parametrize("shape", ["#,##0", "0.00", "0.00E+00", "000-000"])
def test_a_number_in_another_shape_is_marked_with_it(tmp_path: Path, shape: str) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", {"一": [["x"]]}, write=lambda book, sheet: sheet.write_number(
        1, 0, 1234, book.add_format({"num_format": shape})))
    (cell,) = rows_of(path)[1][1]
    assert isinstance(cell, Reshaped) and (cell, cell.shape) == (1234, shape)


def test_hidden_rows_and_columns_and_merged_cells_are_told(tmp_path: Path) -> None:
    def write(book: object, sheet: object) -> None:
        sheet.set_row(2, None, None, {"hidden": True})  # type: ignore[attr-defined]
        sheet.set_column(1, 2, None, None, {"hidden": True})  # type: ignore[attr-defined]
        sheet.merge_range(3, 0, 5, 0, "合")  # type: ignore[attr-defined]

    with open_sheets(save_xlsx(tmp_path / "a.xlsx", {"一": [["甲", "乙"]] * 7}, write=write)) as sheets:
        (sheet,) = sheets
        assert len(list(sheet.rows)) == 7
        assert (sheet.hidden.rows, sheet.hidden.columns, list(sheet.merges)) == ({3}, {1, 2}, [Merged(4, 0, 6, 0)])


def test_merged_cells_are_found_wherever_the_pieces_of_a_file_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(book: object, sheet: object) -> None:
        for at in range(0, 300, 3):
            sheet.merge_range(at, 0, at + 1, 0, "合")  # type: ignore[attr-defined]

    path = save_xlsx(tmp_path / "a.xlsx", {"一": [["甲"]]}, write=write)
    for piece in (37, 64, 1000):
        monkeypatch.setattr(xlsx_in, "PIECE", piece)
        with open_sheets(path) as sheets:
            assert len(next(iter(sheets)).merges) == 100
