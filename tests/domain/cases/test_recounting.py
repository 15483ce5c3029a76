"""The weekly balance and every figure of the month, counted a second time from the bare facts of random lives."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import recount
from tests.support.lives import Lives, lives, stories_of
from tests.support.months import ZONE, march
from tests.support.stories import UNITS, figures_of, inputs_for, table_of
from tracker.domain.cadence.beats import beat_named
from tracker.domain.cases.categories.first import FIRST_NAMES
from tracker.domain.cases.stories import Story
from tracker.domain.cases.wording import CHANNELS
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Document, Figure
from tracker.domain.reports.inputs import Builder
from tracker.domain.reports.monthly.circular import Monthly
from tracker.domain.reports.monthly.growth import signed
from tracker.domain.reports.stock import MOVEMENTS, WITHIN
from tracker.domain.reports.weekly import Weekly
from tracker.domain.rules.periods import Window, period_named
from tracker.services.rules.reference import shipped_calendar

JANUARY, A_YEAR_EARLIER = date(2026, 1, 1), date(2025, 2, 10)
DAYS, CASES = 90, 90
STREETS = {"": "未填街道（镇）", "360103002": "朝阳洲街道"}
SEEDS = st.integers(0, 100_000)


def fed(builder: Builder, stories: list[Story], is_with_withdrawn: bool = True) -> Document:
    for each in stories:
        if is_with_withdrawn or not each.is_withdrawn:
            builder.add(each)
    return builder.document({})


def plain(value: Any) -> Any:
    return (value.numerator, value.denominator) if isinstance(value, Rate) else value


def monthly(known: Lives) -> Document:
    inputs = march()
    return fed(Monthly(inputs), stories_of(known, inputs.window.cuts))


def months(known: Lives) -> tuple[recount.Month, ...]:
    """March 2026, February, and March 2025, as they are counted at the cut of March 2026."""
    cut = march().window.cuts
    spans = ((date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28)), (date(2025, 3, 1), date(2025, 3, 31)))
    return tuple(recount.month(known, cut, *span) for span in spans)


def rows(document: Document, title: str) -> dict[str, tuple[Any, ...]]:
    return {str(row[0]): row[1:] for row in table_of(document, title).rows}


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_the_balance_of_every_week_is_what_the_facts_say(seed: int) -> None:
    known, cadence = lives(seed, 40, [JANUARY], 75), beat_named("weekly-review")
    for week in range(2, 13):
        inputs = inputs_for(f"2026-W{week:02d}", "weekly-review")
        assert inputs.window == cadence.window(period_named(f"2026-W{week:02d}"), shipped_calendar(), ZONE)
        document = fed(Weekly(inputs), stories_of(known, inputs.window.cuts))
        district, units = recount.week(known, inputs.window.opens, inputs.window.cuts)
        said = figures_of(document)
        assert {key: said[key] for key in ("opening", "closing", *(k for k, _, _ in MOVEMENTS if k not in WITHIN))} == {
            key: district[key] for key in ("opening", "closing", *(k for k, _, _ in MOVEMENTS if k not in WITHIN))}
        balance = rows(document, "存量平衡表（件）")
        for key, unit in (("0", "未交办"), *((key, unit[1]) for key, unit in UNITS.items())):
            row = balance.get(unit, (0,) * 12)
            assert (row[0], row[-1]) == (units["opening"][int(key)], units["closing"][int(key)])


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_every_figure_of_the_month_and_of_both_months_it_is_set_beside_is_what_the_facts_say(seed: int) -> None:
    known = lives(seed, CASES, [JANUARY, A_YEAR_EARLIER], DAYS)
    told = {figure.key: figure for section in monthly(known).sections for figure in section.figures}
    counted = [month.figures() for month in months(known)]
    for key in counted[0]:
        figure: Figure = told[key]
        assert [key, plain(figure.value), plain(figure.before),
                plain(figure.year_before)] == [key, *(each[key] for each in counted)]


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_every_split_of_the_month_is_what_the_facts_say(seed: int) -> None:
    known = lives(seed, CASES, [JANUARY, A_YEAR_EARLIER], DAYS)
    document, (now, before, year_before) = monthly(known), months(known)
    splits = {
        "按渠道": lambda case: [CHANNELS[case.value("channel")]],
        "按问题类型": lambda case: [FIRST_NAMES[each] for each in case.value("categories")] or ["未分类"],
        "按街道（镇）": lambda case: [STREETS.get(code, code) for code in [case.value("area_code")[:9]
                                                                     if len(case.value("area_code")) >= 9 else ""]],
    }
    for title, of in splits.items():
        parts = [month.split(of) for month in (now, before, year_before)]
        if not now.split(of):
            continue
        for name, row in rows(document, title).items():
            count, share, was, growth, last_year, year_growth = row
            expected = [each[name] for each in parts]
            assert [title, name, count, was, last_year] == [title, name, *expected]
            assert (growth, year_growth) == (signed(expected[0], expected[1]), signed(expected[0], expected[2]))
            assert isinstance(share, Rate) and (share.numerator, share.denominator) == (expected[0], now.figures()["received"])
        assert set(rows(document, title)) == set().union(*parts)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_every_unit_of_the_month_has_what_the_facts_say(seed: int) -> None:
    known = lives(seed, CASES, [JANUARY, A_YEAR_EARLIER], DAYS)
    table, (now, _, _) = rows(monthly(known), "责任单位办理情况"), months(known)
    for key, name in ((0, "未交办"), *((int(key), unit[1]) for key, unit in UNITS.items())):
        row = table.get(name, (0,) * 8)
        assert [name, row[0], *row[3:]] == [name, *now.of_unit(key)]


def test_the_random_lives_go_every_way() -> None:
    kinds = {fact.kind for facts in lives(4, 400, [JANUARY], DAYS).values() for fact in facts}
    assert {f"case:{kind}" for kind in recount.STATE_AFTER} <= kinds
    assert Window(*(march().window.opens + timedelta(days=each) for each in (0, 1))).holds(march().window.opens)
