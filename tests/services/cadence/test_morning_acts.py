"""Duties and limits of acts in the morning: the ladder of the cases, each rung once; nobody is told who may not open the act."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.support import patrols as ground
from tests.support.acts import act_in
from tests.support.makers import Town
from tests.support.mornings import HOME, Morning, morning_of, rungs
from tracker.services.acts import access, duties
from tracker.services.cases.belonging.positions import Sighting
from tracker.services.coordination.patrols.plans import open_patrols
from tracker.services.house.work import wiring
from tracker.services.people import accounts
from tracker.storage.acts.acts import Act
from tracker.storage.cadence import rungs as climbed
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.house.base import db

RUNG = "应办事项超期1日"


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def head_of(town: Town, login: str) -> None:
    accounts.set_head(town.actor("admin"), login=login, is_head=True)


def who_hears(found: Morning, word: str) -> set[str]:
    return {login for login in found.texts if word in found.told(login) and login != "many_hats"}


def interviewed(town: Town) -> str:
    """An interview held on 24 November, of which a report is due on 24 December."""
    at(town, 2026, 11, 24, 9)
    number = act_in(town, "interview", "held")
    assert access.page_for(town.actor("dispatcher"), number).duties[0].due_on == date(2026, 12, 24)
    return number


def test_a_report_that_is_a_day_late_is_told_to_officer_and_head_once(town: Town) -> None:
    head_of(town, "officer2")
    number = interviewed(town)
    assert who_hears(morning_of(town, date(2026, 12, 21)), "应办事项即将到期") == {"officer", "officer2"}
    assert RUNG not in morning_of(town, date(2026, 12, 24)).texts["officer"]
    found = morning_of(town, date(2026, 12, 25))
    assert who_hears(found, RUNG) == {"officer", "officer2"}
    assert f"{number} 约谈｜第 1 项 书面报送｜朝阳洲街道" in found.section("officer", "提醒")[0]
    assert who_hears(morning_of(town, date(2026, 12, 25)), RUNG) == set(), "the same date a second time"


def test_a_report_of_ten_to_midnight_on_the_last_day_is_in_time_and_nobody_is_told(town: Town) -> None:
    number = interviewed(town)
    at(town, 2026, 12, 24, 23, 50)
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已整改，报告见附件"})
    found = morning_of(town, date(2026, 12, 25))
    assert (who_hears(found, RUNG), found.section("officer", "应办事项")) == (set(), [])


def test_after_a_week_dispatcher_and_lead_are_told_and_whoever_was_passed_over(town: Town) -> None:
    head_of(town, "officer2")
    interviewed(town)
    found = morning_of(town, date(2026, 12, 31))
    assert {"dispatcher", "lead", "officer", "officer2"} <= who_hears(found, "应办事项超期7日")
    assert sorted(rungs()) == ["duty_1", "duty_7", "duty_soon"]


@pytest.mark.one_engine
def test_an_extension_begins_a_new_lap(town: Town) -> None:
    number = interviewed(town)
    assert who_hears(morning_of(town, date(2026, 12, 25)), RUNG)
    duties.take(town.actor("dispatcher"), number, 1, "extend", {"due_on": "2026-12-28", "reason": "资料待补"})
    assert who_hears(morning_of(town, date(2026, 12, 29)), RUNG)
    laps = set(db.session.scalars(select(ReminderRow.lap).where(ReminderRow.rung == "duty_1")))
    assert laps == {"2026-12-24", "2026-12-28"}


@pytest.mark.one_engine
def test_what_is_late_stands_every_morning_on_the_list_of_its_unit_and_of_who_runs_it(town: Town) -> None:
    number = interviewed(town)
    morning_of(town, date(2026, 12, 29))
    found = morning_of(town, date(2026, 12, 30))
    for login in ("officer", "dispatcher", "lead"):
        assert found.section(login, "应办事项") == [
            f"1. {number} 约谈｜第 1 项 书面报送｜朝阳洲街道｜完成期限12月24日，已超期6天"]
    assert found.section("neighbour", "应办事项") == []


@pytest.mark.one_engine
def test_minutes_that_are_due_remind_who_issues_them(town: Town) -> None:
    act_in(town, "meeting", "held")
    (limit,) = access.page_for(town.actor("dispatcher"), "HY-2026-0001").clocks
    found = morning_of(town, limit.due_on)
    assert {"dispatcher", "lead"} <= who_hears(found, "办理时限今日到期")
    assert "officer" not in who_hears(found, "办理时限今日到期")


@pytest.mark.one_engine
def test_what_counts_hours_is_told_by_the_minute_alone(town: Town) -> None:
    act_in(town, "control", "issued")
    town.clock.move_to(town.clock.now() + timedelta(days=3))
    morning_of(town)
    assert not [row for row in db.session.scalars(select(ReminderRow.stream)) if "ack_control" in row]


@pytest.mark.one_engine
def test_an_owed_patrol_reminds_the_chiefs_of_both_sides(town: Town) -> None:
    ground.staffed(town)
    act_in(town, "patrol_plan", "in_force")
    open_patrols(date(2026, 3, 2))
    found = morning_of(town, date(2026, 3, 16))
    assert {"officer2", "railman"} <= who_hears(found, RUNG)
    assert "dispatcher" not in who_hears(found, RUNG)
    assert found.section("officer2", "应办事项") == [], "patrols have a section of their own"


@pytest.mark.one_engine
def test_an_act_of_narrow_sight_is_told_to_nobody_who_may_not_open_it(town: Town) -> None:
    number = interviewed(town)
    db.session.execute(Act.__table__.update().where(Act.number == number).values(sight="narrow"))
    db.session.commit()
    found = morning_of(town, date(2026, 12, 31))
    assert "officer" not in who_hears(found, "应办事项超期7日")
    assert number not in found.texts.get("officer", "")
    assert {"dispatcher", "lead"} <= who_hears(found, "应办事项超期7日")


@pytest.mark.one_engine
def test_the_record_of_the_morning_counts_rungs_of_acts_for_who_sees_them(town: Town) -> None:
    interviewed(town)
    on = date(2026, 12, 25)
    morning_of(town, on)
    def counted(login: str) -> list[tuple[str, int]]:
        actor = town.actor(login)
        return [(each.rung, each.told) for each in climbed.on_day(db.session(), actor.scope(), access.scope_of(actor), HOME, on)]
    assert counted("dispatcher") == [("duty_1", 1), ("duty_soon", 0)]
    assert counted("neighbour") == []


@pytest.mark.one_engine
def test_both_section_chiefs_learn_of_the_cases_in_their_section(town: Town) -> None:
    ground.staffed(town)
    number = town.registered("RAIL", channel="onsite", area_code="360103002", categories=("railway",),
                             sighting=Sighting(ground.LINE_NAME, "K1450+200", "", "right"))
    town.do(number, "send_down", candidate_units="XH-CYZ、TL-NC")
    for step in ("claim", "disclaim", "confirm", "acknowledge"):
        town.do(number, step)
    on = town.row(number).due_on
    assert on is not None
    found = morning_of(town, on + timedelta(days=1), time(8, 30))
    for login in ("officer2", "railman"):
        assert any(number in line and "超期 1 日" in line for line in found.section(login, "提醒"))
        assert found.section(login, "段内案件") == ["1. JJ-01 京九线JJ-01段｜未办结 1 件：地方 1 件，铁路 0 件，未定 0 件；超期 1 件"]
    assert found.section("dispatcher", "段内案件") == []
