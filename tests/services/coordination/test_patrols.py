"""Patrols of both sides of a section: recorded by one, confirmed by the other, owed by a plan; the examples of the design."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.support import patrols as ground
from tests.support.acts import USUAL, act_in, do, opened
from tests.support.makers import Town
from tests.support.patrols import PLAN, at, kinds, owed, page
from tracker.domain.acts.facts import DutyState
from tracker.domain.cases.facts import CaseState
from tracker.domain.coordination.patrols.periods import Cadence, OwedPatrol, PatrolPeriod, covered_metres, percent, period_about
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, Refusal
from tracker.services.acts import duties, steps
from tracker.services.coordination import jobs
from tracker.services.coordination.patrols.plans import open_patrols
from tracker.services.house.work import reading
from tracker.services.upkeep.integrity import verify
from tracker.storage.house.base import db
from tracker.storage.house.ledger import stream_of
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both


def test_example_1_every_section_and_tier_owes_once_in_a_period_however_often_the_job_runs(november: Town) -> None:
    assert jobs.run_duties(date(2026, 11, 1)).endswith("开出联合巡查 3 项")
    assert [jobs.run_duties(date(2026, 11, day)).endswith(f"开出联合巡查 {count} 项")
            for day, count in ((1, 0), (15, 0), (16, 1), (30, 0))] == [True] * 4
    days = [(duty.subject, duty.starts_on, duty.due_on) for duty in page(PLAN).duties]
    assert days == [("shape:JJ-01#1", date(2026, 10, 1), date(2026, 12, 31)),
                    ("shape:JJ-01#2", date(2026, 11, 1), date(2026, 11, 30)),
                    ("shape:JJ-01#3", date(2026, 11, 1), date(2026, 11, 15)),
                    ("shape:JJ-01#3", date(2026, 11, 16), date(2026, 11, 30))]
    assert [duty.unit for duty in page(PLAN).duties] == ["西湖区人民政府", "朝阳洲街道", "朝阳洲街道", "朝阳洲街道"]
    assert verify().first is None


def test_example_2_a_confirmed_patrol_meets_what_is_owed_and_covers_its_metres(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    at(november, 2026, 11, 12)
    number = opened(november, "patrol")
    assert (number, page(number).head.state) == ("XC-2026-0001", "logged")
    assert owed(PLAN, 3)[0].state == "open"
    at(november, 2026, 11, 14)
    do(november, number, "patrol", "confirm")
    met = owed(PLAN, 3)[0]
    assert (met.state, met.answered_at.date(), met.checked_at.date()) == (  # type: ignore[union-attr]
        "met", date(2026, 11, 12), date(2026, 11, 14))
    assert (met.answered_by, met.checked_by) == ("officer先生", "railman先生")
    details = page(number).head.details
    assert percent(covered_metres([(details["metre_from"], details["metre_to"])], 0, 3800), 3800) == Decimal("42.1")
    assert kinds(PLAN)[-1] == "duty:patrolled"
    assert verify().first is None


def test_example_3_what_was_recorded_on_the_last_day_and_confirmed_later_was_on_time(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    at(november, 2026, 11, 15)
    number = opened(november, "patrol")
    at(november, 2026, 11, 17)
    open_patrols(date(2026, 11, 17))
    do(november, number, "patrol", "confirm")
    first, second = owed(PLAN, 3)
    assert (first.state, first.answered_at.date() <= first.due_on, second.state) == (  # type: ignore[union-attr]
        "met", True, "open")


def test_example_4_what_the_other_side_denies_leaves_the_duty_open(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    at(november, 2026, 11, 12)
    number = act_in(november, "patrol", "denied")
    assert (page(number).head.state, owed(PLAN, 3)[0].state) == ("denied", "open")
    do(november, number, "patrol", "void")
    assert page(number).head.is_over


def test_example_5_what_is_found_is_a_case_of_the_railway_in_the_same_transaction(november: Town) -> None:
    at(november, 2026, 11, 12)
    number = opened(november, "patrol", findings="found")
    do(november, number, "patrol", "find_problem")
    link = page(number).links[-1]
    case = november.row(link.target.removeprefix("case:"))
    assert (link.role, case.state, case.channel, case.area_code) == ("found", CaseState.registered, "onsite", "360103002")
    assert (case.title, case.place) == ("护坡垃圾", "京九线K1450+150右侧")
    assert "K1450+150" in case.answers
    assert "inside" in case.answers
    assert (case.lat, case.lng) == (pytest.approx(28.670375, abs=1e-4), 115.92)
    assert verify().first is None
    before = kinds(number), november.clock.now()
    with pytest.raises(Refusal, match="巡查问题要有一张现场照片"):
        do(november, number, "patrol", "find_problem", no_photo="")
    assert kinds(number) == before[0]


def test_example_6_a_chief_hands_over_from_a_day_and_the_facts_keep_who_held_the_post(november: Town) -> None:
    at(november, 2026, 11, 27)
    number = opened(november, "patrol", tier="2")
    told = next(fact for fact in stream_of(reading(), f"act:{number}"))
    ground.post("local", 2, "XH-TY", "neighbour", date(2026, 12, 1))
    assert f'"local":{november.actor("officer").id}' in told.body.replace(" ", "")
    held = {post.valid_from: (post.unit, post.person, post.valid_to) for post in ground.posts_on(
        reading(), date(2026, 12, 1), "JJ-01", ever=True) if (post.side, post.tier) == ("local", 2)}
    assert held == {date(2026, 1, 1): ("朝阳洲街道", "officer先生", date(2026, 11, 30)),
                    date(2026, 12, 1): ("桃源街道", "neighbour先生", None)}


def test_an_open_duty_follows_the_post(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    ground.post("local", 2, "XH-TY", "neighbour", date(2026, 11, 20))
    open_patrols(date(2026, 11, 19))
    assert owed(PLAN, 2)[0].unit == "朝阳洲街道"
    open_patrols(date(2026, 11, 20))
    assert owed(PLAN, 2)[0].unit == "桃源街道"
    assert kinds(PLAN)[-1] == "duty:handed_on"
    assert verify().first is None


def test_a_patrol_that_was_confirmed_before_it_was_owed_meets_it_when_it_is_opened(november: Town) -> None:
    at(november, 2026, 11, 3)
    act_in(november, "patrol", "confirmed")
    open_patrols(date(2026, 11, 4))
    assert owed(PLAN, 3)[0].state == "met"
    assert verify().first is None


def test_both_sides_recording_the_same_day_are_one_patrol(november: Town) -> None:
    at(november, 2026, 11, 12)
    number = opened(november, "patrol")
    with pytest.raises(Conflict, match=f"对方已记录这次巡查（{number}）"):
        steps.begin(november.actor("railman"), "patrol", given_of(november))
    assert opened(november, "patrol", tier="2") == "XC-2026-0002"


def given_of(town: Town, **more: object) -> dict[str, object]:
    return {**USUAL["patrol"]["log"][1], "patrolled_on": town.clock.today(), **more}


def test_the_railway_records_and_the_street_confirms_as_well(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    at(november, 2026, 11, 12)
    number = steps.begin(november.actor("railman"), "patrol", given_of(november)).number
    with pytest.raises(NotAllowed):
        do(november, number, "patrol", "confirm")
    do(november, number, "patrol", "confirm", by="officer")
    assert owed(PLAN, 3)[0].state == "met"
    assert verify().first is None


@pytest.mark.parametrize("by", ["officer", "officer2", "neighbour", "dispatcher", "lead", "inspector"])
def test_only_somebody_of_the_other_side_s_unit_confirms_or_denies(november: Town, by: str) -> None:
    at(november, 2026, 11, 12)
    number = opened(november, "patrol")
    for step in ("confirm", "deny"):
        with pytest.raises(Refusal):
            do(november, number, "patrol", step, by=by)
    assert page(number).head.state == "logged"


@pytest.mark.parametrize(("given", "field", "said"), [
    ({"section": "JJ-09"}, "section", "没有区段“JJ-09”；已有：JJ-01。"),
    ({"mileage_from": "K1450+600", "mileage_to": "K1449+000"}, "mileage_to", "终点里程须大于起点里程。"),
    ({"mileage_from": "K1449+500", "mileage_to": "K1449+500"}, "mileage_to", "终点里程须大于起点里程。"),
    ({"mileage_to": "K1452+900"}, "mileage_to", "里程 K1452+900 不在区段 JJ-01（K1449+000—K1452+800）内。"),
    ({"mileage_to": "上百公里"}, "mileage_to", "里程应写成 K1449+300 或 12.3 km 的样子，“上百公里”无法识别。"),
    ({"patrolled_on": "2026-11-13"}, "patrolled_on", "巡查日期 2026年11月13日 还没有到。"),
    ({"rail_chief": "朱听雨"}, "rail_chief", "地方和铁路的段长（代理人）不能是同一人。"),
    ({"local_count": "-1"}, "local_count", "应为 0 至 10000 的整数，现为 -1。"),
])
def test_what_cannot_be_is_said_in_one_sentence_and_nothing_is_there(november: Town, given: dict[str, str], field: str,
                                                                     said: str) -> None:
    at(november, 2026, 11, 12)
    with pytest.raises(Invalid) as told:
        opened(november, "patrol", **given)
    assert (told.value.field, told.value.sentence) == (field, said)
    assert opened(november, "patrol") == "XC-2026-0001"


def test_a_patrol_of_long_ago_needs_a_reason_and_is_marked(november: Town) -> None:
    at(november, 2026, 11, 12)
    with pytest.raises(Incomplete, match="2026年10月12日 的巡查已过 30 天，请写明补录理由"):
        opened(november, "patrol", patrolled_on="2026-10-12")
    number = opened(november, "patrol", patrolled_on="2026-10-12", reason="手机没电")
    assert page(number).head.details["is_late"] is True
    assert page(opened(november, "patrol", patrolled_on="2026-10-13")).head.details["is_late"] is False


def test_who_has_no_post_and_who_has_no_one_across_records_nothing(november: Town) -> None:
    at(november, 2026, 11, 12)
    with pytest.raises(NotAllowed, match="您的单位不是区段 JJ-01 这一级的段长单位（朝阳洲街道）"):
        steps.begin(november.actor("neighbour"), "patrol", given_of(november))
    assert steps.begin(november.actor("inspector"), "patrol", given_of(november)).state == "logged"
    railway_ends = ground.rows.end_row(None, "chiefs", "JJ-01/rail/2/2026-01-01", date(2026, 11, 11))
    assert railway_ends.key == "JJ-01/rail/2/2026-01-01"
    with pytest.raises(Invalid, match="这一级还没有铁路段长"):
        opened(november, "patrol", tier="2")


def test_a_year_and_an_area_have_one_plan_and_who_drafts_does_not_adopt(november: Town) -> None:
    with pytest.raises(Conflict, match=f"2026 年的巡查计划已有一份（{PLAN}）"):
        opened(november, "patrol_plan")
    with pytest.raises(Invalid, match="年度应为 2025 至 2027"):
        opened(november, "patrol_plan", year="2030")
    other = opened(november, "patrol_plan", year="2027")
    with pytest.raises(NotAllowed):
        do(november, other, "patrol_plan", "adopt", by="dispatcher")


def test_a_plan_ends_after_its_year_and_what_was_not_met_stays_unmet(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    with pytest.raises(NotAllowed, match="计划的年度还没有过完"):
        do(november, PLAN, "patrol_plan", "finish")
    at(november, 2027, 1, 4)
    do(november, PLAN, "patrol_plan", "finish")
    assert [duty.state for duty in page(PLAN).duties] == ["open"] * 3
    assert open_patrols(date(2026, 12, 31)) == 0


@pytest.mark.parametrize(("cadence", "on", "first", "last"), [
    (Cadence.half_month, date(2026, 2, 20), date(2026, 2, 16), date(2026, 2, 28)),
    (Cadence.half_month, date(2028, 2, 15), date(2028, 2, 1), date(2028, 2, 15)),
    (Cadence.month, date(2028, 2, 15), date(2028, 2, 1), date(2028, 2, 29)),
    (Cadence.quarter, date(2026, 11, 12), date(2026, 10, 1), date(2026, 12, 31)),
])
def test_a_period_is_a_quarter_a_month_or_half_of_one_however_long_it_is(cadence: Cadence, on: date, first: date,
                                                                          last: date) -> None:
    assert period_about(cadence, on) == PatrolPeriod(first, last)


def test_stretches_that_lie_on_one_another_cover_their_metres_once() -> None:
    assert covered_metres([(0, 1600), (1000, 2000), (3000, 9000)], 0, 3800) == 2800
    assert covered_metres([], 0, 3800) == 0


def test_a_daily_patrol_is_over_as_it_is_recorded_and_what_it_finds_is_a_case(town: Town) -> None:
    number = opened(town, "daily_patrol")
    assert (number, page(number).head.is_over) == ("RX-2026-0001", True)
    assert [(force.unit, force.vehicle_count, force.person_count) for force in page(number).forces] == [("西湖生态环境局", 1, 2)]
    do(town, number, "daily_patrol", "find_problem")
    assert page(number).links[0].role == "found"
    for given, field in (({"person_count": "0"}, "person_count"), ({"vehicle_count": "10001"}, "vehicle_count"),
                         ({"patrolled_on": "2027-01-01"}, "patrolled_on")):
        with pytest.raises(Invalid) as told:
            opened(town, "daily_patrol", **given)
        assert told.value.field == field
    assert verify().first is None


@pytest.mark.parametrize(("sides", "on", "local", "rail"), [
    ((), date(2026, 11, 14), "green", "green"), ((), date(2026, 11, 15), "yellow", "yellow"),
    ((), date(2026, 11, 16), "red", "red"), (("local",), date(2026, 11, 14), "green", "green"),
    (("local",), date(2026, 11, 15), "green", "yellow"), (("local",), date(2026, 11, 17), "green", "yellow"),
])
def test_unconfirmed_on_the_last_day_is_yellow_for_the_side_that_has_not_confirmed(sides: tuple[str, ...], on: date, local: str,
                                                                                   rail: str) -> None:
    owed_patrol = OwedPatrol(DutyState.open, date(2026, 11, 15), frozenset(sides))
    assert (owed_patrol.light("local", on), owed_patrol.light("rail", on)) == (local, rail)


def test_the_other_side_s_officers_are_told_and_nobody_else(november: Town) -> None:
    number = opened(november, "patrol")
    people = {person.id: person.login for person in db.session.scalars(select(Person))}
    rows = db.session.scalars(select(Message).where(Message.mail == "act_step")).all()
    assert [people[row.person_id] for row in rows if row.person_id] == ["railman"]
    assert number in str(rows[0].words)


def test_a_patrol_that_is_owed_is_not_answered_by_words_alone(november: Town) -> None:
    open_patrols(date(2026, 11, 1))
    position = owed(PLAN, 3)[0].position
    with pytest.raises(NotAllowed, match="联合巡查由双方确认的巡查记录完成"):
        duties.take(november.actor("officer"), PLAN, position, "answer", {"text": "已巡"})
    duties.take(november.actor("officer"), PLAN, position, "acknowledge", {})
    duties.take(november.actor("dispatcher"), PLAN, position, "waive", {"reason": "汛期封闭"})
