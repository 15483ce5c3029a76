"""Which reports a permit owes, and when: by how long it was held, and by what covers what."""

from datetime import date

import pytest

from tracker.domain.house.errors import Invalid
from tracker.domain.sites.obligations import (
    PermitHeld,
    ReportDue,
    ReportKind,
    chained_from,
    owed_in,
    period_words,
    periods_of,
    read_due,
    why_not,
)

K = ReportKind
DUE = dict.fromkeys(K, ReportDue(1, 15))


def held(first: str, *reports: ReportKind, last: str = "") -> PermitHeld:
    day = date.fromisoformat(first)
    return PermitHeld(day, day, date.fromisoformat(last) if last else None, frozenset(reports))


def owed(permit: PermitHeld, year: int = 2021) -> dict[str, str]:
    return {each.period.code: each.due_on.isoformat() for each in owed_in(permit, year, DUE)}


@pytest.mark.parametrize(("first", "kind", "code", "due"), [
    ("2021-10-01", K.year, "2021", "2022-01-15"), ("2021-10-02", K.year, "2021", ""),
    ("2021-06-01", K.quarter, "2021Q2", "2021-07-15"), ("2021-06-02", K.quarter, "2021Q2", ""),
    ("2021-05-22", K.month, "2021-05", "2021-06-15"), ("2021-05-23", K.month, "2021-05", ""),
    ("2021-04-01", K.half, "2021H1", "2021-07-15"), ("2021-04-02", K.half, "2021H1", ""),
])
def test_a_report_is_owed_by_who_held_the_permit_long_enough(first: str, kind: ReportKind, code: str, due: str) -> None:
    assert owed(held(first, kind)).get(code, "") == due


def test_held_less_than_three_months_the_year_goes_into_the_next_and_the_page_says_so() -> None:
    year = next(periods_of(K.year, 2021))
    assert why_not(held("2021-10-02", K.year), year) == "持证不足3个月，并入2022年年报"
    assert why_not(held("2021-10-01", K.year), year) is None


def test_longer_reports_cover_the_last_shorter_ones() -> None:
    found = owed(held("2020-01-01", K.quarter, K.month, K.year))
    assert sorted(found) == sorted(["2021", "2021Q1", "2021Q2", "2021Q3",
                                    *(f"2021-{month:02d}" for month in (1, 2, 4, 5, 7, 8, 10, 11))])
    assert len(found) == 12
    assert list(owed(held("2020-01-01", K.half, K.year))) == ["2021", "2021H1"]
    assert list(owed(held("2020-01-01", K.half))) == ["2021H1", "2021H2"]


def test_a_period_is_covered_only_where_the_longer_report_is_owed() -> None:
    found = owed(held("2021-09-10", K.quarter, K.month))
    assert "2021Q3" not in found and found["2021-09"] == "2021-10-15"
    assert "2021-12" not in found and found["2021Q4"] == "2022-01-15"


def test_a_permit_that_ended_before_the_end_of_a_period_owes_nothing_for_it() -> None:
    permit = held("2020-01-01", K.year, last="2021-11-30")
    assert owed(permit) == {}
    assert why_not(permit, next(periods_of(K.year, 2021))) == "许可证至 2021年11月30日 为止，不满这一期"


def test_a_renewal_without_a_gap_is_held_since_the_first() -> None:
    spans = [(date(2016, 4, 1), date(2021, 3, 31)), (date(2021, 4, 1), date(2026, 3, 31)), (date(2010, 1, 1), date(2015, 1, 1))]
    assert chained_from(spans, date(2021, 4, 1)) == date(2016, 4, 1)


def test_the_day_of_a_month_that_is_too_short_is_its_last() -> None:
    assert ReportDue(2, 31).after(date(2021, 12, 31)) == date(2022, 2, 28)


@pytest.mark.parametrize(("code", "said"), [
    ("2021", "2021年"), ("2021H1", "2021年上半年"), ("2021H2", "2021年下半年"), ("2021Q3", "2021年第3季度"), ("2021-05", "2021年5月")])
def test_a_period_is_said_as_people_say_it(code: str, said: str) -> None:
    assert period_words(code) == said


def test_a_permit_says_its_own_days_and_what_cannot_be_read_is_named() -> None:
    assert read_due("年报 2-28、季报 1-20") == {ReportKind.year: ReportDue(2, 28), ReportKind.quarter: ReportDue(1, 20)}
    assert read_due("") == {} and read_due("月报1-10") == read_due(" month: 1-10 ") == {ReportKind.month: ReportDue(1, 10)}
    for text in ("年报 7-1", "日报 1-15", "年报 2-28、年报 1-15", "下月15日", "年报 1-32"):
        with pytest.raises(Invalid, match="报告期限"):
            read_due(text)
