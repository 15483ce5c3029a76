"""Mail is a function of the ledger: the right people, once, without a word about reporters or descriptions."""

import re

import pytest
from sqlalchemy import event, select

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW, OTHER_FACTS
from tracker.domain.evidence.fact_kinds import EvidenceFacts
from tracker.domain.house.links import to_case
from tracker.gateways.mail.pages import render
from tracker.services.cases.declarations.mails import CLOSING_REQUIRED, ENDINGS, MAILS, PUBLICATION_NEEDED
from tracker.services.mail.mails import message_id
from tracker.services.people import accounts
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person


def told(number: str, kind: str) -> set[str]:
    """The logins that a fact of this case told."""
    query = select(Person.login).join(Message, Message.person_id == Person.id)
    return set(db.session.scalars(query.where(Message.dedupe_key.like(f"notice/{kind}/case:{number}#%"))))


def test_each_step_tells_those_who_have_to_act_next(town: Town) -> None:
    number = town.registered("D2JX")
    assert told(number, "case:registered") == {"dispatcher", "dispatcher2", "many_hats"}
    town.walk(number, "assign")
    assert told(number, "case:assigned") == {"officer", "officer2", "many_hats", "supporter"}
    town.walk(number, "acknowledge", "request_extension")
    assert told(number, "case:extension_requested") == {"dispatcher", "dispatcher2", "many_hats"}
    town.do(number, "refuse_extension")
    assert told(number, "case:extension_refused") == {"officer", "officer2", "many_hats"}
    town.walk(number, "submit")
    assert told(number, "case:submitted") == {"verifier", "verifier2"}
    town.walk(number, "reject")
    assert told(number, "case:rejected") == {"officer", "officer2", "many_hats"}
    town.walk(number, "submit", "verify")
    assert told(number, "case:verified") == {"dispatcher", "dispatcher2", "many_hats"}
    town.walk(number, "set_sponsor", "open_notice", "end_notice")
    assert told(number, "case:sponsor_set") == {"lead"}
    assert told(number, "case:notice_ended") == {"lead"}
    town.do(number, "refuse_close")
    assert told(number, "case:close_refused") == {"officer", "officer2", "many_hats"}


def test_a_case_that_is_checked_tells_both_sides_and_who_confirms(town: Town) -> None:
    number = town.registered("RAIL", channel="onsite")
    town.do(number, "send_down")
    assert told(number, "case:sent_down") == {"officer", "officer2", "many_hats", "railman"}
    town.do(number, "claim")
    assert told(number, "case:claimed") == {"officer2", "many_hats", "railman", "dispatcher", "dispatcher2"}
    town.do(number, "disclaim")
    assert told(number, "case:disclaimed") == {"officer", "officer2", "many_hats", "dispatcher", "dispatcher2"}
    town.do(number, "confirm")
    assert told(number, "case:confirmed") == {"officer", "officer2", "many_hats", "supporter", "railman"}


def test_a_presumed_claim_is_told_to_both_sides_and_to_who_confirms(town: Town) -> None:
    number = town.registered("RAIL", channel="onsite")
    town.walk(number, "send_down", "claim", "presume")
    assert told(number, "case:claim_presumed") == {"officer", "officer2", "many_hats", "railman", "dispatcher", "dispatcher2"}


def test_what_ends_is_told_to_those_who_were_at_work_on_it(town: Town) -> None:
    number = town.case_in(CaseState.submitted)
    town.do(number, "withdraw")
    assert told(number, "case:withdrawn") == {"verifier", "verifier2"}
    town.walk(number, "open_supervision", "lift_supervision", "submit", "verify", "close")
    assert told(number, "case:supervision_lifted") == {"officer", "officer2", "many_hats"}
    assert told(number, "case:closed") == {"officer", "officer2", "many_hats", "supporter", "clerk"}


@pytest.mark.parametrize("state", [CaseState.assigned, CaseState.rectifying])
def test_a_recalled_assignment_is_told_to_the_units_that_had_it(town: Town, state: CaseState) -> None:
    number = town.case_in(state)
    town.do(number, "recall")
    assert told(number, "case:recalled") == {"officer", "officer2", "many_hats", "supporter"}


def test_a_notice_names_the_day_as_people_do(town: Town) -> None:
    number = town.registered()
    town.walk(number, "assign")
    mail = db.session.scalars(select(Message).where(Message.mail == "case_assigned")).first()
    assert mail is not None
    assert re.search(r"整改时限：2026年\d{1,2}月\d{1,2}日 星期[一二三四五六日]。", mail.text)


def test_without_a_public_notice_a_verified_case_goes_to_who_closes_it(town: Town) -> None:
    assert told(town.case_in(CaseState.verified), "case:verified") == {"lead", "lead2", "many_hats"}


def test_who_did_it_is_not_told_of_it_and_neither_are_the_deactivated(town: Town) -> None:
    accounts.deactivate(None, login="officer2")
    number = town.registered()
    town.do(number, "assign", by="many_hats")
    assert told(number, "case:assigned") == {"officer", "supporter"}


def test_people_without_an_address_get_no_mail(town: Town) -> None:
    db.session.scalars(select(Person).where(Person.login == "officer")).one().email = None
    db.session.commit()
    number = town.registered()
    town.walk(number, "assign")
    assert "officer" not in told(number, "case:assigned")


def test_a_refused_step_tells_nobody(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    before = len(db.session.scalars(select(Message)).all())
    with pytest.raises(Exception, match="不能“报送整改”"):
        town.do(number, "submit")
    assert len(db.session.scalars(select(Message)).all()) == before


def test_no_mail_repeats_a_description(town: Town) -> None:
    number = town.registered(description="独特描述金丝雀")
    town.walk(number, "assign", "acknowledge", "urge", "submit", "verify")
    for mail in db.session.scalars(select(Message)):
        assert "金丝雀" not in mail.subject + mail.text
        assert number in mail.subject
        assert f"/cases/{number}" in mail.text


def test_every_mail_has_its_own_key_and_a_message_id_made_of_it(town: Town) -> None:
    town.case_in(CaseState.verified)
    mails = db.session.scalars(select(Message)).all()
    assert len({m.dedupe_key for m in mails}) == len({m.message_id for m in mails}) == len(mails) > 5
    assert all(m.message_id == message_id(m.dedupe_key, "销号平台 <xiaohao@localhost>") for m in mails)
    assert {m.message_id.partition("@")[2] for m in mails} == {"localhost"}


def test_telling_costs_two_statements(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: statements.append(statement))
    town.do(number, "urge")
    assert sum("outbox" in s for s in statements) == 1
    assert sum("role_grants.role" in s and "people.is_head" in s and "is_substitute" not in s for s in statements) == 1


@pytest.mark.one_engine
def test_every_notice_belongs_to_a_fact_and_fills_its_words() -> None:
    assert set(MAILS) <= set(CASE_FLOW.by_fact) | set(OTHER_FACTS) | {EvidenceFacts.found_broken}
    for mail in (*MAILS.values(), *ENDINGS.values(), CLOSING_REQUIRED, PUBLICATION_NEEDED):
        page = render(mail.name, {"number": "XH-2026-000001", "title": "…", "place": "", "notes": (), "word": "销号",
                                  "due": "2026-03-09", "answer_due": "2026-03-05", "confirm_due": "2026-03-05", "base_url": "",
                                  "link": to_case("XH-2026-000001")})
        assert "XH-2026-000001" in page.text
        assert mail.name.isidentifier()
