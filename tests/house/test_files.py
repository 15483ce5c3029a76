"""Limits of size, names that say nothing, the real clock, and traces of a machine."""

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project_files import ROOT, name_of, project_files, python_files

FILE_LINES, FUNCTION_LINES, VIEW_LINES = 300, 30, 20
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "models", "manager", "handlers"}
CLOCK = "tracker/domain/house/clock.py"
# Spelled in pieces, so that this file is clean too.
TRACES = [
    "/".join(("", "work", "")), "/".join(("", "root", "")), "/".join(("", "opt", "pypi")), "/".join(("", "tmp", "plan")),
    ".".join(("pypi", "org")), ".".join(("pythonhosted", "org")), ".".join(("registry", "npmjs", "org")),
    ".".join(("deb", "debian", "org")), ".".join(("nodesource", "com")),
]  # fmt: skip


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node  # type: ignore[misc]


def length(function: ast.FunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def is_migration(path: Path) -> bool:
    """A migration is the list of everything that one release changed, and is never edited again."""
    return "migrations" in path.parts


def is_view(function: ast.FunctionDef) -> bool:
    """Decorated as a route: `@room.get(...)`, `@room.post(...)`, `@room.route(...)`."""
    names = [d.func.attr for d in function.decorator_list if isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute)]
    return bool({"get", "post", "route"} & set(names))


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in python_files() if not is_migration(path)}
    over = [f"{name} has {lines} lines and room for {FILE_LINES}: move what belongs together into another file of its room."
            for name, lines in lengths.items() if lines > FILE_LINES]
    assert not over, "\n".join(over)


def test_no_function_of_the_product_is_longer_than_a_screen() -> None:
    loose = [ROOT / name for name in ("config.py", "wsgi.py", "web_worker.py")]
    product = [path for path in python_files("tracker") if not is_migration(path)] + loose
    long = {f"{name_of(p)}:{f.lineno} {f.name}": length(f) for p in product for f in functions(p) if length(f) > FUNCTION_LINES}
    assert long == {}


def test_no_view_does_more_than_ask_and_answer() -> None:
    views = [(p, f) for p in python_files("tracker/web") for f in functions(p) if is_view(f)]
    assert {f"{name_of(p)}:{f.lineno} {f.name}": length(f) for p, f in views if length(f) > VIEW_LINES} == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [name_of(path) for path in python_files() if path.stem in EMPTY_NAMES] == []


def reads_the_clock(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = ast.unparse(node.func.value).rpartition(".")[2]
    return (owner, node.func.attr) in {
        ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
        ("time", "localtime"), ("time", "gmtime"),
    }  # fmt: skip


def test_only_the_clock_reads_the_clock() -> None:
    readers = [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
        for path in python_files("tracker")
        if name_of(path) != CLOCK
        for node in ast.walk(ast.parse(path.read_text()))
        if reads_the_clock(node)
    ]
    assert readers == []


def test_no_file_carries_traces_of_a_machine_or_of_a_package_host() -> None:
    traces = re.compile("|".join(re.escape(trace) for trace in TRACES).encode())
    found = [f"{name_of(path)}: {hit.group().decode()}" for path in project_files() for hit in traces.finditer(path.read_bytes())]
    assert found == []


def test_the_front_end_lock_holds_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = [package for name, package in packages.items() if name]
    assert fetched
    assert all(package["integrity"].startswith("sha512-") and "resolved" not in package for package in fetched)


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_is_exact_and_says_what_it_is_for(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text().splitlines() if line and not line.startswith(("#", "-r"))]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+ +# \S.*", line)] == []


def test_the_run_script_is_plain_posix_shell() -> None:
    shell = shutil.which("dash") or shutil.which("sh")
    assert shell is not None
    assert subprocess.run([shell, "-n", ROOT / "run"], capture_output=True, text=True).stderr == ""
    assert not re.search(r"\[\[|\blocal\b|\bfunction\b|<<<|\bpkill\b|\bkillall\b", (ROOT / "run").read_text())
