"""The backlog of joint meetings: what waits, why and how long, what is put on an agenda, and that nothing leaves it but by a
decision or by its own end."""

from datetime import date, datetime

import pytest

from tests.support.acts import do, opened
from tests.support.golden import same_as_agreed
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.coordination.agendas.backlog import WAITS, BacklogMatter, WaitKind
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed
from tracker.services.acts import access, duties
from tracker.services.coordination.agendas.backlog import backlog_for
from tracker.services.coordination.agendas.listing import list_all, list_matter
from tracker.services.house.work import wiring

MEETING = "meeting"


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, 9, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def backlog(town: Town, login: str = "dispatcher") -> tuple[BacklogMatter, ...]:
    return backlog_for(town.actor(login))


def whys(town: Town, login: str = "dispatcher") -> dict[str, list[str]]:
    return {each.number: [reason.why.value for reason in each.reasons] for each in backlog(town, login)}


def test_an_interview_that_was_missed_twice_waits_for_a_meeting_until_it_is_held(town: Town) -> None:
    number = opened(town, "interview")
    at(town, 2026, 3, 3)
    do(town, number, "interview", "miss", held_at="2026-03-05 09:00")
    assert backlog(town) == ()
    at(town, 2026, 3, 5)
    do(town, number, "interview", "miss", held_at="2026-03-09 09:00")
    assert whys(town) == {number: ["missed"]}
    assert backlog(town)[0].since_on == date(2026, 3, 5)
    at(town, 2026, 3, 9)
    do(town, number, "interview", "hold")
    assert backlog(town) == ()


def prepared(town: Town) -> str:
    return opened(town, MEETING)


def held(town: Town, number: str, on: str) -> None:
    """The meeting is called and held on that day."""
    do(town, number, MEETING, "call", held_at=f"{on} 08:00", reason="临时召开", units="XH-CYZ、TL-NC")
    day = date.fromisoformat(on)
    at(town, day.year, day.month, day.day)
    do(town, number, MEETING, "hold")


def red_programme(town: Town) -> str:
    """A programme whose one milestone is red from 9 March on: then six of seventeen days are over and nothing is done."""
    number = opened(town, "programme", phases="一期摸排 2026-03-20")
    do(town, number, "programme", "add_milestone", starts_on="2026-03-04", due_on="2026-03-20")
    do(town, number, "programme", "adopt")
    return number


def test_two_old_disputes_an_escalation_and_a_red_milestone_wait_in_the_order_of_their_days(town: Town) -> None:
    first = town.case_in(CaseState.disputed)
    at(town, 2026, 3, 3)
    second = town.case_in(CaseState.disputed)
    programme = red_programme(town)
    at(town, 2026, 3, 5)
    third = town.case_in(CaseState.rectifying)
    town.do(third, "escalate")
    at(town, 2026, 3, 10)
    assert [each.number for each in backlog(town)] == [first, third, programme]  # five working days are not over for the second
    at(town, 2026, 3, 11)
    town.case_in(CaseState.disputed)
    found = backlog(town)
    assert [each.number for each in found] == [first, second, third, programme]
    today = town.clock.today()
    same_as_agreed("backlog.txt", "".join(
        f"{each.number} {each.since_on} {each.days(today)} {'、'.join(WAITS[reason.why].word for reason in each.reasons)}\n"
        for each in found))


def test_a_milestone_that_was_late_before_its_programme_was_adopted_waits_since_then(town: Town) -> None:
    at(town, 2026, 3, 10)
    number = opened(town, "programme", phases="一期摸排 2026-03-31")
    do(town, number, "programme", "add_milestone", starts_on="2026-02-01", due_on="2026-03-31")
    at(town, 2026, 3, 12)
    do(town, number, "programme", "adopt")
    at(town, 2026, 3, 16)
    assert [(each.number, each.since_on) for each in backlog(town)] == [(number, date(2026, 3, 12))]


def test_a_designation_takes_a_dispute_out_and_a_postponed_one_waits_on_for_both_reasons(town: Town) -> None:
    case = town.case_in(CaseState.disputed)
    at(town, 2026, 3, 10)
    number = prepared(town)
    list_matter(town.actor("dispatcher"), number, f"case:{case}")
    assert backlog(town)[0].listed == number
    held(town, number, "2026-03-10")
    do(town, number, MEETING, "decide_item", outcome="defer", text="下次再议")
    assert whys(town) == {case: ["disputed", "deferred"]}
    again = prepared(town)
    list_matter(town.actor("dispatcher"), again, f"case:{case}")
    held(town, again, "2026-03-11")
    do(town, again, MEETING, "decide_item", outcome="designation", text="由城管局牵头", lead_unit="XH-CG")
    assert whys(town) == {}


def test_of_an_escalated_case_nothing_waits_once_a_meeting_decided_of_it_and_again_after_the_next_escalation(town: Town) -> None:
    case = town.case_in(CaseState.rectifying)
    town.do(case, "escalate")
    for outcome, waits in (("defer", ["escalated", "deferred"]), ("refer_up", None), ):
        number = prepared(town)
        list_matter(town.actor("dispatcher"), number, f"case:{case}")
        held(town, number, town.clock.today().isoformat())
        do(town, number, MEETING, "decide_item", outcome=outcome, text="已议")
        assert whys(town).get(case) == waits
    town.do(case, "escalate")
    assert whys(town) == {case: ["escalated"]}


