"""A report that is late by fifteen days becomes an ordinary case, once, with what is to be known of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.sites.test_entering import entered
from tests.services.sites.test_sites import registered
from tests.support.makers import Town
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound
from tracker.services.house.work import reading
from tracker.services.inspection import late_reports
from tracker.services.sites import obligations
from tracker.services.upkeep.integrity import verify
from tracker.storage.cases.cases import Case
from tracker.storage.sites.owed import SiteObligation


@pytest.fixture
def late(town: Town) -> int:
    """The report of January, due on 15 February; today is the fifteenth day after."""
    code = registered(town)
    entered(town, code, valid_from="2025-01-01", reports="month")
    obligations.make_obligations(town.clock.today())
    return reading().scalars(select(SiteObligation.id).where(SiteObligation.period == "2026-01")).one()


@pytest.mark.one_engine
def test_it_becomes_a_case_on_its_fifteenth_day_and_not_a_second_time(town: Town, late: int) -> None:
    dispatcher = town.actor("dispatcher")
    town.clock.move_to(town.clock.now() - timedelta(days=1))
    with pytest.raises(Invalid, match="超期满 15 日"):
        late_reports.open_case(dispatcher, late)
    town.clock.advance(timedelta(days=1))
    number = late_reports.open_case(dispatcher, late)
    case = reading().scalars(select(Case).where(Case.number == number)).one()
    assert case.title == "未按期提交2026年1月月报" and "应于 2026年2月15日 前提交，至今未提交" in case.description
    assert case.source_number.endswith("-2026-01") and case.area_code == "360103"
    with pytest.raises(Conflict, match=number):
        late_reports.open_case(town.actor("clerk"), late)
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_one_that_is_in_makes_no_case_and_who_registers_none_makes_none(town: Town, late: int) -> None:
    with pytest.raises(NotAllowed):
        late_reports.open_case(town.actor("verifier"), late)
    with pytest.raises(NotFound):
        late_reports.open_case(town.actor("dispatcher"), late + 900)
    obligations.satisfy(town.actor("clerk"), late, town.clock.today())
    with pytest.raises(Invalid, match="仍未提交"):
        late_reports.open_case(town.actor("dispatcher"), late)
