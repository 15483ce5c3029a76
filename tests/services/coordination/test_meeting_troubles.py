"""What goes wrong with a joint meeting: each refused, or allowed and marked, as the design says."""

from datetime import datetime

import pytest
from sqlalchemy import select

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.coordination.meetings import undecided
from tracker.domain.house.errors import NotAllowed, WrongState
from tracker.services.acts import access
from tracker.services.house.work import reading, wiring
from tracker.storage.acts.page import ActPage
from tracker.storage.house.ledger import stream_of
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both


def page(town: Town, number: str) -> ActPage:
    return access.page_for(town.actor("dispatcher"), number)


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, 9, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def kinds(number: str) -> list[str]:
    return [fact.kind for fact in stream_of(reading(), f"act:{number}")]


def test_an_undecided_item_keeps_the_minutes_back(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    do(town, number, "meeting", "add_item", question="夜间由谁巡查")
    do(town, number, "meeting", "add_item", question="费用由谁承担")
    do(town, number, "meeting", "decide_item", position="2")
    with pytest.raises(NotAllowed, match="第 1、3 项议题还没有议定。"):
        do(town, number, "meeting", "issue")


def test_a_unit_that_did_not_come_is_marked_and_its_head_is_told_of_what_was_decided_of_it(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ、TL-NC", due_on="2026-03-20")
    decided = list(stream_of(reading(), f"act:{number}"))[-1]
    assert decided.payload["absent_unit_ids"] == [town.units["TL-NC"]]
    rows = [row for row in reading().scalars(select(Message).where(Message.mail == "act_step")) if "没有到会" in row.text]
    assert {row.person_id for row in rows} == {town.actor("railman").id}  # who answers for a unit without a head
    do(town, number, "meeting", "add_item", question="由街道巡查")
    do(town, number, "meeting", "decide_item", position="2", outcome="measure", text="巡查", units="XH-CYZ", due_on="2026-03-20")
    assert len([row for row in reading().scalars(select(Message)) if "没有到会" in row.text]) == len(rows)


def test_of_a_case_that_moved_meanwhile_that_item_alone_is_refused(town: Town) -> None:
    moved, other = town.case_in(CaseState.disputed), town.case_in(CaseState.disputed)
    number = opened(town, "meeting")
    for case in (moved, other):
        do(town, number, "meeting", "add_item", target=case)
    do(town, number, "meeting", "call", reason="临时召开")
    at(town, 2026, 3, 10)
    do(town, number, "meeting", "hold")
    town.do(moved, "designate")
    asked = {"outcome": "designation", "text": "由城管局牵头", "lead_unit": "XH-CG"}
    before = kinds(number), town.facts(moved)
    with pytest.raises(WrongState) as told:
        do(town, number, "meeting", "decide_item", **asked)
    assert (told.value.status, kinds(number), town.facts(moved)) == (409, *before)
    do(town, number, "meeting", "decide_item", position="2", **asked)
    assert town.row(other).state is CaseState.assigned
    assert undecided(access.facts_of_page(page(town, number))) == (1,)


def test_a_meeting_on_a_day_off_is_called_and_marked_and_one_that_is_put_on_a_working_day_is_not(town: Town) -> None:
    number = opened(town, "meeting")
    do(town, number, "meeting", "add_item")
    do(town, number, "meeting", "call", held_at="2026-03-08 09:00")
    assert list(stream_of(reading(), f"act:{number}"))[-1].payload["day_off"] == "休息日"
    assert page(town, number).head.details["is_day_off"] is True
    do(town, number, "meeting", "postpone", held_at="2026-03-10 09:00")
    assert "day_off" not in list(stream_of(reading(), f"act:{number}"))[-1].payload
    assert page(town, number).head.details["is_day_off"] is False


def test_after_the_minutes_are_issued_nothing_is_decided_or_added_and_a_correction_keeps_both(town: Town) -> None:
    number = act_in(town, "meeting", "issued")
    for step in ("decide_item", "add_item", "issue"):
        with pytest.raises(WrongState):
            do(town, number, "meeting", step)
    do(town, number, "meeting", "correct")
    said = [fact.payload.get("text") for fact in stream_of(reading(), f"act:{number}") if fact.kind.startswith("meeting:")]
    assert said[-1] == "应为桃源街道" and "不需处理" in said
