"""`flask programme show`: the table of a programme on a day, by its facts."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.acts import act_in, do
from tests.support.makers import Town
from tracker.domain.house.clock import SetClock

pytestmark = pytest.mark.one_engine


@pytest.fixture
def clock() -> SetClock:
    """The milestone of the usual programme is half over."""
    return SetClock(datetime(2026, 7, 1, 1, 0, tzinfo=UTC))


def test_a_programme_is_printed_on_a_day_with_what_was_planned_first(town: Town, cli: Any) -> None:
    number = act_in(town, "programme", "adopted")
    do(town, number, "programme", "revise")
    said = cli.invoke(args=["programme", "show", number]).output
    assert "朝阳新城\t一期摸排\t应达 33.3\t实际 0.0\t偏差 −33.3\t滞后" in said
    assert "2026-01-01 至 2027-06-30（原定 2026-12-31）" in said
    assert "红灯 1 项，本月调整 1 项" in said
    earlier = json.loads(cli.invoke(args=["programme", "show", number, "--on", "2026-06-30", "--json"]).output)
    assert earlier == {"on": "2026-06-30", "whole": None, "milestones": []}


@pytest.mark.parametrize(("args", "said"), [(("GH-2026-9999",), "没有找到事项“GH-2026-9999”，或您无权查看。"),
                                            (("{meeting}",), "“HY-2026-0001”不是规划。")])
def test_what_is_no_programme_is_refused_in_one_sentence(town: Town, cli: Any, args: tuple[str, ...], said: str) -> None:
    meeting = act_in(town, "meeting", "drafting")
    found = cli.invoke(args=["programme", "show", *(each.replace("{meeting}", meeting) for each in args)])
    assert found.exit_code != 0
    assert said in found.output
