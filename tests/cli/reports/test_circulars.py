"""`flask reports circular | edit | sign` as somebody types them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.support.makers import Town
from tracker.services.cadence import beats
from tracker.services.house.work import wiring

pytestmark = pytest.mark.one_engine
Run = Callable[..., Any]
THAT = ("--period", "2026-03")


@pytest.fixture
def composed(town: Town) -> Town:
    """March with one case, composed on 1 April."""
    town.walk(town.registered(), "assign", "acknowledge")
    beats.run_due()
    town.clock.move_to(datetime(2026, 4, 1, 9, 1, tzinfo=wiring().zone))
    beats.run("monthly-circular", "2026-03")
    return town


def test_a_circular_is_shown_edited_and_signed(composed: Town, flask: Run, tmp_path: Path) -> None:
    shown = flask("reports", "circular", *THAT).stdout
    assert "待签发，2026-04-03 前签发" in shown and "[to] " in shown
    edited = flask("reports", "edit", *THAT, "--as", "dispatcher", "--block", "to", "--text", "各街道 12 家单位")
    assert (edited.exit_code, edited.stdout) == (0, "已保存，改动 1 段\n以下数字不在本期统计中，请核对：12\n")
    assert "没有改动" in flask("reports", "edit", *THAT, "--as", "dispatcher", "--block", "to", "--text", "各街道 12 家单位").stdout
    assert "（已改） 各街道 12 家单位" in flask("reports", "circular", *THAT).stdout
    flask("reports", "edit", *THAT, "--as", "dispatcher", "--block", "to", "--restore")
    assert "（已改）" not in flask("reports", "circular", *THAT).stdout
    signed = flask("reports", "sign", *THAT, "--as", "lead", "--serial", "5")
    assert signed.exit_code == 0 and "已签发，西环督〔2026〕5号，摘要 " in signed.stdout
    flask("reports", "render", "monthly", *THAT, "--format", "docx", "--to", str(tmp_path / "x.docx"))
    assert "西环督〔2026〕5号" in [line.text for line in docx.Document(str(tmp_path / "x.docx")).paragraphs]
    assert flask("reports", "verify", "monthly").exit_code == 0


def test_the_same_refusals_as_on_the_pages(composed: Town, flask: Run) -> None:
    for args, said in ((("edit", *THAT, "--as", "lead", "--block", "to", "--text", "各单位"), "由调度员修改，由区领导签发"),
                       (("sign", *THAT, "--as", "dispatcher"), "由调度员修改，由区领导签发"),
                       (("edit", *THAT, "--as", "dispatcher", "--block", "to"), "请给出 --text、--from 或 --restore"),
                       (("circular", "--period", "2026-01"), "没有“2026-01”这一期的通报")):
        refused = flask("reports", *args)
        assert refused.exit_code != 0 and said in refused.stderr and len(refused.stderr.strip().splitlines()) == 1
