"""The mails of one case hang together, and say where and why; who registered it hears of its end."""

import pytest
from sqlalchemy import event, select

from tests.services.mail.test_mails import told
from tests.services.mail.test_outbox import waiting
from tests.services.mail.test_priorities import mails_of, put, subjects
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.mail.kinds import Kinds
from tracker.gateways.mail.sending import MemorySender
from tracker.services.mail import claims, outbox
from tracker.services.mail.bundles import one_mail_each
from tracker.services.upkeep import jobs as running
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine


def test_all_mails_of_a_case_have_one_subject_and_one_thread_and_no_two_cases_share_them(town: Town,
                                                                                         mailer: MemorySender) -> None:
    first, second = town.case_in(CaseState.verified), town.case_in(CaseState.rectifying)
    outbox.send_due()
    found = {number: {(str(each["Subject"]), each["References"], each["In-Reply-To"]) for each in mailer.messages
                      if number in str(each["Subject"])} for number in (first, second)}
    assert [len(each) for each in found.values()] == [1, 1]
    ((_, references, answers),), ((_, others, _),) = found.values()
    assert references == answers != others
    assert first not in references
    assert references not in {each["Message-ID"] for each in mailer.messages}
    assert len({each["Message-ID"] for each in mailer.messages}) == len(mailer.messages)


def test_a_mail_says_where_and_why(town: Town) -> None:
    number = town.registered(title="夜间施工噪声扰民", place="云锦路 12 号工地")
    town.walk(number, "assign")
    town.do(number, "request_return", reason_code="wrong_area", reason="工地在邻街，" + "请核实。" * 100)
    mail = db.session.scalars(select(Message).where(Message.mail == "return_requested")).first()
    assert mail is not None
    assert "事项：夜间施工噪声扰民\n" in mail.text
    assert "云锦路 12 号工地\n" in mail.text
    assert "退回原因：不在本辖区\n依据：工地在邻街，" in mail.text
    assert "…\n" in mail.text


def test_a_phone_in_a_reason_does_not_leave_the_house(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.do(number, "urge", text="请联系 13812345678 尽快办理")
    mail = db.session.scalars(select(Message).where(Message.mail == "case_urged")).first()
    assert mail is not None
    assert "催办内容：请联系" in mail.text
    assert "13812345678" not in mail.text + mail.gist


@pytest.mark.parametrize(("state", "step", "fact", "word"), [
    (CaseState.registered, "decline", "case:declined", "不予受理"), (CaseState.registered, "transfer", "case:transferred", "移送"),
    (CaseState.registered, "void", "case:voided", "作废"), (CaseState.verified, "close", "case:closed", "销号")])
def test_who_registered_a_case_hears_of_its_end_and_why(town: Town, state: CaseState, step: str, fact: str, word: str) -> None:
    number = town.case_in(state)
    town.do(number, step)
    assert "clerk" in told(number, fact)
    (mine,) = [mail for mail in mails_of(town, "clerk") if mail.mail == "own_case_ended"]
    assert mine.text.startswith(f"您登记的案件 {number} 有了结果：{word}。")
    assert mine.kind == "ended"


def test_who_ends_their_own_case_is_not_told_of_it(town: Town) -> None:
    number = town.case_in(CaseState.registered)
    town.do(number, "retract", by="clerk")
    assert told(number, "case:retracted") == set()


def test_a_job_of_the_clock_is_one_mail_a_person(town: Town, mailer: MemorySender) -> None:
    numbers = [town.case_in(CaseState.phased) for _ in range(3)]
    outbox.send_due()
    mailer.messages.clear()
    town.clock.advance(days=70)
    running.run("daily-phase-resume")
    assert all(town.row(number).state is CaseState.rectifying for number in numbers)
    outbox.send_due()
    mine = [each for each in mailer.messages if each["To"] == "officer@example.cn"]
    assert len(mine) == 1
    assert all(number in mine[0].get_body(("plain",)).get_content() for number in numbers)  # type: ignore[union-attr]


def _assign_all_and_fail(town: Town, numbers: list[str]) -> None:
    with one_mail_each():
        for number in numbers:
            with one_mail_each():
                town.do(number, "assign")
        raise ZeroDivisionError


def test_a_run_within_a_run_is_part_of_it_and_one_that_fails_puts_together_what_it_told(town: Town) -> None:
    numbers = [town.case_in(CaseState.registered) for _ in range(4)]
    before = {mail.id for mail in mails_of(town, "officer")}
    with pytest.raises(ZeroDivisionError):
        _assign_all_and_fail(town, numbers)
    mine = [mail for mail in mails_of(town, "officer") if mail.id not in before]
    assert [(mail.mail, mail.bundle, mail.kind) for mail in mine] == [("many_cases", None, "asked")]


def test_before_five_thousand_mails_the_morning_list_goes_first_and_costs_no_more(town: Town, mailer: MemorySender) -> None:
    waiting(town, 5000, "officer", "officer2", "lead", "dispatcher")
    put(town, "清单", Kinds.lists)
    read: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: read.append(statement))
    first, *others = claims.claim("worker")
    assert (first.subject, len(others)) == ("【销号】清单", claims.PORTION - 1)
    assert len(read) <= 20


def test_a_full_day_gives_the_flood_away_as_one_mail_for_each_reader(town: Town, mailer: MemorySender) -> None:
    waiting(town, 400, "officer", "officer2")
    assert outbox.send_due().sent == 100
    town.clock.advance(days=1)
    put(town, "清单", Kinds.lists)
    assert outbox.send_due().sent == 3
    assert subjects(mailer)[-3:] == ["【销号】清单", "【销号】每日汇总：150 封通知", "【销号】每日汇总：150 封通知"]
    assert outbox.counts() == {"sent": 103}


