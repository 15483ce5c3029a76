"""No ring anywhere: of two files that import each other, even through others, neither can be read, tested or moved alone."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.project_files import ROOT, python_files


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    """Whatever a file names in an import, within functions too: an import that waits is an import."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_within(*folders: str) -> dict[str, set[str]]:
    """Each module of these folders with those of them that it imports. A package is a table of contents: who imports one of its
    files does not import the rest, so it counts where nothing but the package itself is meant."""
    files = {module_of(path): path for path in python_files(*folders)}
    found = {}
    for module, path in files.items():
        named = {name for name in imported(path) if name in files and name != module}
        found[module] = {name for name in named if not any(other.startswith(f"{name}.") for other in named)}
    return found


def ring_in(graph: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("folders", [("tracker",), ("bench",), ("tests",), ("tracker", "bench", "tests", "docs")], ids=", ".join)
def test_no_files_import_each_other_in_a_ring(folders: tuple[str, ...]) -> None:
    assert ring_in(imports_within(*folders)) == []


def test_a_ring_is_found_however_long_it_is() -> None:
    assert ring_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})[0] in {"a", "b", "c"}
    assert ring_in({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
