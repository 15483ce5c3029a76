"""`flask sites …`."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.makers import Town
from tracker.services.house.master import rows

pytestmark = pytest.mark.one_engine


def test_the_list_is_printed_whole_and_by_class(town: Town, flask: Run) -> None:
    rows.save_row(town.actor("clerk"), "sites", None, {"name": "桃花纺织有限公司", "kind": "company", "area_code": "360103"})
    assert "桃花纺织有限公司" in flask("sites", "list").output
    result = flask("sites", "list", "--class", "A")
    assert (result.exit_code, result.output) == (0, "")


def test_registers_go_in_and_out_by_command_and_classes_are_counted_on_a_day(town: Town, flask: Run, tmp_path: Path) -> None:
    path = tmp_path / "登记.csv"
    path.write_text("名称,登记编号,有效期起\n甲厂,登1,2025-01-01\n乙厂,登2,2025-01-01\n", encoding="utf-8")
    said = flask("data", "import", str(path), "--register", "registration").output
    assert "新增 2 条（新监管对象 2 个）" in said and "批次 IMP-2026-0001" in said
    assert "已导出 2 条" in flask("data", "export", "--register", "registration", "--to", str(tmp_path / "出.csv")).output
    assert "排污登记" in flask("data", "batches").output
    assert "2 条作废" in flask("data", "withdraw", "IMP-2026-0001").output
    path.write_text(path.read_text(encoding="utf-8") + "丙厂,登3,2025-13-01\n", encoding="utf-8")
    bad = flask("data", "import", str(path), "--register", "registration", "--errors", str(tmp_path / "错.xlsx"))
    assert "第 4 行“有效期起”" in bad.output and (tmp_path / "错.xlsx").exists()
    assert "合计\t0" in flask("sites", "classes", "--on", "2026-03-01").output
