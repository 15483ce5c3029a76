"""README keeps its promises: every setting is documented, every command exists."""

import re

from config import SETTINGS
from tests.support.project_files import ROOT
from tracker.wiring import JOBS

README = (ROOT / "README.md").read_text()


def section(title: str) -> str:
    """The text below a `##` heading."""
    return re.split(r"^## ", README.split(f"\n## {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """The code in the first cell of each table row."""
    return re.findall(r"^\| `([^`]+)`", text, flags=re.MULTILINE)


def test_the_table_of_settings_is_the_list_of_settings() -> None:
    assert tuple(first_cells(section("设置"))) == SETTINGS


def test_every_run_command_in_readme_is_known_to_run() -> None:
    known = set(re.findall(r"^    (\w+)\) ", (ROOT / "run").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"\./run (\w+)", README))
    assert named <= known
    assert known <= named | {"serve"}


def test_the_map_of_the_house_names_every_floor() -> None:
    for floor in ("domain/", "storage/", "gateways/", "services/", "web/", "cli/", "scheduler/"):
        assert floor in section("房子的地图")


def test_the_table_of_jobs_is_the_list_of_jobs() -> None:
    assert [line for line in section("定时任务").splitlines() if line.startswith("| `")] == [
        f"| `{job.id}` | {job.when} | {job.what_for} |" for job in JOBS
    ]
