"""A report is counted from the cases that it can concern; the whole ledger says the same, of random lives and of rows that
lie."""

import logging
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest

from tests.stories.test_weeks_of_random_lives import something_happens
from tests.support.makers import Town
from tests.support.stories import figures_of
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Refusal
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.kinds import REPORTS
from tracker.domain.rules.periods import Period, PeriodKind, period_named, period_of
from tracker.services.house.work import wiring
from tracker.services.reports import reports
from tracker.services.rules import rules
from tracker.storage.house.base import db
from tracker.storage.reports.stories import last_fact_id, stories, stories_within, unended_count

PROVINCE, APRIL = "36", period_named("2026-04")
LEAPS = (0, 0, 3, 9, 26, 45)  # days between the deeds: lives reach over more than a year


@pytest.mark.parametrize("seed", range(5))
def test_every_report_of_random_lives_is_the_same_from_the_whole_ledger(town: Town, seed: int) -> None:
    dice, numbers = Random(seed), list[str]()
    for _ in range(36):
        town.days_pass(dice.choice(LEAPS))
        with suppress(Refusal):
            something_happens(town, dice, numbers)
    frozen = [reports.publish(built)
              for period, name in periods(town, dice) if (built := reports.build(name, period, PROVINCE)).is_whole]
    assert len(frozen) >= len(REPORTS)
    assert [reports.rerun(row).digest() for row in frozen] == [row.digest for row in frozen]


def periods(town: Town, dice: Random) -> list[tuple[Period, str]]:
    """Of every report the last period that is over, and one of those before it."""
    found, today = list[tuple[Period, str]](), town.clock.today()
    for report in REPORTS:
        cadence = report.beat
        last = period_of(cadence.kind, today).before()
        while cadence.window(last, rules.calendar(), wiring().zone).cuts > town.clock.now():
            last = last.before()
        earlier = period_of(cadence.kind, last.first - timedelta(days=dice.randrange(1, 200)))
        found += [(period, report.name) for period in dict.fromkeys((last, earlier))]
    return found


@pytest.mark.one_engine
def test_cases_that_ended_long_ago_are_not_even_read(town: Town) -> None:
    town.case_in(CaseState.closed)
    town.days_pass(500)
    new = town.case_in(CaseState.rectifying)
    town.clock.advance(minutes=5)
    now = town.clock.now()
    for report in REPORTS:
        period = period_of(report.beat.kind, town.clock.today())
        reach = report.reach(reports.build(report.name, period, PROVINCE).inputs)
        told = stories_within(db.session(), reach, now, last_fact_id(db.session(), now), lambda at: at.date())
        assert [each.number for each in told] == [new], report.name
    assert len(list(stories(db.session(), now, last_fact_id(db.session(), now), lambda at: at.date()))) == 2
    assert unended_count(db.session(), now) == 1


@pytest.mark.one_engine
def test_a_case_that_ended_before_the_month_of_its_day_counts_in_that_month_a_year_later(town: Town) -> None:
    town.clock.move_to(town.clock.end_of(date(2026, 3, 28)))
    number = town.case_in(CaseState.closed)
    case = town.row(number)
    assert town.clock.today() < APRIL.first <= (case.due_on or date.min) <= APRIL.last
    town.clock.move_to(town.clock.end_of(date(2027, 5, 1)))
    row = reports.publish(reports.build("monthly", period_named("2027-04"), PROVINCE))
    on_time = next(f for section in reports.document_of(row).sections for f in section.figures if f.key == "on_time")
    assert isinstance(on_time.year_before, Rate) and (on_time.year_before.numerator, on_time.year_before.denominator) == (1, 1)
    assert reports.rerun(row).digest() == row.digest


@pytest.mark.one_engine
def test_rows_that_hide_an_open_case_make_the_report_count_from_every_fact(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    number = town.case_in(CaseState.rectifying)
    town.days_pass(8)
    period = period_of(PeriodKind.week, town.clock.today())
    assert figures_of(reports.build("weekly", period, PROVINCE).document)["closing"] == 1
    tamper(f"UPDATE cases SET state = 'declined' WHERE number = '{number}'")
    with caplog.at_level(logging.WARNING, "xiaohao.reports"):
        assert figures_of(reports.build("weekly", period, PROVINCE).document)["closing"] == 1
    assert "counted from every fact" in caplog.text
