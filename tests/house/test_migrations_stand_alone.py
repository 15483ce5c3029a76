"""A migration says everything itself: rows, statements and what it counts with, so that no later change of the product changes it."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project_files import name_of, python_files

TOOLS = {"alembic", "sqlalchemy"}
# Ways round an import statement, and to files and settings beside the script.
LOADERS = {"importlib", "runpy", "pkgutil", "pathlib", "os", "io"}
READERS = {"__import__", "open", "exec", "eval"}


def migrations() -> list[Path]:
    return python_files("tracker/migrations/versions")


def borrowed(source: str) -> Iterator[str]:
    """What a migration takes from elsewhere: modules that are neither the tools' nor the standard library's, and what loads others."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = ["." * node.level + (node.module or "")]
        else:
            if isinstance(node, ast.Name) and node.id in READERS:
                yield node.id
            continue
        tops = {module: module.partition(".")[0] for module in modules}
        yield from (module for module, top in tops.items() if top in LOADERS or top not in TOOLS | set(sys.stdlib_module_names))


@pytest.mark.parametrize("line", [
    "import tracker", "import config", "from tracker.storage import search", "from config import Settings", "from . import other",
    "def upgrade():\n    from tracker.domain.sources import SOURCES", "import importlib", "from importlib.resources import files",
    "__import__('tracker')", "rows = open('rows.csv')", "from flask import current_app",
])  # fmt: skip
def test_every_way_to_the_living_code_is_seen(line: str) -> None:
    assert list(borrowed(line))


def test_tools_and_the_standard_library_are_no_living_code() -> None:
    assert list(borrowed("import json\nfrom datetime import date\nimport sqlalchemy as sa\nfrom alembic import op\n")) == []


def test_no_migration_rests_on_anything_that_lives_on() -> None:
    assert migrations()
    found = {name_of(path): list(borrowed(path.read_text())) for path in migrations()}
    assert {name: taken for name, taken in found.items() if taken} == {}
