"""The ranking of the units: weights, rounding, ties, and who is only listed."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.reports.monthly.ranking import (
    COMPONENTS,
    Contender,
    PlacedContender,
    RankingComponent,
    components,
    method,
    rank,
    score,
)

HALVES = (RankingComponent("on_time", "按期办结率", Decimal("0.5")), RankingComponent("completion", "办结率", Decimal("0.5")))


def unit(name: str, *points: str | None, why: str = "") -> Contender:
    return Contender(name, name, tuple(None if each is None else Decimal(each) for each in points), why)


def places(placed: tuple[PlacedContender, ...]) -> list[tuple[str, int | None]]:
    return [(each.contender.name, each.place) for each in placed]


def test_each_weighted_part_is_rounded_before_the_parts_are_added() -> None:
    parts = tuple(RankingComponent(key, key, Decimal(weight)) for key, weight in (("a", "0.4"), ("b", "0.4"), ("c", "0.2")))
    assert score([Decimal("95.53"), Decimal("91.01"), Decimal("91.60")], parts) == Decimal("92.93")


def test_the_rule_book_sets_the_weights_in_percent() -> None:
    parts = components({"ranking_weights": {"completion": 0.3, "on_time": 0.7, "unknown": 0.05, "first_pass": 0}})
    assert [(part.key, part.weight) for part in parts] == [("on_time", Decimal("0.7")), ("completion", Decimal("0.3"))]


def test_without_a_rule_the_shipped_weights_hold_and_sum_to_one() -> None:
    assert sum(part.weight for part in components({})) == 1


def test_equal_scores_are_ordered_by_the_first_component() -> None:
    assert places(rank([unit("乙", "80", "100"), unit("甲", "100", "80")], HALVES)) == [("甲", 1), ("乙", 2)]


def test_who_is_equal_in_everything_shares_the_place_and_the_next_one_is_skipped() -> None:
    placed = rank([unit("丙", "60", "60"), unit("乙", "90", "90"), unit("甲", "90", "90")], HALVES)
    assert places(placed) == [("乙", 1), ("甲", 1), ("丙", 3)]


def test_what_could_not_be_measured_is_left_out_and_the_rest_is_out_of_a_hundred() -> None:
    placed = rank([unit("甲", "90", None), unit("乙", "90", "95"), unit("丙", "100", "100"), unit("丁", None, "100")], HALVES)
    assert [(each.contender.name, str(each.score)) for each in placed] == [
        ("丙", "100.00"), ("丁", "100.00"), ("乙", "92.50"), ("甲", "90.00")]


@given(st.lists(st.one_of(st.none(), st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)), min_size=4, max_size=4))
def test_nobody_is_above_a_hundred(found: list[Decimal | None]) -> None:
    assert 0 <= score(found, components({})) <= 100


def test_a_unit_with_nothing_due_is_listed_without_place_and_score() -> None:
    placed = rank([unit("甲", None, "100", why="本月到期 0 件，不足 3 件"), unit("乙", "10", "10")], HALVES)
    assert places(placed) == [("乙", 1), ("甲", None)]
    assert placed[-1].score is None


def test_the_method_is_said_with_the_weights_in_force() -> None:
    said = method(components({"ranking_weights": {"on_time": 0.65, "completion": 0.35}}))
    assert said.startswith("得分 = 按期办结率 × 65% + 办结率 × 35%；")
    assert "满分 100 分" in said
    assert "该项不计" in said


points = st.one_of(st.none(), st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10))


@given(st.lists(st.tuples(points, points), max_size=12))
def test_the_ranking_does_not_depend_on_the_order_in_which_units_come(pairs: list[tuple[Decimal | None, Decimal | None]]) -> None:
    known = [Contender(f"{at:03}", f"单位{at}", pair) for at, pair in enumerate(pairs)]
    placed = rank(known, HALVES)
    assert rank(list(reversed(known)), HALVES) == placed
    assert sorted(each.contender.key for each in placed) == [each.key for each in known]
    scores = [each.score for each in placed if each.score is not None]
    assert scores == sorted(scores, reverse=True)


def test_nothing_that_counts_failures_can_be_weighed() -> None:
    assert not {"rework", "extension", "return", "recurrence"} & COMPONENTS.keys()
