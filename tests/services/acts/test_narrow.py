"""An act of narrow sight: its hands, who may take a step of its kind, and who watches over its area read it; nobody else learns
that it is there, by any way out."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from tests.support.makers import Town
from tests.support.mornings import morning_of
from tracker.domain.acts.facts import DutyKind, LinkRole
from tracker.domain.acts.step_rows import CHECKS, DECIDES, RUNS, TARGET, TEXT, UNOPENED, ActFlow, ActParty, ActStep
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.fields import Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import rows_of
from tracker.domain.upkeep import flows
from tracker.services.acts import access, duties, exporting, steps, then, waiting
from tracker.services.acts.effects import ActDeed, ActDoing, Payload, target_named, tie
from tracker.services.house.work import Work, reading, wiring
from tracker.services.reports.acts_beside import owed_rows
from tracker.storage.acts import register
from tracker.storage.acts.acts import ActStateRow
from tracker.storage.acts.register import ActFilters
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person

pytestmark = pytest.mark.one_engine
KIND, WORD = "secret_matter", "密办"


class SecretState(StrEnum):
    """Open to few until it is told to all."""

    kept = "kept"
    told = "told"


class SecretSteps:
    """The steps of a kind made for this test."""

    keep = ActStep(UNOPENED, SecretState.kept, (RUNS,), FactKind("secret_matter:kept", "text"), (
        TEXT, Given(TARGET, "案件编号", longest=40)), hand="keeper", told_to=(ActParty.units, ActParty.heads))
    tell = ActStep((SecretState.kept,), SecretState.told, (DECIDES, CHECKS), FactKind("secret_matter:told"), (), hand="teller")


FLOW = ActFlow(
    kind=KIND, word=WORD, prefix="MM", states={SecretState.kept: "保密中", SecretState.told: "已公开"},
    finals=frozenset({SecretState.told}), rows=rows_of(SecretSteps, ActStep),
    step_words={"keep": "登记密办", "tell": "公开"}, parts={"keeper": "经手", "teller": "公开人"},
    narrow_in=frozenset({SecretState.kept}))


def keep(doing: ActDoing) -> Payload:
    target = tie(doing, LinkRole.attached, doing.text(TARGET), field=TARGET)
    unit = doing.work.session.connection().exec_driver_sql("SELECT id FROM units WHERE code = 'XH-CYZ'").scalar_one()
    duties.lay_down(doing.work, doing.act, doing.actor, DutyKind.follow_up, title="密办事项的后续", unit_id=unit,
                    due_on=doing.today + timedelta(days=2))
    return doing.told() | {TARGET: target}


@pytest.fixture
def kind(town: Town) -> Iterator[None]:
    """A kind more, in memory."""
    rows: dict[str, ActFlow] = flows.ACT_FLOWS  # type: ignore[assignment]
    deeds: dict[tuple[str, str], ActDeed] = wiring().act_deeds  # type: ignore[assignment]
    rows[KIND], deeds[KIND, "keep"] = FLOW, keep
    db.session.execute(insert(ActStateRow.__table__), [
        {"kind": KIND, "state": state.value, "is_over": state in FLOW.finals} for state in SecretState])
    db.session.commit()
    yield
    del rows[KIND], deeds[KIND, "keep"]


READ = ("dispatcher", "dispatcher2", "verifier", "inspector", "lead", "supervisor", "auditor")
MAY_NOT = ("clerk", "admin", "officer", "officer2", "supporter", "neighbour")


@pytest.fixture
def number(kind: None, town: Town) -> str:
    case = town.case_in(CaseState.rectifying)
    return steps.begin(town.actor("dispatcher"), KIND, {"text": "天机不可泄露", TARGET: case}).number


def test_who_reads_it_and_who_does_not(town: Town, number: str) -> None:
    for login in READ:
        assert access.page_for(town.actor(login), number).head.number == number, login
    for login in MAY_NOT:
        with pytest.raises(NotFound, match="没有找到事项"):
            access.page_for(town.actor(login), number)


@pytest.mark.parametrize("login", MAY_NOT)
def test_no_way_out_tells_of_it(town: Town, number: str, login: str) -> None:
    actor, session = town.actor(login), reading()
    scope = access.scope_of(actor)
    assert register.page(session, scope, ActFilters()).lines == ()
    assert register.counts(session, scope, ActFilters()) == {}
    assert register.found_by(session, scope, "天机", 9) == register.found_by(session, scope, number, 9) == ()
    assert list(register.rows(session, scope, ActFilters())) == []
    assert register.linked_to(session, scope, "case:XH-2026-000001") == ()
    assert register.titles_of(session, scope, [f"act:{number}"]) == {}
    assert waiting.waiting_for(actor) == ()
    with pytest.raises(NotFound):
        then.page_on(actor, number, town.clock.today())
    with pytest.raises(NotFound):
        steps.take(actor, number, "tell", {})
    with pytest.raises(NotFound):
        duties.take(actor, number, 1, "acknowledge", {})


def test_it_cannot_be_tied_by_who_may_not_read_it(town: Town, number: str) -> None:
    with Work(wiring()) as work, pytest.raises(Invalid, match="没有找到案件或事项"):
        target_named(work, town.actor("officer"), number, TARGET)


def test_no_mail_of_it_reaches_who_may_not_read_it(town: Town, number: str) -> None:
    told = set(db.session.scalars(select(Person.login).join(Message, Message.person_id == Person.id).where(
        Message.dedupe_key.startswith(f"act:{number}"))))
    assert told.isdisjoint(MAY_NOT)
    town.clock.move_to(town.clock.now() + timedelta(days=9))
    found = morning_of(town)
    for login in MAY_NOT:
        assert number not in found.texts.get(login, "")
    assert number in found.texts["dispatcher"] and number in found.texts["lead"]


def test_its_late_duty_is_in_no_report_that_everybody_of_the_area_reads(town: Town, number: str) -> None:
    town.clock.move_to(town.clock.now() + timedelta(days=9))
    for until in (None, town.clock.now()):
        assert [row for row in owed_rows(reading(), town.clock.today(), "360103", until) if row["number"] == number] == []


def test_who_may_take_the_list_along_gets_it_only_where_they_read_it(town: Town, number: str, tmp_path: Path) -> None:
    path = tmp_path / "acts.csv"
    for login in ("clerk", "officer", "lead"):
        exporting.export_acts(town.actor(login), path, ActFilters())
        assert (number in path.read_text("utf-8")) is (login == "lead"), login


def test_once_it_is_told_everybody_of_the_area_reads_it(town: Town, number: str) -> None:
    steps.take(town.actor("verifier"), number, "tell", {})
    head = access.page_for(town.actor("clerk"), number).head
    assert (head.state, head.is_over) == ("told", True)
    assert access.page_for(town.actor("officer"), number).head.number == number, "its unit owes a duty of it"
    with pytest.raises(NotFound):
        access.page_for(town.actor("neighbour"), number)
