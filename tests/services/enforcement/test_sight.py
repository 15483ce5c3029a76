"""Who learns of an undecided penalty: who may take a step of it, and who watches over the area; nobody else, by no way out."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tests.support.mornings import morning_of
from tracker.domain.acts.step_rows import TARGET
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.reports.measures.counted import ACT, Behind
from tracker.services.acts import access, exporting, steps, then, waiting
from tracker.services.acts.effects import target_named
from tracker.services.house.work import Work, reading, wiring
from tracker.services.reports.measures.readers import shown_behind
from tracker.storage.acts import register
from tracker.storage.acts.register import ActFilters
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person

pytestmark = pytest.mark.one_engine
READ = ("enforcer", "enforcer2", "legal", "principal", "lead", "supervisor", "auditor")
MAY_NOT = ("inspector", "clerk", "dispatcher", "officer", "officer2", "supporter", "neighbour", "verifier", "admin", "other_lead")


@pytest.fixture
def number(town: Town) -> str:
    return act_in(town, "penalty", "notified", text="天机不可泄露")


def test_role_by_role_who_reads_an_undecided_penalty(town: Town, number: str) -> None:
    for login in READ:
        assert access.page_for(town.actor(login), number).head.number == number, login
    for login in (*MAY_NOT, "custodian"):
        with pytest.raises(NotFound):
            access.page_for(town.actor(login), number)


def test_no_way_out_tells_of_it(town: Town, number: str, tmp_path: Path) -> None:
    for login in MAY_NOT:
        nothing_told(town, number, login, tmp_path / f"{login}.csv")


def nothing_told(town: Town, number: str, login: str, path: Path) -> None:
    actor, session = town.actor(login), reading()
    scope = access.scope_of(actor)
    assert register.page(session, scope, ActFilters(kind="penalty")).lines == ()
    assert "penalty" not in register.counts(session, scope, ActFilters())
    assert register.found_by(session, scope, "天机", 9) == register.found_by(session, scope, number, 9) == ()
    assert register.linked_to(session, scope, "site:S-000001") == ()
    assert register.titles_of(session, scope, [f"{ACT}{number}"]) == {}
    assert waiting.waiting_for(actor) == ()
    assert shown_behind(session, actor, (Behind(f"{ACT}{number}"),)) == ()
    with pytest.raises(NotFound):
        then.page_on(actor, number, town.clock.today())
    with pytest.raises(NotFound):
        steps.take(actor, number, "note", {"noted_on": "2026-03-02", "text": "打听"})
    with Work(wiring()) as work, pytest.raises(Invalid, match="没有找到案件或事项"):
        target_named(work, actor, number, TARGET)
    if actor.has(Permission.case_export):
        exporting.export_acts(actor, path, ActFilters())
        assert number not in path.read_text("utf-8")


def test_no_mail_of_it_reaches_anybody_else_and_its_limits_those_who_work_on_it(town: Town, number: str) -> None:
    told = set(db.session.scalars(select(Person.login).join(Message, Message.person_id == Person.id).where(
        Message.dedupe_key.startswith(f"{ACT}{number}"))))
    assert told <= set(READ) and {"principal", "enforcer2"} <= told
    town.clock.move_to(town.clock.now() + timedelta(days=92))
    found = morning_of(town)
    for login in MAY_NOT:
        assert number not in found.texts.get(login, ""), login
    for login in ("enforcer", "principal", "lead"):
        assert number in found.texts[login], login


def test_once_it_is_decided_the_area_reads_it_and_the_name_of_a_person_nobody_but_those(town: Town, number: str) -> None:
    for step in ("plead", "review", "decide"):
        do(town, number, "penalty", step)
    assert access.page_for(town.actor("clerk"), number).head.state == "decided"
    with pytest.raises(NotFound):
        access.page_for(town.actor("other_lead"), number)


def test_of_cases_those_of_enforcement_see_what_their_acts_are_tied_to_and_no_other(town: Town) -> None:
    tied, other = town.case_in(CaseState.rectifying), town.case_in(CaseState.rectifying)
    for login in ("enforcer", "legal", "principal"):
        scope = town.actor(login).scope()
        assert (scope.areas, scope.unit_ids) == ((), ()), "no readers of an area"
    opened(town, "interview", target=tied)
    with pytest.raises(Invalid, match="无权查看"):
        opened(town, "penalty", target=other, origin=None)
    db.session.rollback()
    number = opened(town, "penalty", target=tied, origin=None)
    links = access.page_for(town.actor("legal"), number).links
    assert {link.target for link in links if link.role == "punishes"} == {f"case:{tied}"}
