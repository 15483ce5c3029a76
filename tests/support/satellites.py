"""Tables that say again what stands in the rows of the flow: literals of the product that name several steps or their facts.

`python -m tests.support.satellites` counts them.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.project_files import name_of, python_files
from tracker.domain.cases.flow import CASE_FLOW

FLOW = ("tracker/domain/cases/flow.py", "tracker/domain/cases/notes.py", "tracker/domain/cases/belonging/checks.py")
MOST = 2  # who names so many steps speaks of these; who names more makes a list of steps


@dataclass(frozen=True)
class Satellite:
    """One literal: where it stands, what it is assigned to, and the steps that it names, themselves or by their facts."""

    file: str
    line: int
    name: str
    steps: frozenset[str]


def satellites(fewest: int = MOST + 1) -> list[Satellite]:
    """Every literal outside the flow that names at least so many steps."""
    paths = [path for path in python_files("tracker") if name_of(path) not in FLOW and "migrations" not in path.parts]
    return [found for path in paths for found in _literals_of(path) if len(found.steps) >= fewest]


def _literals_of(path: Path) -> Iterator[Satellite]:
    waiting: list[tuple[ast.AST, str]] = [(ast.parse(path.read_text()), "")]
    while waiting:
        node, name = waiting.pop()
        if isinstance(node, ast.Assign | ast.AnnAssign):
            name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        if isinstance(node, ast.Dict | ast.Set | ast.Tuple | ast.List):
            yield Satellite(name_of(path), node.lineno, name, steps_in(node))
        else:
            waiting += [(child, name) for child in ast.iter_child_nodes(node)]


def steps_in(node: ast.AST) -> frozenset[str]:
    """The steps whose rows, names or facts stand in a literal."""
    words = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    words |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute) and ast.unparse(part.value) == "Steps"}
    by_fact = {step.fact: name for name, step in CASE_FLOW.steps.items()}
    return frozenset(words & set(CASE_FLOW.steps)) | frozenset(by_fact[word] for word in words & set(by_fact))


if __name__ == "__main__":
    for fewest in (1, MOST, MOST + 1):
        found = satellites(fewest)
        sys.stdout.write(f"{fewest}+ steps: {len(found)} tables in {len({each.file for each in found})} files\n")
    for each in satellites(MOST):
        sys.stdout.write(f"{each.file}:{each.line} {each.name} {len(each.steps)}\n")
