"""Tables of Word documents."""

import zipfile
from pathlib import Path

import pytest
from docx import Document

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.merges import Merged
from tracker.gateways.tables.sheets_in import open_sheets


def saved(path: Path, *tables: list[list[str]], nests: bool = False) -> Path:
    document = Document()
    document.add_paragraph("第三季度问题清单")
    for rows in tables:
        table = document.add_table(len(rows), len(rows[0]))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
        if len(rows) > 2 and not rows[2][1]:
            table.cell(1, 1).merge(table.cell(2, 1))
        if nests:
            table.cell(0, 0).add_table(1, 1)
    document.save(str(path))
    return path


def test_each_table_is_a_sheet_and_a_merged_cell_stands_once(tmp_path: Path) -> None:
    path = saved(tmp_path / "t.docx", [["受理编号", "行政区域"], ["A1", "西湖区"], ["A2", ""]], [["甲", "乙"]])
    with open_sheets(path) as sheets:
        found = {sheet.name: (list(sheet.rows), list(sheet.merges)) for sheet in sheets}
    rows, merges = found["表1"]
    assert [cells[0] for _, cells in rows] == ["受理编号", "A1", "A2"]
    assert str(rows[1][1][1]).strip() == "西湖区" and rows[2][1][1] is None and merges == [Merged(2, 1, 3, 1)]
    assert found["表2"][0] == [(1, ["甲", "乙"])]


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    with open_sheets(saved(tmp_path / "t.docx", [["甲", "乙"]], nests=True)) as sheets:
        assert list(sheets.unread) == ["表格里嵌套的表格 1 个没有读取"]


@pytest.mark.parametrize(("body", "says"), [(b"", "0 字节"), (b"PK\x03\x04" + b"\0" * 99, "损坏"), ("文字".encode(), "损坏"),
                                              (b"%PDF-1.7", "PDF")])
def test_a_file_that_is_no_document_is_refused(tmp_path: Path, body: bytes, says: str) -> None:
    (tmp_path / "t.docx").write_bytes(body)
    with pytest.raises(Invalid, match=says), open_sheets(tmp_path / "t.docx"):
        pass


def test_a_workbook_named_like_a_document_and_a_document_without_tables_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/workbook.xml", "x")
    with pytest.raises(Invalid, match="不是 Word 文档"), open_sheets(tmp_path / "t.docx"):
        pass
    with pytest.raises(Invalid, match="没有表格"), open_sheets(saved(tmp_path / "u.docx")):
        pass
