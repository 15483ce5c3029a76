"""Nothing is kept for speed that `bench/pieces.py` does not list, and nothing is listed that is not there."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path

from bench.pieces import PIECES
from bench.works import ASKED, DONE, PATHS
from tests.support.project_files import ROOT, name_of, project_files, python_files

REMEMBER = {"cache", "lru_cache", "kept_statement"}
KEEP = {"until_next_fact", "until_a_rule_changes", "shelf"}
KEEPERS = ("tracker/services/house/caching.py", "tracker/storage/house/statements.py")
EMPTY = {"dict", "set", "list", "WeakKeyDictionary", "defaultdict"}
# Filled while the process runs, and no cache: without them nothing would work.
REGISTERS = {"tracker/services/house/work.py:_WIRINGS": "which wiring belongs to which engine",
             "tracker/storage/reports/stories.py:_NO_BODY": "empty, and stays so"}


def product() -> list[Path]:
    return [path for path in python_files("tracker") if name_of(path) not in KEEPERS and "migrations" not in path.parts]


def module_of(path: Path) -> str:
    return name_of(path).removesuffix(".py").replace("/", ".")


def word_of(node: ast.expr) -> str:
    """`lru_cache` of `@lru_cache(maxsize=5)`, `functools.lru_cache` and the like."""
    called = node.func if isinstance(node, ast.Call) else node
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def remembering(path: Path) -> Iterator[str]:
    """The functions of a file that remember, and its classes with something that does."""
    tree = ast.parse(path.read_text())
    for node in tree.body:
        inner = [each for each in ast.walk(node) if isinstance(each, ast.FunctionDef)]
        decorators = {word_of(each) for function in inner for each in function.decorator_list}
        calls = {word_of(each) for each in ast.walk(node) if isinstance(each, ast.Call)}
        if (decorators | calls) & REMEMBER or "cached_property" in decorators:
            yield f"{module_of(path)}.{getattr(node, 'name', ast.unparse(node)[:40])}"


def named(path: Path) -> Iterator[str]:
    """The names under which a file keeps values of the database, or asks whether something was left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        piece = None
        if isinstance(node, ast.Call) and word_of(node) in KEEP:
            piece = node.args[0]
        elif isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) == "without":
            piece = node.left
        if piece is not None:
            name = module_of(path).removesuffix(".__init__")
            yield getattr(import_module(name), piece.id) if isinstance(piece, ast.Name) else ast.literal_eval(piece)


def empty_at_first(path: Path) -> Iterator[str]:
    """What a file makes empty at its top, so that something can be put there later."""
    for node in ast.parse(path.read_text()).body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        is_empty = (isinstance(value, ast.Dict) and not value.keys) or (isinstance(value, ast.List | ast.Set)
                                                                        and not value.elts) or (
            isinstance(value, ast.Call) and word_of(value) in EMPTY and not value.args)
        if is_empty:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target  # type: ignore[union-attr]
            yield f"{name_of(path)}:{ast.unparse(target)}"


def test_whatever_is_kept_for_speed_has_a_line_that_shows_what_it_saves() -> None:
    kept = {name for path in product() for name in (*remembering(path), *named(path))}
    assert kept == {piece.name for piece in PIECES}


def test_no_piece_is_listed_twice_and_each_serves_a_work_that_is_measured() -> None:
    names = [piece.name for piece in PIECES]
    assert sorted(names) == sorted(set(names))
    assert {key for piece in PIECES for key in piece.serves} <= {*PATHS, *ASKED, *DONE}
    assert all(piece.serves and piece.holds for piece in PIECES)


def test_each_remembering_piece_can_be_asked_past_its_memory() -> None:
    for piece in PIECES:
        place, _, own = piece.name.rpartition(".")
        found = getattr(import_module(place), own) if place else None
        if isinstance(found, type):
            assert any(isinstance(value, cached_property) for value in vars(found).values()), piece.name
        elif found is not None:
            assert hasattr(found, "__wrapped__"), piece.name


def test_nothing_is_gathered_at_the_top_of_a_file_or_past_the_one_place_that_keeps() -> None:
    assert {place for path in product() for place in empty_at_first(path)} == set(REGISTERS)
    keepers = [name_of(path) for path in product() if re.search(r"\.cached\b", path.read_text())]
    assert keepers == []


def test_a_file_of_macros_says_nothing_outside_of_them() -> None:
    """Such a file is read once, in whatever language was asked for first."""
    spoken = []
    for path in project_files():
        if path.is_relative_to(ROOT / "templates" / "macros") and path.suffix == ".html":
            outside = re.sub(r"\{%-?\s*macro.*?endmacro\s*-?%\}|\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
            spoken += [name_of(path)] if re.search(r"\b_\(|\|\s*tr\b", outside) else []
    assert spoken == []
