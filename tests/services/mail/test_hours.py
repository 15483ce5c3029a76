"""When mails leave: nothing comes on a day off but what the rule book lets pass, and what waited comes as one mail."""

from datetime import timedelta

import pytest

from tests.services.mail.test_outbox import states, waiting
from tests.services.mail.test_priorities import mails_of
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.mail.kinds import CHOICES, KINDS, Kinds, MailKind
from tracker.domain.rules.limits import Limit, LimitUnit, Stage
from tracker.gateways.mail.sending import MemorySender
from tracker.services.mail import hours, outbox
from tracker.services.rules import book, limits

SATURDAY = timedelta(days=5)  # the clock stands at nine on a Monday
TONIGHT = timedelta(hours=13)


def test_on_a_day_off_nothing_leaves_but_what_may(town: Town, mailer: MemorySender) -> None:
    town.clock.advance(SATURDAY)
    assert [kind.code for kind in KINDS if hours.may_leave(kind, town.clock.now())] == ["security", "ledger", "hourly"]
    waiting(town, 2)
    assert (outbox.send_due().sent, states()) == (0, {"waiting": 2})
    town.clock.advance(timedelta(days=2))
    assert outbox.send_due().sent == 2


@pytest.mark.parametrize("kind", [Kinds.security, Kinds.ledger, Kinds.hourly])
def test_alarms_and_clocks_in_hours_leave_on_any_day_at_any_hour(town: Town, mailer: MemorySender, kind: MailKind) -> None:
    town.clock.advance(SATURDAY + TONIGHT)
    waiting(town, 1, kind=kind)
    assert outbox.send_due().sent == 1


def test_which_kinds_come_on_days_off_is_a_rule(town: Town, mailer: MemorySender) -> None:
    book.set_value(town.actor("admin"), "days_off_mail", '["security", "pressed"]', town.clock.today(), "会议纪要")
    town.clock.advance(SATURDAY)
    assert hours.kinds_that_pass(town.clock.now()) == {"security", "pressed"}


@pytest.mark.parametrize("pause", [SATURDAY, timedelta(days=4) + TONIGHT])
def test_what_happens_on_a_weekend_or_at_night_comes_as_one_mail_on_the_next_working_morning(
        town: Town, mailer: MemorySender, pause: timedelta) -> None:
    numbers = [town.case_in(CaseState.registered) for _ in range(3)]
    outbox.send_due()
    mailer.messages.clear()
    town.clock.advance(pause)
    for number in numbers:
        town.do(number, "assign")
    assert outbox.send_due().sent == 0
    assert {town.clock.local(mail.due_at).strftime("%m-%d %H:%M") for mail in mails_of(town, "officer")
            if mail.state == "waiting"} == {"03-09 08:30"}
    town.clock.advance(timedelta(days=7) - pause)
    outbox.send_due()
    mine = [each for each in mailer.messages if each["To"] == "officer@example.cn"]
    assert [str(each["Subject"]) for each in mine] == ["【销号】每日汇总：新交办案件待签收：3 件案件"]
    assert all(number in mine[0].get_body(("plain",)).get_content() for number in numbers)  # type: ignore[union-attr]


def test_the_one_thing_of_a_weekend_comes_as_it_is_and_stays_in_its_thread(town: Town, mailer: MemorySender) -> None:
    number = town.case_in(CaseState.registered)
    outbox.send_due()
    mailer.messages.clear()
    town.clock.advance(SATURDAY)
    town.do(number, "assign")
    town.clock.advance(timedelta(days=2))
    outbox.send_due()
    (mine,) = [each for each in mailer.messages if each["To"] == "officer@example.cn"]
    assert number in str(mine["Subject"])
    assert mine["References"]


def test_a_case_whose_limit_counts_hours_is_told_on_a_day_off(town: Town, mailer: MemorySender) -> None:
    number = town.case_in(CaseState.registered)
    limits.set_limit(town.actor("admin"), Limit(None, Stage.acknowledge, 4, LimitUnit.working_hour, False, "会议纪要",
                                                town.clock.today()))
    outbox.send_due()
    mailer.messages.clear()
    town.clock.advance(SATURDAY)
    town.do(number, "assign")
    outbox.send_due()
    assert {str(each["To"]) for each in mailer.messages} >= {"officer@example.cn"}
    assert "supporter@example.cn" not in {str(each["To"]) for each in mailer.messages}  # told for information
    assert {mail.kind for mail in mails_of(town, "officer")} >= {"hourly"}


def test_every_kind_is_explained_and_every_closed_way_has_its_reason() -> None:
    assert all(kind.word and kind.what_for for kind in KINDS)
    assert all(kind.why for kind in CHOICES if len(kind.ways) < 3)
