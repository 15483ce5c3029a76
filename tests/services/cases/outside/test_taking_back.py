"""Whoever registered a case corrects it or takes it back, until somebody is charged with it."""

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.house.errors import NotAllowed
from tracker.services.cases import steps
from tracker.services.house.work import reading
from tracker.storage.cases import page

pytestmark = pytest.mark.one_engine

S = CaseState


def test_who_registered_a_case_takes_it_back_and_it_counts_no_more(town: Town) -> None:
    number = town.registered("PATROL", by="inspector")
    town.do(number, "retract", by="inspector", reason="与昨天的重复")
    assert town.row(number).state == S.voided
    assert town.facts(number)[-1].kind == "case:retracted"


def test_nobody_else_takes_it_back_and_nobody_after_it_was_assigned(town: Town) -> None:
    number = town.registered(by="clerk")
    assert town.refused(number, "retract", by="inspector").code == Why.not_registrar
    assert town.refused(number, "retract", by="clerk", reason="").sentence == "请填写“撤回登记的原因”。"
    town.do(number, "assign")
    assert town.refused(number, "retract", by="clerk").code == Why.wrong_state
    town.do(number, "request_return")
    town.do(number, "grant_return")
    assert town.refused(number, "retract", by="clerk").code == Why.assigned_before


def test_a_recalled_assignment_is_as_if_it_had_not_been(town: Town) -> None:
    number = town.registered(by="clerk")
    town.do(number, "assign")
    town.do(number, "recall")
    town.do(number, "retract", by="clerk")
    assert town.row(number).state == S.voided


def test_who_registered_a_case_corrects_it_until_it_is_assigned(town: Town) -> None:
    number = town.registered("PATROL", by="inspector")
    wrong = {"field": "place", "value": "桃花河西岸", "reason": "写错了"}
    town.do(number, "correct_field", by="inspector", **wrong)
    assert town.row(number).place == "桃花河西岸"
    again = wrong | {"value": "桃花河东岸"}
    assert town.refused(number, "correct_field", by="clerk", **again).code == Why.corrected_by_others
    town.do(number, "assign")
    assert town.refused(number, "correct_field", by="inspector", **again).code == Why.corrected_by_others
    town.do(number, "correct_field", by="dispatcher", **again)
    assert town.row(number).place == "桃花河东岸"


def test_a_correction_moves_a_case_nowhere_that_its_registrar_could_not_have_registered_it(town: Town) -> None:
    number = town.registered("PATROL", by="inspector")
    refusal = town.refused(number, "correct_field", by="inspector", field="area_code", value="360102", reason="写错了")
    assert isinstance(refusal, NotAllowed) and refusal.field == "value"
    town.do(number, "correct_field", by="inspector", field="area_code", value="360103014", reason="写错了")
    assert town.row(number).jurisdiction == "360103014"


@pytest.mark.parametrize(("login", "offered"), [("clerk", True), ("inspector", False)])
def test_the_button_is_offered_by_the_same_rule(town: Town, login: str, offered: bool) -> None:
    number, actor = town.registered(by="clerk"), town.actor(login)
    facts = page.case_page(reading(), actor.scope(), number).facts_of_law(town.clock.today(), 2, 2)
    assert {o.name: o.why is None for o in steps.offers(actor, facts)}["retract"] is offered
