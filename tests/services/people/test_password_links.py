"""Links with which people set their own password: nobody else learns one, and whoever changes an account is seen."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.house.actor import CLOCK, OPERATOR, Grant, Role
from tracker.domain.house.errors import Invalid, NotAllowed, NotFound
from tracker.services.mail import outbox
from tracker.services.people import accounts
from tracker.services.people.sign_in import sign_in
from tracker.services.people.signing.visits import Visit
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.bodies import MailBody
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignInLink

pytestmark = pytest.mark.usefixtures("cheap_hashes")
SECRET, ANOTHER = "墨绿的旧雨伞挂在门后", "又一把雨伞靠在墙角边"


def mailed(town: Town, mail: str) -> dict[str, str]:
    """The texts of such letters by who reads them."""
    logins = {id_: login for login, id_ in town.people.items()}
    rows = db.session.execute(select(Message.person_id, MailBody.text).join(MailBody, isouter=True).where(Message.mail == mail)
                              .order_by(Message.id))
    return {logins[row.person_id]: row.text for row in rows}


def text_of(message: EmailMessage) -> str:
    """What a mail says that was sent."""
    return f"{message['Subject']} {message.get_body(('plain',)).get_content()}"


def code_for(town: Town, login: str) -> str:
    return mailed(town, "password_link")[login].partition("#")[2].split()[0]


def test_an_administrator_who_resets_a_lead_learns_no_password_and_the_lead_and_the_auditors_hear_of_it(town: Town) -> None:
    accounts.set_password(login="lead", password=SECRET)
    link = accounts.reset_password(town.actor("admin"), login="lead")
    assert link.code == ""
    assert set(mailed(town, "password_link")) == {"lead"}
    assert {"lead", "auditor"} <= set(mailed(town, "account_changed"))
    assert "admin" not in mailed(town, "account_changed")
    with pytest.raises(NotAllowed):
        accounts.authenticate("lead", SECRET)
    assert accounts.set_by_link(code=code_for(town, "lead"), password=ANOTHER) == "lead"
    assert accounts.authenticate("lead", ANOTHER)
    facts = ledger.stream_of(db.session(), f"person:{town.people['lead']}")
    assert [(fact.kind, fact.actor_id) for fact in facts] == [
        ("person:password_set", OPERATOR.id), ("person:password_reset", town.people["admin"]),
        ("person:link_made", town.people["admin"]), ("person:sign_in_failed", CLOCK.id),
        ("person:password_set", town.people["lead"])]


def test_what_was_sent_keeps_no_code(town: Town, mailer: Any) -> None:
    accounts.reset_password(town.actor("admin"), login="lead")
    code = code_for(town, "lead")
    outbox.send_due()
    assert any(code in text_of(message) for message in mailer.messages)
    assert mailed(town, "password_link") == {"lead": None}
    assert "".join(mailed(town, "account_changed").values())


def test_a_password_that_is_refused_leaves_the_link_good_and_a_new_link_kills_it(town: Town) -> None:
    accounts.reset_password(town.actor("admin"), login="lead")
    first = code_for(town, "lead")
    with pytest.raises(Invalid):
        accounts.set_by_link(code=first, password="short")
    accounts.reset_password(town.actor("admin"), login="lead")
    second = code_for(town, "lead")
    for code in (first, "nothing", ""):
        with pytest.raises(NotFound, match="无效、已用过或已过期"):
            accounts.set_by_link(code=code, password=SECRET)
    accounts.set_by_link(code=f" {second[:8].upper()}-{second[8:]} ", password=SECRET)
    with pytest.raises(NotFound):
        accounts.set_by_link(code=second, password=ANOTHER)


@pytest.mark.parametrize(("hours", "is_new"), [(72, True), (2, False)])
def test_an_invitation_is_good_for_three_days_and_a_reset_for_two_hours(town: Town, hours: int, is_new: bool) -> None:
    new = accounts.add_person(town.actor("admin"), login="newcomer", name="王新")
    link = new.link if is_new else accounts.reset_password(town.actor("admin"), login="newcomer")
    assert link.expires_at - town.clock.now() == timedelta(hours=hours)
    town.clock.advance(hours=hours)
    with pytest.raises(NotFound):
        accounts.set_by_link(code=link.code, password=SECRET)


def test_a_slip_is_a_fact_of_who_made_it_and_its_first_use_is_told(town: Town) -> None:
    new = accounts.add_person(town.actor("admin"), login="newcomer", name="王新", unit="XH-CYZ", roles=[Grant(Role.officer)])
    town.people["newcomer"] = new.id
    accounts.set_head(None, login="officer", is_head=True)
    made = ledger.stream_of(db.session(), f"person:{new.id}")[-1]
    assert (made.actor_id, made.payload["is_slip"]) == (town.people["admin"], True)
    accounts.set_by_link(code=new.link.code, password=SECRET)
    assert mailed(town, "slip_used") == {}
    for _ in range(2):
        sign_in("newcomer", SECRET, Visit())
        assert set(mailed(town, "slip_used")) == {"officer", "auditor"}
    assert db.session.query(Message).filter_by(mail="slip_used").count() == 2


def test_a_link_goes_to_a_changed_address_when_that_has_rested_and_the_old_one_is_told(town: Town, mailer: Any) -> None:
    assert accounts.change_email(town.actor("admin"), login="lead", email="thief@example.com")
    assert not accounts.change_email(town.actor("admin"), login="lead", email="thief@example.com")
    accounts.reset_password(town.actor("admin"), login="lead")
    outbox.send_due()
    to = [(message["To"], "邮箱已更改" in text_of(message)) for message in mailer.messages]
    assert any("lead@example.cn" in address for address, _ in to)
    assert not any("account/link" in text_of(message) for message in mailer.messages)
    town.clock.advance(hours=24)
    outbox.send_due()
    (late,) = [message for message in mailer.messages if "account/link" in text_of(message)]
    assert "thief@example.com" in late["To"]
    assert accounts.set_by_link(code=text_of(late).partition("#")[2].split()[0], password=SECRET)


def test_an_address_that_changes_kills_the_links_that_are_out(town: Town) -> None:
    accounts.reset_password(town.actor("admin"), login="lead")
    code = code_for(town, "lead")
    accounts.change_email(town.actor("admin"), login="lead", email="lead.new@example.cn")
    with pytest.raises(NotFound):
        accounts.set_by_link(code=code, password=SECRET)


def test_the_operator_gets_the_link_on_paper_and_leads_hear_of_it_too(town: Town) -> None:
    link = accounts.reset_password(None, login="officer")
    assert link.url.endswith(f"/account/link#{link.code}")
    assert mailed(town, "password_link") == {}
    assert {"officer", "auditor", "lead", "lead2"} <= set(mailed(town, "account_changed"))
    assert db.session.scalar(select(SignInLink.made_by_id)) == OPERATOR.id


def test_no_code_and_no_address_stand_in_a_row_or_a_fact(town: Town) -> None:
    new = accounts.add_person(town.actor("admin"), login="newcomer", name="王新")
    accounts.change_email(town.actor("admin"), login="newcomer", email="canary@example.cn")
    code = new.link.code
    facts = ledger.stream_of(db.session(), f"person:{new.id}")
    assert not any(code in fact.body or "canary" in fact.body for fact in facts)
    assert not any(code in str(vars(row)) for row in db.session.scalars(select(SignInLink)))
    assert db.session.scalar(select(Person.password_hash).where(Person.id == new.id)) == ""
    with pytest.raises(NotAllowed):
        accounts.authenticate("newcomer", "")
