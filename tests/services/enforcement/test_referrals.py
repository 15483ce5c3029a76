"""Referrals by the examples of the design: hours and days, the team, the five papers, what the police do, no fine meanwhile."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import select

from tests.services.enforcement.conftest import Refused
from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.people.delegation import acting
from tracker.services.acts import access, hours, waiting
from tracker.services.cadence import morning
from tracker.services.enforcement.looking import paid_before
from tracker.services.house.work import reading, wiring
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts.acts import ClockRow
from tracker.storage.acts.page import ActPage
from tracker.storage.house.base import db
from tracker.storage.house.ledger import stream_of
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person

pytestmark = pytest.mark.one_engine
KIND = "referral"


def clock_of(number: str, stage: str) -> ClockRow:
    db.session.expire_all()
    query = select(ClockRow).where(ClockRow.subject == f"act:{number}", ClockRow.stage == stage)
    return db.session.scalars(query.order_by(ClockRow.id.desc())).first() or pytest.fail(f"no limit {stage}")


def page(town: Town, number: str) -> ActPage:
    return access.page_for(town.actor("lead"), number)


def test_reported_on_the_eve_of_the_days_off_it_is_approved_within_them(town: Town, at: Callable[..., None]) -> None:
    at(2026, 9, 30, 11)
    number = opened(town, KIND, reported_at="2026-09-30 10:00")
    assert clock_of(number, "approve_referral").due_on == page(town, number).head.list_due_on == date(2026, 10, 3)


def test_approved_on_a_friday_it_is_sent_within_twenty_four_hours_and_late_is_told_to_the_minute(
        town: Town, at: Callable[..., None], refused: Refused) -> None:
    at(2026, 11, 27, 16, 50)
    number = opened(town, KIND, reported_at="2026-11-26 10:00")
    assert refused(number, KIND, "approve", approved_at="2026-11-26 09:59").field == "approved_at"
    assert refused(number, KIND, "approve", approved_at="2026-11-27 16:51").field == "approved_at"
    do(town, number, KIND, "approve", approved_at="2026-11-27 16:40")
    clock = clock_of(number, "send_referral")
    assert clock.due_at == datetime(2026, 11, 28, 16, 40, tzinfo=wiring().zone)
    at(2026, 11, 28, 17)
    assert refused(number, KIND, "send", sent_at="2026-11-27 16:39").field == "sent_at"
    do(town, number, KIND, "send", sent_at="2026-11-28 16:55")
    assert clock_of(number, "send_referral").outcome == "late"

    told = [fact for fact in stream_of(db.session(), f"act:{number}") if fact.kind == "referral:sent"]
    assert '"late_minutes":15' in told[0].body


def test_who_refers_it_is_told_six_hours_before_at_the_end_with_who_leads_and_an_hour_later(
        town: Town, at: Callable[..., None]) -> None:
    at(2026, 11, 27, 16, 50)
    number = act_in(town, KIND, "suspected")
    do(town, number, KIND, "approve", approved_at="2026-11-27 16:40")

    def told() -> list[set[str]]:
        hours.tell_hours(town.clock.today())
        hours.tell_hours(town.clock.today())  # once each, however often it is asked
        query = select(Message.dedupe_key, Person.login).join(Person, Person.id == Message.person_id).where(
            Message.mail == "act_limit", Message.dedupe_key.contains(number)).order_by(Message.id)
        found: dict[str, set[str]] = {}
        for key, login in reading().execute(query):
            found.setdefault(key.rpartition(":")[0], set()).add(login)
        return list(found.values())

    at(2026, 11, 28, 10, 39)
    assert told() == []
    team, all_ = {"enforcer", "enforcer2", "principal"}, {"enforcer", "enforcer2", "principal", "lead", "lead2", "many_hats"}
    at(2026, 11, 28, 10, 40)
    assert told() == [team]
    at(2026, 11, 28, 16, 40)
    assert told() == [team, all_]
    at(2026, 11, 28, 17, 40)
    assert told() == [team, all_, all_]
    do(town, number, KIND, "send", sent_at="2026-11-28 16:55")
    at(2026, 11, 30, 17)
    assert len(told()) == 3, "what runs now are hours of the police"


def test_what_is_to_be_approved_stands_red_on_the_desk_of_the_principal_and_of_who_stands_in(
        town: Town, at: Callable[..., None], grant: Callable[[str, str], None]) -> None:
    at(2026, 9, 30, 11)
    number = opened(town, KIND, reported_at="2026-09-30 10:00")
    grant("dispatcher2", "legal")
    at(2026, 10, 4, 9)
    (line,) = [each for each in waiting.waiting_for(town.actor("principal")) if each.number == number]
    assert (line.word, line.due_on) == ("批准移送", date(2026, 10, 3))
    stands_in = acting(town.actor("dispatcher2"), town.actor("principal"))
    assert number in {each.number for each in waiting.waiting_for(stands_in)}
    assert number not in {each.number for each in waiting.waiting_for(town.actor("dispatcher2"))}


def test_not_filed_by_the_police_it_is_objected_to_within_three_days(town: Town, at: Callable[..., None]) -> None:
    at(2026, 12, 1, 9)
    number = act_in(town, KIND, "not_filed")
    assert clock_of(number, "object_referral").due_on == date(2026, 12, 4)
    at(2026, 12, 4, 17)
    do(town, number, KIND, "ask_review")
    assert clock_of(number, "object_referral").outcome == "met"
    assert clock_of(number, "police_review").due_on == date(2026, 12, 7)
    assert page(town, number).head.list_due_on.year == 9999, "what the police owe is not ours"


def test_while_the_police_have_it_no_fine_is_decided_but_a_warning_is(town: Town, refused: Refused) -> None:
    penalty = act_in(town, "penalty", "notified")
    do(town, penalty, "penalty", "notify", kinds="fine、warning")
    do(town, penalty, "penalty", "plead")
    do(town, penalty, "penalty", "review")
    number = opened(town, KIND, target=penalty)
    do(town, number, KIND, "approve")
    assert refused(penalty, "penalty", "decide").code == "referred"
    do(town, number, KIND, "send")
    assert refused(penalty, "penalty", "decide").code == "referred"
    do(town, penalty, "penalty", "decide", kinds="warning", fine=None, amount_basis=None)
    assert page(town, penalty).head.state == "decided"
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.parametrize(("step", "given"), [("police_not_filed", {}), ("end", {"result": "sent_back"})])
def test_the_days_of_the_penalty_stand_still_from_sending_and_go_on_with_what_was_left(
        town: Town, at: Callable[..., None], refused: Refused, step: str, given: dict[str, object]) -> None:
    at(2026, 9, 1, 9)
    penalty = act_in(town, "penalty", "filed")
    at(2026, 9, 21, 9)
    number = opened(town, KIND, target=penalty)
    do(town, number, KIND, "approve")
    do(town, number, KIND, "send")
    assert (clock_of(penalty, "decide").paused_from_on, page(town, penalty).head.list_due_on.year) == (date(2026, 9, 21), 9999)
    assert refused(penalty, "penalty", "pause").field == "paused_on"
    at(2026, 10, 1, 9)
    do(town, number, KIND, "receipt")
    if step == "end":
        do(town, number, KIND, "police_filed")
    do(town, number, KIND, step, **given)
    assert clock_of(penalty, "decide").due_on == page(town, penalty).head.list_due_on == date(2026, 12, 10)
    assert page(town, penalty).head.details["pauses"] == [
        {"first": "2026-09-21", "ground": "referral", "by": number, "resumed_on": "2026-10-01"}]
    assert [str(each) for each in verify().troubles] == []


LACKING: tuple[tuple[dict[str, object], str], ...] = (
    ({"letter": "none", "reason": "来不及"}, "letter"), ({"report": "none", "reason": "来不及"}, "report"),
    ({"appraisal": "none"}, "reason"), ({"goods": None}, "goods"))


def test_of_the_five_papers_some_may_be_missing_for_a_reason_and_the_letter_never(town: Town, refused: Refused) -> None:
    number = act_in(town, KIND, "approved")
    for given, field in LACKING:
        assert refused(number, KIND, "send", **given).field == field, given
    do(town, number, KIND, "send", appraisal="none", reason="正在鉴定，随后补送")
    assert page(town, number).head.state == "sent"


def test_two_propose_it_and_neither_approves(town: Town, refused: Refused, grant: Callable[[str, str], None]) -> None:
    penalty = opened(town, "penalty")
    for wrong in ("enforcer", "officer", "nobody"):
        with pytest.raises(Invalid) as told:
            opened(town, KIND, target=penalty, partner=wrong)
        assert told.value.field == "partner"
        db.session.rollback()
    number = opened(town, KIND, target=penalty)
    grant("enforcer2", "principal")
    assert refused(number, KIND, "approve", by="enforcer2").code == "same_person"
    do(town, number, KIND, "approve")
    do(town, number, KIND, "send", by="enforcer2")


def test_goods_are_handed_over_after_filing_and_not_before(town: Town, at: Callable[..., None], refused: Refused) -> None:
    at(2026, 11, 2, 9)
    number = act_in(town, KIND, "received")
    assert refused(number, KIND, "hand_over_goods").code == "wrong_state"
    do(town, number, KIND, "police_filed")
    assert refused(number, KIND, "hand_over_goods", handed_over_on="2026-11-01").field == "handed_over_on"
    do(town, number, KIND, "hand_over_goods")
    assert clock_of(number, "hand_over_goods").outcome == "met"


def test_what_was_refused_goes_on_where_the_procuratorate_advises_it(town: Town) -> None:
    number = act_in(town, KIND, "refused")
    assert page(town, number).head.is_over
    do(town, number, KIND, "advice")
    head = page(town, number).head
    assert (head.state, head.is_over, head.closed_at) == ("approved", False, None)
    assert (clock_of(number, "send_advised").due_on - town.clock.today()).days == 3


def test_nobody_else_learns_of_it(town: Town) -> None:
    number = act_in(town, KIND, "sent")
    for login in ("inspector", "clerk", "dispatcher", "officer", "verifier", "legal", "admin", "supporter"):
        with pytest.raises(NotFound):
            access.page_for(town.actor(login), number)
    for login in ("enforcer2", "principal", "lead", "supervisor", "auditor"):
        assert access.page_for(town.actor(login), number).head.number == number


def test_what_was_paid_before_is_stated_for_set_off(town: Town) -> None:
    penalty = act_in(town, "penalty", "closed")
    number = opened(town, KIND, target=penalty)
    assert paid_before(reading(), page(town, number)) == [(penalty, "1,000.00")]


def test_once_a_limit_of_the_police_is_over_its_team_is_told_to_ask_and_nobody_else(town: Town, at: Callable[..., None]) -> None:
    at(2026, 11, 27, 16)
    number = opened(town, KIND, reported_at="2026-11-27 10:00")
    do(town, number, KIND, "approve", approved_at="2026-11-27 11:00")
    do(town, number, KIND, "send", sent_at="2026-11-27 12:00")
    do(town, number, KIND, "receipt", received_on="2026-11-27")
    assert clock_of(number, "police_decide").due_on == date(2026, 11, 30)
    said = {on: {letter.person_id: str(letter.words) for letter in morning.preview(on) if number in str(letter.words)}
            for on in (date(2026, 11, 30), date(2026, 12, 1))}
    assert not any("请询问" in each for each in said[date(2026, 11, 30)].values())
    asked = {person for person, words in said[date(2026, 12, 1)].items() if "公安机关时限11月30日已过，请询问办理情况" in words}
    assert asked == {town.people["enforcer"], town.people["enforcer2"]}
