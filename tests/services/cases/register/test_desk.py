"""What waits for whom: exactly what the law leaves open, in few statements."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from tests.support.busy import make_busy
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import steps_on_desks
from tracker.domain.house.errors import NotFound
from tracker.domain.rules.lights import LightBounds, light_bounds
from tracker.services.cases import steps as case_steps
from tracker.services.cases.register import desk
from tracker.services.house.work import wiring
from tracker.services.people.access import facts_of
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register import desk as desk_queries
from tracker.storage.cases.register.desk import MINE, MOST, DeskQuestion
from tracker.storage.cases.register.register import Filters
from tracker.storage.house.base import db

PEOPLE = ("inspector", "clerk", "dispatcher", "dispatcher2", "officer", "officer2", "below_officer", "supporter", "neighbour",
          "railman",
          "verifier", "verifier2", "street_verifier", "below_verifier", "supporting_verifier", "lead", "lead2", "supervisor",
          "auditor",
          "admin", "custodian", "many_hats", "other_dispatcher", "other_officer", "other_lead")
MOST_STATEMENTS = 9  # one of them since when cases wait to be assigned


def bounds() -> LightBounds:
    return light_bounds(wiring().clock.today(), rules.calendar())


def desk_of(town: Town, login: str, *views: Filters) -> desk.Desk:
    db.session.rollback()
    return desk.desk_of(town.actor(login), views, bounds())


def steps_that_wait() -> list[str]:
    return [step.name for step in steps_on_desks()]


def open_duties(town: Town, login: str, number: str) -> list[str]:
    """The duties that the case's own page would offer this person; a notice that nobody asks for waits for nobody."""
    try:
        offers = case_steps.offered(town.actor(login), number)
    except NotFound:
        return []
    case = town.row(number)
    closed = {step.name for step in steps_on_desks() if step.waits and not step.waits.when(facts_of(case))}
    closed |= set() if case.source.is_notice_required else {"open_notice"}
    return [step for step in steps_that_wait() if step not in closed and any(o.name == step and o.why is None for o in offers)]


def test_a_desk_holds_exactly_what_the_law_leaves_open(town: Town) -> None:
    make_busy(town)
    numbers = list(db.session.scalars(select(Case.number)))
    seen: set[str] = set()
    for login in PEOPLE:
        waiting = {row.number: row.step for row in desk_of(town, login).mine}
        expected = {number: duties[0] for number in numbers if (duties := open_duties(town, login, number))}
        assert waiting == expected, login
        seen |= set(waiting.values())
    assert seen == set(steps_that_wait())


def test_a_look_back_that_failed_waits_for_the_dispatcher_to_reopen(town: Town) -> None:
    failed, passed, _ = (town.case_in(CaseState.closed, "PATROL") for _ in range(3))
    town.do(failed, "look_back", result="failed")
    town.do(passed, "look_back", result="passed")
    assert [(row.number, row.steps, row.light) for row in desk_of(town, "dispatcher").mine] == [(failed, ("reopen",), "blue")]
    assert [login for login in PEOPLE if failed in {row.number for row in desk_of(town, login).mine}] == [
        login for login in PEOPLE if "reopen" in open_duties(town, login, failed)]
    town.do(failed, "look_back", result="passed")
    assert desk_of(town, "dispatcher").mine == ()


def test_what_was_called_done_and_is_not_comes_right_after_what_is_late(town: Town) -> None:
    numbers = [town.case_in(CaseState.closed, "PATROL"), town.registered("PATROL")]
    town.do(numbers[0], "look_back", result="failed")
    assert [row.number for row in desk_of(town, "dispatcher").mine] == numbers


