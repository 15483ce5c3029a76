"""拆清绿改装亮: works are set, pinned to the list of a day, scored at the verification, and what does not pass is named."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support.makers import Town, photo
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.works.standards import DEFAULT
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, WrongState
from tracker.services.cases import steps
from tracker.services.cases.works.sheets import sheet_of_case
from tracker.services.house.work import reading
from tracker.services.rules import book
from tracker.services.upkeep import integrity
from tracker.services.upkeep.checks.law import law_troubles

pytestmark = pytest.mark.one_engine
S = CaseState
GOOD = {"item_chai-1": "是", "item_chai-2": "是", "item_chai-3": "否", "item_qing-1": "是", "item_qing-2": "是", "item_qing-3": "是"}
BAD = GOOD | {"item_chai-2": "否"}


def with_works(town: Town, works: str = "demolish、clear", standard: str = "urban", state: CaseState = S.submitted) -> str:
    """A case in this state whose works were set while it was rectified."""
    number = town.case_in(S.rectifying)
    town.take(number, "set_works", works=works, standard=standard)
    if state is S.submitted:
        town.do(number, "submit")
    return number


def without(*works: str, **lists: Any) -> str:
    """The list with other items of these works of the town."""
    changed = json.loads(json.dumps(DEFAULT))
    changed["urban"] |= lists
    return json.dumps(changed, ensure_ascii=False)


def kept(town: Town, number: str) -> Mapping[str, Any]:
    return town.last(number)["set"]["works"]


def law_faults() -> list[str]:
    return [str(fault) for fault in law_troubles(reading())]


def is_sound() -> bool:
    """Whether rows and facts agree and everything was lawful."""
    assert integrity.verify().first is None
    return law_faults() == []


# --- examples ---------------------------------------------------------------------------------------------------------------


def test_example_1_answers_version_and_score_stand_in_the_fact(town: Town) -> None:
    number = with_works(town)
    town.do(number, "verify", **GOOD, **{"remark_chai-3": "渣土次日清运，电话13800000000"})
    said = town.last(number)
    assert (said["score"], said["got"], said["most"]) == ("85.0", 170, 200)
    assert said["checklist"]["chai-3"] == "no" and said["checklist"]["qing-1"] == "yes"
    assert said["remarks"].startswith("拆·渣土当日清运：渣土次日清运") and "13800000000" not in said["remarks"]
    assert kept(town, number) == {"standard": "urban", "standard_from": None, "works": {
        "clear": {"got": 100, "most": 100, "failed_musts": 0, "round": 1},
        "demolish": {"got": 70, "most": 100, "failed_musts": 0, "round": 1}}}
    assert is_sound()


def test_example_2_the_refusal_names_both_counts(town: Town) -> None:
    refusal = town.refused(with_works(town), "verify", **BAD)
    assert isinstance(refusal, Invalid) and refusal.code == "works_failed" and refusal.field == "item_chai-2"
    assert refusal.sentence == ("整治核查不合格，不能通过：★ 否决项为“否”：拆·违章广告拆除；为“否”：拆·渣土当日清运；"
                                "评分 140/200 = 70.0，低于 80 分。")


def test_example_2_rejected_with_the_same_answers_it_comes_back_and_passes_by_the_same_list(town: Town) -> None:
    number = with_works(town)
    town.do(number, "reject", **BAD)
    assert town.last(number)["score"] == "70.0" and kept(town, number)["works"]["demolish"]["failed_musts"] == 1
    town.walk(number, "submit")
    town.do(number, "verify", **GOOD | {"item_chai-3": "是"})
    assert town.last(number)["score"] == "100.0" and kept(town, number)["works"]["clear"]["round"] == 2
    assert is_sound()


def test_example_3_of_a_work_not_all_may_be_inapplicable_and_the_work_is_taken_out_with_a_reason(town: Town) -> None:
    number = with_works(town, "clear、light")
    given = {name: said for name, said in GOOD.items() if "qing" in name}
    refusal = town.refused(number, "verify", **given, **{
        "item_liang-1": "不适用", "item_liang-2": "不适用", "remark_liang-2": "无路灯"})
    assert refusal.sentence == "“亮”不能全部不适用；本案没有这项整治内容的，请调度员写明理由后去掉。" and refusal.field == "item_liang-1"
    assert isinstance(town.refused(number, "set_works", works="clear", standard=""), Incomplete)
    town.take(number, "set_works", works="clear", reason="现场没有路灯")
    town.do(number, "verify", **given)
    assert list(kept(town, number)["works"]) == ["clear"]
    assert is_sound()


def test_example_4_the_version_that_was_pinned_is_asked_however_late(town: Town) -> None:
    town.clock.move_to(datetime(2026, 7, 1, 1, tzinfo=UTC))
    book.set_value(town.actor("admin"), "work_standards", without(), date(2026, 7, 1), "铁办发〔2026〕7号")
    number = with_works(town, "clear", state=S.rectifying)
    shorter = [{"code": "qing-1", "text": "积存垃圾清零", "points": 60, "must": True},
               {"code": "qing-2", "text": "无乱堆乱挂", "points": 40}]
    town.clock.move_to(datetime(2026, 9, 1, 1, tzinfo=UTC))
    book.set_value(town.actor("admin"), "work_standards", without(clear=shorter), date(2026, 10, 1), "铁办发〔2026〕10号")
    town.clock.move_to(datetime(2026, 11, 20, 1, tzinfo=UTC))
    later = with_works(town, "clear", state=S.rectifying)
    sheets = [sheet_of_case(reading(), town.row(each).id) for each in (number, later)]
    assert [(sheet.since, len(sheet.items)) for sheet in sheets if sheet] == [(date(2026, 7, 1), 3), (date(2026, 10, 1), 2)]
    town.do(number, "submit")
    assert "item_qing-3" in str(town.refused(number, "verify", **{"item_qing-1": "是", "item_qing-2": "是"}).field)
    town.do(number, "verify", **{"item_qing-1": "是", "item_qing-2": "是", "item_qing-3": "是"})
    assert kept(town, number)["standard_from"] == "2026-07-01"
    assert is_sound()


def test_example_5_the_country_is_judged_by_its_own_list(town: Town) -> None:
    number = with_works(town, "clear", "rural")
    refusal = town.refused(number, "verify", **{"item_qing-1": "是", "item_qing-2": "不适用", "item_qing-3": "否"})
    assert "为“否”：清·水塘水面无漂浮物；评分 50/70 = 71.4，低于 80 分" in refusal.sentence


def test_works_are_set_when_it_is_confirmed_whose_the_case_is(town: Town) -> None:
    number = town.registered("RAIL")
    town.walk(number, "send_down", "recheck")
    assert "“整治内容”只能是" in town.refused(number, "confirm", works="paint").sentence
    town.do(number, "confirm", works="clear", standard="rural")
    assert kept(town, number)["standard"] == "rural" and list(kept(town, number)["works"]) == ["clear"]
    town.walk(number, "acknowledge")
    town.do(number, "submit", unmatched="同一处")
    town.do(number, "verify", **{"item_qing-1": "是", "item_qing-2": "是", "item_qing-3": "是"})
    assert town.last(number)["score"] == "100.0"
    assert is_sound()


def test_a_case_is_confirmed_without_works_too(town: Town) -> None:
    number = town.registered("RAIL")
    town.walk(number, "send_down", "recheck", "confirm")
    assert "works" not in town.last(number)["set"] and is_sound()


# --- bad input --------------------------------------------------------------------------------------------------------------


def test_an_answer_to_an_item_of_another_work_is_not_accepted(town: Town) -> None:
    refusal = town.refused(with_works(town), "verify", **GOOD, **{"item_lv-1": "是"})
    assert refusal.field == "item_lv-1" and "这一步不接受“item_lv-1”" in refusal.sentence


def test_a_verification_without_answers_names_what_is_missing(town: Town) -> None:
    refusal = town.refused(with_works(town, "clear"), "verify")
    assert refusal.sentence == "请填写“清·积存垃圾清零”、“清·无乱堆乱挂”、“清·水沟无黑臭”。"


def test_a_rejection_is_scored_whole_or_not_at_all(town: Town) -> None:
    number = with_works(town, "clear")
    refusal = town.refused(number, "reject", **{"item_qing-1": "否"})
    assert refusal.sentence == "整治核查表没有答完，还缺：清·无乱堆乱挂、清·水沟无黑臭。" and refusal.field == "item_qing-2"
    town.do(number, "reject", reason="照片与现场不符，未到现场")
    assert "score" not in town.last(number) and is_sound()


def test_a_must_that_does_not_apply_needs_its_reason(town: Town) -> None:
    number, given = with_works(town), GOOD | {"item_chai-2": "不适用", "item_chai-3": "是"}
    refusal = town.refused(number, "verify", **given)
    assert refusal.field == "remark_chai-2" and "拆·违章广告拆除" in refusal.sentence
    town.do(number, "verify", **given, **{"remark_chai-2": "沿线没有广告"})
    assert town.last(number)["most"] == 170


def test_standard_and_list_stay_once_the_work_was_handed_in(town: Town) -> None:
    number = with_works(town, "clear")
    refusal = town.refused(number, "set_works", works="clear", standard="rural", reason="属镇")
    assert refusal.sentence == "本案已报送过整改，不能再定或改“整治标准”。" and refusal.field == "standard"
    refusal = town.refused(number, "set_works", works="clear、green", reason="漏了", standard="")
    assert refusal.sentence == "本案已报送过整改，整治内容只能去掉，不能增加“绿”。" and refusal.field == "works"


def test_before_that_they_change_with_a_reason_and_never_to_the_same(town: Town) -> None:
    number = with_works(town, "clear", state=S.rectifying)
    assert town.refused(number, "set_works", works="clear、green", standard="").field == "reason"
    assert town.refused(number, "set_works", works="clear", standard="urban", reason="再定").sentence == "整治内容和标准与原来相同。"
    town.take(number, "set_works", works="clear、green", standard="rural", reason="实为镇")
    assert kept(town, number)["standard"] == "rural" and list(kept(town, number)["works"]) == ["clear", "green"]
    town.take(number, "set_works", reason="不是环境整治")
    assert kept(town, number)["works"] == {}
    town.do(number, "submit")
    town.do(number, "verify")
    assert is_sound()


def test_works_are_set_by_dispatchers_of_cases_in_hand_alone(town: Town) -> None:
    assert isinstance(town.refused(town.case_in(S.rectifying), "set_works", by="officer"), NotAllowed)
    assert isinstance(town.refused(town.case_in(S.registered), "set_works"), WrongState)
    assert town.refused(town.case_in(S.rectifying), "set_works", works="", standard="").sentence == "请选择“整治内容”。"
    assert "“整治内容”只能是" in town.refused(town.case_in(S.rectifying), "set_works", works="paint").sentence


def test_the_township_proposes_the_standard(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.take(number, "set_works", works="clear")
    assert kept(town, number)["standard"] == "urban"  # the case lies in a 街道


def test_who_sees_a_photo_missing_is_told_of_which_items(town: Town) -> None:
    shown = [{"code": "qing-1", "text": "积存垃圾清零", "points": 50, "must": True, "photo": True},
             {"code": "qing-2", "text": "无乱堆乱挂", "points": 50, "photo": True}]
    book.set_value(town.actor("admin"), "work_standards", without(clear=shown), town.clock.today(), "铁办发〔2026〕3号")
    number, given = with_works(town, "clear"), {"item_qing-1": "是", "item_qing-2": "是"}
    refusal = town.refused(number, "verify", **given, uploads=[photo()])
    assert refusal.sentence == "须有现场照片的有 2 项（清·积存垃圾清零、清·无乱堆乱挂），本轮核查现场照片只有 1 张。"
    town.do(number, "verify", **given, uploads=[photo(), photo()])
    assert is_sound()


def test_a_list_of_a_day_gone_by_is_refused(town: Town) -> None:
    with pytest.raises(Invalid, match="不能倒签"):
        book.set_value(town.actor("admin"), "work_standards", without(), date(2026, 3, 1), "铁办发〔2026〕3号")


def test_the_pass_mark_is_the_one_of_the_day(town: Town) -> None:
    number = with_works(town)
    book.set_value(town.actor("admin"), "pass_mark", "86", town.clock.today(), "会议纪要")
    assert "低于 86 分" in town.refused(number, "verify", **GOOD).sentence


# --- the law replayed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("was", "now", "said"), [
    ('"score":"85.0"', '"score":"95.0"', "整治评分与核查表不符"),
    ('"chai-1":"yes"', '"chai-1":"no"', "整治评分与核查表不符"),
])
def test_a_score_that_does_not_follow_from_its_answers_is_found(town: Town, was: str, now: str, said: str) -> None:
    number = with_works(town)
    town.do(number, "verify", **GOOD)
    tamper(f"UPDATE facts SET body = replace(body, '{was}', '{now}') WHERE kind = 'case:verified'")
    assert any(said in fault for fault in law_faults())
    assert number


def test_a_case_passed_below_the_mark_is_found(town: Town) -> None:
    number = with_works(town)
    book.set_value(town.actor("admin"), "pass_mark", "50", town.clock.today(), "会议纪要")
    town.do(number, "verify", **GOOD)
    assert not law_faults()
    tamper("UPDATE facts SET body = replace(body, '\"value\":\"50\"', '\"value\":\"90\"') WHERE kind = 'rules:value_set'")
    assert any("整治评分不合格，不应通过" in fault for fault in law_faults())


def test_steps_ask_for_the_items_of_this_case_alone(town: Town) -> None:
    number = with_works(town, "light")
    offer = next(each for each in steps.offered(town.actor("verifier"), number) if each.name == "verify")
    assert [field.name for field in offer.given if field.name.startswith("item_")] == ["item_liang-1", "item_liang-2"]
