"""Mails in one process's hands: what may happen between the claim, the message and its mark, and what it costs."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import event, select, update

from tests.services.mail.test_outbox import mail, states, waiting
from tests.support.makers import Town
from tracker.gateways.mail.sending import MailFault, MemorySender, Send
from tracker.services.house import work
from tracker.services.house.work import wiring
from tracker.services.mail import claims, outbox
from tracker.services.people import accounts
from tracker.services.rules import values as rule_values
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person


class Moody(MemorySender):
    """Takes messages, but does before each what is set for its number."""

    def __init__(self) -> None:
        super().__init__()
        self.moods: dict[int, BaseException] = {}
        self.handed = 0
        self.opened = 0

    @contextmanager
    def connection(self) -> Iterator[Send]:
        self.opened += 1
        yield self._moody

    def _moody(self, message: EmailMessage) -> None:
        self.handed += 1
        if self.handed in self.moods:
            raise self.moods[self.handed]
        self.messages.append(message)


@pytest.fixture
def moody(town: Town) -> Moody:
    found = Moody()
    work.bind(db.engine, dataclasses.replace(wiring(), mail=found))
    return found


def send_claimed(claimed: list[claims.Claimed], sender: MemorySender) -> outbox.Sent:
    with sender.connection() as send:
        outbox.send_mails(claimed, send, done := outbox.Sent())
    return done


def test_a_mail_costs_one_commit_and_two_statements(town: Town, mailer: MemorySender) -> None:
    waiting(town, 20)
    outbox.is_frozen()
    done: list[str] = []
    event.listen(db.engine, "commit", lambda connection: done.append("commit"))
    event.listen(db.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: done.append(statement.partition(" ")[0]))
    assert outbox.send_due().sent == 20
    assert done.count("commit") <= 20 + 3  # the claim, the last mark, the claim that found nothing
    assert done.count("UPDATE") <= 2 * 20 + 2
    assert done.count("SELECT") <= 15  # of the round, not of a mail


def test_many_portions_go_through_one_connection(town: Town, moody: Moody) -> None:
    waiting(town, claims.PORTION + 5, "officer", "officer2", "lead")
    assert outbox.send_due().sent == claims.PORTION + 5
    assert moody.opened == 1


def test_a_broken_connection_ends_the_round_and_what_was_not_tried_is_as_it_was(town: Town, moody: Moody) -> None:
    ids = waiting(town, claims.PORTION + 5, "officer", "officer2", "lead")
    moody.moods[2] = MailFault("Connection unexpectedly closed", is_final=False, is_unsure=True)
    done = outbox.send_due()
    assert (done.sent, done.postponed, moody.handed) == (1, 1, 2)
    assert [(mail(each).state, mail(each).tries, mail(each).deliveries)
            for each in ids[:3]] == [("sent", 1, 1), ("waiting", 1, 1), ("waiting", 0, 0)]
    assert outbox.send_due().sent == claims.PORTION + 3
    town.clock.advance(outbox.BACK_OFF[0])
    assert outbox.send_due().sent == 1
    assert mail(ids[1]).deliveries == 2


def test_a_mail_that_cannot_be_put_together_does_not_hold_up_the_others(town: Town, moody: Moody,
                                                                        caplog: pytest.LogCaptureFixture) -> None:
    ids = waiting(town, 3)
    moody.moods[1] = ValueError("a fault of ours")
    done = outbox.send_due()
    assert (done.sent, done.postponed) == (2, 1)
    assert (mail(ids[0]).state, mail(ids[0]).error) == ("waiting", "发送出错：ValueError")
    assert "a fault of ours" in caplog.text


def test_who_leaves_between_the_claim_and_the_message_gets_nothing(town: Town, mailer: MemorySender) -> None:
    ids = waiting(town, 2)
    claimed = claims.claim("slow/1")
    accounts.deactivate(None, login="officer")
    done = send_claimed(claimed, mailer)
    assert (done.sent, mailer.messages) == (0, [])
    assert outbox.send_due().given_up == 2
    assert [(mail(each).state, mail(each).deliveries) for each in ids] == [("given_up", 0)] * 2


def test_an_address_changed_between_the_claim_and_the_message_is_the_one_that_is_used(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1)
    claimed = claims.claim("slow/1")
    db.session.execute(update(Person).where(Person.login == "officer").values(email="new@example.cn"))
    db.session.commit()
    assert send_claimed(claimed, mailer).sent == 0
    assert outbox.send_due().sent == 1
    assert [message["To"] for message in mailer.messages] == ["new@example.cn"]
    assert (mail(only).tries, mail(only).deliveries) == (1, 1)


def test_a_lease_lost_while_the_message_went_over_leaves_the_other_s_mark_alone(town: Town, mailer: MemorySender) -> None:
    (only,) = waiting(town, 1)
    (slow,) = claims.claim("slow/1")
    assert claims.turn(None, slow).may_leave
    town.clock.advance(claims.LEASE + timedelta(seconds=1))
    assert outbox.send_due("quick/2").sent == 1
    claims.mark(claims.Ended(slow, "waiting", "timed out", timedelta(minutes=1)))
    assert (mail(only).state, mail(only).deliveries) == ("sent", 2)  # both may have arrived, with one Message-ID


def test_two_processes_of_one_name_cannot_speak_for_each_other(town: Town, mailer: MemorySender) -> None:
    """Containers may share a host name and a process number: the try tells their claims apart."""
    (only,) = waiting(town, 1)
    (first,) = claims.claim("clock/7")
    town.clock.advance(claims.LEASE + timedelta(seconds=1))
    (second,) = claims.claim("clock/7")
    assert claims.turn(None, first) == claims.Begun()
    claims.mark(claims.Ended(first, "given_up", "no"))
    assert send_claimed([second], mailer).sent == 1
    assert (mail(only).state, mail(only).deliveries) == ("sent", 1)


def test_a_claim_made_before_the_freeze_is_held_back(town: Town, mailer: MemorySender) -> None:
    waiting(town, 3)
    claimed = claims.claim("slow/1")
    assert outbox.hold() == 3
    assert send_claimed(claimed, mailer).sent == 0
    assert (states(), mailer.messages) == ({"held": 3}, [])


def test_the_cap_reached_in_the_middle_of_a_portion_puts_off_the_rest_of_that_reader_alone(
    town: Town, mailer: MemorySender) -> None:
    cap = rule_values.number("daily_mail_cap", town.clock.today())
    waiting(town, 2 * (cap + 2), "officer", "lead")
    outbox.send_due()
    rows = db.session.execute(select(Message.person_id, Message.state)).all()
    for login in ("officer", "lead"):
        mine = [row.state for row in rows if row.person_id == town.people[login]]
        assert (mine.count("sent"), mine.count("waiting")) == (cap, 2)


def test_a_clock_set_back_neither_sends_again_nor_takes_over(town: Town, mailer: MemorySender) -> None:
    waiting(town, 2)
    (one, two) = claims.claim("slow/1")
    assert send_claimed([one], mailer).sent == 1
    town.clock.move_to(town.clock.now() - timedelta(hours=3))
    assert outbox.send_due().sent == 0
    assert send_claimed([two], mailer).sent == 1
    assert len({message["Message-ID"] for message in mailer.messages}) == len(mailer.messages) == 2