def test_a_late_follow_up_waits_until_it_is_answered_and_leaves_by_a_later_decision(town: Town) -> None:
    case = town.case_in(CaseState.rectifying)
    number = prepared(town)
    do(town, number, MEETING, "add_item", target=case)
    held(town, number, "2026-03-10")
    do(town, number, MEETING, "decide_item", outcome="measure", text="清运", units="XH-CYZ、TL-NC", due_on="2026-03-20")
    do(town, number, MEETING, "issue")
    at(town, 2026, 3, 20)
    assert whys(town) == {}
    at(town, 2026, 3, 23)
    assert whys(town) == {case: ["overdue", "overdue"]}
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已清运"})
    assert [reason.position for reason in backlog(town)[0].reasons] == [2]
    again = prepared(town)
    assert list_all(town.actor("dispatcher"), again) == 1
    held(town, again, "2026-03-24")
    do(town, again, MEETING, "decide_item", outcome="none", text="由街道一并完成")
    assert whys(town) == {}


def test_an_item_without_a_number_that_was_put_off_waits_with_its_own_question_until_it_is_decided(town: Town) -> None:
    first = prepared(town)
    do(town, first, MEETING, "add_item", question="夜间施工由谁巡查")
    held(town, first, "2026-03-10")
    do(town, first, MEETING, "decide_item", outcome="defer", text="材料不全")
    assert whys(town) == {f"{first}/1": ["deferred"]}
    for outcome, left in (("defer", 1), ("none", 0)):
        number = prepared(town)
        list_matter(town.actor("dispatcher"), number, f"{first}/1")
        assert backlog(town)[0].listed == number
        with pytest.raises(Invalid, match="已列入"):
            list_matter(town.actor("dispatcher"), number, f"{first}/1")
        with pytest.raises(Invalid, match="已经列入"):
            do(town, number, MEETING, "add_item", follows=f"{first}/1")
        held(town, number, town.clock.today().isoformat())
        do(town, number, MEETING, "decide_item", outcome=outcome, text="已议")
        assert len(backlog(town)) == left


@pytest.mark.parametrize("named", ["HY-2026-0001/9", "HY-2026-0099/1", "缓议", "HY-2026-0001"])
def test_what_follows_nothing_that_was_put_off_is_refused(town: Town, named: str) -> None:
    prepared(town)
    number = prepared(town)
    with pytest.raises(Invalid, match="没有缓议的议题") as told:
        do(town, number, MEETING, "add_item", follows=named)
    assert told.value.field == "follows"


def test_what_every_unit_disclaims_and_what_a_unit_asks_for_wait_too(town: Town) -> None:
    case = town.registered("RAIL")
    town.do(case, "send_down")
    for login in ("officer", "railman"):
        town.do(case, "disclaim", by=login)
    other = town.case_in(CaseState.rectifying)
    town.do(other, "progress", text="卡住了", matters="请铁路单位开门")
    assert whys(town) == {case: ["disclaimed"], other: ["asked"]}


def test_all_are_put_on_the_agenda_at_once_or_none_and_asked_twice_nothing_is_left(town: Town) -> None:
    cases = [town.case_in(CaseState.disputed), town.case_in(CaseState.disputed)]
    at(town, 2026, 3, 10)
    number, actor = prepared(town), town.actor("dispatcher")
    with pytest.raises(Conflict):
        list_all(actor, number, seq=99)
    assert all(not each.listed for each in backlog(town))
    assert list_all(actor, number, seq=1) == 2
    assert [each.listed for each in backlog(town)] == [number, number]
    assert [link.target for link in access.page_for(actor, number).links] == [f"case:{case}" for case in cases]
    with pytest.raises(Invalid, match="没有可以列入"):
        list_all(actor, number)


def test_who_may_not_add_an_item_lists_nothing(town: Town) -> None:
    case = town.case_in(CaseState.disputed)
    at(town, 2026, 3, 10)
    with pytest.raises(NotAllowed):
        list_matter(town.actor("supervisor"), prepared(town), f"case:{case}")
    assert not backlog(town)[0].listed


def test_what_is_taken_off_or_stands_on_a_cancelled_agenda_waits_as_before(town: Town) -> None:
    case = town.case_in(CaseState.disputed)
    at(town, 2026, 3, 10)
    number, actor = prepared(town), town.actor("dispatcher")
    list_matter(actor, number, f"case:{case}")
    do(town, number, MEETING, "drop_item")
    assert not backlog(town)[0].listed
    list_matter(actor, number, f"case:{case}")
    do(town, number, MEETING, "cancel")
    assert not backlog(town)[0].listed


def test_everybody_sees_what_waits_within_their_own_fence(town: Town) -> None:
    case = town.case_in(CaseState.disputed)
    red_programme(town)
    at(town, 2026, 3, 11)
    assert case in whys(town, "officer")
    assert whys(town, "neighbour") == whys(town, "other_dispatcher") == {}


def test_every_reason_has_its_words() -> None:
    assert set(WAITS) == set(WaitKind)
