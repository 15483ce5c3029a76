"""An area that took others over is compared with what they had then; where only a part came, nothing is compared."""

from datetime import date, timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.reports.document import Document, Figure
from tracker.domain.rules.periods import period_named
from tracker.domain.territory.editing import AreaOrder, EndOrder
from tracker.services.reports import reports
from tracker.services.territory import areas
from tracker.services.territory.moving import move_cases

pytestmark = pytest.mark.one_engine

END, HEIR, OTHER, FORMER = date(2026, 3, 31), "360103002", "360103004", "360103Z01"


@pytest.fixture
def merged(town: Town) -> Town:
    """In March one case is closed in the former area and one stays at work there; in its heir there is one."""
    areas.add(town.actor("admin"), AreaOrder("江滩片区", parent="360103"))
    town.case_in(CaseState.closed, area_code=FORMER)
    town.case_in(CaseState.rectifying, area_code=FORMER)
    town.registered(area_code=HEIR)
    return town


def end(town: Town, *heirs: str) -> None:
    areas.end(town.actor("admin"), EndOrder(FORMER, END, heirs, "国函〔2026〕8号"))
    town.clock.move_to(town.clock.end_of(END) + timedelta(hours=3))
    move_cases(END + timedelta(days=1))


def report(town: Town, key: str) -> Document:
    period = period_named(key)
    town.clock.move_to(town.clock.end_of(period.last) + timedelta(hours=9))
    return reports.build("monthly", period, HEIR).document


def new_ones(found: Document) -> Figure:
    return next(each for section in found.sections for each in section.figures if each.key == "received")


def test_the_months_before_count_what_the_merged_area_had(merged: Town) -> None:
    end(merged, HEIR)
    found = report(merged, "2026-04")
    assert (new_ones(found).value, new_ones(found).before) == (0, 3), "its own, the one that moved, and the one closed there"
    assert any("江滩片区已整体并入" in each for each in found.sections[1].paragraphs)
    year = report(merged, "2027-03")
    assert new_ones(year).year_before == 3
    assert "closed" not in [key for key, numbers in year.cases.items() if numbers]


def test_it_is_counted_again_to_the_same_bytes(merged: Town) -> None:
    end(merged, HEIR)
    report(merged, "2026-04")
    row = reports.publish(reports.build("monthly", period_named("2026-04"), HEIR))
    assert any("整体并入" in each for each in reports.rerun(row).sections[1].paragraphs)


def test_where_only_a_part_came_the_year_before_is_not_compared(merged: Town) -> None:
    end(merged, HEIR, OTHER)
    found = report(merged, "2027-03")
    assert new_ones(found).year_before is None
    assert any("江滩片区只有一部分并入" in each for each in found.sections[1].paragraphs)
    assert any("同比无可比基数" in each for each in found.sections[1].paragraphs)


def test_what_ended_long_before_is_told_no_more(merged: Town) -> None:
    end(merged, HEIR)
    found = report(merged, "2027-05")
    assert not any("区划调整" in each for each in found.sections[1].paragraphs)
