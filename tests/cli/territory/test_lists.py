"""`flask list`: the same refusals as on the pages, and what is written comes back."""

from pathlib import Path
from typing import Any

import pytest

from tests.support import rule_lists
from tests.support.makers import Town
from tracker.domain.territory.responsibility import lines_digest
from tracker.services.house.work import reading
from tracker.services.territory.lists import versions

pytestmark = pytest.mark.one_engine


def said(cli: Any, *words: str, fails: bool = False) -> str:
    done = cli.invoke(args=["list", *words])
    assert (done.exit_code != 0) is fails, done.output
    return str(done.output)


def test_a_list_goes_from_draft_to_force_by_two_persons(town: Town, cli: Any, tmp_path: Path) -> None:
    assert "没有责任清单的草稿" in said(cli, "preview", fails=True)
    assert "第 1 版草稿，0 条" in said(cli, "draft", "--title", "区责任清单", "--as", "admin")
    assert "第 1 版还是草稿" in said(cli, "draft", fails=True)
    assert "没有“拟责任清单”的权限" in said(cli, "drop", "--as", "lead", fails=True)
    assert cli.invoke(args=["master", "set", "routing", "1", "lead_unit=XH-HB", "reason=兜底"]).exit_code == 0
    assert cli.invoke(args=["master", "set", "routing", "2", "category=noise", "lead_unit=XH-CG", "reason=噪声"]).exit_code == 0
    number = town.registered(categories=("noise",))
    assert "无人 → 西湖区城市管理局：近 90 日 1 件，在办 1 件" in said(cli, "preview")
    assert "没有“启用责任清单”的权限" in said(cli, "activate", "--as", "admin", fails=True)
    assert "有人改了这份草稿" in said(cli, "activate", "--as", "lead", "--seen", "1", fails=True)
    assert "只能从今天" in said(cli, "activate", "--as", "lead", "--on", "2026-03-01", fails=True)
    assert "第 1 版自 2026-03-02 起用" in said(cli, "activate", "--as", "lead", "--seen", "3")
    assert "只在草稿里改" in cli.invoke(args=["master", "set", "routing", "2", "lead_unit=XH-HB"]).output
    town.do(number, "assign", lead_unit="XH-CG", supporting_units="")
    assert town.last(number)["routing_clause"] == "2"


def test_what_is_exported_is_loaded_into_an_empty_draft(town: Town, cli: Any, tmp_path: Path) -> None:
    rule_lists.in_force(town, {1: {"lead_unit": "XH-HB"}, 2: {"category": "noise", "lead_unit": "XH-CG", "keywords": "夜间、施工"}})
    path = str(tmp_path / "清单.xlsx")
    said(cli, "export", "1", "--to", path)
    assert "已存在" in said(cli, "export", "--to", path, fails=True)
    said(cli, "export", "--to", str(tmp_path / "清单.docx"))
    assert (tmp_path / "清单.docx").read_bytes()[:2] == b"PK"
    said(cli, "draft", "--copy", "0")
    assert "新增 2" in said(cli, "load", path, "--dry-run") and not versions.rules_of(reading(),
                                                                                    versions.version_named(reading(), 2))
    assert "新增 2" in said(cli, "load", path)
    first, second = (versions.version_named(reading(), number) for number in (1, 2))
    assert lines_digest(versions.rules_of(reading(), second)) == first.lines_digest
    assert "第 2 条已从第 2 版草稿删去" in said(cli, "remove", "2")
    assert "第 2 版草稿已作废" in said(cli, "drop")
    assert "已作废" in said(cli, "show") and "夜间" in said(cli, "show", "1")
