"""The outbox: sent once, tried again with patience, given up loudly, frozen after a restore."""

import logging
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.makers import Town
from tracker.gateways.mail_out import MailFault, MemorySender
from tracker.services import accounts, outbox
from tracker.storage.base import db
from tracker.storage.outbox import Message


def waiting(town: Town, amount: int = 3) -> list[int]:
    """Mails to one officer, straight into the table."""
    rows = [Message(dedupe_key=f"k{n}", person_id=town.people["officer"], notice="n", subject=f"主题{n}", text="正文",
                    message_id=f"id{n}@localhost", state="waiting", due_at=town.clock.now()) for n in range(amount)]
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
    waiting(town, outbox.PORTION * 2 + 1)
    assert outbox.send_due().sent == len(mailer.messages) == outbox.PORTION * 2 + 1


def test_a_passing_fault_is_tried_again_later_and_later(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1)
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
    (only,) = waiting(town, 1)
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
    row.state, row.claimed_by, row.lease_until = "claimed", "dead/1", town.clock.now() + outbox.LEASE
    db.session.commit()
    assert outbox.send_due().sent == 0
    town.clock.advance(outbox.LEASE + timedelta(seconds=1))
    assert outbox.send_due().sent == 1


def test_frozen_mails_leave_only_when_somebody_releases_them(town: Town, mailer: MemorySender) -> None:
    waiting(town)
    assert outbox.hold() == 3
    assert outbox.send_due().sent == 0
    assert states() == {"held": 3}
    assert outbox.release() == 3
    assert outbox.send_due().sent == len(mailer.messages) == 3


def test_several_senders_at_once_send_each_mail_once(town: Town, app: Flask, mailer: MemorySender) -> None:
    waiting(town, 100)
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
