"""Bounces: read as mail servers write them, noted at the mail that came back, shown by its reader."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.makers import Town
from tests.support.post_office import worded
from tracker.domain.house.errors import Invalid, NotFound
from tracker.services.mail import bounces, outbox
from tracker.storage.house.base import db
from tracker.storage.mail import outbox_lines
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine

REPORT = """From: MAILER-DAEMON@mx.example.net
To: xiaohao@example.cn
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; officer@example.cn
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <officer@example.cn>: Recipient address
 rejected: User unknown

--b1
Content-Type: {returned}

{headers}

--b1--
"""
HEADERS = "From: xiaohao@example.cn\nSubject: =?utf-8?b?5rWL6K+V?=\nMessage-ID: <{id}>"


def report(message_id: str, *, action: str = "failed", returned: str = "text/rfc822-headers") -> bytes:
    return REPORT.format(action=action, returned=returned, headers=HEADERS.format(id=message_id)).replace("\n", "\r\n").encode()


def sent(town: Town) -> str:
    """A mail that went out."""
    db.session.add(Message(dedupe_key="k", person_id=town.people["officer"], mail="n", subject="主题", body=worded("正文"),
                           message_id="id0@localhost",
                           state="waiting", due_at=town.clock.now()))
    db.session.commit()
    outbox.send_due()
    return "id0@localhost"


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_bounce_is_noted_at_its_mail_and_shown_by_its_reader(town: Town, mailer: Any, returned: str) -> None:
    noted = bounces.note(report(sent(town), returned=returned))
    assert (noted.name, noted.email, noted.subject) == ("officer先生", "officer@example.cn", "主题")
    assert "550 5.1.1" in noted.words
    (reader,) = outbox_lines.bounced_readers(db.session())
    assert (reader.login, reader.count, reader.last_at) == ("officer", 1, town.clock.now())
    assert "User unknown" in reader.words
    (line,) = outbox_lines.lines(db.session(), ("bounced",))
    assert (line.state, line.deliveries) == ("sent", 1)
    assert outbox_lines.standing(db.session()).bounced == 1


def test_the_returned_mail_counts_before_an_older_one_that_the_notice_refers_to(town: Town, mailer: Any) -> None:
    older = sent(town)
    db.session.add(Message(dedupe_key="k1", person_id=town.people["lead"], mail="n", subject="后来的", body=worded("正文"),
                           message_id="id1@localhost",
                           state="waiting", due_at=town.clock.now()))
    db.session.commit()
    outbox.send_due()
    notice = report("id1@localhost").replace(b"Subject: Undelivered", f"References: <{older}>\r\nSubject: Undelivered".encode())
    assert bounces.note(notice).subject == "后来的"


def test_a_delay_is_no_bounce(town: Town, mailer: Any) -> None:
    with pytest.raises(Invalid, match="延迟"):
        bounces.note(report(sent(town), action="delayed"))
    assert outbox_lines.standing(db.session()).bounced == 0


@pytest.mark.parametrize("raw", [b"", b"Subject: hello\r\n\r\nhow are you\r\n", b"\xff\x00"])
def test_another_mail_is_no_bounce(town: Town, raw: bytes) -> None:
    with pytest.raises(Invalid, match="退信通知"):
        bounces.note(raw)


def test_a_notice_about_somebody_else_s_mail_is_refused(town: Town, mailer: Any) -> None:
    sent(town)
    with pytest.raises(NotFound, match="Message-ID"):
        bounces.note(report("other@example.net"))


def test_the_command_line_reads_a_file_lists_what_is_stuck_and_lets_it_go(app: Any, cli: Any, town: Town, mailer: Any,
                                                                          tmp_path: Path) -> None:
    file = tmp_path / "bounce.eml"
    file.write_bytes(report(sent(town)))
    db.session.remove()
    assert "已记退信：officer先生" in cli.invoke(args=["outbox", "bounce", str(file)]).output
    told = cli.invoke(args=["outbox", "list"]).output
    assert "550 5.1.1" in told
    assert "退信 1 封" in told
    assert cli.invoke(args=["outbox", "bounce", str(tmp_path / "absent")]).exit_code == 1
    outbox.hold()
    db.session.remove()
    assert "已冻结" in cli.invoke(args=["outbox", "list"]).output
    assert "flask outbox release" in cli.invoke(args=["doctor"]).output
    assert "已放行 0 封" in cli.invoke(args=["outbox", "release"]).output
    assert "flask outbox release" not in cli.invoke(args=["doctor"]).output
