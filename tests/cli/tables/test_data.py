"""`flask data …`: what an operator sees, and what bad input gets."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.support.makers import Town
from tests.support.tables import published, published_row, save_csv, save_xlsx
from tracker.gateways.evidence.file_kinds import OLE

Run = Callable[..., Result]
Refused = Callable[..., str]
pytestmark = pytest.mark.one_engine


def test_a_table_goes_in_is_listed_goes_out_and_is_taken_back(flask: Run, tmp_path: Path) -> None:
    path = str(save_xlsx(tmp_path / "一览表.xlsx", {"表": published(3)}))
    assert "将新增 3 件" in flask("data", "import", path, "--source", "D3JX", "--dry-run").stdout
    entered = flask("data", "import", path, "--source", "D3JX")
    assert entered.exit_code == 0
    assert "新增 3 件，已有 0 件，有误 0 行" in entered.stdout and "批次 IMP-2026-0001" in entered.stdout
    assert "未作任何改动" in flask("data", "import", path, "--source", "D3JX").stdout
    assert "IMP-2026-0001" in flask("data", "batches").stdout
    out = flask("data", "export", "--to", str(tmp_path / "登记表.xlsx"), "--where", "source=D3JX")
    assert out.exit_code == 0 and "已导出 3 件" in out.stdout
    assert "3 件作废" in flask("data", "withdraw", "IMP-2026-0001").stdout
    assert "D3JX  第三轮中央" in flask("data", "sources").stdout


def test_a_person_may_be_named_and_their_rights_hold(flask: Run, refused: Refused, tmp_path: Path) -> None:
    path = str(save_xlsx(tmp_path / "t.xlsx", {"表": published(1)}))
    assert "权限" in refused("data", "import", path, "--as", "officer")
    assert "没有登录名" in refused("data", "import", path, "--as", "nobody")
    assert flask("data", "import", path, "--as", "clerk").exit_code == 0
    assert "权限" in refused("data", "export", "--to", str(tmp_path / "r.xlsx"), "--as", "verifier")


def test_wrong_rows_are_shown_written_to_a_workbook_and_can_be_skipped(flask: Run, tmp_path: Path) -> None:
    path = str(save_xlsx(tmp_path / "t.xlsx", {"表": [*published(1), published_row(2, 是否属实="也许")]}))
    errors = tmp_path / "错误.xlsx"
    result = flask("data", "import", path, "--errors", str(errors))
    assert result.exit_code == 1
    assert result.stderr.strip() == ("有 1 行有误，未导入任何案件。第一处：工作表“表”第 5 行“是否属实”只能是 属实、基本属实、部分属实、不属实（或 是、否）；"
                                     "“也许”无法识别。")
    assert errors.exists() and str(errors) in result.stdout
    assert "新增 1 件，已有 0 件，有误 1 行" in flask("data", "import", path, "--skip-bad").stdout


@pytest.mark.parametrize(("name", "body", "says"), [
    ("旧.xls", OLE + b"\0" * 600, "旧版 .xls"), ("密.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") * 9, "打开密码"),
    ("空.csv", b"", "0 字节"), ("断.xlsx", b"PK\x03\x04" + b"\0" * 99, "损坏"), ("图.csv", b"\x89PNG\r\n\x1a\n", "PNG"),
    ("生.csv", "月份,件数\n1,2\n".encode("gb18030"), "月份、件数"),
])
def test_what_is_no_table_gets_one_sentence(refused: Refused, tmp_path: Path, name: str, body: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(body)
    assert says in refused("data", "import", str(tmp_path / name))


def test_other_slips_get_one_sentence_each(refused: Refused, town: Town, tmp_path: Path) -> None:
    table = str(save_csv(tmp_path / "t.csv", published(1), "gb18030"))
    assert "找不到文件" in refused("data", "import", str(tmp_path / "没有.xlsx"))
    assert "D3JX" in refused("data", "import", table, "--source", "没有")
    assert ".xlsx" in refused("data", "import", str(save_csv(tmp_path / "b.csv", [*published(0), published_row(1, 是否属实="也许")])),
                              "--errors", str(tmp_path / "e.csv"))
    assert ".xlsx 或 .csv" in refused("data", "export", "--to", str(tmp_path / "r.xls"))
    assert "没有等号" in refused("data", "export", "--to", str(tmp_path / "r.csv"), "--where", "state")
    assert "不能按“颜色”" in refused("data", "export", "--to", str(tmp_path / "r.csv"), "--where", "颜色=红")
    assert "应为日期" in refused("data", "export", "--to", str(tmp_path / "r.csv"), "--as-of", "昨天")
    assert "没有导入批次" in refused("data", "withdraw", "IMP-1")
