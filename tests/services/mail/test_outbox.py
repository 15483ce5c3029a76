"""The outbox: sent once, tried again with patience, given up loudly, frozen after a restore."""

import json
import logging
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.makers import Town
from tests.support.post_office import worded
from tracker.domain.mail.kinds import Kinds, MailKind
from tracker.gateways.mail.sending import MailFault, MemorySender
from tracker.services.house.work import wiring
from tracker.services.mail import claims, outbox
from tracker.services.people import accounts
from tracker.services.rules import values
from tracker.storage.house.base import db
from tracker.storage.mail import outbox_lines
from tracker.storage.mail.outbox import Message


def waiting(town: Town, amount: int = 3, *logins: str, kind: MailKind = Kinds.informed) -> list[int]:
    """Mails straight into the table: to one officer, or to these people by turns."""
    who = [town.people[login] for login in logins or ("officer",)]
    rows = [Message(dedupe_key=f"k{n}", person_id=who[n % len(who)], mail="n", subject=f"主题{n}", body=worded("正文"),
                    message_id=f"id{n}@localhost", state="waiting", due_at=town.clock.now(), kind=kind.code,
                    priority=kind.priority) for n in range(amount)]
    db.session.add_all(rows)
    db.session.commit()
    return [row.id for row in rows]


def states() -> dict[str, int]:
    db.session.rollback()
    return outbox.counts()


def mail(mail_id: int) -> Message:
    return db.session.scalars(select(Message).where(Message.id == mail_id).execution_options(populate_existing=True)).one()


def test_what_is_due_is_sent_once_with_its_fixed_message_id(town: Town, mailer: MemorySender) -> None:
    (first, *_) = waiting(town)
    assert outbox.send_due().sent == 3
    assert outbox.send_due().sent == 0
    assert [m["Message-ID"] for m in mailer.messages] == ["<id0@localhost>", "<id1@localhost>", "<id2@localhost>"]
    assert mailer.messages[0]["To"] == "officer@example.cn"
    assert mailer.messages[0]["Subject"] == "主题0"
    assert (mail(first).sent_at, mail(first).tries) == (town.clock.now(), 1)


def test_more_than_a_portion_is_sent_in_one_round(town: Town, mailer: MemorySender) -> None:
    waiting(town, claims.PORTION * 2 + 1, "officer", "officer2", "lead", "dispatcher")
    assert outbox.send_due().sent == len(mailer.messages) == claims.PORTION * 2 + 1


def test_a_passing_fault_is_tried_again_later_and_later(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1, kind=Kinds.security)
    mailer.fault = MailFault("452 稍后再来", is_final=False)
    for pause in outbox.BACK_OFF:
        assert outbox.send_due().postponed == 1
        assert outbox.send_due().postponed == 0
        assert mail(only).due_at - town.clock.now() == pause
        town.clock.advance(pause)
    mailer.fault = None
    assert outbox.send_due().sent == 1
    assert mail(only).error is None


def test_a_mail_that_keeps_failing_is_given_up_loudly(town: Town, mailer: MemorySender, caplog: pytest.LogCaptureFixture) -> None:
    (only,) = waiting(town, 1, kind=Kinds.security)
    mailer.fault = MailFault("452 稍后再来", is_final=False)
    with caplog.at_level(logging.ERROR, "xiaohao.outbox"):
        for _ in range(len(outbox.BACK_OFF) + 1):
            outbox.send_due()
            town.clock.advance(days=2)
    assert (mail(only).state, mail(only).error, mail(only).tries) == ("given_up", "452 稍后再来", len(outbox.BACK_OFF) + 1)
    assert "given up" in caplog.text


def test_a_final_fault_is_given_up_at_once(town: Town, mailer: MemorySender) -> None:
    waiting(town)
    mailer.fault = MailFault("550 没有这个信箱", is_final=True)
    assert outbox.send_due().given_up == 3
    assert states() == {"given_up": 3}


def test_who_was_deactivated_meanwhile_gets_nothing(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1)
    accounts.deactivate(None, login="officer")
    assert outbox.send_due().given_up == 1
    assert mailer.messages == []
    assert "停用" in (mail(only).error or "")


def test_what_a_dead_process_had_claimed_is_sent_when_its_lease_runs_out(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1)
    row = mail(only)
    row.state, row.claimed_by, row.lease_until = "claimed", "dead/1", town.clock.now() + claims.LEASE
    db.session.commit()
    assert outbox.send_due().sent == 0
    town.clock.advance(claims.LEASE + timedelta(seconds=1))
    assert outbox.send_due().sent == 1


def test_frozen_mails_leave_only_when_somebody_releases_them(town: Town, mailer: MemorySender) -> None:
    waiting(town)
    assert outbox.hold() == 3
    assert outbox.send_due().sent == 0
    assert states() == {"held": 3}
    assert outbox.release() == 3
    assert outbox.send_due().sent == len(mailer.messages) == 3


