"""The appraisal of units: a small year reckoned by hand, parts that are used up, ties and vetoes."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.appraised_year import (
    OLD_HISTORY,
    RANKED,
    YEAR,
    A,
    B,
    C,
    D,
    counted,
    given_to,
    inputs_of,
    lines,
    score_of,
    table,
    told,
    with_rules,
    year,
)
from tracker.domain.cases.stories import Story
from tracker.domain.reports.appraisal.appraisal import quarterly
from tracker.domain.reports.appraisal.scoring_rules import DEFAULT_RULES

# --- the year by hand -------------------------------------------------------------------------------------------------------


def test_every_deduction_of_the_year_is_listed_with_its_case_date_and_record() -> None:
    assert lines(year()) == [
        ("超期办结", "U-A", "XH-02", 4, "2026-02-21", "1.00"),
        ("超期签收", "U-A", "XH-03", 3, "2026-03-06", "0.50"),
        ("再次延期", "U-A", "XH-04", 5, "2026-08-01", "0.20"),
        ("再次延期", "U-A", "XH-04", 6, "2026-08-20", "0.20"),
        ("核查不通过", "U-A", "XH-03", 5, "2026-04-12", "0.50"),
        ("核查不通过", "U-A", "XH-03", 7, "2026-04-22", "0.50"),
        ("核查不通过", "U-A", "XH-05", 5, "2026-05-03", "0.50"),
        ("三次以上核查不通过", "U-A", "XH-03", 9, "2026-05-12", "1.00"),
        ("超期办结", "U-B", "XH-05", 9, "2026-07-05", "1.00"),
        ("复发重开", "U-B", "XH-06", 8, "2026-09-02", "2.00"),
        ("一般督办", "U-B", "XH-08", 6, "2026-05-11", "0.50"),
        ("重点督办", "U-B", "XH-08", 7, "2026-05-12", "1.00"),
        ("超期未办结", "U-C", "XH-09", 2, "2026-12-01", "2.00"),
        ("不予销号", "U-C", "XH-10", 6, "2026-10-25", "0.50"),
        ("挂牌督办", "U-C", "XH-09", 4, "2026-11-20", "2.00"),
    ]
    assert lines(year(), "加分清单") == [("提前一次办结", "U-A", "XH-01", 4, "2026-01-20", "0.20")]


@pytest.mark.parametrize(("unit", "place", "led", "parts", "bonus", "total", "lost", "grade"), [
    # 40−1−0.5−0.4  40−0.5−0.5−0.5−1  20 ; 38.1 + 37.5 + 20 + 0.2
    ("U-A", 1, 5, ["38.10", "37.50", "20.00"], "0.20", "95.80", "4.40", "优秀"),
    # 40−1  40−2  20−1.5
    ("U-B", 2, 4, ["39.00", "38.00", "18.50"], "0.00", "95.50", "4.50", "优秀"),
    # 40−2  40−0.5  20−2 ; barred by the listed supervision
    ("U-C", 2, 2, ["38.00", "39.50", "18.00"], "0.00", "95.50", "4.50", "良好（否决）"),
])
def test_the_scores_of_the_year_are_those_reckoned_by_hand(
        unit: str, place: int, led: int, parts: list[str], bonus: str, total: str, lost: str, grade: str) -> None:
    row = score_of(year(), unit)
    assert [row["办理时限（40.00）"], row["整改质量（40.00）"], row["督办情况（20.00）"]] == parts
    assert (row["主办件数"], row["加分"], row["得分"], row["扣分"], row["等次"]) == (led, bonus, total, lost, grade)
    assert row["名次"] == place


def test_the_quarters_stand_beside_the_year() -> None:
    document = year()
    found = {code: [score_of(document, code)[f"第{n}季度"] for n in (1, 2, 3)] for code in ("U-A", "U-B", "U-C")}
    assert found == {
        # +0.2 −1 −0.5 ; −0.5 −0.5 −1 −0.5 ; −0.2 −0.2, and nothing was checked: (39.6 + 20) of 60
        "U-A": ["98.70", "97.50", "99.33"],
        "U-B": ["100.00", "96.50", "97.00"],  # early by one day only ; overdue open −2, −0.5 −1 ; −1 −2
        "U-C": ["—", "—", "—"],  # XH-11 was merged within the first quarter; the others came in the fourth
    }


def test_a_quarter_appraised_by_itself_comes_out_as_beside_the_year() -> None:
    document = year()
    for quarter in ("2026-Q1", "2026-Q2", "2026-Q3"):
        alone = counted(quarterly(inputs_of(quarter)))
        word = f"第{quarter[-1]}季度"
        for row in table(alone, RANKED).rows:
            assert score_of(document, str(row[1]))[word] == score_of(alone, str(row[1]))["得分"]
    assert "2026年第1季度考核" in counted(quarterly(inputs_of("2026-Q1"))).title


def test_units_without_a_case_are_listed_and_not_ranked() -> None:
    document = year()
    assert table(document, "不排名的单位").rows == (("U-D", "丁镇", 0, "—", "没有参评案件"),)
    assert "U-D" not in [row[1] for row in table(document, RANKED).rows]


def test_a_case_that_changed_hands_counts_for_each_unit_and_once_in_all() -> None:
    document = year()
    assert "XH-05" in document.cases["led:U-A"]
    assert "XH-05" in document.cases["led:U-B"]
    assert document.cases["scored"].count("XH-05") == 1
    assert len(document.cases["scored"]) == 10  # twelve, less the merged and the brought-in one


def test_merged_voided_and_brought_in_cases_cost_nothing() -> None:
    voided = told("XH-14", ("03-01", "assign", given_to(D, "03-02", "03-02")), ("05-01", "ack"), ("06-01", "void"))
    document = year((*YEAR[10:], OLD_HISTORY, voided))
    assert lines(document) == []
    assert document.cases["scored"] == ("XH-13",)  # its own history began when it was reopened


def test_suspended_time_is_no_lateness() -> None:
    document = year((YEAR[6],))
    assert lines(document) == []
    assert score_of(document, "U-B")["得分"] == "100.00"


def test_a_phase_that_was_granted_is_late_only_after_its_next_date() -> None:
    phased = told("XH-15", ("03-01", "assign", given_to(A, "06-01")), ("03-02", "ack"),
                  ("05-01", "phase", {"phase_next_on": "2026-12-31"}))
    assert lines(year((phased,))) == []
    ended = told("XH-15", ("03-01", "assign", given_to(A, "06-01")), ("03-02", "ack"),
                 ("05-01", "phase", {"phase_next_on": "2026-12-30"}))
    assert lines(year((ended,))) == [("超期未办结", "U-A", "XH-15", 2, "2026-12-31", "2.00")]


def test_work_submitted_in_time_is_not_late_while_it_waits_for_its_check() -> None:
    waiting = told("XH-16", ("03-01", "assign", given_to(A, "06-01")), ("03-02", "ack"), ("06-01", "submit"))
    assert lines(year((waiting,))) == []
    assert lines(year((told("XH-16", ("03-01", "assign", given_to(A, "06-01")), ("03-02", "ack"), ("06-01", "submit"),
                            ("06-20", "verify")),))) == []


def test_withdrawn_work_was_not_submitted() -> None:
    taken_back = told("XH-17", ("03-01", "assign", given_to(A, "06-01")), ("03-02", "ack"), ("05-01", "submit"),
                      ("05-02", "withdraw"),
                      ("06-02", "submit"), ("06-03", "verify"))
    assert [line[0] for line in lines(year((taken_back,)))] == ["超期办结"]


def test_what_nobody_signed_for_is_late_while_it_lies() -> None:
    lying = told("XH-18", ("12-01", "assign", given_to(A, "12-31", "12-03")))
    assert lines(year((lying,))) == [("超期签收", "U-A", "XH-18", 2, "2026-12-04", "0.50")]


# --- parts, ties, vetoes ----------------------------------------------------------------------------------------------------


def many_rejections(times: int) -> Story:
    steps: list[tuple[Any, ...]] = [("01-02", "assign", given_to(A, "12-31")), ("01-03", "ack")]
    for number in range(times):
        steps += [("02-01", "submit"), ("02-02", "reject", {"round": number + 2})]
    return told("XH-20", *steps)


def test_a_part_is_used_up_and_never_less_than_nothing() -> None:
    document = year((many_rejections(43),))  # 0.5 + 0.5 + 41 × 1 = 42 > 40
    assert score_of(document, "U-A")["整改质量（40.00）"] == "0.00"
    assert score_of(document, "U-A")["得分"] == "60.00"
    rows = table(document, "扣分清单").rows
    assert [(row[7], row[8]) for row in rows[-3:]] == [("1.00", ""), ("0.00", "本部分已扣完"), ("0.00", "本部分已扣完")]
    assert sum(Decimal(str(row[7])) for row in rows) == 40


def test_equal_scores_share_a_place_and_the_next_is_passed_over() -> None:
    document = year()
    assert [(row[0], row[1]) for row in table(document, RANKED).rows] == [(1, "U-A"), (2, "U-B"), (2, "U-C")]
    quiet = told("XH-30", ("01-05", "assign", given_to(D, "12-31")), ("01-06", "ack"))
    late = told("XH-31", ("01-05", "assign", given_to(C, "12-30")), ("01-06", "ack"))
    also = told("XH-32", ("01-05", "assign", given_to(B, "12-31")), ("01-06", "ack"))
    assert [(row[0], row[1]) for row in table(year((quiet, late, also)), RANKED).rows] == [(1, "U-B"), (1, "U-D"), (3, "U-C")]


def test_a_false_rectification_bars_the_grade_only_where_it_was_found_false_by_hand() -> None:
    marked = with_rules(events=[{"rule": "false_rectification", "on": "2026-09-10", "case": "XH-06", "text": "现场摆拍"}])
    assert score_of(year(), "U-B")["等次"] == "优秀"
    document = year(rules=marked)
    assert score_of(document, "U-B")["等次"] == "合格（否决）"
    assert score_of(document, "U-B")["得分"] == "95.50"
    assert table(document, "一票否决清单").rows[0] == ("否1", "虚假整改", "U-B", "乙街道", "XH-06", 7, "2026-09-01", "不高于合格", "现场摆拍")


def test_a_mark_without_a_failed_look_back_counts_nothing_and_says_so() -> None:
    document = year(rules=with_rules(events=[{"rule": "false_rectification", "on": "2026-09-10", "case": "XH-01"}]))
    assert score_of(document, "U-A")["等次"] == "优秀"
    assert any("XH-01" in text and "未计" in text for text in document.sections[0].paragraphs)


def test_a_pollution_event_entered_by_hand_caps_the_grade_of_its_year_and_quarter() -> None:
    rules = with_rules(events=[{"rule": "serious_pollution", "on": "2026-05-03", "unit": "U-A", "text": "河道污染"},
                               {"rule": "serious_pollution", "on": "2026-05-04", "unit": "U-X"}])
    document = year(rules=rules)
    assert score_of(document, "U-A")["等次"] == "合格（否决）"
    assert any("U-X" in text for text in document.sections[0].paragraphs)
    assert score_of(counted(quarterly(inputs_of("2026-Q2", rules=rules))), "U-A")["等次"] == "合格（否决）"
    assert score_of(counted(quarterly(inputs_of("2026-Q1", rules=rules))), "U-A")["等次"] == "优秀"


def test_a_listed_supervision_bars_at_the_years_end_only() -> None:
    listed = told("XH-40", ("01-05", "assign", given_to(A, "12-31")), ("01-06", "ack"),
                  ("02-01", "supervise", {"supervision_level": "listed"}))
    assert score_of(counted(quarterly(inputs_of("2026-Q1")), (listed,)), "U-A")["等次"] == "优秀"
    assert score_of(year((listed,)), "U-A")["等次"] == "良好（否决）"


# --- who is ranked beside whom, by rate ---------------------------------------------------------------------------------------


def many(unit: int, number: int, late: int = 0) -> list[Story]:
    """So many cases of a unit, the first of them a day late."""
    return [told(f"XH-{unit}{place:02d}", ("01-05", "assign", given_to(unit, "01-30")), ("01-06", "ack"),
                 ("01-31" if place < late else "01-30", "submit"), ("02-02", "verify")) for place in range(number)]


def test_a_deduction_by_rate_weighs_what_the_case_is_among_those_led() -> None:
    document = year((*many(A, 20, late=1), *many(B, 5, late=1)), rules=DEFAULT_RULES)
    assert [(line[1], line[5]) for line in lines(document)] == [("U-A", "1.00"), ("U-B", "4.00")]  # 5 % and 20 % at 0.2
    assert (score_of(document, "U-A")["得分"], score_of(document, "U-B")["得分"]) == ("99.00", "96.00")
    assert "每占主办件数 1% 扣0.20分" in [row[3] for row in table(document, "计分规则").rows]


def test_streets_and_departments_are_ranked_apart_and_the_fewest_decide_who_is() -> None:
    document = year((*many(A, 5), *many(B, 4, late=1), *many(C, 6, late=6)), rules=DEFAULT_RULES, groups=None)
    assert [(row[0], row[1]) for row in table(document, "得分汇总：街道（镇）").rows] == [(1, "U-A")]
    assert [(row[0], row[1]) for row in table(document, "得分汇总：区直部门").rows] == [(1, "U-C")]
    assert table(document, "不排名的单位").rows == (
        ("U-B", "乙街道", 4, "95.00", "主办 4 件，不足 5 件"), ("U-D", "丁镇", 0, "—", "没有参评案件"))


def test_a_kind_of_unit_that_is_in_no_group_is_not_ranked_and_the_reason_says_so() -> None:
    document = year(many(C, 6), groups=[{"kind": "street", "group": "街道", "due": 1, "led": 1}])
    assert table(document, "不排名的单位").rows[2][-1] == "区直部门不参加排名"


def test_a_part_that_nothing_gave_occasion_to_is_left_out() -> None:
    waiting = told("XH-50", ("11-01", "assign", given_to(A, "11-30")), ("11-02", "ack"), ("12-02", "submit"))
    opened = told("XH-51", ("12-20", "assign", given_to(A, "12-10")), ("12-21", "ack"))
    row = score_of(year((waiting, opened)), "U-A")
    assert [row["办理时限（40.00）"], row["整改质量（40.00）"], row["督办情况（20.00）"]] == ["38.00", "—", "20.00"]
    assert row["得分"] == "96.67"  # 58 of 60


def test_who_was_measured_by_less_than_half_is_not_ranked() -> None:
    untouched = told("XH-52", ("12-20", "assign", given_to(A, "12-31")))
    assert table(year((untouched,)), "不排名的单位").rows[0] == (
        "U-A", "甲街道", 1, "100.00", "能计分的部分只占 20%，不到一半")


def test_a_bonus_lifts_nobody_above_a_hundred() -> None:
    assert score_of(year((YEAR[0],)), "U-A")["加分"] == "0.20"
    assert score_of(year((YEAR[0],)), "U-A")["得分"] == "100.00"
