"""`flask draws`: prepared, committed and drawn at the command line; a bundle that anybody repeats, and a byte that is found."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.acts import act_in, inspect_all, ready_for_draw
from tests.support.makers import Town
from tracker.domain.house.errors import WrongState
from tracker.services.acts import steps
from tracker.services.house.work import reading
from tracker.services.inspection import proofs
from tracker.services.upkeep import seals
from tracker.services.upkeep.checks.files import FileRun, file_troubles
from tracker.storage.cases.entries import entries

pytestmark = pytest.mark.one_engine


def test_a_draw_is_prepared_committed_and_drawn_and_who_prepared_does_not_draw(town: Town, flask: Any,
                                                                               refused: Callable[..., str]) -> None:
    ready_for_draw(town)
    made = flask("draws", "prepare", "2026Q1", "--as", "many_hats", "--roster-on", "2026-03-02").output
    assert made == "SJ-2026Q1-360103 → 编制名录\n"
    number = "SJ-2026Q1-360103"
    flask("draws", "commit", number, "--as", "many_hats", "--source", "上证指数收盘", "--source-on", "2026-03-03")
    seals.seal(town.clock.today())
    town.clock.advance(timedelta(days=1))
    drawing = ("draws", "draw", number, "--witness", "上证指数2026-03-03收盘:3466.33", "--planned-on", "2026-03-03")
    assert "抽取须由另一人见证" in refused(*drawing, "--as", "many_hats")
    assert "→ 已抽取" in flask(*drawing, "--as", "lead").output
    shown = flask("draws", "show", number, "--as", "lead").output
    assert "A 在册 4 可抽 4 应抽 1" in shown and "result_digest" in shown
    assert flask("draws", "verify", number, "--as", "auditor").output.count("一致") == 4


def closed(town: Town, folder: Path) -> tuple[str, Path]:
    number, path = act_in(town, "draw", "closed"), folder / "bundle.zip"
    path.write_bytes(proofs.bundle_of(town.actor("lead"), number))
    return number, path


def test_anybody_repeats_a_closed_draw_with_the_script_of_its_bundle(town: Town, flask: Any, tmp_path: Path) -> None:
    number, path = closed(town, tmp_path)
    assert path.read_bytes() == proofs.bundle_of(town.actor("auditor"), number)
    assert flask("draws", "verify", str(path)).output.count(" 一致") == 4
    with zipfile.ZipFile(path) as bundle:
        bundle.extractall(tmp_path)
        assert sorted(bundle.namelist()) == ["README.txt", "proof.json", "result.json", "roster.json", "xh_draw_1.py"]
        assert number in bundle.read("README.txt").decode()
    script = [sys.executable, "xh_draw_1.py", "roster.json", "proof.json"]
    done = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=True)
    (line,) = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert done.stdout.count(" equal\n") == 4 and " ".join(line) in done.stdout
    (tmp_path / "roster.json").write_text((tmp_path / "roster.json").read_text("utf-8").replace('"times":0', '"times":1', 1),
                                          "utf-8")
    assert subprocess.run(script, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_byte_of_the_roster_that_was_changed_is_named(town: Town, refused: Callable[..., str], tmp_path: Path) -> None:
    number, path = closed(town, tmp_path)
    with zipfile.ZipFile(path) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()}
    members["roster.json"] = members["roster.json"].replace(b'"times":0', b'"times":1', 1)
    with zipfile.ZipFile(path, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    assert "roster_digest" in refused("draws", "verify", str(path))
    row = proofs.record_for(town.actor("lead"), number).row
    (kept,) = [each for each in tmp_path.rglob(row.roster_digest) if each.is_file()]
    kept.chmod(0o600)
    kept.write_bytes(members["roster.json"])
    assert "roster_digest" in refused("draws", "verify", number, "--as", "lead")
    assert any(f"act:{number}" in str(each) for each in file_troubles(reading(), FileRun()))


def test_what_is_no_bundle_is_refused_and_there_is_none_before_the_end(town: Town, refused: Callable[..., str],
                                                                       tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("not a bundle")
    assert "不是抽取验证包" in refused("draws", "verify", str(tmp_path / "x.zip"))
    assert "--as" in refused("draws", "verify", "SJ-2026Q1-360103")
    number = act_in(town, "draw", "drawn")
    with pytest.raises(WrongState, match="结束以后才有"):
        proofs.bundle_of(town.actor("lead"), number)
    inspect_all(town, number)
    steps.take(town.actor("dispatcher"), number, "close", {})
    assert len(entries(reading(), f"act:{number}")) == 4 and proofs.bundle_of(town.actor("verifier"), number)