def test_what_is_written_while_everything_is_frozen_waits_too(town: Town, mailer: MemorySender) -> None:
    assert outbox.hold() == 0
    waiting(town)
    assert (outbox.send_due().sent, outbox.is_frozen(), outbox_lines.standing(db.session()).is_frozen) == (0, True, True)
    assert outbox.release() == 0
    assert (outbox.send_due().sent, outbox.is_frozen()) == (3, False)


def test_nobody_gets_more_than_a_day_s_mails_and_the_rest_is_one_mail_the_next_morning(town: Town, mailer: MemorySender) -> None:
    cap = values.number("daily_mail_cap", town.clock.today())
    waiting(town, cap + 5)
    assert (outbox.send_due().sent, len(mailer.messages)) == (cap, cap)
    standing = outbox_lines.standing(db.session())
    assert (standing.waiting, standing.put_off) == (5, 5)
    line = outbox_lines.lines(db.session(), ("put_off",))[0]
    assert (line.tries, line.deliveries, line.error) == (0, 0, f"超过每人每日 {cap} 封的上限，并入次日汇总")
    assert town.clock.local(line.due_at).strftime("%Y-%m-%d %H:%M") == "2026-03-03 08:30"
    town.clock.advance(hours=24)
    assert outbox.send_due().sent == 1
    assert len(mailer.messages) == cap + 1
    text = mailer.messages[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert text.count("■ 案件进展") == 5


def test_a_mail_handed_over_twice_bears_the_same_message_id_and_the_count_shows_it(town: Town, mailer: MemorySender) -> None:
    """The process dies between DATA and the mark: another one takes the mail over when the lease runs out."""
    (only,) = waiting(town, 1)

    class Killed(BaseException):
        """Nothing of the product catches it, as nothing catches SIGKILL."""

    mailer.after = Killed()
    with pytest.raises(Killed):
        outbox.send_due()
    assert (mail(only).state, mail(only).deliveries) == ("claimed", 1)
    mailer.after = None
    town.clock.advance(claims.LEASE + timedelta(seconds=1))
    assert outbox.send_due("another/2").sent == 1
    assert [m["Message-ID"] for m in mailer.messages] == ["<id0@localhost>"] * 2
    assert (mail(only).state, mail(only).deliveries) == ("sent", 2)
    assert [line.id for line in outbox_lines.lines(db.session(), ("repeated",))] == [only]


def test_a_refused_try_is_no_delivery_and_a_broken_connection_may_be_one(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1)
    mailer.fault = MailFault("452 稍后再来", is_final=False)
    outbox.send_due()
    assert mail(only).deliveries == 0
    mailer.fault = MailFault("Connection unexpectedly closed", is_final=False, is_unsure=True)
    town.clock.advance(days=1)
    outbox.send_due()
    assert (mail(only).state, mail(only).deliveries) == ("waiting", 1)


def test_what_another_process_took_over_is_neither_sent_nor_marked(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1)
    (claimed,) = claims.claim("slow/1")
    town.clock.advance(claims.LEASE + timedelta(seconds=1))
    assert outbox.send_due("quick/2").sent == 1
    with mailer.connection() as send:
        assert outbox.send_mails([claimed], send, done := outbox.Sent())
    assert (done.sent, done.postponed, len(mailer.messages)) == (0, 0, 1)
    assert (mail(only).state, mail(only).deliveries) == ("sent", 1)


def test_a_mail_goes_out_as_a_page_with_its_pictures(town: Town, mailer: MemorySender, caplog: pytest.LogCaptureFixture) -> None:
    (only,) = waiting(town, 1)
    row = mail(only)
    row.html, row.pictures = '<img src="cid:chart1">', json.dumps({"chart1": wiring().blobs.put(b"PNG one"), "gone": "0" * 64})
    db.session.commit()
    assert outbox.send_due().sent == 1
    message = mailer.messages[0]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    picture = list(message.walk())[-1]
    assert (picture["Content-ID"], picture.get_content()) == ("<chart1>", b"PNG one")
    assert "picture gone" in caplog.text


def test_what_was_sent_keeps_its_words_and_lets_go_of_its_page(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1)
    mail(only).html = "<p>晨间清单</p>"
    db.session.commit()
    mailer.fault = MailFault("稍后再试", is_final=False)
    outbox.send_due()
    assert (mail(only).state, mail(only).html) == ("waiting", "<p>晨间清单</p>")
    mailer.fault = None
    town.clock.advance(timedelta(hours=1))
    assert outbox.send_due().sent == 1
    assert (mail(only).state, mail(only).html) == ("sent", "<p>晨间清单</p>")
    assert mail(only).text


def test_several_senders_at_once_send_each_mail_once(town: Town, app: Flask, mailer: MemorySender) -> None:
    waiting(town, 100, "officer", "officer2", "lead", "dispatcher")
    faults: list[BaseException] = []

    def send() -> None:
        with app.app_context():
            try:
                outbox.send_due()
            except BaseException as fault:  # noqa: BLE001 - seen below
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(mailer.messages) == len({m["Message-ID"] for m in mailer.messages}) == 100
    assert states() == {"sent": 100}
