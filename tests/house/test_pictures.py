"""README and the guides show pictures that exist, that the script makes, and that a phone can load."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.project_files import ROOT

FOLDER = ROOT / "docs" / "pictures"
GUIDES = ("巡查员", "责任单位", "核查员", "区领导", "调度员", "执法人员", "管理员")
PAPERS = [ROOT / "README.md", *(ROOT / "docs" / "guide" / f"{name}.md" for name in GUIDES)]
MOST_BYTES = 120_000


def shown(paper: Path) -> list[tuple[str, Path]]:
    """What is said of each picture, and where it lies."""
    text = paper.read_text()
    found = re.findall(r"!\[(.*?)\]\((.+?)\)", text) + [(said, path)
                                                        for path, said in re.findall(r'<img src="(.+?)".*? alt="(.*?)">', text)]
    return [(said, (paper.parent / path).resolve()) for said, path in found]


def made() -> set[str]:
    """The names in the script's table."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "docs" / "pictures.py").read_text())) if isinstance(node, ast.Call)]
    return {f"{call.args[0].value}.png" for call in calls if ast.unparse(call.func) == "Picture"
            and isinstance(call.args[0], ast.Constant)}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.stem)
def test_every_picture_is_there_and_says_what_it_shows(paper: Path) -> None:
    pictures = shown(paper)
    assert len(pictures) >= 2
    assert [str(path) for said, path in pictures if not (said and path.is_file() and path.name in made())] == []


def test_the_script_makes_every_picture_and_nothing_else_lies_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == made()
    assert {path.name for paper in PAPERS for _, path in shown(paper)} == made()


def test_no_picture_is_heavier_than_a_phone_likes() -> None:
    assert {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.stat().st_size > MOST_BYTES} == {}
