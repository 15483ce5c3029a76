"""Letters, permits and registrations of a site: entered, renewed, ended; and what held on a day as far as was known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.services.sites.test_sites import page, registered
from tests.support.makers import Town
from tracker.domain.house.actor import OPERATOR, Grant, Role
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.sites.registers import SiteRegister
from tracker.services.house.work import reading
from tracker.services.sites import entering, entries, positive
from tracker.services.upkeep.integrity import verify
from tracker.storage.house.base import db
from tracker.storage.sites.holding import held_entries, is_listed, sites_holding, values_on

R = SiteRegister
NUMBER = "91410781694896138P001P"
PERMIT: dict[str, object] = {"number": NUMBER, "value": "key", "valid_from": "2021-04-01", "reports": "year"}
ADMITTED: dict[str, object] = {"number": "西环清单〔2026〕1", "valid_from": "2026-03-01", "document_no": "西环字〔2026〕9号"}


def entered(town: Town, code: str, register: SiteRegister = R.permit, **given: object) -> int:
    return entering.enter(town.actor("clerk"), code, register, {**PERMIT, **given})


def listed(town: Town, code: str, **given: object) -> None:
    positive.propose(town.actor("clerk"), code, [each for each, _ in positive.conditions()], "近两年无处罚、无投诉")
    positive.admit(town.actor("lead"), code, {**ADMITTED, **given})


def test_a_permit_is_entered_renewed_and_ended_and_the_ledger_agrees(town: Town) -> None:
    code = registered(town)
    first = entered(town, code)
    with pytest.raises(Conflict, match="已有一条排污许可证"):
        entered(town, code, valid_from="2022-01-01")
    with pytest.raises(Invalid, match="2026年4月1日 起或更晚"):
        entering.renew(town.actor("clerk"), code, first, {"valid_from": "2026-03-31"})
    second = entering.renew(town.actor("clerk"), code, first, {})
    entering.end(town.actor("clerk"), code, second, "cancelled", date(2027, 1, 31))
    assert [(str(each.valid_from), str(each.last_on)) for each in page(code).entries] == [
        ("2026-04-01", "2027-01-31"), ("2021-04-01", "2026-03-31")]
    with pytest.raises(Conflict, match="已经终止"):
        entering.end(town.actor("clerk"), code, second, "cancelled", date(2027, 1, 30))
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_an_odd_number_is_kept_and_marked_and_one_of_another_site_is_refused(town: Town) -> None:
    code, other = registered(town), registered(town, name="李家烧烤", kind="catering")
    entered(town, code)
    entered(town, code, number="91410781694896138X001P")
    assert {each.number: each.is_number_odd for each in page(code).entries} == {NUMBER: False, "91410781694896138X001P": True}
    with pytest.raises(Conflict, match=f"已登记在 {code} 名下") as refused:
        entered(town, other)
    assert refused.value.field == "number"


def test_what_held_on_a_day_is_told_as_far_as_was_known_at_a_moment(town: Town) -> None:
    code = registered(town)
    before = town.clock.now()
    town.clock.advance(hours=1)
    letter = entered(town, code, R.commitment, valid_from="2026-01-10")
    entered(town, code, R.commitment, valid_from="2026-02-10")
    on, known = date(2026, 2, 20), town.clock.now()
    assert sites_holding(reading(), R.commitment, on) == [code]  # two letters, one site
    assert sites_holding(reading(), R.commitment, on, before) == []
    assert sites_holding(reading(), R.commitment, date(2026, 1, 9)) == []
    assert sites_holding(reading(), R.commitment, date(2029, 1, 1)) == []
    town.clock.advance(hours=1)
    entering.end(town.actor("clerk"), code, letter, "mistaken", reason="扫描件是别家的")
    assert letter in held_entries(reading(), 1, on, known) and letter not in held_entries(reading(), 1, on)


@pytest.mark.one_engine
def test_of_classes_and_states_the_last_that_began_holds(town: Town) -> None:
    code = registered(town)
    for value, day in (("A", date(2025, 1, 1)), ("B", date(2026, 1, 1))):
        entries.propose_class(town.actor("dispatcher"), code, value, ("pollution",), "按监测", valid_from=day)
        entries.decide_class(town.actor("lead"), code, is_accepted=True)
    assert [values_on(reading(), R.site_class, day) for day in (date(2024, 12, 31), date(2025, 12, 31), date(2026, 3, 2))] == [
        [], [(code, "A")], [(code, "B")]]


@pytest.mark.one_engine
def test_who_may_not_enter_is_told_so_and_nothing_is_entered(town: Town) -> None:
    code = registered(town)
    with pytest.raises(NotAllowed):
        entering.enter(town.actor("verifier"), code, R.permit, PERMIT)
    with pytest.raises(NotAllowed, match="经提出和审批"):
        entering.enter(OPERATOR, code, R.positive_list, ADMITTED)
    with pytest.raises(NotFound):
        entering.end(town.actor("clerk"), code, 99, "cancelled", date(2026, 1, 1))
    row = entered(town, code)
    for given, said in ((("cancelled", None, ""), "最后一天"), (("mistaken", None, ""), "说明")):
        with pytest.raises(Incomplete, match=said):
            entering.end(town.actor("clerk"), code, row, *given)
    assert page(code).entries[0].ended_at is None


def test_the_database_lets_an_entry_end_once_and_change_in_nothing_else(town: Town) -> None:
    code = registered(town)
    row = entered(town, code)
    for change in ("UPDATE site_entries SET number = 'X'", "UPDATE site_entries SET valid_to = '2030-01-01'",
                   "UPDATE site_entries SET payload = '{}'", "UPDATE site_entries SET is_accepted = false",
                   "UPDATE site_entries SET ended_on = '2023-01-01'", "DELETE FROM site_entries"):
        with pytest.raises(IntegrityError):
            db.session.execute(text(change))
        db.session.rollback()
    entering.end(town.actor("clerk"), code, row, "cancelled", date(2023, 1, 1))
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE site_entries SET ended_on = '2024-01-01'"))
    db.session.rollback()


def test_a_site_enters_the_positive_list_by_one_who_did_not_propose_it_and_the_database_holds_it(town: Town) -> None:
    code = registered(town)
    positive.propose(town.actor("clerk"), code, [each for each, _ in positive.conditions()], "近两年无处罚")
    with pytest.raises(Conflict, match="待审批"):
        positive.propose(town.actor("dispatcher"), code, [each for each, _ in positive.conditions()], "近两年无处罚")
    with pytest.raises(NotAllowed):
        positive.admit(town.actor("clerk"), code, ADMITTED)
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE site_proposals SET decided_by_id = proposed_by_id, decided_at = proposed_at, "
                                "is_accepted = true"))
    db.session.rollback()
    positive.admit(town.actor("lead"), code, ADMITTED)
    assert sites_holding(reading(), R.positive_list, date(2026, 3, 2)) == [code]
    assert is_listed(reading(), 1, date(2026, 3, 2)) == date(2029, 2, 28)
    assert is_listed(reading(), 1, date(2026, 2, 28)) is None
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_the_proposer_with_the_right_to_decide_is_refused_all_the_same(town: Town) -> None:
    code = registered(town)
    both = town.actor("dispatcher")
    positive.propose(both, code, [each for each, _ in positive.conditions()], "近两年无处罚")
    with pytest.raises(NotAllowed, match="不能审批自己提出的申请"):
        positive.admit(replace(both, grants=(*both.grants, Grant(Role.lead, "360103"))), code, ADMITTED)


def test_removed_for_malice_a_site_is_barred_and_nothing_removes_it_by_itself(town: Town) -> None:
    code = registered(town)
    listed(town, code)
    positive.propose_removal(town.actor("clerk"), code, "violation", "被处罚", "act:CF-2026-0001")
    town.clock.advance(days=69)
    assert sites_holding(reading(), R.positive_list, town.clock.today()) == [code]
    positive.remove(town.actor("lead"), code, "malicious", "私设暗管")
    assert sites_holding(reading(), R.positive_list, town.clock.today() + timedelta(days=1)) == []
    with pytest.raises(WrongState, match="2029年5月10日 起才可再次纳入"):
        positive.propose(town.actor("clerk"), code, [each for each, _ in positive.conditions()], "已整改")
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_a_removal_that_is_not_taken_keeps_the_site_listed_with_the_reason(town: Town) -> None:
    code = registered(town)
    listed(town, code)
    positive.propose_removal(town.actor("clerk"), code, "expiry", "即将到期")
    positive.keep(town.actor("lead"), code, "符合条件，续一期前先保留")
    assert is_listed(reading(), 1, date(2026, 3, 2)) == date(2029, 2, 28)
    with pytest.raises(NotFound, match="没有待审批"):
        positive.keep(town.actor("lead"), code, "再来一次")


@pytest.mark.one_engine
def test_sixty_days_before_a_listing_ends_the_clock_proposes_and_removes_nothing(town: Town) -> None:
    code = registered(town)
    listed(town, code, valid_to="2026-05-01")
    assert [positive.propose_expiring(day) for day in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3))] == [0, 1, 0]
    assert sites_holding(reading(), R.positive_list, date(2026, 5, 1)) == [code]
    positive.keep(town.actor("lead"), code, "到期前另行提出")
    assert positive.propose_expiring(date(2026, 3, 4)) == 0
    assert [str(each) for each in verify().troubles] == []
