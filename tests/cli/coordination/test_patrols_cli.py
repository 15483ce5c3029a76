"""`flask chiefs` and `flask patrols`: posts in and out, the register of visits, what was owed and done."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support import patrols as ground
from tests.support.acts import USUAL, act_in
from tests.support.makers import Town
from tracker.services.house.master import sheets

pytestmark = pytest.mark.one_engine


def log_with(**more: str) -> list[str]:
    """A patrol as it is typed, with something said otherwise."""
    given = {**USUAL["patrol"]["log"][1], "patrolled_on": "2026-03-02", **more}
    return [part for name, value in given.items() for part in ("--set", f"{name}={value}")]


def test_chiefs_are_loaded_from_a_sheet_listed_and_checked(town: Town, flask: Any, refused: Callable[..., str],
                                                           tmp_path: Path) -> None:
    ground.drawn(town)
    ground.post("local", 3, "XH-CYZ", "officer2")
    path = tmp_path / "段长.xlsx"
    sheets.write_table(None, "chiefs", path)
    book = load_workbook(path)
    book.worksheets[0].append(["JJ-01", "铁路", "三级", "TL-NC", "railman", "工长", "2026-01-01", None])
    book.save(path)
    assert "段落 JJ-01 的三级段长缺铁路一方。" in flask("chiefs", "check").output
    assert flask("chiefs", "load", str(path), "--dry-run").exit_code == 0
    assert "铁路" not in flask("chiefs", "list").output
    assert flask("chiefs", "load", str(path)).exit_code == 0
    assert "JJ-01\t三级\t铁路\t南昌铁路工务段\trailman先生\t工长\t2026-01-01" in flask("chiefs", "list").output
    assert flask("chiefs", "check").output == "没有问题\n"
    assert "自 2026-04-01 起" in flask("chiefs", "set", "JJ-01", "local", "3", "--unit", "XH-TY", "--from", "2026-04-01").output
    assert "桃源街道" in flask("chiefs", "list", "--on", "2026-04-01").output
    assert "不是铁路一方的单位" in refused("chiefs", "set", "JJ-01", "rail", "2", "--unit", "XH-TY", "--from", "2026-04-01")


def test_patrols_are_counted_and_listed(town: Town, flask: Any, tmp_path: Path) -> None:
    assert "本系统没有这类记录" in flask("patrols", "count").output
    ground.staffed(town)
    act_in(town, "patrol_plan", "in_force")
    assert "开出联合巡查 3 项" in flask("jobs", "run", "daily-duties").output
    act_in(town, "patrol", "confirmed")
    said = flask("patrols", "count", "--from", "2026-03-01", "--to", "2026-03-31").output
    assert "JJ-01 京九线JJ-01段\t应巡 3\t已巡 1\t按期率 1/3 = 33.3%\t巡查 1 次\t单方记录 0\t里程覆盖 1600/3800 米 = 42.1%" in said
    found = json.loads(flask("patrols", "count", "--from", "2026-03-01", "--to", "2026-03-31", "--json").output)
    assert found["sections"][0]["coverage"] == "42.1"
    assert "双方已确认" in flask("patrols", "visits", "JJ-01", "--as", "dispatcher").output
    assert "已写出 1 次巡查" in flask("patrols", "visits", "JJ-01", "--as", "dispatcher", "--file", str(tmp_path / "a.xlsx")).output


@pytest.mark.parametrize(("more", "said"), [
    ({"mileage_to": "K1452+900"}, "里程 K1452+900 不在区段 JJ-01（K1449+000—K1452+800）内。"),
    ({"mileage_to": "K1449+000"}, "终点里程须大于起点里程。"),
    ({"patrolled_on": "2026-03-09"}, "巡查日期 2026年3月9日 还没有到。"),
    ({"patrolled_on": "2026-01-01"}, "2026年1月1日 的巡查已过 30 天，请写明补录理由。"),
    ({"rail_chief": "朱听雨"}, "地方和铁路的段长（代理人）不能是同一人。"),
])
def test_what_a_patrol_cannot_be_is_one_sentence(town: Town, refused: Callable[..., str], flask: Any, more: dict[str, str],
                                                 said: str) -> None:
    ground.staffed(town)
    assert said in refused("act", "open", "patrol", "--as", "officer", *log_with(**more))
    assert "XC-2026-0001 → 待对方确认" in flask("act", "open", "patrol", "--as", "officer", *log_with()).output
    assert "双方已确认" in flask("act", "step", "XC-2026-0001", "confirm", "--as", "railman", "--set", "text=属实").output
