"""Problem types: when they may be chosen and what they are called; their questions: read by the rows, told in words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.support.first_categories import first_categories
from tracker.domain.cases.categories.first import FIRST_NAMES
from tracker.domain.cases.categories.questions import Question, written
from tracker.domain.cases.categories.rows import OTHER, Categories, Category
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.fields import FieldKind
from tracker.domain.reports.monthly.matters import RAIL_SIDE, RAIL_TYPE
from tracker.domain.territory.routing import FENCE, FENCE_WORDS

KINDS = {FieldKind.text, FieldKind.choice, FieldKind.number, FieldKind.yes}
TYPES = first_categories()
LAST, NEXT = date(2026, 12, 31), date(2027, 1, 1)


def test_the_first_rows_ask_in_a_word_and_are_called_as_reports_before_them_say() -> None:
    assert TYPES.names == FIRST_NAMES
    for name, (_, question) in TYPES.by_name.items():
        assert question.kind in KINDS
        assert question.word
        assert bool(question.choices) is (question.kind is FieldKind.choice), name


def test_what_the_law_asks_of_types_stands_in_the_rows() -> None:
    """The side of a railway's fence routes, the side of the line is counted, and what nobody knows is something else."""
    assert dict(TYPES.by_name[FENCE][1].choices) == dict(FENCE_WORDS)
    assert TYPES.by_name[RAIL_SIDE][0].key == RAIL_TYPE
    assert OTHER in TYPES.by_key


def test_a_type_is_chosen_to_its_last_day_and_told_with_it_afterwards() -> None:
    rows = (Category("fume", "油烟", valid_to=LAST, successor="air"), Category("air", "大气"),
            Category("light", "光污染", valid_from=NEXT))
    types = Categories(rows)
    assert [types.open_on(day) for day in (LAST, NEXT)] == [
        (("fume", "油烟"), ("air", "大气")), (("air", "大气"), ("light", "光污染"))]
    assert [types.shown_on(day) for day in (LAST, NEXT)] == [
        {"fume": "油烟", "air": "大气"}, {"fume": "油烟（至 2026年12月31日）", "air": "大气", "light": "光污染"}]
    types.require_open(("fume",), LAST, NEXT)
    with pytest.raises(Invalid, match="“油烟”已于 2026年12月31日 终止，请改选“大气”"):
        types.require_open(("fume",), NEXT, NEXT)
    with pytest.raises(Invalid, match="“光污染”自 2027年1月1日 起才可选"):
        types.require_open(("light",), LAST, LAST)
    with pytest.raises(Invalid, match="没有问题类型“ufo”"):
        types.require_open(("ufo",), LAST, LAST)


def test_a_required_question_is_asked_within_its_days_of_its_own_type_alone() -> None:
    asked = Question("seen", "看见什么", is_required=True, valid_from=LAST, valid_to=LAST)
    types = Categories((Category("air", "大气", questions=(asked,)), Category("water", "水")))
    with pytest.raises(Incomplete, match="问题类型“大气”必须填写“看见什么”。") as refusal:
        types.require_answers({}, ("air",), LAST, "q_{}")
    assert refusal.value.field == "q_air_seen"
    types.require_answers({"air_seen": "烟"}, ("air",), LAST)
    types.require_answers({}, ("water",), LAST)
    types.require_answers({}, ("air",), NEXT)
    assert (types.asked_on(LAST), types.asked_on(NEXT)) == ((("air", (asked,)),), ())


def test_answers_are_typed_and_what_is_empty_is_left_out() -> None:
    raw = {"noise_period": "22—6 时", "noise_is_at_night": "1", "noise_decibels": "62.5", "noise_origin": "",
           "railway_mileage": " K1449+300 "}
    answers = TYPES.read_answers(raw, ("noise", "railway"))
    assert answers == {"noise_period": "night", "noise_is_at_night": True, "noise_decibels": 62.5, "railway_mileage": "K1449+300"}
    assert TYPES.lines_of(written(answers)) == (
        ("噪声·时段", "22—6 时"), ("噪声·是否夜间", "是"), ("噪声·现场读数", "62.5 分贝"), ("铁路沿线·里程", "K1449+300"))


def test_a_day_is_an_answer_too() -> None:
    types = Categories((Category("air", "大气", questions=(Question("since", "何时开始", FieldKind.date),)),))
    answers = types.read_answers({"air_since": "2026-11-03"}, ("air",))
    assert types.lines_of(written(answers)) == (("大气·何时开始", "2026-11-03"),)
    with pytest.raises(Invalid, match="“何时开始”应为日期"):
        types.read_answers({"air_since": "前天"}, ("air",))


def test_no_words_of_anybody_s_own_go_into_a_fact() -> None:
    answers = TYPES.read_answers({"railway_line": "京九线", "railway_side": "left"}, ("railway",))
    assert TYPES.told_plainly(str(written(answers))) == {"railway_side": "left"}


def test_nothing_is_required_at_first_and_nothing_is_written_for_no_answer() -> None:
    assert TYPES.read_answers(dict.fromkeys(TYPES.by_name, ""), ()) == {}
    TYPES.require_answers({}, FIRST_NAMES, LAST)
    assert written({}) is None
    assert TYPES.lines_of(None) == TYPES.lines_of("") == ()
    assert TYPES.lines_of('{"of_another_year":"x"}') == ()


def test_what_is_asked_no_more_is_still_told_of_old_cases() -> None:
    air = TYPES.by_key["air"]
    ended = Categories((replace(air, questions=tuple(replace(each, valid_to=LAST) for each in air.questions)),))
    assert ended.asked_on(NEXT) == ()
    assert ended.lines_of('{"air_smell":"strong"}') == (("大气·气味", "明显刺鼻"),)


@pytest.mark.parametrize(("raw", "said"), [
    ({"noise_period": "midnight"}, "只能是"), ({"noise_decibels": "-1"}, "不小于 0"), ({"noise_decibels": "1e9"}, "无法识别"),
    ({"noise_decibels": "99999999"}, "无法识别"), ({"noise_is_at_night": "maybe"}, "“是”或“否”"), ({"water_colour": "black"}, "没有勾选“水”"),
    ({"nothing": "x"}, "没有问题"), ({"railway_line": "线" * 61}, "最多 60 字"), ({"railway_line": "a\x00b"}, "控制字符"),
])
def test_a_bad_answer_is_named_with_its_field(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        TYPES.read_answers(raw, ("noise", "railway"), "q_{}")
    assert refusal.value.field == f"q_{next(iter(raw))}"
