"""The files that belong to the project: what git tracks or would track."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


NOT_OURS = {".git", ".venv", "node_modules", "instance", "vendor", "__pycache__", ".env"}


@cache
def project_files() -> tuple[Path, ...]:
    """Sorted. Where there is no git (a downloaded archive), everything but what set-up makes."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        paths = [ROOT / name for name in listed.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def python_files(*folders: str) -> list[Path]:
    """The Python files below these folders, or all of them."""
    inside = [ROOT / folder for folder in folders] or [ROOT]
    return [path for path in project_files() if path.suffix == ".py" and any(path.is_relative_to(each) for each in inside)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
