"""Supporting units answer: each within its own day, once; who says nothing is named when the case is closed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tests.support.mornings import morning_of
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.cases.flow import Steps
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.rules.lights import light_bounds
from tracker.services.cases.register import desk
from tracker.services.house.work import reading
from tracker.services.people import mergers
from tracker.services.rules import rules
from tracker.services.upkeep import integrity
from tracker.services.upkeep.checks.law import law_troubles
from tracker.storage.people.accounts import Unit

S = CaseState


def answers(town: Town, number: str) -> dict[str, tuple[date | None, date | None]]:
    """Day and answer of each supporting unit, by its code."""
    codes = {unit.id: unit.code for unit in reading().scalars(select(Unit))}
    return {codes[int(unit)]: (day["due_on"], day["answered_on"]) for unit, day in town.row(number).support_days.items()}


def waits_for(town: Town, login: str) -> list[tuple[str, str]]:
    found = desk.desk_of(town.actor(login), [], light_bounds(town.clock.today(), rules.calendar()))
    return [(row.number, row.step) for row in found.mine]


def test_a_supporting_unit_has_its_own_day_and_answers_once(town: Town) -> None:
    number = town.case_in(S.rectifying)
    assert answers(town, number) == {"XH-CG": (date(2026, 3, 9), None)}
    assert waits_for(town, "supporter") == [(number, "support_reply")]
    outcome = town.do(number, "support_reply")
    assert outcome.state is S.rectifying
    assert answers(town, number) == {"XH-CG": (date(2026, 3, 9), date(2026, 3, 2))}
    assert waits_for(town, "supporter") == []
    assert town.refused(number, "support_reply").code == Why.no_reply_awaited
    assert town.refused(town.case_in(S.rectifying), "support_reply", by="officer").code == Why.out_of_reach


def test_the_day_is_the_dispatcher_s_to_set_and_never_after_the_work_is_due(town: Town) -> None:
    own, capped, alone = town.registered(), town.registered("D3JX"), town.registered()
    town.do(own, "assign", support_due_on="2026-03-04")
    town.do(capped, "assign", due_on="2026-03-05", due_reason="会议决定")
    assert [answers(town, number)["XH-CG"][0] for number in (own, capped)] == [date(2026, 3, 4), date(2026, 3, 5)]
    refusal = town.refused(alone, "assign", supporting_units="", support_due_on="2026-03-04")
    assert isinstance(refusal, Invalid) and refusal.field == "support_due_on"
    assert town.refused(alone, "assign", support_due_on="2026-03-01").field == "support_due_on"
    town.do(alone, "assign", supporting_units="")
    assert answers(town, alone) == {}


def test_who_says_nothing_is_named_at_the_closing_which_then_needs_a_reason(town: Town) -> None:
    silent, heard = town.case_in(S.verified), town.registered()
    town.walk(heard, "assign", "support_reply", "acknowledge", "submit", "verify")
    town.clock.move_to(town.clock.end_of(date(2026, 3, 9)) + timedelta(hours=9))
    town.do(heard, "close")
    refusal = town.refused(silent, "close", reason="")
    assert isinstance(refusal, Incomplete) and refusal.field == "reason"
    town.do(silent, "close", reason="协办事项已由主办单位完成")
    assert town.facts(silent)[-1].payload["silent_unit_ids"] == [town.units["XH-CG"]]
    assert "silent_unit_ids" not in town.facts(heard)[-1].payload
    assert [str(each) for each in law_troubles(reading())] == []


def test_before_its_day_has_passed_nobody_is_silent(town: Town) -> None:
    number = town.case_in(S.verified)
    assert town.do(number, "close").state is S.closed


def test_what_the_units_owe_is_what_the_facts_say(town: Town) -> None:
    number, other = town.case_in(S.rectifying), town.case_in(S.assigned)
    town.do(number, "support_reply")
    town.do(other, "recall")
    assert answers(town, other) == {}
    assert integrity.verify().troubles == []


def test_who_carries_on_a_supporting_unit_owes_what_it_owed(town: Town) -> None:
    number = town.case_in(S.rectifying)
    mergers.move_everything(town.units["XH-CG"], town.units["XH-HB"])
    assert answers(town, number) == {"XH-HB": (date(2026, 3, 9), None)}
    assert town.facts(number)[-1].kind != Steps.support_reply.fact


@pytest.mark.parametrize(("on", "section"), [
    (date(2026, 3, 3), "等您办理"), (date(2026, 3, 9), "今日必办"), (date(2026, 3, 10), "今日必办")])
def test_the_morning_list_reminds_of_it(town: Town, on: date, section: str) -> None:
    town.case_in(S.rectifying)
    assert any("待提协办意见" in line for line in morning_of(town, on).section("supporter", section))
