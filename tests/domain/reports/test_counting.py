"""Counting: rates, buckets, splits, scores and balances, on published figures where there are some."""

import csv
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.project_files import ROOT
from tracker.domain.reports.counting import (
    BUCKET_OF,
    NO_RATE,
    Bucket,
    Rate,
    balance,
    check_split,
    count,
    on_time_rate,
    weighted_score,
)

SHARED = ROOT.parent / "shared" / "data"


def shared_rows(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip("../shared/data is not beside this project")
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (45, 48, "93.8%"),
        (227, 230, "98.7%"),
        (3112, 3456, "90.0%"),
        (1, 16, "6.3%"),
        (0, 7, "0.0%"),
        (5, 5, "100.0%"),
        (0, 0, NO_RATE),
    ],
)
def test_percentages_are_rounded_half_up_to_one_decimal(numerator: int, denominator: int, text: str) -> None:
    assert Rate(numerator, denominator, "测试").text() == text


def test_a_rate_prints_what_it_was_made_of() -> None:
    assert str(Rate(45, 48, "整改完成率")) == "93.8%(45/48)"
    assert Rate(0, 0, "整改完成率").percent() is None


def test_every_state_has_one_bucket() -> None:
    counts = count(dict.fromkeys(BUCKET_OF, 1))
    assert (counts.open, counts.completed, counts.closed, counts.phased, counts.apart) == (7, 3, 1, 1, 4)
    assert counts.received == len(BUCKET_OF) == 16


def test_the_buckets_know_every_state_of_the_flow() -> None:
    case_facts = pytest.importorskip("tracker.domain.cases.facts", reason="the flow is not written yet")
    assert set(BUCKET_OF) == {state.value for state in case_facts.CaseState}


def test_a_phased_case_is_never_counted_as_closed() -> None:
    counts = count({"closed": 2100, "phased": 1084})
    assert counts.completion_rate().text() == "66.0%"
    assert counts.completion_rate_with_phased().text() == "100.0%"
    assert counts.completion_rate().definition != counts.completion_rate_with_phased().definition


def test_merged_declined_transferred_and_voided_cases_are_received_but_not_rated() -> None:
    counts = count({"closed": 45, "rectifying": 3, "merged": 5, "voided": 1, "declined": 2, "transferred": 1})
    assert (counts.received, counts.rated) == (57, 48)
    assert counts.completion_rate().text() == "93.8%"


def test_closing_is_measured_against_completion() -> None:
    assert str(count({"closed": 3, "verified": 1, "rectifying": 9}).closing_rate()) == "75.0%(3/4)"


def test_an_unknown_state_does_not_vanish() -> None:
    with pytest.raises(KeyError):
        count({"sleeping": 1})


@given(st.lists(st.sampled_from(sorted(BUCKET_OF))))
def test_the_buckets_sum_to_what_was_received(states: list[str]) -> None:
    assert count(Counter(states)).received == len(states)
    assert set(BUCKET_OF.values()) == set(Bucket)


def test_suspended_cases_leave_the_on_time_rate() -> None:
    assert str(on_time_rate(9, 12, 2)) == "90.0%(9/10)"
    assert on_time_rate(0, 2, 2).text() == NO_RATE


def test_nineteen_of_nineteen_published_street_scores_come_out() -> None:
    rows = shared_rows("monthly-ranking-nantong-2017-08.csv")
    matching = [
        weighted_score(
            [(row["系统考核得分(占40%)"], "0.4"), (row["现场考核得分(占40%)"], "0.4"), (row["履职考核得分(占20%)"], "0.2")]
        )
        == Decimal(row["总分"])
        for row in rows
    ]
    assert (sum(matching), len(matching)) == (19, 19)


def test_each_weighted_part_is_rounded_before_the_sum() -> None:
    assert weighted_score([("95.53", "0.4"), ("91.01", "0.4"), ("91.60", "0.2")]) == Decimal("92.93")
    assert weighted_score([]) == 0


def test_published_exclusive_splits_agree_and_multi_valued_ones_may_exceed() -> None:
    rows = shared_rows("dispatch-batches.checks.csv")
    for row in rows:
        checked = check_split({"sum": int(row["分项合计"])}, int(row["公布总数"]), is_exclusive=row["分类性质"] == "互斥分类")
        assert checked.agrees, row
        assert checked.difference == int(row["差额(合计-总数)"])
    assert len(rows) == 49


def test_an_exclusive_split_that_does_not_add_up_is_noticed() -> None:
    assert not check_split({"a": 3, "b": 4}, 8, is_exclusive=True).agrees
    assert check_split({"a": 5, "b": 4}, 8, is_exclusive=False).agrees


def test_the_stock_must_balance() -> None:
    week = balance(opening=12, new=5, closed=7, reopened=1)
    assert week.closing == 11
    assert week.agrees_with(11)
    assert not week.agrees_with(12)
