"""`flask case …`: a case from assign to close by five people at the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.support.makers import Town, jpeg
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.services.cases import identities
from tracker.services.house.work import Work, deed

pytestmark = pytest.mark.one_engine

Run = Callable[..., Result]


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, str]:
    """A few photo files."""
    found = {}
    for number, name in enumerate(("before", "after", "onsite")):
        (tmp_path / f"{name}.jpg").write_bytes(jpeg(5000 + number))
        found[name] = str(tmp_path / f"{name}.jpg")
    return found


def test_five_people_take_a_case_from_assign_to_close(town: Town, flask: Run, photos: dict[str, str]) -> None:
    number = town.registered("H12345")
    steps = [
        ["assign", "--as", "dispatcher", "--set", "lead_unit=XH-CYZ", "--set", "supporting_units=XH-CG", "--set",
         "supporting_units=XH-TY"],
        ["acknowledge", "--as", "officer2"],
        ["add_evidence", "--as", "officer2", "--set", "evidence_role=before", "--evidence", photos["before"]],
        ["submit", "--as", "officer", "--set", "finding=属实", "--set", "measures=已清运", "--evidence", f"after:{photos['after']}"],
        ["verify", "--as", "verifier", "--set", "onsite_at=2026-03-02 08:30", "--set", "onsite_people=两人", "--set",
         "conclusion=到位",
         "--evidence", photos["onsite"]],
        ["close", "--as", "lead"],
    ]
    for seq, (step, *rest) in enumerate(steps, start=town.row(number).seq):
        done = flask("case", "step", number, step, *rest, "--seq", str(seq))
        assert done.exit_code == 0, done.output
        assert number in done.output
    shown = json.loads(flask("case", "show", number, "--json").output)
    assert (shown["state"], shown["state_word"], shown["seq"]) == ("closed", "已销号", 7)
    assert [f["kind"] for f in shown["facts"]][-2:] == ["case:verified", "case:closed"]
    assert len({f["actor_id"] for f in shown["facts"]}) == 6
    assert sorted(shown["supporting_units"]) == ["桃源街道", "西湖区城市管理局"]
    assert {e["role"] for e in shown["evidence"]} == {"before", "after", "onsite"}
    assert flask("ledger", "verify").exit_code == 0
    assert "已销号" in flask("case", "show", number.lower()).output


@pytest.mark.one_engine
def test_a_refused_step_is_one_sentence_and_changes_nothing(town: Town, refused: Callable[..., str]) -> None:
    number = town.registered()
    town.walk(number, "assign", "acknowledge", "submit")
    before = town.snapshot(number)
    assert "没有登录名为“ghost”" in refused("case", "step", number, "verify", "--as", "ghost")
    assert "没有名为“fly”的步骤" in refused("case", "step", number, "fly", "--as", "verifier")
    assert "请填写“现场核查时间”" in refused("case", "step", number, "verify", "--as", "verifier")
    assert "不接受“colour”" in refused("case", "step", number, "verify", "--as", "verifier", "--set", "colour=red")
    assert "没有等号" in refused("case", "step", number, "verify", "--as", "verifier", "--set", "red")
    assert "读不了" in refused("case", "step", number, "verify", "--as", "verifier", "--evidence", "nowhere.jpg")
    assert "来自整改单位" in refused("case", "step", number, "verify", "--as", "street_verifier", "--set", "onsite_at=2026-03-02 08:30",
                               "--set", "onsite_people=两人", "--set", "conclusion=好")
    assert "您看到的是第 2 条" in refused("case", "step", number, "verify", "--as", "verifier", "--seq", "2")
    assert "没有找到案件" in refused("case", "step", "XH-2020-000001", "close", "--as", "lead")
    assert town.snapshot(number) == before


@pytest.mark.one_engine
def test_an_administrator_takes_no_step_at_the_command_line_either(town: Town, refused: Callable[..., str]) -> None:
    number = town.registered()
    for step in CASE_FLOW.steps:
        assert refused("case", "step", number, step, "--as", "admin")
    assert town.row(number).seq == 1


@pytest.mark.one_engine
def test_the_steps_open_to_somebody_are_listed_with_their_fields(town: Town, flask: Run) -> None:
    number = town.registered()
    text = flask("case", "steps", number, "--as", "dispatcher").output
    assert "assign\t交办\t可办" in text
    assert "lead_unit\t主办单位" in text
    assert "不可办" in flask("case", "steps", number, "--as", "lead").output
    table = flask("case", "steps").output
    assert all(f"\n{name}\t" in f"\n{table}" for name in CASE_FLOW.steps)
    assert "D3JX" in flask("case", "sources").output


@pytest.mark.one_engine
def test_nothing_of_a_reporter_is_shown(town: Town, flask: Run) -> None:
    number = town.registered()
    keep_in(town.row(number).id)
    for args in (("case", "show", number), ("case", "show", number, "--json"), ("people", "list")):
        text = flask(*args).output
        assert "金丝雀" not in text
        assert "13800138000" not in text


@deed
def keep_in(work: Work, case_id: int) -> None:
    identities.keep(work, case_id, name="独特名字金丝雀", phone="13800138000")


@pytest.mark.one_engine
def test_a_case_that_is_not_there_is_a_sentence(refused: Callable[..., str]) -> None:
    assert "没有找到案件" in refused("case", "show", "XH-2020-000009")


def test_a_paper_and_a_batch_are_written_to_files_and_what_is_none_is_named(town: Town, flask: Run, refused: Callable[..., str],
                                                                          tmp_path: Path) -> None:
    number = town.registered("D3JX", batch_label="第3批")
    assert refused("case", "paper", number, "assignment", "--to", str(tmp_path / "a.docx")) == "案件交办之后才有交办单。"
    town.walk(number, "assign")
    done = flask("case", "paper", number, "assignment", "--as", "officer", "--to", str(tmp_path / "a.docx"))
    assert done.output.startswith(f"交办单 {number}") and (tmp_path / "a.docx").read_bytes().startswith(b"PK")
    assert "“a.txt”不是" in refused("case", "paper", number, "assignment", "--to", str(tmp_path / "a.txt"))
    done = flask("reports", "batch", "D3JX", "第3批", "--to", str(tmp_path / "b.xlsx"))
    assert done.exit_code == 0 and (tmp_path / "b.xlsx").is_file()
    assert refused("reports", "batch", "D3JX", "第9批", "--to", str(tmp_path / "c.xlsx")) == "没有找到“第9批”这一批案件。"


def test_what_waits_to_be_coordinated_is_listed_at_the_command_line_too(town: Town, flask: Run) -> None:
    number = town.case_in(CaseState.rectifying)
    assert flask("case", "matters").output == "共 0 件\n"
    town.do(number, "progress", matters="管线迁改", matters_to="区住建局")
    told = flask("case", "matters", "--as", "dispatcher").output
    assert told == f"{number}\t{town.clock.today()}\t{town.row(number).lead_unit.name}\t请区住建局\t管线迁改\n共 1 件\n"
    assert json.loads(flask("case", "matters", "--json").output)[0]["asked_of"] == "区住建局"
    assert "待协调：自" in flask("case", "show", number).output
