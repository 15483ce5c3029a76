"""Standing in at the command line: `flask delegations …` arranges it, `flask case step --for` uses it while it holds."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from tests.support.makers import Town
from tests.support.substitutes import delegate
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine


def test_a_step_is_taken_in_somebodys_place_and_told_so(
    town: Town, flask: Callable[..., Result], refused: Callable[..., str]
) -> None:
    number = town.case_in(CaseState.assigned)
    given = ("case", "step", number, "acknowledge", "--as", "clerk", "--for", "officer")
    assert "今天没有委托您代办" in refused(*given)
    delegate(town, "officer", "clerk")
    done = flask(*given)
    assert done.exit_code == 0, done.output
    assert "clerk先生 代 officer先生" in flask("case", "show", number).output


def test_a_delegation_is_arranged_listed_used_and_ended(town: Town, flask: Callable[..., Result],
                                                        refused: Callable[..., str]) -> None:
    number = town.case_in(CaseState.assigned)
    made = flask("delegations", "add", "officer", "clerk", "--to", "2026-03-06", "--reason", "休假")
    assert (made.exit_code, made.output) == (0, "已登记委托 1：clerk 代 officer，2026-03-02 至 2026-03-06\n")
    assert "clerk先生(clerk) 代 officer先生(officer)\t2026-03-02 至 2026-03-06\t正在代办" in flask("delegations", "list").output
    assert flask("case", "step", number, "acknowledge", "--as", "clerk", "--for", "officer").exit_code == 0
    assert flask("delegations", "end", "1").exit_code == 0
    assert flask("delegations", "list").output == ""
    assert "今天没有委托您代办" in refused("case", "step", number, "comment", "--as", "clerk", "--for", "officer", "--set", "text=x")
    assert "没有这项委托，或它已经结束" in refused("delegations", "end", "1")


def test_what_is_to_come_is_listed_with_the_person_alone(town: Town, flask: Callable[..., Result],
                                                         refused: Callable[..., str]) -> None:
    flask("delegations", "add", "lead", "lead2", "--from", "2026-03-10", "--to", "2026-03-12")
    assert flask("delegations", "list").output == ""
    assert "尚未开始" in flask("delegations", "list", "lead2").output
    (line,) = json.loads(flask("delegations", "list", "lead", "--json").output)
    assert (line["substitute_login"], line["from_on"], line["stands"]) == ("lead2", "2026-03-10", "coming")
    assert "“king”" in refused("delegations", "list", "king")
    assert refused("delegations", "add", "lead", "lead2", "--to", "2026-03-01")
