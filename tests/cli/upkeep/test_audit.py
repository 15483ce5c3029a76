"""`flask audit …`: what the auditor's page shows, to whoever may see it, as lines and as a file."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Run
from tests.support.makers import Town
from tracker.domain.people.kinds import SignInOutcome
from tracker.services.house.master import rows
from tracker.services.people.signing import trail
from tracker.services.people.signing.visits import Visit


def test_an_auditor_reads_what_was_changed_by_the_filters_of_the_page(flask: Run, town: Town) -> None:
    rows.save_row(town.actor("admin"), "sources", "MSG", {"name": "留言板"})
    found = flask("audit", "list", "--as", "auditor", "--heading", "rules", "--person", "admin")
    assert found.exit_code == 0, found.output
    (line,) = found.stdout.splitlines()
    assert line.split("\t")[1:2] == ["改了来源"] and line.endswith("source:MSG#1")
    assert flask("audit", "list", "--as", "auditor", "--heading", "export").stdout == ""


def test_what_failed_and_what_is_of_another_area_is_asked_for_apart(flask: Run, town: Town) -> None:
    rows.save_row(town.actor("admin"), "sources", "MSG", {"name": "留言板"})
    trail.note_failure("clerk", town.people["clerk"], SignInOutcome.wrong_password, Visit("10.0.0.1", "Firefox", ""))

    def words(*asked: str) -> list[str]:
        return sorted({line.split("\t")[1] for line in flask("audit", "list", "--as", "auditor", *asked).stdout.splitlines()})

    assert words("--outcome", "failed") == ["登录失败"]
    assert "登录失败" not in words("--outcome", "done") and "改了来源" in words("--outcome", "done")
    assert "登录失败" in words("--area", "360103") and words("--area", "360104") == []


def test_a_file_of_it_is_itself_on_record(flask: Run, town: Town, tmp_path: Path) -> None:
    rows.save_row(town.actor("admin"), "sources", "MSG", {"name": "留言板"})
    path = tmp_path / "audit.csv"
    assert "共 1 条" in flask("audit", "export", "--as", "auditor", "--heading", "rules", "--file", str(path)).stdout
    assert "改了来源" in path.read_text("utf-8-sig")
    assert "导出" in flask("audit", "list", "--as", "auditor", "--heading", "export").stdout


def test_who_is_no_auditor_and_what_means_nothing_get_one_sentence(refused: Callable[..., str], tmp_path: Path) -> None:
    refused("audit", "list", "--as", "clerk")
    assert "没有“x”这一类" in refused("audit", "list", "--as", "auditor", "--heading", "x")
    assert "不是日期" in refused("audit", "list", "--as", "auditor", "--from", "昨天")
    assert "没有“x”这种结果" in refused("audit", "list", "--as", "auditor", "--outcome", "x")
    assert "没有登录名为“x”" in refused("audit", "list", "--as", "auditor", "--person", "x")
    assert "缺少 --as" in refused("audit", "list")
    refused("audit", "export", "--as", "auditor", "--file", str(tmp_path / "a.pdf"))
