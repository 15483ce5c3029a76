"""The outbox against a real mail server: pages and pictures arrive, and whatever breaks on the way is recognisable afterwards."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tests.support.papers import report
from tests.support.post_office import CUT, HANG, Inbox, open_office
from tracker.gateways.mail.sending import mail_sender
from tracker.services.house import work
from tracker.services.house.work import Work, wiring
from tracker.services.mail import claims, letters, outbox
from tracker.services.mail.audiences import MailReader
from tracker.services.reports import mails
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def office(inbox: Inbox, town: Town) -> Iterator[str]:
    """The product sends to a server on this machine."""
    with open_office(inbox) as port:
        url = f"smtp://127.0.0.1:{port}"
        own = wiring()
        work.bind(db.engine, replace(own, mail=mail_sender(url, own.mail_from, seconds=2)))
        yield url


def weekly_review(town: Town, *logins: str) -> None:
    readers = [MailReader(town.people[login], login, town.actor(login)) for login in logins]
    with Work(wiring()) as open_work:
        letters.put(open_work, mails.letters_of(report(), readers, None))


def rows() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).order_by(Message.id).execution_options(populate_existing=True)))


def test_a_report_arrives_as_text_page_and_pictures(town: Town, office: str, inbox: Inbox) -> None:
    weekly_review(town, "lead", "dispatcher")
    assert outbox.send_due().sent == 2
    assert sorted(message["To"] for message in inbox.messages) == ["dispatcher@example.cn", "lead@example.cn"]
    got = inbox.messages[0]
    assert got["Subject"] == f"【销号】{report().title}"
    assert "办结率：93.8%（45/48）" in got.get_body(("plain",)).get_content()
    pictures = {part["Content-ID"]: part.get_content() for part in got.walk() if part.get_content_maintype() == "image"}
    assert set(pictures) == {"<chart1>", "<chart2>", "<chart3>"}
    assert [row.deliveries for row in rows()] == [1, 1]


@pytest.mark.parametrize(("answer", "state", "deliveries"), [
    ("451 later", "waiting", 0), ("554 spam", "given_up", 0), (CUT, "waiting", 1), (HANG, "waiting", 1)])
def test_what_the_server_answers_decides_what_is_counted(town: Town, office: str, inbox: Inbox, answer: str, state: str,
                                                         deliveries: int) -> None:
    weekly_review(town, "lead")
    inbox.on_data = answer
    outbox.send_due()
    (row,) = rows()
    assert (row.state, row.deliveries) == (state, deliveries)
    assert row.error


def test_a_mail_tried_again_bears_the_same_message_id(town: Town, office: str, inbox: Inbox) -> None:
    weekly_review(town, "lead")
    inbox.on_data = CUT
    outbox.send_due()
    inbox.on_data = "250 OK"
    town.clock.advance(outbox.BACK_OFF[0])
    assert outbox.send_due().sent == 1
    assert len({message["Message-ID"] for message in inbox.messages}) == 1
    assert (len(inbox.messages), rows()[0].deliveries) == (2, 2)


def test_a_sender_killed_between_the_message_and_its_mark(town: Town, office: str, inbox: Inbox, database_url: str,
                                                          tmp_path: Path,
                                                           clock: Any) -> None:
    """A real process, and SIGKILL at the moment when the server has the whole message."""
    weekly_review(town, "lead")
    db.session.remove()
    command = [sys.executable, "-m", "tests.support.post_office", database_url, str(tmp_path), office, clock.now().isoformat()]
    sender = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    inbox.taken = lambda: os.kill(sender.pid, signal.SIGKILL)
    assert sender.wait(60) == -signal.SIGKILL
    inbox.taken = None
    (row,) = rows()
    assert (row.state, row.deliveries) == ("claimed", 1)
    assert outbox.send_due().sent == 0
    town.clock.advance(claims.LEASE + outbox.BACK_OFF[0])
    assert outbox.send_due().sent == 1
    (row,) = rows()
    assert (row.state, row.deliveries) == ("sent", 2)
    assert [message["Message-ID"] for message in inbox.messages] == [f"<{row.message_id}>"] * 2
