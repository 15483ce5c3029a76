"""Figures of inspections and draws: each with the records behind it, by the facts of the day that is asked about."""

from datetime import date, timedelta

import pytest

from tests.services.inspection.test_draws import drawn_in
from tests.services.inspection.test_inspections import found
from tests.support.acts import act_in, classed, do, inspect_all, opened, site_of
from tests.support.makers import Town
from tracker.domain.inspection.counts import InspectionDone, first_of_each_site
from tracker.domain.reports.measures.counted import Reckoned
from tracker.domain.reports.measures.registry import measure_asked
from tracker.services.house.work import reading
from tracker.services.reports.measures.inspections import count_inspections
from tracker.services.reports.measures.readers import asked_window, measured

pytestmark = pytest.mark.one_engine


def counted(key: str, on: date | None = None, area: str = "360103") -> Reckoned | None:
    row, params = measure_asked(key)
    return measured(reading(), row, asked_window(date(2026, 1, 1), date(2026, 3, 31), area, on, params)).counted


def value(key: str, on: date | None = None) -> object:
    found = counted(key, on)
    return None if found is None else (found.value, found.out_of)


def test_inspections_and_sites_count_apart_and_those_off_the_spot_for_themselves(town: Town) -> None:
    first = opened(town, "inspection")
    found(town, first)
    site_of(town, "桃花二厂")
    for site in ("S-000001", "S-000001", "S-000002"):
        do(town, opened(town, "inspection", site=site, mode="off_site", method="video", inspectors="inspector"), "inspection",
           "record")
    assert value("inspections.done") == (4, None) and value("inspections.sites") == (2, None)
    assert value("offsite.visits") == (3, None) and value("offsite.sites") == (2, None)
    assert value("inspections.on_site") == (1, None) and value("inspections.found") == (2, None)
    assert value("inspections.problem_rate") == (1, 4)
    behind = counted("inspections.done")
    assert behind is not None and len(behind.behind) == 4 and behind.behind[0].target == f"act:{first}"
    assert counted("inspections.done", area="360102") is None


def test_what_is_recorded_later_is_not_known_on_the_days_before(town: Town) -> None:
    number = opened(town, "inspection")
    town.clock.advance(timedelta(days=3))
    do(town, number, "inspection", "record", started_at="2026-03-02 08:00")
    assert value("inspections.done", date(2026, 3, 4)) is None
    assert value("inspections.done", date(2026, 3, 5)) == (1, None)


def test_a_quarter_is_complete_when_all_that_was_drawn_is_done_and_covers_so_much_of_the_list(town: Town) -> None:
    number = act_in(town, "draw", "drawn")
    assert value("draws.completion") == (0, 1) and value("draws.closed") == (0, 1)
    inspect_all(town, number)
    do(town, number, "draw", "close")
    assert value("draws.completion") == (1, 1) and value("draws.closed") == (1, 1)
    coverage = counted("inspections.coverage")
    assert coverage is not None and (coverage.value, coverage.out_of) == (1, 4)
    assert [(part.word, part.counted.value, part.counted.out_of) for part in coverage.parts] == [("A 类（重点）", 1, 4)]
    (inspection, _, _, _), = drawn_in(number)
    assert [each.number for each in coverage.behind] == [inspection]


def test_a_site_without_a_class_covers_nothing_and_no_inspection_is_no_figure(town: Town) -> None:
    site_of(town)
    classed(town, "S-000001")
    assert value("inspections.coverage") is None
    assert count_inspections(reading(), asked_window(date(2026, 1, 1), date(2026, 3, 31))) == {}


def test_of_many_visits_each_counts_and_each_site_once() -> None:
    done = [InspectionDone(f"JC-{n}", date(2026, 1, 1) + timedelta(days=n % 200), f"S-{n % 557:06d}", "off_site",
                           "positive_list", ())
            for n in range(2029)]
    assert (len(done), len(first_of_each_site(done)), len({each.site for each in done if int(each.site[2:]) < 445})) == (2029,
                                                                                                                         557, 445)
