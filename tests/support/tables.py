"""Small table files for the tests of reading and writing them."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

PUBLISHED = ["序号", "受理编号", "交办问题基本情况", "行政区域", "问题类型", "调查核实情况", "是否属实", "办结目标", "处理和整改情况", "是否办结",
             "责任人被处理情况"]


def published_row(number: int, **cells: object) -> list[object]:
    """A row of the 2024 layout; `cells` replace by header."""
    row: list[object] = [number, f"D3JX20240524{number:04d}", f"抚生路第{number}号工地夜间施工扬尘。", "西湖区", "大气、扬尘", "属实。", "属实",
                         "抑尘", "已洒水", "", "无"]
    return [cells.get(name, cell) for name, cell in zip(PUBLISHED, row, strict=True)]


def published(count: int, **cells: object) -> list[list[object]]:
    """Title, batch line, header and `count` rows of the 2024 layout."""
    rows = [published_row(number, **cells) for number in range(1, count + 1)]
    return [["群众信访举报转办和边督边改公开情况一览表"], ["(第十七批)"], list(PUBLISHED), *rows]


def save_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]], *, write: Callable[[Any, Any], None] | None = None,
              calculates: bool = True) -> Path:
    """A workbook written by XlsxWriter; text beginning with = becomes a formula, as when typed. `write` adds more."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss", "strings_to_formulas": calculates})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    if write is not None:
        write(book, book.worksheets()[0])
    book.close()
    return path


def save_csv(path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A text table."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def rebuilt(source: Path, target: Path, **parts: bytes | None) -> Path:
    """A copy of a workbook with parts replaced or added (names with / written as __), or left out where None."""
    wanted = {name.replace("__", "/"): body for name, body in parts.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename not in wanted:
                new.writestr(item, old.read(item))
        for name, body in wanted.items():
            if body is not None:
                new.writestr(name, body)
    return target
