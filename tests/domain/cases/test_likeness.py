"""What counts as near, and in what order it is suggested."""

import pytest

from tracker.domain.cases.likeness import MOST, THRESHOLDS, Likeness, is_near, ranked, reason, weight


@pytest.mark.parametrize(("found", "expected"), [
    (Likeness(35, 3, 40), True), (Likeness(35, 3, 400), False), (Likeness(60, 80, 400), True), (Likeness(60, 80), False),
    (Likeness(85, 80), True), (Likeness(85, 91), False), (Likeness(20, 0, 45), False), (Likeness(85, 3, 50_000), True),
    (Likeness(0, 14, 40), True), (Likeness(0, 15, 40), False),
])
def test_the_nearer_the_place_the_less_the_words_must_agree(found: Likeness, expected: bool) -> None:
    assert is_near(found) is expected


def test_the_table_asks_for_more_likeness_the_farther_it_reaches() -> None:
    reaches = [line.metres if line.metres is not None else float("inf") for line in THRESHOLDS]
    assert reaches == sorted(reaches)
    assert [line.similarity for line in THRESHOLDS] == sorted(line.similarity for line in THRESHOLDS)


def test_a_reason_says_distance_days_and_likeness() -> None:
    assert reason(Likeness(87.4, 3, 80.2)) == "相距 80 米 · 3 天前 · 文字相似 87%"
    assert reason(Likeness(90, 0)) == "同一天 · 文字相似 90%"
    assert reason(Likeness(90, -2, 1540)) == "相距 1.5 公里 · 2 天后 · 文字相似 90%"


def test_at_most_five_are_suggested_the_likeliest_first() -> None:
    found = [(f"XH-{n}", Likeness(80 + n, 3, 20)) for n in range(9)] + [("XH-far", Likeness(10, 3, 20))]
    assert [number for number, _ in ranked(found)] == ["XH-8", "XH-7", "XH-6", "XH-5", "XH-4"]
    assert len(ranked(found)) == MOST
    assert ranked([("b", Likeness(90, 1)), ("a", Likeness(90, 1))])[0][0] == "a"


def test_nearness_and_recency_break_ties_and_a_missing_place_counts_half() -> None:
    assert weight(Likeness(90, 1, 10)) > weight(Likeness(90, 1)) > weight(Likeness(90, 1, 1900))
    assert weight(Likeness(90, 1)) > weight(Likeness(90, 80))
    assert weight(Likeness(100, 0, 0)) == pytest.approx(1)
