"""`flask act` of operations and interviews: what is found, refused and counted at the command line."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.coordination.counts import FIGURES

pytestmark = pytest.mark.one_engine
Run = Callable[..., Result]
WINDOW = ("--from", "2026-03-01", "--to", "2026-03-31")


def test_figures_are_printed_with_what_they_mean_and_the_list_behind(town: Town, flask: Run) -> None:
    number = act_in(town, "operation", "under_way")
    do(town, number, "operation", "set_forces")
    do(town, number, "operation", "find")
    do(town, number, "operation", "set_forces", person_count="10", reason="两人请假")
    said = flask("act", "count", *WINDOW, "--list").output
    assert "零点行动\t1 次\t期内开始、未取消的行动，按开始那一刻的日期计\n\t" + number + "\t1 次\n" in said
    assert f"出动人员\t10 人次\t上述行动各单位最后填报的人员之和\n\t{number}\t10 人次\n" in said
    assert "已整改\t0 个（0/1，0.0%）" in said
    assert "约谈\t—\t本系统没有这类记录\n" in said
    assert flask("act", "count", *WINDOW, "--area", "360102").output.count("—\t本系统没有这类记录") == len(FIGURES)
    plain = json.loads(flask("act", "count", *WINDOW, "--json").output)
    assert {each["key"]: each["count"] for each in plain}["operations.vehicles"] == 4


def test_a_correction_after_the_window_is_printed(town: Town, flask: Run) -> None:
    number = act_in(town, "operation", "under_way")
    do(town, number, "operation", "set_forces")
    do(town, number, "operation", "set_forces", person_count="10", reason="两人请假")
    said = flask("act", "count", "--from", "2026-03-01", "--to", "2026-03-02").output
    assert "更正" not in said
    town.clock.move_to(town.clock.now().replace(day=5))
    do(town, number, "operation", "set_forces", person_count="9", reason="又少一人")
    assert f"更正\t{number}\t2026-03-05，" in flask("act", "count", "--from", "2026-03-01", "--to", "2026-03-02").output


@pytest.mark.parametrize(("args", "said"), [
    (("--from", "2026-03-02", "--to", "2026-03-01"), "截止日 2026年3月1日 早于起始日 2026年3月2日。"),
    (("--from", "三月", "--to", "2026-03-01"), "应为日期")])
def test_a_window_that_is_none_is_refused_in_one_sentence(town: Town, flask: Run, args: tuple[str, ...], said: str) -> None:
    refused = flask("act", "count", *args)
    assert refused.exit_code != 0
    assert said in refused.output


def test_bad_input_is_refused_at_the_command_line_as_on_the_page(town: Town, flask: Run) -> None:
    number, called = act_in(town, "operation", "under_way"), opened(town, "interview")
    do(town, number, "operation", "set_forces")
    rows: list[tuple[str, list[str], str]] = [
        (number, ["set_forces", "--set", "unit=XH-CYZ", "--set", "vehicle_count=4", "--set", "person_count=10"], "要更正请写明理由"),
        (number, ["begin", "--set", "began_at=2026-03-02 00:10"], "行动现为“行动中”"),
        (number, ["report", "--set", "ended_at=2026-03-02 03:00", "--set", "text=略"], "还没有检查任何点位"),
        (called, ["hold", "--set", "held_at=2026-03-01 08:00", "--set", "host=lead", "--set", "came=站长", "--set", "text=略",
                  "--set", "demands=略"], "约谈时间早于通知日期"),
    ]
    for act, args, said in rows:
        refused = flask("act", "step", act, *args, "--as", "dispatcher")
        assert refused.exit_code != 0
        assert said in refused.output, args
