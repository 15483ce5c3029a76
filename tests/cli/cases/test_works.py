"""`flask works count`, and works set and judged at the command line."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import load_workbook
from sqlalchemy import text

from tests.support.makers import Town, jpeg
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.works.listing import rows_of
from tracker.domain.cases.works.standards import WORK_STANDARDS
from tracker.services.house.work import reading
from tracker.services.rules import values

Run = Callable[..., Result]
GOOD = {"item_qing-1": "是", "item_qing-2": "是", "item_qing-3": "是"}


def judged(town: Town) -> str:
    number = town.case_in(CaseState.rectifying)
    town.take(number, "set_works", works="clear", standard="urban")
    town.do(number, "submit")
    town.do(number, "reject", **GOOD | {"item_qing-1": "否"})
    town.do(number, "submit")
    town.do(number, "verify", **GOOD | {"item_qing-3": "否"})
    return number


def test_the_count_says_that_works_do_not_add_up_to_cases(town: Town, flask: Run) -> None:
    judged(town)
    told = flask("works", "count", "--from", "2026-03-01", "--to", "2026-03-31").output
    assert "核查过的案件 1 件，首次通过 0/1 = 0.0 %" in told
    assert "城区\t清\t1 件\t首次通过 0/1 = 0.0 %\t末次核查均分 80.0 分（1 件）" in told
    assert "积存垃圾清零\t不合格 1/2 次" in told and "各类之和不等于案件数" in told
    found = json.loads(flask("works", "count", "--from", "2026-03-01", "--to", "2026-03-31", "--json").output)
    assert (found["cases"], found["works_sum"], found["lines"][0]["mean_score"]) == (1, 1, "80.0")
    assert flask("works", "count", "--from", "2026-04-01", "--to", "2026-04-30").output.startswith(
        "2026-04-01 至 2026-04-30 核查过的案件 0 件，首次通过 —")


def test_a_period_that_ends_before_it_begins_is_refused(town: Town, flask: Run) -> None:
    done = flask("works", "count", "--from", "2026-03-31", "--to", "2026-03-01")
    assert done.exit_code != 0 and "早于首日" in done.output + done.stderr


def test_the_standard_does_not_change_after_the_work_was_handed_in(town: Town, flask: Run) -> None:
    number = judged(town)
    town.do(number, "refuse_close")
    done = flask("case", "step", number, "set_works", "--as", "dispatcher", "--set", "works=clear", "--set", "standard=农村",
                 "--set", "reason=属镇")
    assert done.exit_code != 0 and "本案已报送过整改，不能再定或改“整治标准”。" in done.output + done.stderr


def test_a_verifier_answers_the_items_at_the_command_line(town: Town, flask: Run, tmp_path: Path) -> None:
    number = town.case_in(CaseState.rectifying)
    done = flask("case", "step", number, "set_works", "--as", "dispatcher", "--set", "works=清", "--set", "standard=城区")
    assert done.exit_code != 0 and "只能是" in done.output + done.stderr
    flask("case", "step", number, "set_works", "--as", "dispatcher", "--set", "works=clear", "--set", "standard=城区")
    town.do(number, "submit")
    (tmp_path / "a.jpg").write_bytes(jpeg(771))
    given = ["--set", "onsite_at=2026-03-02 08:30", "--set", "onsite_people=两人", "--set", "conclusion=到位",
             "--evidence", f"onsite:{tmp_path / 'a.jpg'}"]
    refused = flask("case", "step", number, "verify", "--as", "verifier", *given, "--set", "item_qing-1=否", "--set",
                    "item_qing-2=是", "--set", "item_qing-3=是")
    assert "★ 否决项为“否”：清·积存垃圾清零；评分 50/100 = 50.0" in refused.output + refused.stderr
    done = flask("case", "step", number, "verify", "--as", "verifier", *given, "--set", "item_qing-1=是", "--set",
                 "item_qing-2=是", "--set", "item_qing-3=不适用")
    assert done.exit_code == 0 and town.last(number)["score"] == "100.0"


def changed(path: Path, change: Callable[[Any], None]) -> str:
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return str(path)


def test_the_list_that_is_exported_and_loaded_again_changes_nothing(town: Town, flask: Run, tmp_path: Path) -> None:
    path = tmp_path / "标准.xlsx"
    flask("works", "export", str(path))
    before = reading().scalar(text("SELECT count(*) FROM facts"))
    said = flask("works", "load", str(path), "--from", "2026-03-02", "--as", "admin").output
    assert said == "新增 0 · 改动 0 · 去掉 0 · 不变 26\n没有变化，什么也没有写入。\n"
    assert reading().scalar(text("SELECT count(*) FROM facts")) == before


def test_a_list_that_was_changed_holds_from_its_day_on(town: Town, flask: Run, tmp_path: Path) -> None:
    path = tmp_path / "标准.xlsx"
    flask("works", "export", str(path))

    def change(sheet: Any) -> None:
        for row in sheet.iter_rows(min_row=2):
            if row[2].value in ("chai-2", "chai-3") and row[0].value == "城区":
                row[4].value = 30 if row[2].value == "chai-3" else 20
            if row[2].value == "chai-1" and row[0].value == "城区":
                row[4].value = 50

    changed(path, change)
    asked = ("works", "load", str(path), "--from", "2026-04-01", "--basis", "西整改办〔2026〕9号", "--as", "admin")
    assert flask(*asked, "--dry-run").output.startswith("新增 0 · 改动 2 · 去掉 0 · 不变 24\n只是试看")
    assert "自 2026-04-01 起按新标准核查" in flask(*asked).output
    points = {on: {row["code"]: row["points"] for row in rows_of(values.value(WORK_STANDARDS, on)) if row["standard"] == "urban"}
              for on in (date(2026, 3, 31), date(2026, 4, 1))}
    assert [found["chai-1"] for found in points.values()] == [40, 50]
    assert "没有变化" in flask(*asked).output


@pytest.mark.parametrize(("place", "value", "said"), [
    ("E2", 41, "各项分值之和应为 100，现为 101"), ("A2", "郊区", "第 2 行："), ("C3", "chai-1", "第 3 行：城区里代码“chai-1”用了两次"),
    ("E1", "得分", "表里缺“分值”一栏")])
def test_a_list_that_does_not_fit_is_refused_naming_the_place(town: Town, flask: Run, tmp_path: Path, place: str, value: object,
                                                            said: str) -> None:
    path = tmp_path / "标准.xlsx"
    flask("works", "export", str(path))

    def change(sheet: Any) -> None:
        sheet[place] = value

    done = flask("works", "load", changed(path, change), "--from", "2026-04-01", "--basis", "纪要", "--as", "admin")
    assert done.exit_code != 0 and said in done.stderr, done.output
