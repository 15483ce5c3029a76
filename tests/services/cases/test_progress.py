"""A report of progress says what the weekly sheet asks; what it names to be coordinated waits until somebody settles it, and it
answers a supervision order."""

from datetime import timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Invalid
from tracker.services.cases.notes import answer_day
from tracker.services.house.work import reading
from tracker.services.rules import rules
from tracker.services.rules.book import set_value
from tracker.storage.cases.register.matters import matters

S = CaseState
STUCK = {"text": "已进场", "problems": "管线权属不清", "matters": "请住建局协调管线迁改", "next": "周五前完成围挡"}


def listed(town: Town, login: str = "dispatcher") -> list[tuple[str, str]]:
    return [(line.number, line.matter) for line in matters(reading(), town.actor(login).scope())]


def test_what_is_to_be_coordinated_waits_since_the_day_on_which_it_was_named_first(town: Town) -> None:
    number, first = town.case_in(S.rectifying), town.clock.today()
    town.do(number, "progress", **STUCK)
    town.days_pass(2)
    town.do(number, "progress", text="仍在等", matters="请住建局尽快答复")
    town.do(number, "progress", text="无新情况")
    assert town.row(number).matter_since_on == first
    assert listed(town) == [(number, "请住建局尽快答复")]
    assert town.facts(number)[-3].payload["words"].keys() == STUCK.keys()


def test_the_list_says_who_is_asked_and_who_sponsors_the_case(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "set_sponsor")
    town.do(number, "progress", **STUCK, matters_to="区住建局")
    (line,) = matters(reading(), town.actor("dispatcher").scope())
    assert (line.asked_of, line.sponsor) == ("区住建局", town.row(number).sponsor.name)


def test_it_waits_no_longer_once_it_is_reported_settled_decided_or_the_case_is_closed(town: Town) -> None:
    settled, decided, closed = (town.case_in(S.rectifying) for _ in range(3))
    for number in (settled, decided, closed):
        town.do(number, "progress", **STUCK)
    town.do(settled, "progress", text="管线已迁改", is_settled="1")
    town.do(decided, "joint_meeting_decision", text="由住建局牵头")
    town.walk(closed, "submit", "verify", "close")
    assert [town.row(number).matter_since_on for number in (settled, decided, closed)] == [None] * 3
    assert listed(town) == []


def test_what_is_new_and_what_is_settled_are_not_said_at_once(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "progress", **STUCK)
    refused = town.refused(number, "progress", is_settled="1", matters="另有一事")
    assert isinstance(refused, Invalid) and refused.field == "is_settled"
    assert town.row(number).matter_since_on == town.clock.today()


def test_nobody_reads_of_matters_beyond_their_area(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "progress", **STUCK)
    assert listed(town, "officer") == [(number, STUCK["matters"])]
    assert listed(town, "neighbour") == []


def test_a_supervision_order_names_the_day_of_its_answer_or_gets_that_of_the_rule(town: Town) -> None:
    named, ruled, today = town.case_in(S.rectifying), town.case_in(S.rectifying), town.clock.today()
    town.do(named, "open_supervision", answer_on=(today + timedelta(days=3)).isoformat())
    town.do(ruled, "open_supervision")
    assert town.row(named).supervision_due_on == today + timedelta(days=3)
    assert town.row(ruled).supervision_due_on == today + timedelta(days=7), "five working days from a Monday"
    assert town.last(named)["answer_on"] == (today + timedelta(days=3)).isoformat()
    assert town.refused(named, "open_supervision", answer_on="2026-03-01").field == "answer_on"  # type: ignore[attr-defined]


def test_no_answer_is_asked_of_a_unit_that_has_handed_the_work_in(town: Town) -> None:
    number = town.case_in(S.submitted)
    refused = town.refused(number, "open_supervision", answer_on="2026-03-20")
    assert refused.sentence == "案件现在不在主办单位手上，不必填“反馈期限”。"
    town.do(number, "open_supervision")
    assert town.row(number).supervision_level is not None and town.row(number).supervision_due_on is None


def test_another_number_of_days_holds_from_its_first_day(town: Town) -> None:
    today = town.clock.today()
    set_value(town.actor("admin"), "answer_workdays", "2", today + timedelta(days=1), "试行")
    assert (answer_day(today, rules.calendar()) - today).days == 7
    assert (answer_day(today + timedelta(days=1), rules.calendar()) - today).days == 3


@pytest.mark.parametrize(("login", "step", "is_answer"), [
    ("officer", "progress", True), ("supporter", "progress", False), ("officer", "submit", True),
    ("supervisor", "lift_supervision", True),
])
def test_the_unit_that_leads_the_case_answers_the_order(town: Town, login: str, step: str, is_answer: bool) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "open_supervision")
    town.do(number, step, by=login)
    assert (town.row(number).supervision_due_on is None) is is_answer
