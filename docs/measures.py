"""Measures of the house, counted from the code as it stands: `python docs/measures.py [FOLDER]` prints them for a checkout."""

import ast
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]).resolve()
FLOORS = ("domain", "storage", "gateways", "services", "web", "cli", "scheduler", "demo")
WIDE = 130
Trees = dict[str, ast.Module]


def trees() -> Trees:
    """Every module of the product but migrations, by dotted name."""
    found: Trees = {}
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            found[".".join(part for part in parts if part != "__init__")] = ast.parse(path.read_text())
    return found


def imports_of(tree: ast.Module, known: Trees) -> set[str]:
    """The modules of the product that this one imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & known.keys()) or ({node.module} & known.keys())
    return found


def rings(edges: dict[str, set[str]]) -> int:
    """How many modules lie on a ring of imports: what is left when modules that import nothing left are taken away again and
    again."""
    left = {name: set(to) for name, to in edges.items()}
    while ends := [name for name, to in left.items() if not to & left.keys()]:
        for name in ends:
            del left[name]
    return len(left)


def inner_imports(known: Trees) -> int:
    """Imports that stand inside a function."""
    functions = [node for tree in known.values()
                 for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return len({id(node) for function in functions
                for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)})


def lengths(known: Trees) -> list[int]:
    """Lines of every function, longest first."""
    functions = [node for tree in known.values()
                 for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sorted(((node.end_lineno or 0) - node.lineno + 1 for node in functions), reverse=True)


def places(known: Trees) -> dict[str, Counter[str]]:
    """Files by floor and folder."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name in known:
        parts = name.split(".")
        if len(parts) > 2 and parts[1] in FLOORS and not any(other.startswith(f"{name}.") for other in known):
            found[parts[1]][".".join(parts[2:-1]) or "(loose)"] += 1
    return found


def main() -> None:
    """Print one line a measure."""
    known = trees()
    product = [path for path in (ROOT / "tracker").rglob("*.py") if "migrations" not in path.parts]
    everything = [*product, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]
    classes = Counter(node.name for tree in known.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    wide = [len(line) for path in everything for line in path.read_text().splitlines() if len(line) > WIDE]
    files = sorted((len(path.read_text().splitlines()) for path in product), reverse=True)
    print(f"modules {len(known)}")
    print(f"longest files {files[:3]} · longest functions {lengths(known)[:3]} lines")
    print(f"modules on a ring {rings({name: imports_of(tree, known) - {name} for name, tree in known.items()})}")
    print(f"imports inside functions {inner_imports(known)}")
    print(f"lines over {WIDE} characters {len(wide)}, the longest {max(wide, default=0)}")
    print(f"class names that stand more than once {sum(1 for count in classes.values() if count > 1)}")
    for floor, folders in places(known).items():
        print(f"{floor}: {sum(folders.values())} files; " + ", ".join(f"{folder} {count}" for folder,
                                                                      count in sorted(folders.items())))


if __name__ == "__main__":
    main()
