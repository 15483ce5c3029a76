"""`flask master …`: the same rows and the same refusals as on the pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
pytestmark = pytest.mark.one_engine


def test_a_table_is_listed_shown_set_and_ended(flask: Run, refused: Callable[..., str]) -> None:
    assert "sources\t来源" in flask("master", "list").output
    assert "网络留言" in flask("master", "list", "sources").output
    assert "is_notice_required\t销号前须公示" in flask("master", "show", "sources").output
    assert "已新增 sources D4JX" in flask("master", "set", "sources", "D4JX", "name=第四轮中央督察", "kind=inspectorate",
                                       "channel=上级转办", "valid_from=2026-12-01").output
    assert "已改动 sources D4JX" in flask("master", "set", "sources", "D4JX", "is_notice_required=是").output
    assert "最后一天是 2026-12-31" in flask("master", "end", "sources", "D4JX", "--on", "2026-12-31").output
    assert "销号前须公示：否 → 是" in flask("master", "show", "sources", "D4JX").output
    assert "必须填写" in refused("master", "set", "sources", "D5JX", "name=甲")
    assert "没有主数据表" in refused("master", "list", "nothing")
    assert "里没有“D9”" in refused("master", "end", "sources", "D9", "--on", "2026-12-31")


def test_a_table_goes_out_and_comes_back(flask: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert flask("master", "export", "sources", "--to", str(path)).exit_code == 0
    assert "新增 0 · 改动 0 · 不变 12 · 表中没有 0（不动）" in flask("master", "load", "sources", str(path), "--dry-run").output
    bad = tmp_path / "b.csv"
    bad.write_text("代码,默认渠道\nMSG,飞鸽\n", encoding="utf-8")
    done = flask("master", "load", "sources", str(bad), "--errors", str(tmp_path / "e.xlsx"))
    assert done.exit_code == 1
    assert "有误：第 2 行" in done.output
    assert (tmp_path / "e.xlsx").exists()
