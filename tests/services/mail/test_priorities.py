"""What leaves first: a flood of mails keeps no list and no warning back, and a deed for many cases is one mail a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.mail.test_outbox import states, waiting
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.links import to_case
from tracker.domain.mail.kinds import Kinds, MailKind, MailPriority
from tracker.gateways.mail.sending import MemorySender
from tracker.services.cases import steps
from tracker.services.cases.register import bulk
from tracker.services.house.work import Work, wiring
from tracker.services.mail import claims, letters, outbox
from tracker.services.mail.bundles import RunPiece
from tracker.services.mail.letters import Letter
from tracker.services.mail.mails import APART, gathering
from tracker.services.rules import values
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine


def put(town: Town, key: str, kind: MailKind) -> None:
    words = {"number": key, "due": "", "link": to_case("XH-2026-000123"), "word": key, "title": "", "place": "", "notes": ()}
    with Work(wiring()) as work:
        letters.put(work, [Letter(town.people["officer"], "step_taken", key, words, kind=kind)])


def subjects(mailer: MemorySender) -> list[str]:
    return [str(message["Subject"]) for message in mailer.messages]


def mails_of(town: Town, login: str) -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.person_id == town.people[login]).order_by(Message.id)))


def test_of_all_that_waits_warnings_leave_first_then_lists_then_the_rest(town: Town, mailer: MemorySender) -> None:
    waiting(town, 3)
    put(town, "清单", Kinds.lists)
    put(town, "警告", Kinds.security)
    outbox.send_due()
    assert subjects(mailer) == ["【销号】警告", "【销号】清单", "主题0", "主题1", "主题2"]


def test_a_list_that_comes_in_the_middle_of_a_flood_leaves_with_the_next_portion(town: Town, mailer: MemorySender) -> None:
    waiting(town, claims.PORTION * 3, "officer", "officer2", "lead", "dispatcher")
    claims.claim("somebody else, who sends slowly")
    put(town, "清单", Kinds.lists)
    outbox.send_due()
    assert subjects(mailer)[0] == "【销号】清单"


def test_a_full_day_keeps_no_list_and_no_warning_back_and_they_take_nobodys_place(town: Town, mailer: MemorySender) -> None:
    cap = values.number("daily_mail_cap", town.clock.today())
    for number in range(3):
        put(town, f"清单{number}", Kinds.lists)
    waiting(town, cap + 2)
    assert outbox.send_due().sent == cap + 3
    put(town, "次日清单", Kinds.lists)
    put(town, "警告", Kinds.security)
    assert (outbox.send_due().sent, states()["waiting"]) == (2, 2)


def test_a_bulk_deed_is_one_mail_a_person_with_every_case_in_it(town: Town, mailer: MemorySender) -> None:
    numbers = [town.case_in(CaseState.registered) for _ in range(4)]
    rows = [(number, town.row(number).seq) for number in numbers]
    before = len(mails_of(town, "officer"))
    bulk.take_each(town.actor("dispatcher"), "assign", {"lead_unit": "XH-CYZ"}, rows)
    mine = mails_of(town, "officer")[before:]
    assert [(mail.mail, mail.priority, mail.due_at) for mail in mine] == [
        ("many_cases", MailPriority.ordinary, town.clock.now())]
    assert all(f"/cases/{number}" in mine[0].text for number in numbers)
    assert "4 件案件" in mine[0].subject


def test_a_bulk_deed_in_pieces_is_one_mail_a_person_and_leaves_without_its_last_piece_too(town: Town) -> None:
    numbers = [town.case_in(CaseState.registered) for _ in range(6)]
    before = len(mails_of(town, "officer"))

    def take(name: str, some: list[str], *, is_last: bool) -> None:
        bulk.take_each(town.actor("dispatcher"), "assign", {"lead_unit": "XH-CYZ"}, [(n, town.row(n).seq) for n in some], None,
                       RunPiece(name, is_last))

    take("a", numbers[:2], is_last=False)
    assert {mail.mail for mail in mails_of(town, "officer")[before:]} == {"case_assigned"}
    take("b", numbers[4:], is_last=False)
    take("a", numbers[2:4], is_last=True)
    done = [mail for mail in mails_of(town, "officer")[before:] if mail.mail == "many_cases"]
    assert [mail.subject for mail in done] == ["【销号】新交办案件待签收：4 件案件"]
    town.clock.advance(APART + timedelta(seconds=1))
    outbox.send_due()
    assert [mail.subject for mail in mails_of(town, "officer")[before:]] == [
        "【销号】新交办案件待签收：4 件案件", "【销号】新交办案件待签收：2 件案件"]


def test_one_case_alone_is_told_as_ever(town: Town) -> None:
    number = town.case_in(CaseState.registered)
    before = len(mails_of(town, "officer"))
    bulk.take_each(town.actor("dispatcher"), "assign", {"lead_unit": "XH-CYZ"}, [(number, town.row(number).seq)])
    (mine,) = mails_of(town, "officer")[before:]
    assert (mine.mail, mine.priority, mine.due_at) == ("case_assigned", MailPriority.ordinary, town.clock.now())


def test_what_a_dying_process_did_not_put_together_is_put_together_a_little_later(town: Town, mailer: MemorySender) -> None:
    numbers = [town.case_in(CaseState.registered) for _ in range(2)]
    outbox.send_due()
    mailer.messages.clear()
    with gathering():
        for number in numbers:
            steps.take(town.actor("dispatcher"), number, "assign", {"lead_unit": "XH-CYZ"}, seq=town.row(number).seq)
    assert outbox.send_due().sent == 0
    town.clock.advance(APART + timedelta(seconds=1))
    outbox.send_due()
    mine = [each for each in mailer.messages if each["To"] == "officer@example.cn"]
    assert [str(each["Subject"]) for each in mine] == ["【销号】新交办案件待签收：2 件案件"]
    assert all(number in mine[0].get_body(("plain",)).get_content() for number in numbers)  # type: ignore[union-attr]
