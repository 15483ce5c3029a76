"""The files that belong to the project: what git tracks or would track."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


NOT_OURS = {"node_modules", "instance", "vendor", "__pycache__"}
HIDDEN_BUT_OURS = {".ci", ".gitignore", ".npmrc"}


@cache
def project_files() -> tuple[Path, ...]:
    """Sorted. Where there is no git (a downloaded archive), everything but what set-up makes."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        paths = [ROOT / name for name in listed.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not any(is_made(part) for part in path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def is_made(name: str) -> bool:
    """Made by set-up, tools or use, and no part of the project."""
    return name in NOT_OURS or (name.startswith(".") and name not in HIDDEN_BUT_OURS)


def python_files(*folders: str) -> list[Path]:
    """The Python files below these folders, or all of them."""
    inside = [ROOT / folder for folder in folders] or [ROOT]
    return [path for path in project_files() if path.suffix == ".py" and any(path.is_relative_to(each) for each in inside)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
