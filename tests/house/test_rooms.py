"""The rooms: the same numbered folders on every floor, none overfull, no file loose, and nobody calls a higher number."""

import ast
import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

from tests.support.project_files import ROOT, name_of, python_files
from tracker.domain.house.rooms import FLOORS, MOST_FILES, ROOMS

NUMBERS = {room.folder: room.number for room in ROOMS}


def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rooms_writer", ROOT / "docs" / "rooms.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def inside() -> list[tuple[Path, tuple[str, ...]]]:
    """Every Python file of the floors with rooms, and its place below `tracker`."""
    files = [(path, path.relative_to(ROOT / "tracker").parts) for path in python_files("tracker")]
    return [(path, parts) for path, parts in files if parts[0] in FLOORS]


def imported(path: Path) -> list[list[str]]:
    tree = ast.parse(path.read_text())
    return [(node.module or "").split(".") for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def upward(path: Path, floor: str, number: int) -> list[str]:
    """The rooms of the same floor with a higher number that this file imports."""
    found = [parts[2] for parts in imported(path) if parts[:2] == ["tracker", floor] and len(parts) > 2]
    return [room for room in found if NUMBERS[room] > number]


def test_the_numbers_rise_and_no_folder_stands_twice() -> None:
    assert list(NUMBERS.values()) == sorted(NUMBERS.values())
    assert len(NUMBERS) == len(ROOMS)


def test_no_file_lies_loose_in_a_floor_and_every_folder_is_a_room() -> None:
    assert [name_of(path) for path, parts in inside() if len(parts) == 2 and parts[1] != "__init__.py"] == []
    assert {parts[1] for _, parts in inside() if len(parts) > 2} == set(NUMBERS)


def test_no_room_is_overfull() -> None:
    counts = Counter(str(path.parent.relative_to(ROOT)) for path, _ in inside() if path.name != "__init__.py")
    over = [f"{folder} has {count} files and room for {MOST_FILES}: put the new one into one of its folders, or make one."
            for folder, count in counts.items() if count > MOST_FILES]
    assert not over, "\n".join(over)


def test_no_file_repeats_the_name_of_its_room() -> None:
    assert [name_of(path)
            for path, parts in inside() if path.stem.startswith((f"{parts[-2]}_", f"{parts[-2].rstrip('s')}_"))] == []


def test_a_room_imports_lower_numbers_only() -> None:
    climbs = {name_of(path): upward(path, parts[0], NUMBERS[parts[1]]) for path, parts in inside() if len(parts) > 2}
    assert {name: rooms for name, rooms in climbs.items() if rooms} == {}


def test_the_map_and_the_contract_are_what_the_table_says() -> None:
    files = writer().renewed_files()
    assert [name_of(path) for path, text in files.items() if path.read_text() != text] == []
    assert all(writer().HEAD in path.read_text() or writer().OPENS in path.read_text() for path in files)


def test_tests_lie_in_the_room_of_what_they_test() -> None:
    kept = [path.relative_to(ROOT / "tests").parts for path in python_files("tests")]
    inside_floors = [parts for parts in kept if parts[0] in FLOORS and parts[-1] not in ("conftest.py", "__init__.py")]
    assert [parts for parts in inside_floors if len(parts) < 3 or parts[1] not in NUMBERS] == []


def test_every_template_lies_in_a_room_or_is_shared() -> None:
    shared = {"layouts", "macros", "mail"}
    folders = {path.relative_to(ROOT / "templates").parts[0] for path in (ROOT / "templates").rglob("*.*")}
    assert folders - shared <= set(NUMBERS)
