"""`flask act …`: a meeting from its preparation to its end by several people at the command line, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.support.acts import act_in, do
from tests.support.makers import Town, jpeg

pytestmark = pytest.mark.one_engine

Run = Callable[..., Result]


def test_a_meeting_goes_from_open_to_issued_and_its_duty_is_answered_and_checked(town: Town, flask: Run, tmp_path: Path) -> None:
    (tmp_path / "现场.jpg").write_bytes(jpeg(77))
    opened = flask("act", "open", "meeting", "--as", "dispatcher", "--set", "series=铁路沿线", "--set", "title=三月例会", "--set",
                   "planned_on=2026-03-10")
    assert opened.output == "HY-2026-0001 → 筹备\n"
    number = "HY-2026-0001"
    for args in (["add_item", "--as", "officer", "--set", "question=由谁清运"],):
        assert flask("act", "step", number, *args).exit_code != 0  # whose unit has nothing to do with it yet
    steps = [
        (["add_item", "--as", "dispatcher", "--set", "question=由谁清运"], "列入议题 → 筹备（第 2 条记录）"),
        (["call", "--as", "dispatcher", "--set", "held_at=2026-03-10 09:30", "--set", "place=三楼", "--set", "chair=lead", "--set",
          "units=XH-CYZ"], "通知开会 → 已通知（第 3 条记录）"),
        (["note", "--as", "officer", "--set", "noted_on=2026-03-02", "--set", "text=已收到", "--evidence",
          str(tmp_path / "现场.jpg")], "记事 → 已通知（第 4 条记录）"),
    ]
    for args, said in steps:
        assert flask("act", "step", number, *args).output == f"{number} {said}\n"
    shown = flask("act", "show", number, "--as", "dispatcher").output
    assert "联席会议：已通知（第 4 条记录）" in shown
    assert "hold\t记录召开\t可办" in shown


def test_a_duty_is_answered_and_checked_at_the_command_line(town: Town, flask: Run) -> None:
    number = act_in(town, "meeting", "held")
    do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ", due_on="2026-03-20")
    assert "报结果" in flask("act", "step", number, "answer", "--duty", "1", "--as", "officer", "--set", "text=已清运").output
    refused = flask("act", "step", number, "pass", "--duty", "1", "--as", "street_verifier", "--set", "text=看过")
    assert refused.exit_code != 0
    assert "承办单位以外" in refused.output
    assert flask("act", "step", number, "pass", "--duty", "1", "--as", "verifier", "--set", "text=看过").exit_code == 0
    told = json.loads(flask("act", "show", number, "--json").output)
    assert [duty["state"] for duty in told["duties"]] == ["met"]
    assert told["facts"][-1]["kind"] == "duty:passed"


def test_lists_and_tables_are_told_and_absent_and_forbidden_alike(town: Town, flask: Run) -> None:
    number = act_in(town, "meeting", "drafting")
    assert number in flask("act", "list").output
    assert number in flask("act", "list", "--kind", "meeting", "--as", "lead").output
    assert flask("act", "list", "--over").output == ""
    assert flask("act", "list", "--as", "other_lead").output == ""
    for wanted in (number, "HY-2026-0099"):
        assert f"没有找到事项“{wanted}”，或您无权查看。" in flask("act", "show", wanted, "--as", "other_lead").output
    assert "decide_item\t议定\t已召开 → 不变" in flask("act", "steps", "meeting").output


def test_an_old_number_of_a_record_is_refused(town: Town, flask: Run) -> None:
    number = act_in(town, "meeting", "called")
    late = flask("act", "step", number, "cancel", "--as", "dispatcher", "--set", "reason=并入下月", "--seq", "1")
    assert late.exit_code != 0
    assert "现在已有第 3 条" in late.output
