"""What a case counts as in a month, and the figures that come of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.support.months import LED, closed_life, life, march
from tracker.domain.cases.stories import Story
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.monthly.growth import change, grown, signed
from tracker.domain.reports.rates import COUNTS, RATES, Mark, MarkTally, Span, mark, span_of, whole
from tracker.domain.rules.periods import Window, period_named

M = Mark
MARCH = whole(period_named("2026-03"))
ASSIGNED = (("03-02", "registered"), ("03-02", "assign", LED))
RECTIFYING = (*ASSIGNED, ("03-03", "acknowledge"))
SUBMITTED = (*RECTIFYING, ("03-20", "submit"))


def marks(told: Story, span: Span = MARCH) -> frozenset[Mark]:
    found = mark(told, span)
    return frozenset() if found is None else found.marks


def rate(key: str, stories: Iterable[Story], span: Span = MARCH) -> str:
    tally = MarkTally()
    for each in stories:
        tally.add(each.number, marks(each, span))
    value = tally.value(next(measure for measure in RATES if measure.key == key))
    assert isinstance(value, Rate)
    return f"{value.numerator}/{value.denominator}"


def test_what_had_to_be_dealt_with_came_over_was_new_or_came_back() -> None:
    assert M.new in marks(life("A", ("03-02", "registered")))
    assert M.opening in marks(life("A", ("02-02", "registered")))
    assert M.returned in marks(life("A", ("01-02", "registered"), ("02-01", "close"), ("03-04", "reopen")))
    assert not marks(closed_life("A", "01-02", "01-20")) & {M.load, M.stock}
    assert not marks(life("A", ("04-02", "registered")))


@pytest.mark.parametrize(("state", "expected"), [
    ("registered", M.stock), ("close", M.struck_off), ("merge", M.apart), ("decline", M.apart), ("grant_phase", M.phased),
    ("verify", M.handled)])
def test_every_case_of_the_load_ends_struck_off_apart_or_in_stock(state: str, expected: Mark) -> None:
    found = marks(life("A", ("03-02", "registered"), ("03-05", state)))
    assert expected in found
    assert len(found & {M.struck_off, M.apart, M.stock}) == 1
    assert (M.rated in found) is (M.apart not in found)


def test_a_phased_case_is_completed_only_in_the_rate_that_says_so() -> None:
    phased = life("A", *RECTIFYING, ("03-10", "grant_phase", {"phase_next_on": "2026-04-10"}))
    closed = closed_life("B", "03-02", "03-10")
    assert rate("completion", [phased, closed]) == "1/2"
    assert rate("completion_with_phased", [phased, closed]) == "2/2"


def test_handed_in_on_the_last_day_is_on_time_and_a_day_later_is_not() -> None:
    late = life("B", *RECTIFYING, ("03-21", "submit"), ("03-25", "verify"))
    in_time = life("A", *SUBMITTED, ("03-25", "verify"))
    assert rate("on_time", [in_time, late]) == "1/2"


def test_what_waits_for_its_verification_was_handed_in_on_time() -> None:
    assert {M.due, M.on_time} <= marks(life("A", *SUBMITTED))
    assert M.overdue not in marks(life("A", *SUBMITTED))


def test_a_rejected_case_is_measured_by_its_new_date() -> None:
    rejected = life("A", *SUBMITTED, ("03-25", "reject", {"due_on": "2026-04-02"}))
    assert not marks(rejected) & {M.due, M.on_time}
    assert {M.reworked, M.concluded} <= marks(rejected)


def test_a_suspended_case_leaves_the_on_time_rate_and_is_counted_apart() -> None:
    suspended = life("A", *RECTIFYING, ("03-10", "suspend"))
    assert rate("on_time", [suspended]) == "0/0"
    assert M.due_suspended in marks(suspended)


def test_an_extension_into_the_next_month_takes_the_case_out_of_this_one() -> None:
    extended = life("A", *RECTIFYING, ("03-15", "request_extension"), ("03-16", "grant_extension", {"due_on": "2026-04-10"}))
    assert M.due not in marks(extended)
    assert {M.extended, M.worked_on} <= marks(extended)


def test_a_case_closed_early_still_counts_in_the_month_in_which_it_fell_due() -> None:
    early = closed_life("A", "02-02", "02-10")
    assert {M.due, M.on_time} <= marks(early)
    assert M.load not in marks(early)


def test_overdue_is_what_has_a_red_light_on_the_last_day_of_the_month() -> None:
    late = life("A", *RECTIFYING)
    assert M.overdue in marks(late)
    assert M.overdue not in marks(late, Span(MARCH.first, MARCH.last, date(2026, 3, 19), date(2026, 3, 20)))
    assert M.overdue not in marks(life("A", *ASSIGNED, ("03-05", "acknowledge", {"due_on": "2026-03-31"})))


def test_signing_in_time_is_measured_where_the_limit_fell_into_the_month() -> None:
    in_time, late = life("A", *RECTIFYING), life("B", *ASSIGNED, ("03-06", "acknowledge"))
    waiting, returned = life("C", *ASSIGNED), life("D", *ASSIGNED, ("03-03", "request_return"), ("03-03", "grant_return"))
    assert rate("acknowledged", [in_time, late, waiting, returned]) == "1/3"


def test_only_the_first_verification_counts_for_the_first_pass() -> None:
    passed = life("A", *SUBMITTED, ("03-22", "verify"))
    second = life("B", *SUBMITTED, ("03-22", "reject"), ("03-25", "submit"), ("03-26", "verify"))
    earlier = life("C", ("02-02", "registered"), ("02-03", "reject"), ("03-04", "verify"))
    assert rate("first_pass", [passed, second, earlier]) == "1/2"
    assert rate("rework", [passed, second, earlier]) == "1/3"


def test_returns_are_measured_against_what_waited_for_a_signature() -> None:
    returned = life("A", *ASSIGNED, ("03-03", "grant_return"))
    assert rate("return", [returned, life("B", *ASSIGNED), life("C", ("03-02", "registered"))]) == "1/2"


def test_an_assignment_that_was_recalled_unsigned_counts_nowhere_and_as_no_return() -> None:
    recalled, signed = life("A", *ASSIGNED, ("03-06", "recall")), life("B", *RECTIFYING, ("03-06", "recall"))
    waiting = life("C", ("02-27", "registered"), ("02-27", "assign", {"acknowledge_due_on": date(2026, 3, 4)}),
                   ("03-05", "recall"))
    assert rate("return", [recalled, signed, waiting]) == "0/1"
    assert rate("acknowledged", [recalled, signed, waiting, life("D", *ASSIGNED)]) == "1/2"


def test_recurrence_is_what_was_reopened_of_what_was_looked_back_on() -> None:
    steady = life("A", ("02-02", "registered"), ("02-10", "close"), ("03-03", "look_back"))
    again = life("B", ("02-02", "registered"), ("02-10", "close"), ("03-03", "look_back"), ("03-04", "reopen"))
    assert rate("recurrence", [steady, again]) == "1/2"


def test_a_caller_who_was_not_reached_says_nothing_about_satisfaction() -> None:
    def called(number: str, said: str) -> Story:
        return life(number, ("02-02", "registered"), ("02-10", "close"), ("03-03", "call_back", {"satisfaction": said}))

    assert rate("satisfaction", [called("A", "satisfied"), called("B", "dissatisfied"), called("C", "unreached"),
                                 called("D", "basically")]) == "2/3"


def test_a_case_closed_reopened_and_closed_again_counts_once() -> None:
    tally = MarkTally(keeps_cases=True)
    tally.add("A", marks(life("A", ("03-02", "registered"), ("03-05", "close"), ("03-06", "reopen"), ("03-09", "close"))))
    closed = next(measure for measure in COUNTS if measure.key == "closed")
    assert tally.value(closed) == 1
    assert tally.behind(closed) == {"closed": ("A",)}


def test_a_month_that_is_not_over_does_not_count_what_is_due_today() -> None:
    inputs = march()
    assert span_of(inputs).over == date(2026, 3, 31)
    cut = datetime(2026, 3, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    early = replace(inputs, window=Window(inputs.window.opens, cut), today=date(2026, 3, 20))
    assert span_of(early).over == date(2026, 3, 19)


@pytest.mark.parametrize(("now", "before", "printed", "said"), [
    (112, 100, "+12.0%", "环比增长 12.0%"), (97, 100, "−3.0%", "环比下降 3.0%"), (5, 5, "0.0%", "环比持平"), (3, 0, "无可比基数", "环比无可比基数"),
    (0, 4, "−100.0%", "环比下降 100.0%"), (144, 1, "+14300.0%", "环比增长 143.0 倍")])
def test_growth_is_said_in_words_and_in_signs(now: int, before: int, printed: str, said: str) -> None:
    assert signed(now, before) == printed
    assert grown("环比", now, before) == said


def test_growth_is_rounded_half_up_on_either_side() -> None:
    assert str(change(10005, 10000)) == "0.1"
    assert str(change(9995, 10000)) == "-0.1"


def test_every_definition_names_what_is_divided_by_what() -> None:
    assert all("÷" in measure.definition and measure.out_of is not None for measure in RATES)
    assert len({measure.key for measure in (*COUNTS, *RATES)}) == len(COUNTS) + len(RATES)
