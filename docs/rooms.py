"""Writes what follows from the table of rooms: README's map and the contract between rooms. `./run lint` calls it."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tracker.domain.house.rooms import FLOORS, ROOMS  # noqa: E402

HEAD, FOOT = "<!-- rooms: written by ./run lint from tracker/domain/house/rooms.py -->", "<!-- /rooms -->"
OPENS, ENDS = "# rooms: written by ./run lint from tracker/domain/house/rooms.py", "# /rooms"


def readme_map() -> str:
    """The table of rooms as README shows it: on which floors each has a folder."""
    heads = ["| 房间 | 文件夹 | 里面是什么 | 在哪几层 |", "| --- | --- | --- | --- |"]
    lines = [f"| {room.number:02} {room.noun} | `{room.folder}/` | {room.holds} | {_floors_of(room.folder)} |" for room in ROOMS]
    return "\n".join([HEAD, "", *heads, *lines, "", FOOT])


def contract() -> str:
    """The second contract of import-linter: within a floor, a room imports lower numbers only."""
    containers = ", ".join(f'"tracker.{floor}"' for floor in FLOORS)
    layers = ", ".join(f'"({room.folder})"' for room in reversed(ROOMS))
    return "\n".join([
        OPENS, "[[tool.importlinter.contracts]]", 'name = "a room imports rooms with lower numbers"', 'type = "layers"',
        f"containers = [{containers}]", f"layers = [{layers}]", ENDS,
    ])  # fmt: skip


def _floors_of(folder: str) -> str:
    return " ".join(f"`{floor}`" for floor in FLOORS if (ROOT / "tracker" / floor / folder).is_dir())


def renewed(text: str, first: str, last: str, piece: str) -> str:
    """The text with what stands between two marks written anew."""
    return re.sub(re.escape(first) + ".*?" + re.escape(last), lambda _: piece, text, flags=re.DOTALL)


def renewed_files() -> dict[Path, str]:
    """Each file that carries something of the table, as it should be."""
    readme, tools = ROOT / "README.md", ROOT / "pyproject.toml"
    return {readme: renewed(readme.read_text(), HEAD, FOOT, readme_map()),
            tools: renewed(tools.read_text(), OPENS, ENDS, contract())}


if __name__ == "__main__":
    for path, text in renewed_files().items():
        path.write_text(text)
