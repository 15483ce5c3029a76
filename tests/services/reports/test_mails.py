"""Reports as letters: one for each reader, from the templates, with pictures; and nothing in them that may not leave the
house."""

import json
from email import message_from_bytes
from email.policy import default

import pytest
import responses
from sqlalchemy import select

from tests.support.district import STREET_AREA
from tests.support.makers import Town
from tests.support.papers import report
from tests.support.post_office import worded
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Role
from tracker.domain.reports.kinds import REPORTS, report_named
from tracker.domain.reports.sight import may_read
from tracker.domain.rules.periods import Period, period_of
from tracker.gateways.mail.sending import MemorySender
from tracker.services.cases import intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.house.work import Work, wiring
from tracker.services.mail import letters, outbox, robots
from tracker.services.mail.audiences import MailReader, readers
from tracker.services.people import accounts
from tracker.services.reports import mails, reports
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.rules.rules import RuleValue

CANARY = "金丝雀"
LATE = "应于 15:00，补发于 16:12"


def of(town: Town, *logins: str) -> list[MailReader]:
    return [MailReader(town.people[login], login, town.actor(login)) for login in logins]


def put(town: Town, *logins: str, late: str = "") -> list[Message]:
    with Work(wiring()) as work:
        letters.put(work, mails.letters_of(report(), of(town, *logins), None, late=late))
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def robots_on(town: Town) -> None:
    db.session.add(RuleValue(key="robots", value=json.dumps({"is_on": True, "a_minute": 2}), effective_from=town.clock.today(),
                             made_at=town.clock.now()))
    db.session.commit()
    wiring().cached.clear()


def test_every_reader_gets_the_same_report_once(town: Town, mailer: MemorySender) -> None:
    first, second = put(town, "lead", "dispatcher", late=LATE)
    assert first.dedupe_key == f"cadence/weekly-review/2026-W47/360103/person:{town.people['lead']}"
    assert (first.subject, first.text, first.html, first.pictures) == (second.subject, second.text, second.html, second.pictures)
    assert first.text.startswith(f"「{LATE}」")
    assert report().digest() in first.text
    assert f"{wiring().base_url}/reports/weekly/2026-W47" in first.text
    assert len(put(town, "lead", "dispatcher")) == 2
    assert outbox.send_due().sent == 2
    sent = message_from_bytes(mailer.messages[0].as_bytes(), policy=default)
    kinds = [part.get_content_type() for part in sent.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", *["image/png"] * 3]
    page = sent.get_body(("html",))
    assert page is not None
    for part in list(sent.walk())[4:]:
        assert f"cid:{part['Content-ID'].strip('<>')}" in page.get_content()
        assert part.get_content().startswith(b"\x89PNG")


def with_reporter(town: Town, source: str, **written: str) -> str:
    """A case whose reporter is on record; its number."""
    order = RegisterOrder(source=source, categories=("garbage",), area_code=STREET_AREA, **written)
    return intake.register(town.actor("clerk"), order, reporter=Reporter(name=f"{CANARY}张三", phone="13800138000")).number


def mail_out(town: Town, name: str, period: Period) -> None:
    """Count a report and send it to the leads."""
    document = reports.build(name, period, "360103").document
    with Work(wiring()) as work:
        letters.put(work, mails.letters_of(document, readers((Role.lead,), "360103", town.clock.today()), None))
    outbox.send_due()


@pytest.mark.parametrize("name", [each.name for each in REPORTS])
def test_no_mail_of_a_report_repeats_what_people_wrote_or_names_a_reporter(town: Town, name: str, mailer: MemorySender) -> None:
    """Every report over cases that are full of words which must stay in the house."""
    written = {"title": f"{CANARY}标题", "description": f"{CANARY}描述", "place": f"{CANARY}地点"}
    first = with_reporter(town, "H12345", **written)
    town.walk(first, "assign", "acknowledge", "request_extension")
    second = town.registered("PATROL", by="inspector", **written)
    town.walk(second, "assign", "acknowledge", "submit", "verify")
    third = with_reporter(town, "D2JX", **written)
    town.walk(third, "assign", "acknowledge", "escalate")
    assert town.row(second).state is CaseState.verified
    kind, begun = report_named(name).beat.kind, town.clock.today()
    town.clock.advance(hours=5)
    mail_out(town, name, period_of(kind, begun))  # the day itself, with its patrol log
    town.clock.advance(days=40)
    mail_out(town, name, period_of(kind, town.clock.today()).before())  # when they are overdue
    told = [m for m in mailer.messages if m.get_body(("html",)) is not None]
    assert told
    for message in told:
        said = str(message["Subject"]) + "".join(part.get_content()
                                                 for part in message.walk() if part.get_content_maintype() == "text")
        assert CANARY not in said
        assert "13800138000" not in said
        assert "138****8000" not in said
        assert "张三" not in said


def test_robots_are_off_until_the_rule_book_says_otherwise(town: Town) -> None:
    robots.set_robot("work-group", "wecombot://secret-key")
    assert [row.robot for row in put(town, "lead")] == [None]
    robots_on(town)
    rows = put(town, "lead")
    assert [row.robot for row in rows] == [None, "work-group"]
    post = rows[-1].text
    assert report().title in post
    assert "办结率：93.8%（45/48）" in post
    assert "XH-2026" not in post
    assert "桃花河" not in post
    assert "secret-key" not in "".join(row.value for row in db.session.scalars(select(robots.Preference)))


def test_a_robot_that_has_no_address_any_more_is_given_up_and_seen(town: Town, mailer: MemorySender) -> None:
    robots_on(town)
    robots.set_robot("work-group", "wecombot://key")
    put(town)
    assert robots.remove_robot("work-group")
    assert outbox.send_due().given_up == 1


def test_no_robot_gets_more_than_its_messages_a_minute(town: Town, mailer: MemorySender) -> None:
    robots_on(town)  # two a minute
    robots.set_robot("work-group", "wecombot://key")
    db.session.add_all([Message(dedupe_key=f"r{n}", robot="work-group", mail="n", subject="s", body=worded(f"第 {n} 条"),
                                message_id=f"r{n}@localhost",
                                state="waiting", due_at=town.clock.now()) for n in range(5)])
    db.session.commit()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        web.post("https://qyapi.weixin.qq.com/cgi-bin/webhook/send", json={"errcode": 0})
        done = [(outbox.send_due().sent, town.clock.advance(minutes=2)) for _ in range(4)]
    assert [sent for sent, _ in done] == [2, 2, 1, 0]
    assert outbox.counts() == {"sent": 5}


def test_nobody_is_mailed_a_report_that_they_may_not_open(town: Town) -> None:
    """The lead of one street holds a role that the daily log is addressed to, and does not watch over the district."""
    accounts.grant(None, login="inspector", role=Role.lead, area_code=STREET_AREA)
    for name, is_theirs in (("daily", False), ("weekly", True)):
        found = {each.person_id for each in mails.readers_of(name, "360103")}
        assert (town.people["inspector"] in found) == is_theirs == may_read(town.actor("inspector"), name, "360103")
        assert town.people["lead"] in found
