"""Writing tables: opens cleanly, calculates nothing, caps nothing, and reads back as it was."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.house.errors import Invalid
from tracker.gateways.tables.sheets_in import open_sheets
from tracker.gateways.tables.sheets_out import About, Cell, open_register, open_row_errors

ABOUT = About("案件登记表", "2026-11-23 18:00", "状态=整改中")
HEADERS = ("案件编号", "标题", "问题描述", "受理日期", "收到时间", "纬度")
NASTY = ["=1+1", "+86 138", "-5", "@SUM(A1)", "'=x", "''", "'平常", "0012", "1e5", "http://a/b", "第一行\n第二行", "_x000D_", "<&>\"",
         "\u202e反", "＝全角", "#N/A", "TRUE"]


def write(path: Path, rows: list[list[Cell]], **more: int) -> Path:
    with open_register(path, HEADERS, ABOUT, **more) as writer:
        for row in rows:
            writer.write(row)
    return path


def read(path: Path) -> dict[str, list[list[object]]]:
    with open_sheets(path) as sheets:
        return {sheet.name: [cells for _, cells in sheet.rows] for sheet in sheets}


def test_the_workbook_begins_with_count_time_and_filters(tmp_path: Path) -> None:
    sheets = read(write(tmp_path / "r.xlsx", [["XH-2026-000001", "油烟"]]))
    assert list(sheets) == ["说明", "案件"]
    assert sheets["说明"][:5] == [["名称", "案件登记表"], ["截至", "2026-11-23 18:00"], ["行数", 1], ["工作表数", 1], ["筛选", "状态=整改中"]]


def test_the_text_file_has_a_mark_for_excel_and_ends_with_count_time_and_filters(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", [["XH-2026-000001", "油烟"]])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read(path)[""][-1] == ["# 共 1 行，截至 2026-11-23 18:00，筛选：状态=整改中"]


@pytest.mark.parametrize("name", ["r.xlsx", "r.csv"])
def test_nasty_text_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, [["XH-1", text] for text in NASTY])
    rows = read(path)["案件" if name.endswith("xlsx") else ""]
    assert [row[1] for row in rows[1 : len(NASTY) + 1]] == NASTY


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30), min_size=1, max_size=5))
def test_any_text_comes_back_from_a_text_file(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = write(tmp_path_factory.mktemp("t") / "r.csv", [["XH-1", *texts]])
    assert read(path)[""][1][1:] == [text.replace("\ufeff", "").replace("\ufffe", "").replace("\uffff", "") or None
                                     for text in texts]


def test_no_cell_calculates_in_either_file(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(tmp_path / "r.xlsx", [["XH-1", text] for text in NASTY]))
    assert {cell.data_type for row in book["案件"].iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert not book["案件"]._hyperlinks
    lines = write(tmp_path / "r.csv", [["XH-1", text] for text in NASTY]).read_text(encoding="utf-8-sig").splitlines()
    assert not any(line.split(",")[1].lstrip('"').startswith(("=", "+", "-", "@", "＝")) for line in lines[1:] if "," in line)


def test_dates_instants_and_numbers_are_real_ones_in_the_workbook(tmp_path: Path) -> None:
    row: list[Cell] = ["XH-1", "油烟", None, date(2024, 5, 4), datetime(2024, 5, 4, 0, 0), 28.66]
    assert read(write(tmp_path / "r.xlsx", [row]))["案件"][1] == row
    assert read(write(tmp_path / "r.csv", [row]))[""][1] == ["XH-1", "油烟", None, "2024-05-04", "2024-05-04 00:00:00", "28.66"]


def test_rows_beyond_a_sheet_go_on_the_next(tmp_path: Path) -> None:
    sheets = read(write(tmp_path / "r.xlsx", [[f"XH-{n}"] for n in range(7)], sheet_rows=4))
    assert [name for name in sheets if name != "说明"] == ["案件", "案件(2)", "案件(3)"]
    assert [row[0] for name in list(sheets)[1:] for row in sheets[name][1:]] == [f"XH-{n}" for n in range(7)]
    assert all(sheets[name][0] == list(HEADERS) for name in list(sheets)[1:])
    assert sheets["说明"][2] == ["行数", 7]


def test_an_empty_register_has_its_headers(tmp_path: Path) -> None:
    assert read(write(tmp_path / "r.xlsx", []))["案件"] == [list(HEADERS)]


def test_control_characters_are_dropped(tmp_path: Path) -> None:
    for name, sheet in (("r.xlsx", "案件"), ("r.csv", "")):
        assert read(write(tmp_path / name, [["XH-1", "油\x07烟\x00"]]))[sheet][1][1] == "油烟"


@pytest.mark.parametrize("sign", ["长", "𠮷"])
def test_text_too_long_for_a_cell_is_cut_and_its_case_is_named(tmp_path: Path, sign: str) -> None:
    long = sign * 32_768
    book = read(write(tmp_path / "r.xlsx", [["XH-1", "油烟", "短"], ["XH-2", "油烟", long]]))
    cell = str(book["案件"][2][2])
    assert cell.endswith("…〔全文见案件页〕") and long.startswith(cell.removesuffix("…〔全文见案件页〕"))
    assert 32_700 <= len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert "XH-2“问题描述”" in str(book["说明"][-1]) and "XH-1" not in str(book["说明"][-1])
    assert read(write(tmp_path / "r.csv", [["XH-1", "油烟", long]]))[""][1][2] == long


def test_a_failed_export_leaves_the_older_file_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "r.xlsx", [["XH-1"]])
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), open_register(path, HEADERS, ABOUT) as writer:
        writer.write([1 // 0])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "says"), [("r.xls", ".xlsx 或 .csv"), ("没有/r.xlsx", "无法写入"), ("没有/r.csv", "无法写入")])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        write(tmp_path / name, [["XH-1"]])


def test_the_row_error_workbook_shows_the_table_as_it_came_with_reasons_beside_bad_rows(tmp_path: Path) -> None:
    with open_row_errors(tmp_path / "e.xlsx") as writer:
        writer.sheet("一览表", 3)
        writer.write(1, ["一览表"])
        writer.write(2, ["受理编号", "内容", "日期"], is_header=True)
        writer.write(3, ["D3JX1", "油烟", date(2024, 5, 4)])
        writer.write(5, ["D3JX2", "=1+1", datetime(2053, 1, 1)], "第 5 行“日期”的年份 2053 不合理。")
    sheet = openpyxl.load_workbook(tmp_path / "e.xlsx")["一览表"]
    assert [cell.value for cell in sheet["D"]] == [None, "原因", None, None, "第 5 行“日期”的年份 2053 不合理。"]
    assert sheet["B5"].value == "=1+1" and sheet["B5"].data_type == "s"
    assert sheet["A5"].fill.fgColor.rgb == "FFFDE2E0" and sheet["A3"].fill.fill_type is None


def test_the_row_error_workbook_must_be_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"\.xlsx"), open_row_errors(tmp_path / "e.csv"):
        pass
