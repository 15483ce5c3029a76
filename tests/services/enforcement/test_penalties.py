"""Penalties by the examples of the design: their days, their hands, the rights of the party, the amounts, and what is refused."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, Refusal, WrongState
from tracker.domain.people.delegation import acting
from tracker.services.acts import access, steps
from tracker.services.house.work import wiring
from tracker.services.people import accounts
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts.acts import Act, ClockRow
from tracker.storage.enforcement.penalties import Penalty
from tracker.storage.house.base import db

KIND = "penalty"
SMALL: dict[str, object] = {"kinds": "fine", "fine": "3万", "is_hearing_told": None}


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def row_of(number: str) -> Penalty:
    db.session.expire_all()
    return db.session.scalars(select(Penalty).join(Act, Act.id == Penalty.act_id).where(Act.number == number)).one()


def clock_of(number: str, stage: str) -> ClockRow:
    db.session.expire_all()
    query = select(ClockRow).where(ClockRow.subject == f"act:{number}", ClockRow.stage == stage)
    return db.session.scalars(query.order_by(ClockRow.id.desc())).first() or pytest.fail(f"no limit {stage}")


def refused(town: Town, number: str, step: str, by: str = "", **given: object) -> Refusal:
    before = access.page_for(town.actor("lead"), number).head.seq
    with pytest.raises(Refusal) as told:
        do(town, number, KIND, step, by=by, **given)
    db.session.rollback()
    assert access.page_for(town.actor("lead"), number).head.seq == before, "nothing half done"
    return told.value


@pytest.mark.one_engine
def test_filed_on_1_september_it_is_decided_by_30_november_and_twenty_days_later_after_a_pause(town: Town) -> None:
    at(town, 2026, 9, 1, 9)
    number = act_in(town, KIND, "filed")
    assert clock_of(number, "decide").due_on == date(2026, 11, 30)
    at(town, 2026, 9, 21, 9)
    do(town, number, KIND, "pause")
    page = access.page_for(town.actor("lead"), number)
    assert (clock_of(number, "decide").paused_from_on, page.head.list_due_on.year) == (date(2026, 9, 21), 9999)
    assert refused(town, number, "pause").code == "stands_still"
    at(town, 2026, 10, 11, 9)
    do(town, number, KIND, "go_on")
    assert clock_of(number, "decide").due_on == access.page_for(town.actor("lead"), number).head.list_due_on == date(2026, 12, 20)
    assert access.page_for(town.actor("lead"), number).head.details["pauses"] == [
        {"first": "2026-09-21", "ground": "monitoring", "resumed_on": "2026-10-11"}]


@pytest.mark.one_engine
def test_a_hearing_asked_for_after_its_days_is_refused_but_with_the_word_of_who_heads_the_office(town: Town) -> None:
    at(town, 2026, 9, 28, 9)
    number = act_in(town, KIND, "notified")
    assert clock_of(number, "hearing_request").due_on == row_of(number).right_until_on == date(2026, 10, 10)
    at(town, 2026, 10, 12, 9)
    late = refused(town, number, "request_hearing")
    assert (late.code, late.field) == ("past_hearing_limit", "requested_on")
    assert "2026年10月10日" in late.sentence
    do(town, number, KIND, "request_hearing", document_no="西环批〔2026〕2号")
    assert (clock_of(number, "hearing_request").outcome, access.page_for(town.actor("lead"), number).head.state) == ("late",
                                                                                                                     "hearing")


@pytest.mark.one_engine
def test_seven_whole_working_days_lie_between_the_notice_of_a_hearing_and_its_day(town: Town) -> None:
    at(town, 2026, 9, 28, 9)
    number = act_in(town, KIND, "hearing")
    at(town, 2027, 1, 12, 9)
    given = {"notice_served_on": "2026-09-29", "outcome": "held"}
    for held, said in (("2026-10-14", "最早 2026年10月15日"), ("2026-10-18", "休息日"), ("2027-01-11", "尚未公布")):
        wrong = refused(town, number, "end_hearing", held_on=held, **given)
        assert (wrong.field, said in wrong.sentence) == ("held_on", True), held
    do(town, number, KIND, "end_hearing", held_on="2026-10-15", **given)
    assert row_of(number).heard_on == date(2026, 10, 15)


@pytest.mark.one_engine
def test_decided_on_30_september_it_is_served_by_15_october_and_paid_by_a_saturday(town: Town) -> None:
    at(town, 2026, 9, 30, 9)
    number = act_in(town, KIND, "decided")
    assert clock_of(number, "serve").due_on == date(2026, 10, 15)
    assert clock_of(number, "decide").outcome == "met"
    at(town, 2026, 10, 9, 9)
    do(town, number, KIND, "serve")
    assert row_of(number).pay_due_on == clock_of(number, "pay").due_on == date(2026, 10, 24)
    early = refused(town, number, "pay", paid_on="2026-10-08", amount="60000")
    assert (early.field, "早于送达" in early.sentence) == ("paid_on", True)
    do(town, number, KIND, "pay", amount="6万元")
    assert (row_of(number).paid_fen, clock_of(number, "pay").outcome) == (6_000_000, "met")
    assert refused(town, number, "pay", amount="1").field == "reason", "more than the fine is asked about"


@pytest.mark.one_engine
def test_what_is_not_paid_is_closed_only_with_a_word_and_a_paper_of_how_it_ended(town: Town) -> None:
    number = act_in(town, KIND, "decided", violation="Q99")
    do(town, number, KIND, "serve")
    do(town, number, KIND, "pay", amount="40,000.00")
    owing = refused(town, number, "close")
    assert (owing.code, owing.sentence) == ("unpaid", "尚欠 20,000.00 元，或附记说明如何了结。")
    do(town, number, KIND, "note", text="法院裁定终结执行")
    assert refused(town, number, "close", text="法院裁定终结执行").code == "unpaid", "no paper"
    do(town, number, KIND, "note", text="法院裁定终结执行", with_paper=True)
    do(town, number, KIND, "close")
    head = access.page_for(town.actor("lead"), number).head
    assert (head.state, head.details["unpaid_fen"]) == ("closed", 2_000_000)


AGAINST_THE_LAW = (
    ("amount_has_basis", "amount_basis = ''"),
    ("not_heavier_than_notified", "notified_fine_fen = fine_fen - 1"),
    ("decided_after_notice", "notice_served_on = '2027-01-01', heard_on = NULL"),
    ("decided_after_rights", "right_until_on = decided_on"),
    ("dates_in_order", "served_on = '2020-01-01'"),
    ("amounts", "paid_fen = -1"),
    ("fine_is_decided", "decided_on = NULL, served_on = NULL, pay_due_on = NULL, revoked_on = NULL"),
    ("paid_after_service", "paid_fen = 1, served_on = NULL, pay_due_on = NULL"),
)


def test_the_database_refuses_by_itself_what_the_law_does(town: Town) -> None:
    act_in(town, KIND, "decided")
    for name, change in AGAINST_THE_LAW:
        with pytest.raises(IntegrityError, match=f"ck_penalties_{name}"):
            db.session.execute(text(f"UPDATE penalties SET {change}"))
        db.session.rollback()


def test_the_database_gives_nobody_a_second_part(town: Town) -> None:
    number = act_in(town, KIND, "investigated")
    act = db.session.scalars(select(Act).where(Act.number == number)).one()
    one = town.people["enforcer"]
    with pytest.raises(IntegrityError):
        db.session.execute(text("INSERT INTO act_hands (act_id, round, person_id, part, at) "
                                "VALUES (:act, 1, :one, 'reviewer', :at)"),
                           {"act": act.id, "one": one, "at": town.clock.now().replace(tzinfo=None)})


@pytest.mark.one_engine
def test_what_the_party_was_not_told_is_not_decided(town: Town) -> None:
    number = act_in(town, KIND, "notified")
    do(town, number, KIND, "notify", **SMALL)
    do(town, number, KIND, "plead")
    told = {"decided_on": town.clock.today().isoformat(), "is_hearing_told": None}
    heavier = refused(town, number, "decide", **{k: v for k, v in told.items() if k == "decided_on"}, fine="4万")
    assert (heavier.code, "40,000.00" in heavier.sentence, "30,000.00" in heavier.sentence) == ("not_heavier_than_notified",
                                                                                                True, True)
    assert refused(town, number, "decide", kinds="fine、stop_production", fine="3万").code == "not_heavier_than_notified"
    bare = refused(town, number, "decide", fine="32,500.00", amount_basis=" ")
    assert (bare.code, bare.field) == ("amount_has_basis", "amount_basis")
    do(town, number, KIND, "decide", fine="3万")
    assert row_of(number).fine_fen == 3_000_000


@pytest.mark.one_engine
def test_it_is_not_decided_while_the_rights_of_the_party_run_nor_without_the_review_that_is_owed(town: Town) -> None:
    at(town, 2026, 9, 28, 9)
    number = act_in(town, KIND, "notified")
    assert refused(town, number, "decide").code == "rights_open"
    at(town, 2026, 10, 10, 9)
    assert refused(town, number, "decide").code == "rights_open", "on the last day they still run"
    at(town, 2026, 10, 11, 9)
    assert refused(town, number, "decide").code == "not_reviewed"
    do(town, number, KIND, "review", outcome="returned")
    assert refused(town, number, "decide").code == "not_reviewed"
    do(town, number, KIND, "review")
    assert refused(town, number, "decide", decided_on="2026-10-10").code == "decided_after_rights"
    do(town, number, KIND, "decide")


@pytest.mark.one_engine
def test_a_waiver_in_writing_ends_the_rights_at_once_and_a_plea_those_that_nobody_has_beyond_it(town: Town) -> None:
    number = act_in(town, KIND, "investigated")
    do(town, number, KIND, "notify", **SMALL)
    assert refused(town, number, "plead", plea="statement").field == "text"
    do(town, number, KIND, "plead", plea="statement", text="已改正", reason="不影响定性")
    do(town, number, KIND, "decide", fine="3万")
    assert row_of(number).right_until_on == date(2026, 3, 1)


@pytest.mark.one_engine
def test_two_investigate_and_neither_files_reviews_hosts_or_decides(town: Town) -> None:
    number = opened(town, KIND)
    assert refused(town, number, "file", partner=None).field == "partner"
    assert "不能相同" in refused(town, number, "file", partner="enforcer").sentence
    for wrong in ("principal", "legal", "officer"):
        assert refused(town, number, "file", partner=wrong).field == "partner"
    do(town, number, KIND, "file")
    assert refused(town, number, "conclude", by="dispatcher").code == "not_found"
    do(town, number, KIND, "conclude")
    assert refused(town, number, "review", by="enforcer").code == "no_permission"
    do(town, number, KIND, "notify")
    do(town, number, KIND, "request_hearing")
    town.clock.move_to(town.clock.now().replace(day=16))
    assert refused(town, number, "end_hearing", by="enforcer").code == "same_person"
    do(town, number, KIND, "end_hearing")
    assert refused(town, number, "review").code == "same_person", "who hosted the hearing does not review"
    parts = {hand.part for hand in access.page_for(town.actor("lead"), number).hands}
    assert parts == {"investigator", "principal", "host"}


@pytest.mark.one_engine
def test_who_files_is_no_investigator_though_they_may_investigate_neither_in_person_nor_through_a_substitute(
        town: Town, grant: Callable[[str, str], None]) -> None:
    number = opened(town, KIND)
    for login in ("principal", "legal"):
        grant(login, "enforcer")
    assert refused(town, number, "file", partner="principal").code == "same_person"
    do(town, number, KIND, "file", partner="legal")
    do(town, number, KIND, "conclude", by="legal")
    assert refused(town, number, "review").code == "same_person"
    stands_in = acting(town.actor("dispatcher2"), town.actor("legal"))
    with pytest.raises(NotAllowed) as told:
        steps.take(stands_in, number, "review", {"outcome": "passed", "text": "代审"})
    assert told.value.code == "same_person"


@pytest.mark.one_engine
def test_an_old_violation_is_entered_only_with_a_reason_and_a_second_file_of_the_same_is_explained(town: Town) -> None:
    days = {"happened_from": "2023-06-01", "happened_to": "2023-07-01"}
    with pytest.raises(Incomplete, match="追诉时效") as told:
        opened(town, KIND, **days)
    assert told.value.field == "reason"
    db.session.rollback()
    first = opened(town, KIND, **days, reason="隐匿证据，时效中断")
    do(town, first, KIND, "file", reason=None)
    second = opened(town, KIND, **days, reason="同上")
    again = refused(town, second, "file", reason=None)
    assert (again.field, first in again.sentence) == ("reason", True)


@pytest.mark.one_engine
def test_on_the_spot_little_is_fined_and_nothing_else(town: Town) -> None:
    number = opened(town, KIND)
    assert "3,000.00" in refused(town, number, "decide_on_spot", fine="3000.01").sentence
    assert refused(town, number, "decide_on_spot", kinds="stop_production", fine=None).field == "kinds"
    do(town, number, KIND, "decide_on_spot", fine="3000")
    row = row_of(number)
    assert (row.is_on_the_spot, row.fine_fen, row.served_on) == (True, 300_000, town.clock.today())


@pytest.mark.one_engine
def test_of_a_person_little_is_fined_on_the_spot_and_the_name_stands_nowhere(town: Town) -> None:
    number = opened(town, KIND, site=None, person_party="万小明", text="万小明在公园露天烧烤", violation="Q118B")
    assert "200.00" in refused(town, number, "decide_on_spot", fine="201").sentence
    page = access.page_for(town.actor("enforcer"), number)
    assert "万小明" not in f"{page}"


NO_AMOUNTS: tuple[tuple[dict[str, object], str], ...] = (
    ({"fine": "-1"}, "fine"), ({"fine": "一万"}, "fine"), ({"fine": "1.001"}, "fine"), ({"kinds": "warning"}, "fine"),
    ({"fine": None}, "fine"), ({"confiscated": "5万"}, "confiscated"), ({"has_record": None}, "has_record"))


@pytest.mark.one_engine
def test_what_is_found_is_concluded_only_with_amounts_that_are_some(town: Town) -> None:
    number = act_in(town, KIND, "filed")
    for given, field in NO_AMOUNTS:
        assert refused(town, number, "conclude", **given).field == field, given


@pytest.mark.one_engine
def test_after_a_revocation_nothing_of_it_runs_and_it_cannot_be_closed(town: Town) -> None:
    number = act_in(town, KIND, "revoked")
    assert clock_of(number, "publish").outcome == "dropped"
    with pytest.raises((WrongState, NotAllowed, Invalid)):
        do(town, number, KIND, "close")


@pytest.mark.one_engine
def test_who_heads_the_unit_closes_its_penalty_unless_they_investigated_it(town: Town, grant: Callable[[str, str], None]) -> None:
    number = act_in(town, KIND, "served")
    do(town, number, KIND, "pay")
    grant("clerk", "enforcer")
    assert refused(town, number, "close", by="clerk").code == "out_of_reach"
    accounts.set_head(None, login="enforcer", is_head=True)
    assert refused(town, number, "close", by="enforcer").code == "same_person"
    accounts.set_head(None, login="clerk", is_head=True)
    do(town, number, KIND, "close", by="clerk")
    assert access.page_for(town.actor("lead"), number).head.state == "closed"
    assert [str(each) for each in verify().troubles] == []
