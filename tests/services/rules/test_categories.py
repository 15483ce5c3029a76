"""Problem types as master data: chosen from a day to a day, called as their rows say, with questions that must be answered."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.makers import Town
from tests.support.tables import save_csv
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotFound, Refusal
from tracker.domain.rules.periods import Window, period_named
from tracker.services.house.master import history, rows
from tracker.services.house.work import reading
from tracker.services.reports.inputs import gather
from tracker.services.rules import values
from tracker.services.rules.categories import categories
from tracker.services.tables.importing import BadRows, import_file
from tracker.services.upkeep import integrity
from tracker.storage.cases import page
from tracker.storage.cases.register import register
from tracker.storage.cases.register.filters import Filters
from tracker.storage.house.base import db

LIGHT: dict[str, Any] = {"name": "光污染", "place": 85, "aliases": "灯光、照明扰民", "valid_from": date(2026, 3, 2)}
ASKED: dict[str, Any] = {"word": "灯牌朝向", "kind": "选择", "choices": "居民楼、街面", "place": 10, "is_required": "是",
                         "valid_from": date(2026, 3, 2)}


def add_light(town: Town, **more: Any) -> None:
    rows.save_row(town.actor("admin"), "categories", "light", {**LIGHT, **more})


def ask(town: Town, key: str = "light/outlet", **more: Any) -> None:
    rows.save_row(town.actor("admin"), "questions", key, {**ASKED, **more})


def answers_of(town: Town, number: str) -> tuple[tuple[str, str], ...]:
    return categories().lines_of(page.case_page(reading(), town.actor("lead").scope(), number).head.answers)


def test_a_new_type_is_offered_and_named_from_its_first_day(town: Town) -> None:
    add_light(town, valid_from=town.clock.today() + timedelta(days=1))
    with pytest.raises(Invalid, match="“光污染”自 2026年3月3日 起才可选"):
        town.registered("MSG", categories=("light",))
    town.days_pass(1)
    assert dict(categories().open_on(town.clock.today()))["light"] == "光污染"
    assert town.registered("MSG", categories=("light",))
    assert integrity.verify().first is None


def test_a_retired_type_is_gone_the_day_after_and_stays_in_filters_reports_and_old_cases(town: Town) -> None:
    number = town.registered("MSG", categories=("garbage",))
    rows.end_row(town.actor("admin"), "categories", "garbage", town.clock.today(), {"successor": "固废"})
    assert town.registered("MSG", categories=("garbage",))
    town.days_pass(1)
    today = town.clock.today()
    with pytest.raises(Invalid, match="已于 2026年3月2日 终止，请改选“固废”"):
        town.registered("MSG", categories=("garbage",), received_on=today)
    assert "garbage" not in dict(categories().open_on(today))
    assert categories().shown_on(today)["garbage"] == "垃圾（至 2026年3月2日）"
    window = Window(town.clock.now() - timedelta(days=1), town.clock.now())
    assert gather(period_named("2026-03"), window, "360103").categories["garbage"] == "垃圾（至 2026年3月2日）"
    found = register.page(reading(), town.actor("lead").scope(), Filters(type="garbage"), values.light_bounds(town.clock.today()))
    assert number in {line.number for line in found.lines}


def test_a_parent_is_asked_for_with_all_below_it(town: Town) -> None:
    add_light(town, parent="noise")
    number = town.registered("MSG", categories=("light",))
    found = register.page(reading(), town.actor("lead").scope(), Filters(type="noise"), values.light_bounds(town.clock.today()))
    assert [line.number for line in found.lines] == [number]
    with pytest.raises(Invalid, match="只分两级"):
        rows.save_row(town.actor("admin"), "categories", "noise", {"parent": "air"})


@pytest.mark.parametrize(("key", "given", "said"), [
    ("Light", {}, "代码应以小写字母开头"), ("light", {"name": "噪声"}, "已经是“噪声”"), ("light", {"aliases": "噪音"}, "已经是“噪声”"),
    ("light", {"valid_to": date(2026, 3, 1)}, "不能更早"), ("light", {"successor": "air"}, "也要写终止日"),
    ("light", {"parent": "nothing"}, "“上级类型”"), ("light", {"place": 0}, "“顺序”应在 1 至 9999 之间"),
])
def test_a_bad_type_is_refused_in_a_sentence(town: Town, key: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        rows.save_row(town.actor("admin"), "categories", key, {**LIGHT, **given})
    assert "light" not in categories().by_key


@pytest.mark.parametrize(("given", "said"), [
    ({"choices": "居民楼"}, "至少要写两个选项"), ({"kind": "文字"}, "只有“选择”才有选项"), ({"unit": "米"}, "只有“数字”才有计量单位"),
    ({"choices": "居民楼、居民楼"}, "重复"), ({"word": None}, "“问题”必须填写"), ({"kind": "图片"}, "“回答方式”只能是"),
])
def test_a_bad_question_is_refused_in_a_sentence(town: Town, given: dict[str, Any], said: str) -> None:
    with pytest.raises((Invalid, Incomplete), match=said):
        ask(town, "air/outlet", **given)


def test_two_questions_are_never_kept_under_one_name(town: Town) -> None:
    rows.save_row(town.actor("admin"), "categories", "air_in", {**LIGHT})
    ask(town, "air/in_seen")
    with pytest.raises(Conflict, match="和“大气”的一问重了"):
        ask(town, "air_in/seen")


def test_a_required_question_is_answered_or_nothing_is_registered(town: Town) -> None:
    add_light(town)
    ask(town)
    with pytest.raises(Incomplete, match="问题类型“光污染”必须填写“灯牌朝向”。") as refusal:
        town.registered("MSG", categories=("light",))
    assert refusal.value.field == "q_light_outlet"
    number = town.registered("MSG", categories=("light",), answers={"light_outlet": "居民楼"})
    assert answers_of(town, number) == (("光污染·灯牌朝向", "居民楼"),)
    assert integrity.verify().first is None


def csv_of(folder: Path, *rows_of: list[object]) -> Path:
    header = ["受理编号", "问题描述", "行政区域", "问题类型", "光污染·灯牌朝向"]
    return save_csv(folder / "light.csv", [header, *rows_of])


def test_an_import_reads_answers_and_names_the_row_that_lacks_one(town: Town, tmp_path: Path) -> None:
    add_light(town)
    ask(town)
    good = ["A1", "广告灯牌彻夜照射居民楼", "西湖区", "灯光", "居民楼"]
    with pytest.raises(BadRows) as refused:
        import_file(OPERATOR, csv_of(tmp_path, good, ["A2", "射灯直射", "西湖区", "光污染", ""]), source="MSG")
    assert [(each.row, each.sentence) for each in refused.value.report.troubles] == [
        (3, "第 3 行：问题类型“光污染”必须填写“灯牌朝向”。")]
    outcome = import_file(OPERATOR, csv_of(tmp_path, good), source="MSG")
    assert (outcome.created_count, [note for note in outcome.notes if "未导入" in note]) == (1, [])
    number = db.session.execute(db.text("SELECT number FROM cases WHERE source_number = 'A1'")).scalar_one()
    assert answers_of(town, number) == (("光污染·灯牌朝向", "居民楼"),)


def test_history_that_others_made_is_not_asked(town: Town, tmp_path: Path) -> None:
    add_light(town)
    ask(town)
    path = save_csv(tmp_path / "old.csv", [
        ["受理编号", "问题描述", "行政区域", "问题类型", "是否办结", "处理和整改情况", "调查核实情况", "是否属实"],
        ["A1", "射灯直射", "西湖区", "光污染", "已办结", "已拆除", "属实", "属实"]])
    assert import_file(OPERATOR, path, source="MSG").created_count == 1


def test_the_history_of_a_type_and_of_its_question_stand_apart(town: Town) -> None:
    add_light(town)
    ask(town)
    rows.save_row(town.actor("admin"), "categories", "light", {"name": "灯光污染"})
    told = history.history_of(town.actor("admin"), "categories", "light")
    assert [line.act for line in told] == ["改动", "新增"]
    assert told[0].cells == (("名称", "光污染", "灯光污染"),)
    assert [line.act for line in history.history_of(None, "questions", "light/outlet")] == ["新增"]


def test_only_who_manages_rules_edits_types(town: Town) -> None:
    with pytest.raises(NotFound):
        rows.save_row(town.actor("clerk"), "categories", "light", LIGHT)
