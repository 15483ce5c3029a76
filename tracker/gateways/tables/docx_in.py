"""Tables of a Word document (.docx), as sheets: merged cells stand once and are told, what is not read is named."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.merges import Merged
from tracker.gateways.evidence.file_kinds import open_document

MOST_ROWS = 5_000
Row = tuple[int, list[object]]


def read_tables(path: Path) -> tuple[list[tuple[str, list[Row], list[Merged]]], list[str]]:
    """Name, rows and merged cells of each table of the document; and what stands in it and was not read. Raises `Invalid`."""
    from docx import Document  # only who reads a document pays for it
    from docx.opc.exceptions import PackageNotFoundError

    open_document(path).close()
    try:
        document: Any = Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile):
        raise Invalid(f"“{path.name}”的内容已损坏，请在 Word 或 WPS 中打开修复、另存后再导入。", field="file") from None
    if not document.tables:
        raise Invalid(f"“{path.name}”里没有表格。", field="file")
    several = len(document.tables) > 1
    tables = [(f"表{at}" if several else "", *_table_rows(path, table)) for at, table in enumerate(document.tables, 1)]
    return tables, list(_unread_parts(document))


def _table_rows(path: Path, table: Any) -> tuple[list[Row], list[Merged]]:
    if len(table.rows) > MOST_ROWS:
        raise Invalid(f"“{path.name}”的表格有 {len(table.rows)} 行，超过 {MOST_ROWS} 行；请复制到 Excel 中另存为 .xlsx 再导入。", field="file")
    rows: list[Row] = []
    open_cells: dict[int, tuple[Any, int]] = {}  # by column: the cell that reaches down here, and where it began
    merges: list[Merged] = []
    for number, row in enumerate(table.rows, 1):
        cells: list[object] = []
        before = None
        for at, cell in enumerate(row.cells):
            element = cell._tc
            is_same = at in open_cells and open_cells[at][0] is element
            if not is_same:
                _close_cell(merges, open_cells, at, number - 1)
                open_cells[at] = (element, number)
            cells.append(None if is_same or element is before else cell.text or None)
            before = element
        rows.append((number, cells))
    for at in list(open_cells):
        _close_cell(merges, open_cells, at, len(rows))
    return rows, merges


def _close_cell(merges: list[Merged], open_cells: dict[int, tuple[Any, int]], at: int, last: int) -> None:
    _, first = open_cells.pop(at, (None, last))
    if last > first:
        merges.append(Merged(first, at, last, at))


def _unread_parts(document: Any) -> Iterator[str]:
    """Tables within tables, and text boxes."""
    nested = sum(len(cell.tables) for table in document.tables for row in table.rows for cell in row.cells)
    boxes = len(document.element.body.xpath(".//w:txbxContent"))
    if nested:
        yield f"表格里嵌套的表格 {nested} 个没有读取"
    if boxes:
        yield f"文本框 {boxes} 个没有读取"
