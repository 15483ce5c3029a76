"""How each person wants their mail: at once, in the digest or not at all, within what duty needs."""

from datetime import timedelta

import pytest

from tests.services.mail.test_priorities import mails_of, put, subjects
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Invalid
from tracker.domain.mail.kinds import CHOICES, HowMailed, Kinds
from tracker.gateways.mail.sending import MemorySender
from tracker.services.mail import choices, outbox
from tracker.storage.house import ledger
from tracker.storage.house.base import db


def choose(town: Town, login: str, **wanted: str) -> None:
    choices.choose(town.actor(login), login, wanted)


def news(town: Town, login: str, step: str) -> list[str]:
    """The kinds of the mails that a step sends to somebody."""
    before = {mail.id for mail in mails_of(town, login)}
    number = town.case_in(CaseState.rectifying if step == "suspend" else CaseState.registered)
    start = {mail.id for mail in mails_of(town, login)} - before
    town.do(number, step)
    return [mail.kind for mail in mails_of(town, login) if mail.id not in before | start]


def test_who_wants_no_news_gets_none_and_what_they_must_do_all_the_same(town: Town) -> None:
    assert (news(town, "officer", "suspend"), news(town, "officer", "assign")) == (["informed"], ["asked"])
    choose(town, "officer", informed="never")
    assert (news(town, "officer", "suspend"), news(town, "officer", "assign")) == ([], ["asked"])
    assert news(town, "officer2", "suspend") == ["informed"]


def test_what_goes_into_the_digest_comes_on_the_next_working_morning_as_one_mail(town: Town, mailer: MemorySender) -> None:
    choose(town, "officer", asked="in_digest", informed="in_digest")
    numbers = [town.case_in(CaseState.assigned) for _ in range(2)]
    outbox.send_due()
    assert "officer@example.cn" not in {str(each["To"]) for each in mailer.messages}
    mailer.messages.clear()
    town.clock.advance(timedelta(days=1))
    outbox.send_due()
    (mine,) = [each for each in mailer.messages if each["To"] == "officer@example.cn"]
    assert str(mine["Subject"]) == "【销号】每日汇总：新交办案件待签收：2 件案件"
    page = mine.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert all(f"/cases/{number}" in page for number in numbers)
    assert "References" not in mine


@pytest.mark.parametrize(("code", "way", "said"), [
    ("asked", "never", "“等我办理”不能选“不收”：等您办理的事不能不收。"), ("security", "in_digest", "“账号安全”不能选“并入每日汇总”：账号是否被他人使用，须立刻知道。"),
    ("pressed", "never", "“督办和催办”不能选“不收”：督办有反馈期限，须及时收到。"), ("informed", "sometimes", "“案件进展”应选：随时收、并入每日汇总、不收。"),
    ("gossip", "never", "没有邮件类别“gossip”；可写：")])
def test_what_duty_needs_cannot_be_left_out_and_nothing_else_is_changed_beside_it(town: Town, code: str, way: str,
                                                                                  said: str) -> None:
    with pytest.raises(Invalid) as refused:
        choose(town, "officer", ended="never", **{code: way})
    assert refused.value.sentence.startswith(said)
    assert {each.way for each in choices.ways_of(db.session(), town.people["officer"])} == {HowMailed.at_once}


def test_a_choice_is_a_fact_once(town: Town) -> None:
    for _ in range(2):
        choose(town, "officer", informed="in_digest", asked="at_once")
    facts = [fact for fact in ledger.stream_of(db.session(), f"person:{town.people['officer']}")
             if fact.kind == "person:mail_chosen"]
    assert [fact.payload["ways"] for fact in facts] == [{"informed": "in_digest"}]


def test_the_digest_leaves_behind_everything_else_and_is_no_part_of_the_daily_number(town: Town, mailer: MemorySender) -> None:
    put(town, "汇总", Kinds.digest)
    put(town, "步骤", Kinds.ended)
    put(town, "清单", Kinds.lists)
    put(town, "账本", Kinds.ledger)
    put(town, "安全", Kinds.security)
    outbox.send_due()
    assert [each.removeprefix("【销号】") for each in subjects(mailer)] == ["安全", "账本", "清单", "步骤", "汇总"]


def test_a_letter_is_wanted_like_a_mail_of_a_fact(town: Town) -> None:
    choose(town, "officer", chores="never")
    put(town, "导入", Kinds.chores)
    assert mails_of(town, "officer") == []
    assert [each.kind for each in choices.ways_of(db.session(), town.people["officer"])] == list(CHOICES)
