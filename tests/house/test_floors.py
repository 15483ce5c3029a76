"""Stairs go down. import-linter says the same with indirect imports; this one runs in every `./run test` and names the step."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.project_files import ROOT, name_of, python_files

FLOORS = {"domain": 0, "storage": 1, "gateways": 1, "services": 2, "demo": 2.5, "web": 3, "portal": 3, "api": 3, "cli": 3,
          "scheduler": 3}
BOOTSTRAP = {"__init__.py", "extensions.py", "wiring.py"}  # they stand beside the stairs: the bootstrap knows everybody
BESIDE = {"migrations", "reference", "translations"}  # data and numbered scripts, no code of a floor
FOR_DOORS = {"extensions": 2}  # the web framework's extensions: doors may use them, nobody below
FOR_ALL = {"reference": -1}  # shipped data
HEIGHTS = FLOORS | FOR_DOORS | FOR_ALL


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "tracker").parts[0]


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_folder_has_its_floor() -> None:
    rooms = {room_of(path) for path in python_files("tracker")} - BOOTSTRAP
    assert rooms <= set(FLOORS) | BESIDE


def test_nobody_climbs_and_neighbours_do_not_call_each_other() -> None:
    climbs = []
    for path in python_files("tracker"):
        here = room_of(path)
        if here not in FLOORS:
            continue
        for module in imports_of(path):
            parts = module.split(".")
            if parts[0] != "tracker" or len(parts) < 2 or parts[1] == here:
                continue
            if HEIGHTS.get(parts[1], 9) >= FLOORS[here]:
                climbs.append(f"{name_of(path)} climbs to {module}")
    assert sorted(set(climbs)) == []


def test_the_law_imports_the_standard_library_alone() -> None:
    import sys

    strangers = [
        f"{name_of(path)} imports {module}"
        for path in python_files("tracker/domain")
        for module in imports_of(path)
        if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("tracker.domain") and module != "tracker"
    ]
    assert strangers == []


def test_settings_are_read_by_the_bootstrap_alone() -> None:
    readers = {name_of(path) for path in python_files("tracker") if "config" in {m.split(".")[0] for m in imports_of(path)}}
    assert readers <= {"tracker/__init__.py"}


DECLARED = {"JOBS", "MAILS", "APPEAL_MAILS"}


def declares(path: Path) -> set[str]:
    """What a file's own lines assign of what rooms declare."""
    targets = [node.target for node in ast.parse(path.read_text()).body if isinstance(node, ast.AnnAssign)]
    return {target.id for target in targets if isinstance(target, ast.Name)} & DECLARED


def test_what_rooms_declare_is_collected_in_the_wiring_and_read_by_no_machinery() -> None:
    places = {name_of(path).removesuffix(".py").replace("/", "."): declares(path) for path in python_files("tracker/services")}
    rows = {module: names for module, names in places.items() if names}
    assert {module.split(".")[2] for module in rows} == {"acts", "coordination", "cases", "evidence", "inspection", "mail",
                                                         "people", "reports", "cadence", "sites",
                                                         "publications", "tables", "territory", "upkeep"}
    readers = {name_of(path): names for path in python_files("tracker/services/house", "tracker/services/mail",
                                                             "tracker/services/upkeep", "tracker/scheduler", "tracker/cli")
               if (names := sorted(set(imports_of(path)) & set(rows)))}
    assert readers == {}
    assert {module for module, names in rows.items() if "JOBS" in names} <= set(imports_of(ROOT / "tracker" / "wiring.py"))
