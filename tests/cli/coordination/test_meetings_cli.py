"""`flask meetings backlog`: what waits for a joint meeting, why and how long."""

import json
from datetime import datetime
from typing import Any

import pytest

from tests.support.acts import do, opened
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.services.house.work import wiring

pytestmark = pytest.mark.one_engine


def test_what_waits_is_printed_with_why_how_long_and_on_which_agenda_it_stands(town: Town, cli: Any) -> None:
    case = town.case_in(CaseState.disputed)
    town.clock.move_to(datetime(2026, 3, 10, 9, tzinfo=wiring().zone))
    number = opened(town, "meeting")
    assert cli.invoke(args=["meetings", "backlog"]).output == f"{case}\t已等 8 天\t争议逾期未裁定\n待议事项 1 项\n"
    do(town, number, "meeting", "add_item", target=case)
    plain = json.loads(cli.invoke(args=["meetings", "backlog", "--as", "dispatcher", "--json"]).output)
    assert plain == [{"number": case, "since_on": "2026-03-02", "days": 8, "listed": number,
                      "reasons": [{"why": "disputed", "since_on": "2026-03-02", "position": None}]}]
    assert cli.invoke(args=["meetings", "backlog", "--as", "neighbour"]).output == "待议事项 0 项\n"
