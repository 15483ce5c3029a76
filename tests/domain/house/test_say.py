"""A sentence is a message and its values: it is its Chinese, and keeps what another language needs."""

import copy
import json
import pickle
from datetime import UTC, date, datetime

import pytest

from tracker.domain.house.ledger import canonical
from tracker.domain.house.say import DateForm, DateWords, Listed, Say, from_text, opening, read_json, restored, stored, to_text

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DUE = Say("案件 {number} 现为“{state}”，应于 {due}完成，{at:%H:%M} 查看；还缺{gaps}。", number="XH-2026-000001", state=Say("整改中"),
          due=DateWords(date(2026, 11, 27)), at=AT, gaps=Listed([Say("照片"), "说明"]))
CHINESE = "案件 XH-2026-000001 现为“整改中”，应于 2026年11月27日完成，09:30 查看；还缺照片、说明。"


def test_a_message_is_its_chinese_sentence() -> None:
    assert DUE == CHINESE
    assert isinstance(DUE, str)
    assert (DUE.pattern, DUE.values["state"]) == ("案件 {number} 现为“{state}”，应于 {due}完成，{at:%H:%M} 查看；还缺{gaps}。", "整改中")


def test_a_message_made_of_a_message_is_the_same_one() -> None:
    assert Say(DUE) is DUE


@pytest.mark.parametrize("say", [DUE, Say("整改中"), Listed([Say("水"), "大气"], "；"), DateWords(date(2026, 1, 2), DateForm.month)])
def test_a_message_comes_back_whole_from_wherever_it_was_stored(say: Say) -> None:
    for back in (from_text(to_text(say)), restored(json.loads(json.dumps(stored(say)))), pickle.loads(pickle.dumps(say)),
                 copy.deepcopy(say), read_json(canonical({"said": say}))["said"]):
        assert type(back) is type(say)
        assert (back, stored(back)) == (say, stored(say))


def test_finished_chinese_of_older_facts_and_what_people_wrote_stay_plain() -> None:
    for text in (CHINESE, "", '{"say', "{说}"):
        assert type(from_text(to_text(text))) is str
        assert from_text(to_text(text)) == text
    assert read_json('{"routing":"按交办规则第3条"}') == {"routing": "按交办规则第3条"}


def test_a_value_with_braces_is_not_read_as_a_pattern() -> None:
    say = Say("没有单位“{name}”。", name="{pattern}{0}")
    assert say == "没有单位“{pattern}{0}”。"
    assert from_text(to_text(say)) == say


def test_all_stored_messages_of_one_pattern_begin_alike() -> None:
    assert to_text(Say("上限 {most} 封", most=3)).startswith(opening("上限 {most} 封"))
    assert not to_text(Say("上限 {most} 条", most=3)).startswith(opening("上限 {most} 封"))


@pytest.mark.parametrize("text", ['{"say":1}', '{"say":"x"', '{"say":"{a.__class__}","values":{"a":"x"}}',
                                  '{"say":"{0}","values":{}}'])
def test_a_text_that_looks_like_a_message_comes_back_as_it_was_written(text: str) -> None:
    """A mail server may answer anything."""
    assert from_text(to_text(text)) == text


def test_what_a_column_of_before_holds_is_never_an_error() -> None:
    for text in ('{"say":1}', '{"say":"x"', '{"say":"x"}'):
        assert from_text(text) == text


@pytest.mark.parametrize("row", [{"say": "{x}"}, {"say": "{x}", "values": "3"}, {"say": "甲", "date": "2026-01-01"},
                                 {"say": "甲", "parts": "乙"}])
def test_a_table_with_a_column_of_that_name_stays_a_table(row: dict[str, str]) -> None:
    assert read_json(canonical({"extra": row})) == {"extra": row}
