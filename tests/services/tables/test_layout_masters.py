"""Saved layouts as master data: mended line by line, carried in a sheet, and followed by the next import."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.makers import Town
from tracker.domain.house.errors import Refusal
from tracker.domain.tables.columns import CaseColumn
from tracker.services.house.master import history, loading, rows, sheets
from tracker.services.tables.imports import layouts
from tracker.storage.house.base import db
from tracker.storage.tables.imports import ImportLayout

pytestmark = pytest.mark.one_engine
GIVEN: dict[str, Any] = {"name": "热线日表", "source_key": "H12345", "unplaced": "逐行报错",
                         "mapping": "工单流水 = 受理编号\n诉求 = 问题描述\n经办 = 不导入\n灯光=度 = 问题类型",
                         "words": "问题类型：光=亮 = 其他\n行政区域：桃花源 = 不导入"}


def save(town: Town, key: str = "hotline", **more: Any) -> None:
    rows.save_row(town.actor("admin"), "layouts", key, {**GIVEN, **more})


def test_a_layout_of_lines_is_followed_by_imports_and_told_in_its_history(town: Town) -> None:
    save(town)
    found = layouts.layout_named(town.actor("dispatcher"), "热线日表")
    assert found.headers == ("工单流水", "诉求", "经办", "灯光=度")
    assert found.mapping == {"工单流水": "source_number", "诉求": "description", "经办": "", "灯光=度": "categories"}
    assert found.choices.values == {CaseColumn.categories: {"光=亮": "其他"}, CaseColumn.area: {"桃花源": "-"}}
    assert (found.source_key, found.choices.unplaced.value) == ("H12345", "error")
    rows.save_row(town.actor("admin"), "layouts", "hotline", {"name": "热线日报"})
    line = history.history_of(town.actor("admin"), "layouts", "hotline")[0]
    assert (line.act, line.cells) == ("保存", (("名称", "热线日表", "热线日报"),))


def test_what_is_exported_and_loaded_again_changes_nothing(town: Town, tmp_path: Path) -> None:
    save(town)
    path = tmp_path / "layouts.xlsx"
    sheets.write_table(None, "layouts", path)
    found = loading.load_table(None, "layouts", path)
    assert (found.count("same"), found.count("changed"), found.troubles) == (1, 0, ())


def test_a_layout_that_ended_is_not_chosen_from_the_day_after(town: Town) -> None:
    save(town)
    rows.end_row(town.actor("admin"), "layouts", "hotline", town.clock.today())
    assert layouts.layouts(town.actor("dispatcher"))
    town.days_pass(1)
    assert layouts.layouts(town.actor("dispatcher")) == ()


@pytest.mark.parametrize(("given", "said"), [
    ({"mapping": "诉求 = 什么"}, "第 1 行：没有“什么”这一栏"), ({"mapping": "工单 = 受理编号"}, "还没有选哪一列是“问题描述”"),
    ({"mapping": "诉求 = 问题描述\n内容 = 问题描述"}, "第 2 行：已有一列对应“问题描述”"), ({"mapping": "诉求"}, "第 1 行应写成"),
    ({"mapping": "诉求 = 问题描述\n诉求 = 不导入"}, "第 2 行的表头“诉求”重复"), ({"words": "灯光 = 其他"}, "第 1 行应写成“栏目：词 = 意思”"),
    ({"source_key": "NOWHERE"}, "“来源”"), ({"unplaced": "随便"}, "“没有写明区划的行”只能是"),
])
def test_a_bad_line_is_named_and_nothing_is_kept(town: Town, given: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        save(town, **given)
    assert db.session.scalars(db.select(ImportLayout)).all() == []


def test_two_layouts_in_force_have_two_names(town: Town) -> None:
    save(town)
    with pytest.raises(Refusal, match="已有名为“热线日表”的版式"):
        save(town, "other")
