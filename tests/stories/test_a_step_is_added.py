"""A step is added to the flow as one row and one word, and the whole house knows it."""

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from tests.support.added_steps import add_step
from tests.support.matrix import matrix
from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.cases import step_fields as ask
from tracker.domain.cases.facts import CaseState, in_area
from tracker.domain.cases.step_rows import LAST, Among, Bulk, CaseStep, MailParty, Waits
from tracker.domain.house.actor import Permission
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import StepName, Who
from tracker.services.cases.register import bulk, desk
from tracker.storage.house.base import db
from tracker.storage.mail.bodies import MailBody
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person

pytestmark = pytest.mark.one_engine
REASON = "单位已搬离，须另行交办"
RECALL = CaseStep(
    (CaseState.rectifying,), CaseState.registered, (Who(Permission.case_assign, in_area(Permission.case_assign)),),
    FactKind("case:fetched"), (ask.reason("收回的理由"), ask.NEW_DUE, ask.FILES), bulk=Bulk(), waits=Waits(LAST, Among.everything),
    told_to=(MailParty.officers, MailParty.supporters), name=StepName("fetch"),
)  # fmt: skip
GIVEN = {"reason": REASON, "new_due_on": "2026-03-20"}


@pytest.fixture
def town_app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The product with one step more; nothing but its row and its word was given."""
    found_town(app)
    add_step(monkeypatch, RECALL, "收回")
    return app


def rectifying(app: Flask) -> str:
    with in_town(app) as town:
        return town.case_in(CaseState.rectifying)


def test_the_page_offers_the_step_asks_its_fields_takes_it_and_tells_it(town_app: Flask) -> None:
    number = rectifying(town_app)
    dispatcher, officer = visitor(town_app, "dispatcher"), visitor(town_app, "officer")
    road = f"/cases/{number}/steps/fetch"
    assert html.fromstring(dispatcher.get(f"/cases/{number}").data).xpath(f"//a[@href='{road}']/text()") == ["收回"]
    form = check_page(dispatcher.get(road))
    assert form.xpath("//textarea[@name='reason']") and form.xpath("//input[@name='new_due_on']")
    assert "收回的理由" in text_of(send(dispatcher, road, {"new_due_on": "2026-03-20"}))
    assert officer.get(road).status_code == 403
    answer = send(dispatcher, road, GIVEN)
    assert answer.status_code == 302
    assert f"{number} 已“收回”，现为“待交办”" in text_of(dispatcher.get(answer.location))
    told = text_of(dispatcher.get(f"/cases/{number}"))
    assert "收回" in told and REASON in told
    with in_town(town_app) as town:
        assert town.last(number) | GIVEN == town.last(number)
        assert (town.facts(number)[-1].kind, town.row(number).state) == (FactKind("case:fetched"), CaseState.registered)


def test_the_command_line_lists_it_takes_it_and_finds_the_ledger_whole(town_app: Flask) -> None:
    number = rectifying(town_app)
    cli = town_app.test_cli_runner()
    assert "fetch\t收回\t整改中 → 待交办" in cli.invoke(args=["case", "steps"]).output
    taken, given = ["case", "step", number, "fetch", "--as"], ["--set", f"reason={REASON}", "--set", "new_due_on=2026-03-20"]
    assert cli.invoke(args=[*taken, "officer", *given]).exit_code != 0
    done = cli.invoke(args=[*taken, "dispatcher", *given])
    assert done.exit_code == 0, done.output
    assert f"{number} 收回 → 待交办" in done.output
    assert "收回" in cli.invoke(args=["case", "show", number]).output
    assert cli.invoke(args=["ledger", "verify"]).exit_code == 0


def test_whom_its_row_names_gets_a_mail_with_its_word(town_app: Flask) -> None:
    number = rectifying(town_app)
    with in_town(town_app) as town:
        town.take(number, "fetch", by="dispatcher", **GIVEN)
        query = select(Person.login, Message.subject, MailBody.text).join(Message, Message.person_id == Person.id).join(MailBody)
        mails = {(login, subject) for login, subject, text in db.session.execute(query.where(Message.mail == "step_taken"))
                 if f"案件 {number} 已“收回”" in text}
    assert {subject for _, subject in mails} == {f"【销号】{number} 朝阳洲街道"}
    assert {login for login, _ in mails} == {"officer", "officer2", "many_hats", "supporter"}


def test_it_waits_on_the_desk_and_can_be_taken_for_many(town_app: Flask) -> None:
    numbers = [rectifying(town_app) for _ in range(2)]
    with in_town(town_app) as town:
        dispatcher = town.actor("dispatcher")
        assert "fetch" in desk.duties_of(dispatcher)
        results = bulk.take_each(dispatcher, "fetch", GIVEN, [(number, town.row(number).seq) for number in numbers])
        assert [result.sentence for result in results] == ["已“收回”，现为“待交办”。"] * 2


def test_the_permission_matrix_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    before = matrix().splitlines()
    add_step(monkeypatch, RECALL, "收回")
    lines = [line.strip() for line in matrix().splitlines() if "收回" in line]
    assert [line for line in before if "收回" in line] == []
    assert any(line.startswith("可办：") for line in lines)
    assert any(line.startswith("不可（不在辖区或非本单位）：") for line in lines)
