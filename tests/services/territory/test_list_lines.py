"""Lines of the responsibility list as master data: only a draft is written; and limits, where a later one follows."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.support import rule_lists
from tests.support.makers import Town
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, WrongState
from tracker.domain.rules.limits import Stage, choose
from tracker.domain.territory.responsibility import lines_digest
from tracker.services.house.master import history, loading, rows, sheets
from tracker.services.house.master.loading import BadSheet
from tracker.services.house.work import reading
from tracker.services.rules import rules
from tracker.services.territory.lists import versions
from tracker.services.upkeep import integrity
from tracker.storage.house.base import db

LINE = {"category": "噪声", "area_code": "360103", "keywords": "夜间施工、浇筑", "lead_unit": "XH-CG", "supporting_units": "XH-HB",
        "reason": "夜间施工由城管牵头", "basis": "区责任清单第9条", "work": "清"}


def test_a_line_is_written_into_a_draft_and_holds_once_that_is_in_force(town: Town) -> None:
    today = town.clock.today()
    rule_lists.drafted(town, {901: LINE})
    assert rules.routing(today) == ()
    rows.save_row(town.actor("admin"), "routing", "901", {"lead_unit": "XH-HB", "supporting_units": "XH-CG"})
    assert [entry.act for entry in history.history_of(None, "routing", "901")] == ["设定", "设定"]
    versions.activate(town.actor("lead"), versions.ActivateOrder(1, today, reason="其余由调度员判定"))
    (line,) = rules.routing(today)
    assert (line.category, line.keywords, line.lead_unit_code, line.supporting_unit_codes, line.work, line.clause) == (
        "noise", ("夜间施工", "浇筑"), "XH-HB", ("XH-CG",), "clear", "901")


def test_no_door_changes_a_line_of_a_version_in_force(town: Town, tmp_path: Path) -> None:
    rule_lists.in_force(town, {1: LINE})
    with pytest.raises(WrongState, match="只在草稿里改"):
        rows.save_row(None, "routing", "1", {"lead_unit": "XH-HB"})
    with pytest.raises(WrongState, match="只在草稿里改"):
        rows.save_row(town.actor("admin"), "routing", "2", LINE)
    with pytest.raises(WrongState, match="不是草稿"):
        versions.remove_line(town.actor("admin"), 1, 1)
    for statement in ("UPDATE routing_rules SET lead_unit_code = 'XH-HB'", "DELETE FROM routing_rules", "DELETE FROM rule_lists",
                      "UPDATE rule_lists SET title = 'x'", "UPDATE rule_lists SET edited_by_id = NULL",
                      "INSERT INTO routing_rules (list_id, number, clause, category, area_code, keywords, side, work, "
                      "lead_unit_code, supporting_unit_codes, reason, basis) "
                      "SELECT id, 9, '', '', '', '', '', '', 'XH-HB', '', 'x', '' FROM rule_lists"):
        with pytest.raises(DatabaseError, match="settled"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert integrity.verify().first is None


@pytest.mark.parametrize(("given", "sentence"), [
    ({"lead_unit": "XX"}, "“主办单位代码”"), ({"supporting_units": "XX"}, "没有现存的单位“XX”"), ({"area_code": "999999"}, "“区划”"),
    ({"valid_from": "2027-01-01", "valid_to": "2026-12-31"}, "终止日不能早于"), ({"reason": ""}, "“理由”必须填写"),
    ({"supporting_units": "XH-HB、XH-CG"}, "不能同时协办"), ({"keywords": "夜间施工、灰"}, "只有一个字"), ({"work": "修"}, "“整治内容”"),
])
def test_a_bad_line_is_one_sentence(town: Town, given: dict[str, str], sentence: str) -> None:
    rule_lists.drafted(town)
    with pytest.raises((Invalid, Incomplete), match=sentence):
        rows.save_row(None, "routing", "902", {**LINE, **given})


def test_two_lines_with_the_same_criteria_and_other_units_are_refused_by_number(town: Town) -> None:
    rule_lists.drafted(town, {7: LINE})
    with pytest.raises(Conflict, match="第 7 条和第 19 条的条件相同"):
        rows.save_row(None, "routing", "19", {**LINE, "keywords": "浇筑、夜间施工", "lead_unit": "XH-TY"})
    rows.save_row(None, "routing", "19", {**LINE, "keywords": "浇筑", "lead_unit": "XH-TY"})


def test_a_list_is_written_out_and_read_into_an_empty_draft_with_the_same_digest(town: Town, tmp_path: Path) -> None:
    lines = {1: LINE, 2: {"category": "water", "lead_unit": "XH-HB", "clause": "二（3）", "valid_to": "2027-12-31"},
             3: {"area_code": "360103011", "lead_unit": "XH-TY"},
             4: {"category": "railway", "side": "inside", "lead_unit": "TL-NC"}}
    first = versions.version_named(reading(), rule_lists.in_force(town, lines))
    sheets.write_table(None, "routing", tmp_path / "清单.xlsx")
    assert rule_lists.drafted(town, copied_from=0) == 2
    found = loading.load_table(None, "routing", tmp_path / "清单.xlsx")
    assert (found.count("added"), found.troubles) == (4, ())
    draft = versions.version_named(reading(), 2)
    assert lines_digest(versions.rules_of(reading(), draft)) == first.lines_digest


def test_a_sheet_with_a_bad_line_enters_nothing_and_names_the_row(town: Town, tmp_path: Path) -> None:
    rule_lists.in_force(town, {1: LINE, 2: {**LINE, "keywords": "空调外机"}})
    sheets.write_table(None, "routing", tmp_path / "清单.xlsx")
    rule_lists.drafted(town, {5: {**LINE, "lead_unit": "XH-TY"}}, copied_from=0)
    with pytest.raises(BadSheet, match="第 2 行：第 1 条和第 5 条的条件相同"):
        loading.load_table(None, "routing", tmp_path / "清单.xlsx")
    assert [line.number for line in versions.rules_of(reading(), versions.version_named(reading(), 2))] == [5]


def test_a_limit_is_followed_by_a_later_one(town: Town) -> None:
    later = town.clock.today() + timedelta(days=10)
    key = f"rectify/H12345/{later}"
    rows.save_row(town.actor("admin"), "limits", key, {"amount": 4, "unit": "工作日", "basis": "西环整改〔2026〕1号"})
    assert choose(rules.limits(), "H12345", Stage.rectify, later).amount == 4
    assert choose(rules.limits(), "H12345", Stage.rectify, town.clock.today()).amount != 4
    assert len(history.history_of(None, "limits", key)) == 1
    with pytest.raises(Invalid, match="“期限”启用后不能改"):
        rows.save_row(None, "limits", key, {"amount": 5})
    with pytest.raises(Invalid, match="不能倒签"):
        rows.save_row(None, "limits", "rectify/H12345/2020-01-01", {"amount": 4, "unit": "工作日", "basis": "某文件"})
