"""Likeness of texts: what they share counts, not their order or length."""

from tracker.domain.house.search import tokens
from tracker.gateways.cases.similarity import alike

SAID = "桃花河东岸长期堆放生活垃圾，雨天污水入河，气味难闻，请尽快清运"


def likeness(text: str, other: str) -> float:
    return alike(tokens(text), {1: tokens(other)}).get(1, 0)


def test_the_same_sentences_in_another_order_or_cut_short_are_alike() -> None:
    assert likeness(SAID, SAID) == 100
    assert likeness(SAID, "请尽快清运。雨天污水入河，气味难闻，桃花河东岸长期堆放生活垃圾") > 85
    assert likeness(SAID, "桃花河东岸堆放生活垃圾，气味难闻") > 75


def test_another_matter_is_not() -> None:
    assert likeness(SAID, "中山路夜市烧烤油烟直排，影响居民休息，净化器未开") < 40


def test_two_or_three_words_are_too_little_to_be_like_anything() -> None:
    assert likeness("垃圾", SAID) < 30
    assert alike([], {1: tokens(SAID)}) == {}
    assert alike(tokens(SAID), {1: [], 2: tokens("完全两回事的文字内容而已")}, at_least=30) == {}
