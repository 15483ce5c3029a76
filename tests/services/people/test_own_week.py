"""The letter of one's own week, and tries at logins that nobody has."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.house.errors import NotAllowed, NotFound
from tracker.services.house.work import wiring
from tracker.services.people import access, accounts
from tracker.services.people.jobs import JOBS
from tracker.services.people.sign_in import sign_in
from tracker.services.people.signing import own_week, sessions, trail
from tracker.services.people.signing.visits import Visit
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.bodies import MailBody
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.usefixtures("cheap_hashes")
SECRET = "墨绿的旧雨伞挂在门后"


def letters(town: Town) -> dict[str, str]:
    logins = {id_: login for login, id_ in town.people.items()}
    rows = db.session.execute(select(Message.person_id, MailBody.text).join(MailBody, isouter=True)
                              .where(Message.mail == "own_week").order_by(Message.id))
    return {logins[row.person_id]: row.text for row in rows}


@pytest.fixture
def busy(town: Town) -> Town:
    """The Tuesday after a week in which the clerk signed in and registered a case."""
    accounts.set_password(login="clerk", password=SECRET)
    sign_in("clerk", SECRET, Visit("203.0.113.9", "Mozilla/5.0 (Windows) Firefox/140.0"))
    sign_in("clerk", SECRET, Visit("203.0.113.9", "Mozilla/5.0 (Windows) Firefox/140.0", browser="known"))
    town.registered()
    town.clock.advance(days=8)
    return town


def test_everybody_hears_once_of_their_sign_ins_new_devices_and_steps(busy: Town) -> None:
    for _ in range(2):
        (job,) = [job for job in JOBS if job.id == "daily-own-week"]
        job.deed(busy.clock.today())
    text = letters(busy)["clerk"]
    assert text.count("Firefox · Windows  203.0.113.9") == 2
    assert text.count("新设备") == 1
    assert "XH-2026-000001：" in text
    assert set(letters(busy)) == {"clerk"}


def test_what_was_done_in_somebody_s_name_without_a_sign_in_is_told_to_them(busy: Town) -> None:
    number = busy.registered(by="dispatcher")
    busy.clock.advance(days=7)
    own_week.mail_week(busy.clock.today())
    assert f"{number}：" in letters(busy)["dispatcher"]
    assert "没有登录" in letters(busy)["dispatcher"]


def test_who_says_not_me_is_signed_out_everywhere_and_auditors_and_leads_hear_of_it(busy: Town) -> None:
    own_week.mail_week(busy.clock.today())
    code = letters(busy)["clerk"].partition("/account/not-me/")[2].split()[0].replace("%3A", ":").replace("%3D", "=")
    token = sign_in("clerk", SECRET, Visit())
    own_week.report_not_me(code)
    assert access.in_session(sessions.digest_of(token)) is None
    told = set(db.session.scalars(select(Message.person_id).join(MailBody).where(MailBody.text.contains("不是自己的登录"))))
    assert {busy.people[login] for login in ("clerk", "auditor", "lead", "lead2")} <= told
    assert ledger.stream_of(db.session(), f"person:{busy.people['clerk']}")[-1].kind == "person:denied"
    busy.clock.advance(days=22)
    for bad in (code, "made:up", ""):
        with pytest.raises(NotFound):
            own_week.report_not_me(bad)


@pytest.mark.one_engine
def test_the_page_of_the_letter_asks_first_and_needs_no_sign_in(app: Flask, town: Town) -> None:
    code = wiring().cipher.seal(f"{town.people['clerk']}|{town.clock.now().isoformat()}", own_week.CONTEXT)
    db.session.remove()
    client: Any = app.test_client()
    page = client.get(f"/account/not-me/{code}")
    assert "有非本人操作" in page.text
    token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    assert "已报告审计员" in client.post(f"/account/not-me/{code}", data={"csrf_token": token}).text
    assert client.post("/account/not-me/none", data={"csrf_token": token}).status_code == 404


def test_tries_at_logins_that_nobody_has_are_one_fact_a_quarter_of_an_hour(town: Town) -> None:
    for minutes in (0, 5, 20, 1):
        town.clock.advance(timedelta(minutes=minutes))
        for number in range(2):
            with pytest.raises(NotAllowed):
                accounts.authenticate(f"nobody{number}", "wrong wrong wrong", Visit("203.0.113.9"))
    facts = ledger.stream_of(db.session(), "sign-ins")
    assert [(fact.kind, fact.payload["count"], fact.payload["logins"]) for fact in facts] == [("person:unknown_refused", 4, 2)]
    assert trail.tell_unknown() == 1
    assert trail.tell_unknown() == 0
    facts = ledger.stream_of(db.session(), "sign-ins")
    assert [fact.payload["count"] for fact in facts] == [4, 4]
    assert not any("nobody" in fact.body or "203.0" in fact.body for fact in facts)
