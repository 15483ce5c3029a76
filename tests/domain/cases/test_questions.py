"""The questions of the types: read by their table, told in words, none of them required."""

from typing import Any

import pytest

from tracker.domain.cases.questions import BY_NAME, QUESTIONS, lines_of, read_answers, told_plainly, written
from tracker.domain.cases.wording import CATEGORIES
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Kind

KINDS = {Kind.text, Kind.choice, Kind.number, Kind.yes}


def test_every_question_belongs_to_a_type_and_is_asked_in_a_word() -> None:
    assert set(QUESTIONS) <= set(CATEGORIES)
    for category, asked in QUESTIONS.items():
        assert len({q.code for q in asked}) == len(asked)
        for question in asked:
            assert question.kind in KINDS
            assert question.word
            assert bool(question.choices) is (question.kind is Kind.choice), (category, question.code)


def test_answers_are_typed_and_what_is_empty_is_left_out() -> None:
    raw = {"noise_period": "22—6 时", "noise_is_at_night": "1", "noise_decibels": "62.5", "noise_origin": "", "railway_mileage": " K1449+300 "}
    answers = read_answers(raw, ("noise", "railway"))
    assert answers == {"noise_period": "night", "noise_is_at_night": True, "noise_decibels": 62.5, "railway_mileage": "K1449+300"}
    assert lines_of(written(answers)) == (
        ("噪声·时段", "22—6 时"), ("噪声·是否夜间", "是"), ("噪声·现场读数", "62.5 分贝"), ("铁路沿线·里程", "K1449+300"))


def test_no_words_of_anybody_s_own_go_into_a_fact() -> None:
    answers = read_answers({"railway_line": "京九线", "railway_side": "left"}, ("railway",))
    assert told_plainly(str(written(answers))) == {"railway_side": "left"}


def test_nothing_is_required_and_nothing_is_written_for_no_answer() -> None:
    assert read_answers(dict.fromkeys(BY_NAME, ""), ()) == {}
    assert written({}) is None
    assert lines_of(None) == lines_of("") == ()
    assert lines_of('{"of_another_year":"x"}') == ()


@pytest.mark.parametrize(("raw", "said"), [
    ({"noise_period": "midnight"}, "只能是"), ({"noise_decibels": "-1"}, "不小于 0"), ({"noise_decibels": "1e9"}, "无法识别"),
    ({"noise_decibels": "99999999"}, "无法识别"), ({"noise_is_at_night": "maybe"}, "“是”或“否”"), ({"water_colour": "black"}, "没有勾选“水”"),
    ({"nothing": "x"}, "没有问题"), ({"railway_line": "线" * 31}, "最多 30 字"), ({"railway_line": "a\x00b"}, "控制字符"),
])
def test_a_bad_answer_is_named_with_its_field(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        read_answers(raw, ("noise", "railway"), "q_{}")
    assert refusal.value.field == f"q_{next(iter(raw))}"
