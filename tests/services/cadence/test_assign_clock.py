"""The clock of assigning: whom it makes late, where it shows, and from when it counts for what waited before it came."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.makers import Town
from tests.support.mornings import morning_of, rungs
from tracker.domain.cases.facts import CaseState
from tracker.domain.rules.limits import Limit, LimitUnit, Stage
from tracker.services.cases import assign_clock
from tracker.services.cases.register import desk
from tracker.services.house import caching
from tracker.services.house.work import Work, wiring
from tracker.services.rules import values
from tracker.services.rules.limits import set_limit
from tracker.storage.cases.waiting import waiting_since
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Preference

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in (2, 3, 4))
ONE_DAY = timedelta(days=1)


def due(town: Town, number: str) -> date | None:
    """By when a case is to be assigned."""
    case = town.row(number)
    return assign_clock.assign_due(case.source.key, case.jurisdiction, waiting_since(db.session(), [case])[case.id])


def begun(town: Town, at: datetime) -> None:
    """The clock came with an upgrade at this moment."""
    with Work(wiring()) as work:
        work.session.add(Preference(key=assign_clock.BEGAN, value=at.isoformat()))
        caching.rules_changed(work.session)


def test_a_registered_case_is_to_be_assigned_within_one_working_day(town: Town) -> None:
    number = town.registered()
    assert due(town, number) == TUESDAY
    (line,) = morning_of(town, TUESDAY).section("dispatcher", "今日必办")
    assert "待交办，交办时限今日到期" in line
    assert rungs() == []


def test_what_is_not_assigned_in_time_is_late_with_the_dispatcher_and_later_with_the_lead(town: Town) -> None:
    town.registered()
    late = morning_of(town, WEDNESDAY)
    assert late.told("dispatcher") == ["超过交办时限"]
    assert "已超期1天" in late.section("dispatcher", "今日必办")[0]
    assert late.told("lead") == []
    assert morning_of(town, WEDNESDAY + ONE_DAY).told("dispatcher") == []
    later = morning_of(town, WEDNESDAY + 2 * ONE_DAY)
    assert later.told("dispatcher") == later.told("lead") == ["超过交办时限3日"]


def test_what_was_assigned_waits_for_no_assignment(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    assert waiting_since(db.session(), [town.row(number)]) == {}
    assert "超过交办时限" not in morning_of(town, WEDNESDAY + ONE_DAY).told("dispatcher")


@pytest.mark.parametrize("steps", [("assign", "grant_return"), ("merge", "unmerge")])
def test_a_case_that_came_back_has_the_whole_limit_from_that_day(town: Town, steps: tuple[str, ...]) -> None:
    number = town.registered()
    town.walk(number, *steps[:-1])
    town.clock.move_to(town.clock.end_of(TUESDAY) + timedelta(hours=10))
    town.walk(number, steps[-1])
    assert town.clock.today() == WEDNESDAY
    assert due(town, number) == WEDNESDAY + ONE_DAY


def test_a_source_may_have_its_own_limit(town: Town) -> None:
    set_limit(town.actor("admin"), Limit("PATROL", Stage.assign, 3, LimitUnit.calendar_day, False, "区里的要求", MONDAY))
    assert [due(town, town.registered(source)) for source in ("PATROL", "H12345")] == [MONDAY + 3 * ONE_DAY, TUESDAY]


def test_for_what_waited_before_the_clock_came_it_starts_that_day(town: Town) -> None:
    old = town.registered()
    friday = date(2026, 3, 6)
    town.clock.move_to(town.clock.end_of(friday) - timedelta(hours=2))
    begun(town, town.clock.now())
    assert due(town, old) == date(2026, 3, 9)
    assert rungs() == []
    assert morning_of(town, date(2026, 3, 9)).told("dispatcher") == []
    town.clock.move_to(town.clock.end_of(date(2026, 3, 9)) + timedelta(hours=10))
    new = town.registered()
    assert due(town, new) == date(2026, 3, 11), "what came later counts from its own registration"


def test_a_clock_that_came_before_the_case_changes_nothing(town: Town) -> None:
    begun(town, datetime(2026, 1, 1, tzinfo=UTC))
    assert due(town, town.registered()) == TUESDAY


def test_the_desk_of_the_dispatcher_shows_the_date_and_what_is_late_in_red(town: Town) -> None:
    number = town.registered()

    def row() -> desk.DeskRow:
        (found,) = desk.desk_of(town.actor("dispatcher"), (), values.light_bounds(town.clock.today())).mine
        return found

    assert (row().number, row().due_on, row().light, row().step) == (number, TUESDAY, "yellow", "assign")
    town.clock.move_to(town.clock.end_of(WEDNESDAY) - timedelta(hours=3))
    assert (row().due_on, row().light) == (TUESDAY, "red")


def test_a_case_that_came_back_with_a_running_date_shows_whichever_comes_first(town: Town) -> None:
    number = town.registered()
    town.walk(number, "assign", "merge", "unmerge")
    found = {each.number: each for each in desk.desk_of(town.actor("dispatcher"), (), values.light_bounds(MONDAY)).mine}[number]
    running = town.row(number).due_on
    assert running is not None and running > TUESDAY
    assert found.due_on == TUESDAY