@pytest.mark.one_engine  # PostgreSQL's plan depends on how many rows there are
def test_failed_look_backs_are_found_without_walking_through_the_closed_cases(town: Town) -> None:
    scope = town.actor("dispatcher").scope()
    query = desk_queries._desk_query(scope, DeskQuestion(("reopen",), ()), bounds())
    assert query is not None
    sql = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = " ".join(str(row) for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
    assert "ix_cases_look_back_failed" in plan
    assert "ix_cases_state_list" not in plan


def test_a_desk_reads_no_more_of_a_case_than_it_shows(town: Town) -> None:
    make_busy(town)
    sent = statements(town, "dispatcher")
    assert sent
    assert not [statement for statement in sent if "description" in statement or "answers" in statement]


def test_every_second_answer_is_open_too(town: Town) -> None:
    make_busy(town)
    for login in PEOPLE:
        for row in desk_of(town, login).mine:
            offers = case_steps.offered(town.actor(login), row.number)
            assert set(row.steps) <= {o.name for o in offers if o.why is None}


def test_the_verifier_of_the_submitting_unit_is_not_asked_to_verify(town: Town) -> None:
    number = town.case_in(CaseState.submitted)
    assert [row.number for row in desk_of(town, "verifier").mine] == [number]
    for login in ("street_verifier", "below_verifier", "supporting_verifier"):
        assert desk_of(town, login).mine == ()


def test_who_asked_does_not_decide(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.do(number, "request_extension", by="many_hats")
    assert [row.step for row in desk_of(town, "many_hats").mine] == ["submit"]
    assert [row.steps for row in desk_of(town, "dispatcher").mine] == [("grant_extension", "refuse_extension")]


def test_a_case_that_lacks_evidence_waits_for_nobody_to_close_it(town: Town) -> None:
    ready, lacking = town.case_in(CaseState.verified, "PATROL"), town.case_in(CaseState.verified, "D3JX")
    rows = {row.number for row in desk_of(town, "lead").mine}
    assert rows == {number for number in (ready, lacking) if open_duties(town, "lead", number)}
    assert ready in rows


def test_the_late_come_first_and_among_equals_the_oldest_date(town: Town) -> None:
    make_busy(town)
    for login in ("officer", "dispatcher", "many_hats"):
        rows = desk_of(town, login).mine
        order = {step: at for at, step in enumerate(steps_that_wait())}
        keys = [(desk.URGENCY[row.light], order[row.step], row.list_due_on) for row in rows]
        assert keys == sorted(keys)
        assert len({row.light for row in rows}) > 1


def test_what_is_late_elsewhere_and_what_is_watched(town: Town) -> None:
    numbers = make_busy(town)
    dispatcher = desk_of(town, "dispatcher")
    assert {row.number for row in dispatcher.late} >= {numbers[0], numbers[1]}
    assert all(row.light == "red" and row.steps == ("urge",) for row in dispatcher.late)
    assert not {row.number for row in dispatcher.late} & {row.number for row in dispatcher.mine}
    assert [row.number for row in desk_of(town, "lead").watched] == [numbers[0]]
    assert [row.number for row in desk_of(town, "supervisor").watched] == [numbers[1]]
    lead = desk_of(town, "lead", Filters(is_overdue=True, unit="XH-CYZ"))
    assert [(unit.code, unit.count) for unit in lead.figures.late_units] == [("XH-CYZ", *lead.figures.numbers)]
    assert lead.figures.numbers[0] >= 2
    assert desk_of(town, "other_lead").figures.late_units == ()


def test_more_than_a_desk_holds_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOST, MINE, 2)  # a size, not a behaviour
    for _ in range(3):
        town.registered()
        town.days_pass(1)
    found = desk_of(town, "dispatcher")
    assert (len(found.mine), found.is_more) == (2, True)


def test_figures_are_kept_until_something_happens(town: Town) -> None:
    view = Filters(state=(CaseState.registered,))
    town.registered()
    assert desk_of(town, "dispatcher", view).figures.numbers == (1,)
    kept = wiring().cached[desk.KEPT]
    before = dict(kept)
    assert desk_of(town, "dispatcher", view).figures.numbers == (1,)
    assert dict(kept) == before
    town.registered()
    assert desk_of(town, "dispatcher", view).figures.numbers == (2,)
    town.clock.advance(minutes=1)
    entry = next(iter(kept.values()))
    desk_of(town, "dispatcher", view)
    assert next(iter(kept.values())).at - entry.at >= timedelta(minutes=1)


def statements(town: Town, login: str) -> list[str]:
    """The statements of one desk, the person and the rules being known."""
    actor, at = town.actor(login), bounds()
    wiring().cached.pop(desk.KEPT, None)
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        desk.desk_of(actor, [Filters(state=(CaseState.registered,)), Filters(is_overdue=True)], at)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return [statement for statement in sent if not statement.startswith(("BEGIN", "PRAGMA"))]


def test_a_desk_costs_as_many_statements_for_many_cases_as_for_few(town: Town) -> None:
    make_busy(town)
    few = {login: len(statements(town, login)) for login in PEOPLE}
    make_busy(town)
    assert {login: len(statements(town, login)) for login in PEOPLE} == few
    assert max(few.values()) < MOST_STATEMENTS
