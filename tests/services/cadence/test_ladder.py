"""The ladder over real cases: whose clocks run, who is told, and what begins anew."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select, update

from tests.support.makers import Town
from tests.support.mornings import HOME, morning_of, rungs
from tests.support.processes import together
from tests.support.substitutes import delegate
from tracker.domain.acts.sight import ActScope
from tracker.domain.cases.facts import CaseState
from tracker.services.people import accounts
from tracker.storage.cadence import rungs as climbed
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person

S = CaseState


def due(town: Town, number: str) -> date:
    on = town.row(number).due_on
    assert on is not None
    return on


def heard(town: Town, login: str, first: date, last: date) -> list[str]:
    """The rungs that somebody is told on the mornings from `first` to `last`."""
    return [rung for n in range((last - first).days + 1) for rung in morning_of(town, first + timedelta(days=n)).told(login)]


def head_of(town: Town, login: str) -> None:
    accounts.set_head(town.actor("admin"), login=login, is_head=True)


def test_the_officer_hears_each_rung_once_on_working_days(town: Town) -> None:
    number = town.case_in(S.rectifying)  # due on Monday 9 March
    on = due(town, number)
    assert heard(town, "officer", town.clock.today(), on + timedelta(days=20)) == ["即将到期", "今日到期", "超期 1 日", "超期 3 日", "超期 7 日"]


def test_each_level_is_told_from_its_own_rung_on(town: Town) -> None:
    head_of(town, "officer2")
    number = town.case_in(S.rectifying)
    town.do(number, "set_sponsor", sponsor="lead2")
    on = due(town, number)
    told = {login: [] for login in ("officer", "officer2", "dispatcher", "lead", "lead2", "supporter")}
    for n in range(-4, 17):
        found = morning_of(town, on + timedelta(days=n))
        for login, known in told.items():
            known += found.told(login)
    assert told["officer2"] == [*told["officer"], "超期 15 日，提请督办"], "as an officer, and as the head"
    assert told["dispatcher"] == told["lead2"] == ["超期 7 日", "超期 15 日，提请督办"]
    assert told["lead"] == ["超期 15 日，提请督办"]
    assert told["supporter"] == []


def test_without_a_head_of_its_own_the_unit_above_is_told(town: Town) -> None:
    number = town.registered()
    town.do(number, "assign", lead_unit="XH-CYZ-JS", supporting_units="")
    town.do(number, "acknowledge", by="below_officer")
    head_of(town, "officer2")
    assert morning_of(town, due(town, number) + timedelta(days=1)).told("officer2") == ["超期 1 日"]


def test_a_granted_extension_begins_a_new_lap(town: Town) -> None:
    number = town.case_in(S.rectifying)
    first = due(town, number)
    assert morning_of(town, first).told("officer") == ["今日到期"]
    town.walk(number, "grant_extension")
    later = due(town, number)
    assert later > first
    assert heard(town, "officer", first, later) == ["即将到期", "今日到期"]
    laps = db.session.execute(select(ReminderRow.lap, ReminderRow.rung).order_by(ReminderRow.id)).all()
    assert {lap for lap, _ in laps} == {first.isoformat(), later.isoformat()}


def test_a_rejection_begins_the_second_round_anew(town: Town) -> None:
    number = town.case_in(S.rectifying)
    on = due(town, number)
    assert morning_of(town, on + timedelta(days=1)).told("officer") == ["超期 1 日"]
    town.walk(number, "submit")
    town.do(number, "reject", new_due_on=(on + timedelta(days=2)).isoformat())
    assert morning_of(town, on + timedelta(days=3)).told("officer") == ["超期 1 日"]
    assert {row.round for row in db.session.scalars(select(ReminderRow))} == {1, 2}


def test_submitted_and_suspended_cases_climb_no_ladder_of_their_unit(town: Town) -> None:
    submitted, suspended = town.case_in(S.submitted), town.case_in(S.suspended)
    morning_of(town, due(town, suspended) + timedelta(days=1))
    assert not {"due_soon", "overdue_1"} & set(rungs())
    town.walk(suspended, "resume")
    town.walk(submitted, "withdraw")
    assert morning_of(town).told("officer") != []


def test_a_weekend_tells_nothing_and_monday_the_highest_rung(town: Town) -> None:
    number = town.case_in(S.rectifying)  # due on 9 March, a Monday; overdue 5 and 6 days on the weekend after
    morning_of(town, due(town, number) + timedelta(days=3))
    saturday = date(2026, 3, 14)
    quiet = morning_of(town, saturday)
    assert quiet.composed.letters == ()
    assert "休息日" in quiet.composed.outcome and "2026年3月16日" in quiet.composed.outcome
    assert morning_of(town, date(2026, 3, 16)).told("officer") == ["超期 7 日"]


def test_five_days_of_standstill_tell_one_rung_to_everybody_it_passed(town: Town) -> None:
    head_of(town, "officer2")
    number = town.case_in(S.rectifying)
    found = morning_of(town, due(town, number) + timedelta(days=8))
    assert found.told("officer") == found.told("officer2") == found.told("dispatcher") == ["超期 7 日"]
    assert sorted(rungs()) == ["due_soon", "due_today", "overdue_1", "overdue_3", "overdue_7"]


def test_who_does_not_sign_in_time_is_reminded(town: Town) -> None:
    number = town.case_in(S.assigned)
    on = town.row(number).acknowledge_due_on
    assert on is not None
    found = morning_of(town, on + timedelta(days=1))
    assert "超过签收时限" in found.told("officer")
    assert any("待签收" in line for line in found.section("officer", "今日必办"))


def test_verifiers_and_closers_are_reminded_of_their_own_limits(town: Town) -> None:
    waiting, done = town.case_in(S.submitted), town.case_in(S.verified, "PATROL")
    found = morning_of(town, town.clock.today() + timedelta(days=8))
    assert found.told("verifier") == ["超过核查时限"]
    assert [line for line in found.section("verifier", "提醒") if waiting in line]
    assert found.told("lead") == ["超过销号时限"]
    assert [line for line in found.section("lead", "提醒") if done in line]
    for login in ("street_verifier", "below_verifier", "supporting_verifier"):
        assert found.told(login) == [], "of a rectifying unit, or below one"


def test_the_last_rung_offers_a_supervision_order_to_those_who_may_give_one(town: Town) -> None:
    head_of(town, "officer2")
    number = town.case_in(S.rectifying)
    found = morning_of(town, due(town, number) + timedelta(days=15))
    link = f"/cases/{number}/steps/open_supervision?level=ordinary&reason="
    assert link in found.texts["dispatcher"] and link in found.texts["lead"]
    assert link not in found.texts["officer"] + found.texts["officer2"]
    assert town.row(number).supervision_level is None, "the clock takes no step of a person"


def test_where_a_supervision_stands_no_order_is_asked_for(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "open_supervision")
    found = morning_of(town, due(town, number) + timedelta(days=15))
    assert "已在督办" in found.texts["dispatcher"]
    assert "steps/open_supervision" not in found.texts["dispatcher"]


def test_the_answer_to_a_supervision_order_is_asked_for_until_it_is_given(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "open_supervision")
    supervision_due_on = town.row(number).supervision_due_on
    assert supervision_due_on is not None
    assert morning_of(town, supervision_due_on).told("officer")[-1] == "督办反馈今日到期"
    found = morning_of(town, supervision_due_on + timedelta(days=1))
    assert "超过督办反馈期限" in found.told("officer") and "超过督办反馈期限" in found.told("dispatcher")
    town.do(number, "progress")
    assert not any("督办反馈" in said for said in morning_of(town, supervision_due_on + timedelta(days=4)).told("officer"))


def test_a_rung_that_nobody_would_hear_goes_to_the_dispatcher(town: Town) -> None:
    number = town.case_in(S.rectifying)
    for person in db.session.scalars(select(Person).where(Person.login.in_(["officer", "officer2", "many_hats"]))):
        person.email = None
    db.session.commit()
    assert morning_of(town, due(town, number)).told("dispatcher") == ["今日到期"]


def test_running_twice_writes_and_tells_nothing_twice(town: Town) -> None:
    number = town.case_in(S.rectifying)
    on = due(town, number) + timedelta(days=1)
    assert morning_of(town, on).told("officer") == ["超期 1 日"]
    before = rungs()
    assert morning_of(town, on).told("officer") == []
    assert rungs() == before


def test_of_several_processes_at_once_one_tells(town: Town, database_url: str, tmp_path: Path) -> None:
    number = town.case_in(S.rectifying)
    on = due(town, number) + timedelta(days=1)
    morning_of(town, due(town, number))
    now = town.clock.move_to(town.clock.end_of(on - timedelta(days=1)) + timedelta(hours=8, minutes=30))
    db.session.remove()
    answers = together(database_url, tmp_path, now, [(tell_once, ()) for _ in range(3)])
    assert sorted(answers) == ["0", "0", "1"]


def tell_once() -> str:
    """In a process of its own: how many letters carry a reminder to the officer."""
    from tests.support.mornings import composed_now

    return str(composed_now(HOME, "officer"))


def test_a_substitute_is_told_beside_the_principal_and_once(town: Town) -> None:
    number = town.case_in(S.rectifying)
    delegate(town, "officer", "supporter", days=30)
    delegate(town, "officer2", "supporter", days=30)
    found = morning_of(town, due(town, number))
    assert found.told("officer") == found.told("supporter") == ["今日到期"]
    assert "代officer先生" in found.texts["supporter"]


def test_a_rung_that_was_passed_over_is_told_from_the_one_that_was_told(town: Town) -> None:
    number = town.case_in(S.rectifying)
    morning_of(town, due(town, number) + timedelta(days=3))
    told = {row.rung: row.is_told
            for row in db.session.scalars(select(ReminderRow).where(ReminderRow.lap == due(town, number).isoformat()))}
    assert told["overdue_3"] is True
    assert {told[rung] for rung in ("due_soon", "due_today", "overdue_1")} == {False}


def test_of_a_rung_written_before_that_was_recorded_nobody_says_that_it_was_told(town: Town) -> None:
    number = town.case_in(S.rectifying)
    morning_of(town, due(town, number) + timedelta(days=3))
    db.session.execute(update(ReminderRow).where(ReminderRow.rung == "due_soon").values(is_told=None))
    db.session.commit()
    seen = {each.rung: each.is_told for each in climbed.of_case(db.session(), town.actor("officer").scope(), number)}
    assert (seen["due_soon"], seen["due_today"], seen["overdue_3"]) == (None, False, True)
    counted = {each.rung: (each.told, each.passed, each.unknown)
               for each in climbed.on_day(db.session(), town.actor("lead").scope(), ActScope(), HOME, town.clock.today())}
    assert (counted["due_soon"], counted["due_today"], counted["overdue_3"]) == ((0, 0, 1), (0, 1, 0), (1, 0, 0))
    stranger = town.actor("neighbour").scope()
    assert climbed.of_case(db.session(), stranger, number) == ()
    assert climbed.on_day(db.session(), stranger, ActScope(), HOME, town.clock.today()) == ()
