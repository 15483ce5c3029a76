"""Operations and interviews: what is found becomes a case, and what is owed after an interview."""

from datetime import date, datetime

import pytest

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.services.acts import access
from tracker.services.house.work import wiring
from tracker.storage.acts.page import ActPage


def page(town: Town, number: str) -> ActPage:
    return access.page_for(town.actor("dispatcher"), number)


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def test_what_an_operation_finds_is_a_case_and_keeps_it_from_being_finished_until_it_is_handed_on(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    do(town, number, "operation", "find")
    (link,) = page(town, number).links
    assert link.role == "found"
    do(town, number, "operation", "set_forces")
    do(town, number, "operation", "check_place")
    do(town, number, "operation", "report")
    with pytest.raises(Invalid, match=link.target.removeprefix("case:")):
        do(town, number, "operation", "finish")


def test_an_operation_without_forces_is_not_summed_up(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    do(town, number, "operation", "check_place")
    with pytest.raises(NotAllowed, match="还没有填写出动的车辆或人员"):
        do(town, number, "operation", "report")


def test_an_operation_begun_before_midnight_is_of_that_day(town: Town) -> None:
    at(town, 2026, 8, 31, 22)
    number = opened(town, "operation")
    at(town, 2026, 9, 1, 1)
    do(town, number, "operation", "begin", began_at="2026-08-31 23:30")
    assert page(town, number).head.began_on == date(2026, 8, 31)


def test_an_interview_of_24_november_is_reported_back_by_24_december(town: Town) -> None:
    at(town, 2026, 11, 24, 9)
    number = act_in(town, "interview", "held")
    (duty,) = page(town, number).duties
    assert (duty.kind, duty.due_on) == ("report_back", date(2026, 12, 24))


def test_an_interview_is_not_held_before_its_notice(town: Town) -> None:
    number = opened(town, "interview")
    with pytest.raises(Invalid, match="早于通知日期"):
        do(town, number, "interview", "hold", held_at="2026-01-02 08:00")
