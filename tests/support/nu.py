"""The Nu HTML checker, which is the one behind validator.w3.org: what it has against pages, many of them at a time."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.project_files import ROOT

PROGRAM = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def objections(pages: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """Every error of every faulty page, by the page's name; skips the test where there is no Java (fails when CI is set)."""
    java = shutil.which("java")
    if java is None:
        missing = "no Java here: apt-get install default-jre-headless"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    if not PROGRAM.exists():
        pytest.fail("the Nu checker is not here: ./run test brings it")
    files = {}
    for number, (name, source) in enumerate(pages.items()):
        file = folder / f"{number:05}.html"
        file.write_text(source)
        files[file.as_uri()] = name
    found: dict[str, list[str]] = {}
    for each in _messages([java, "-jar", str(PROGRAM), "--errors-only", "--format", "json", *sorted(map(str, folder.glob("*.html")))]):
        found.setdefault(files[Path(each["url"].removeprefix("file:")).as_uri()], []).append(
            f"line {each.get('lastLine')}: {each['message']} {each.get('extract', '')!r}"
        )
    return found


def _messages(command: list[str]) -> list[dict[str, str]]:
    told = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False).stderr
    messages: list[dict[str, str]] = json.loads(told)["messages"]
    return messages
