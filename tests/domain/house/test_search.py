"""What a search finds, said by the law alone: parts of Chinese texts, beginnings of words and numbers."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.cases.search_texts import case_texts, told_in
from tracker.domain.house.search import BREAK, matches, phrases, tokens, tokens_of

TEXT = "抚生路12号工地夜间施工扬尘很大，PM2.5超标；ＫＴＶ噪声扰民"
CHINESE = st.text("抚生路工地夜间施工扬尘很大噪声扰民油烟", min_size=1, max_size=12)
ROW = {"source_number": "D3JX202511200012", "title": "河边垃圾", "description": "长期堆放", "place": "", "area_text": "桃花镇"}


def test_a_run_of_chinese_is_pairs_and_its_last_character() -> None:
    assert tokens("抚生路12号") == ["抚生", "生路", "路", "12", "号"]
    assert tokens("D3JX202511") == ["d", "3", "jx", "202511"]


@pytest.mark.parametrize("query", [
    "抚", "路", "大", "号", "民", "扬尘", "抚生", "很大", "夜间施工", "扬尘很大", "路12号", "12号工地", "1", "12", "pm", "PM2.5", "2.5", "ktv",
    "KTV", "ｋｔｖ噪声", "抚生路１２号", "很大，PM", "工地 噪声", "噪声　抚生路", "“扬尘”", "很大PM2",
])
def test_what_stands_in_the_texts_is_found(query: str) -> None:
    assert matches(query, [TEXT])


@pytest.mark.parametrize("query", ["", "  ", "，。", "生抚", "尘声", "2号", "tv", "扬尘 油烟", "地夜施", "大 尘扬", '"', "*", "AND", "OR 扬尘", "_",
                                   BREAK])
def test_what_does_not_stand_there_so_is_not_found(query: str) -> None:
    assert not matches(query, [TEXT])


@given(CHINESE, CHINESE)
def test_of_chinese_it_finds_exactly_the_parts_of_a_text(text: str, query: str) -> None:
    assert matches(query, [text]) == (query in text)


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_found_by_itself_and_nothing_raises(text: str, query: str) -> None:
    matches(query, [text])
    word = "".join(c for c in text if unicodedata.category(c)[0] in "LN" and ord(c) > 0x2E80)[:100]
    assert not tokens(word) or matches(word, [word])


@given(CHINESE, CHINESE)
def test_no_phrase_reaches_from_one_text_into_the_next(one: str, other: str) -> None:
    assert matches(f"{one}12", [one, "12"]) is False
    assert tokens_of([one, other, one]) == tokens_of([one, other])


def test_tokens_hold_nothing_that_a_database_could_take_for_syntax() -> None:
    hostile = "a'b\"c*d:e&f|g!h(i)j<->k\\l-m^n{o} NEAR(扬 尘) \x01_'; DROP TABLE cases; --"
    for phrase in phrases(hostile):
        assert all(token.isalnum() for token in phrase.tokens)
    assert all(token.isalnum() or token == BREAK for token in tokens_of([hostile]))


def test_a_long_run_of_digits_is_cut_where_the_query_is_cut_too() -> None:
    assert matches("1" * 100, ["1" * 5000])
    assert max(map(len, tokens("1" * 5000))) <= 64


def test_a_case_is_found_by_its_numbers_with_and_without_zeros() -> None:
    texts = case_texts("XH-2026-000123", ROW, ["已清运垃圾"])
    for query in ("XH-2026-000123", "xh 2026 000123", "2026-000123", "123", "000123", "D3JX2025", "JX202511200012", "202511",
                  "桃花", "清运"):
        assert matches(query, texts), query
    assert not matches("1234", texts)


def test_facts_tell_only_what_is_public() -> None:
    said = {"measures": "已清运", "reason": "群众王某反映", "objection": "不服", "onsite_people": "张三", "set": {"finding": "true"}}
    assert told_in("case:submitted", said) == ["已清运"]
    assert told_in("case:verified", {"conclusion": "属实", "onsite_people": "张三"}) == ["属实"]
    assert told_in("case:commented", {"text": "内部意见", "measures": "x"}) == []
    assert told_in("case:history_imported", {"published": {"measures": "已整改", "accountability": "约谈李四",
                                                           "extra": {"x": "y"}}}) == ["已整改"]
