"""Units as master data: renamed, moved below another, ended into another, headed by somebody."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import OtherFacts
from tracker.domain.house.errors import Invalid, NotAllowed, Refusal
from tracker.services.house.master import history, rows
from tracker.services.house.work import reading
from tracker.services.people import access, mergers
from tracker.services.upkeep.checks.law import law_troubles
from tracker.storage.cases.cases import Case
from tracker.storage.cases.page import case_page
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person, Unit

pytestmark = pytest.mark.one_engine


def unit(code: str) -> Unit:
    return db.session.scalars(select(Unit).where(Unit.code == code)).one()


def case(number: str) -> Case:
    return db.session.scalars(select(Case).where(Case.number == number).execution_options(populate_existing=True)).one()


def test_a_unit_is_renamed_and_moved_and_its_history_says_so(town: Town) -> None:
    rows.save_row(town.actor("admin"), "units", "XH-CYZ", {
        "name": "朝阳洲街道办事处", "kind": "街道（镇）", "parent": "XH", "area_code": "360103", "phone": "0791-8660 1234 转 8"})
    here = unit("XH-CYZ")
    assert (here.name, here.area_code, here.phone) == ("朝阳洲街道办事处", "360103", "0791-8660 1234 转 8")
    (line,) = history.history_of(None, "units", "XH-CYZ")
    assert ("名称", "朝阳洲街道", "朝阳洲街道办事处") in line.cells


@pytest.mark.parametrize(("given", "sentence"), [
    ({"parent": "XH-CYZ-JS"}, "在“朝阳洲街道”之下，不能作它的上级"), ({"parent": "XH-CYZ"}, "不能作它的上级"),
    ({"area_code": "999999"}, "“辖区”没有“999999”"), ({"phone": "打我"}, "不是电话号码"), ({"email": "x"}, "不是邮箱地址"),
    ({"head": "lead"}, "“lead”不是“朝阳洲街道”的在岗人员"), ({"successor": "XH-TY"}, "也要写终止日"),
    ({"successor": "XH-CYZ", "valid_to": "2027-01-01"}, "承接单位不能是本单位"), ({"code": "X"}, "“代码”启用后不能改"),
])
def test_what_a_unit_cannot_be_is_one_sentence(town: Town, given: dict[str, object], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        rows.save_row(None, "units", "XH-CYZ", given)


def test_a_unit_has_the_heads_that_were_named(town: Town) -> None:
    rows.save_row(town.actor("admin"), "units", "XH-CYZ", {"head": "officer、many_hats"})
    assert rows.row_named(rows.master_for(None, "units"), reading(), "XH-CYZ")["head"] == "many_hats、officer"
    rows.save_row(town.actor("admin"), "units", "XH-CYZ", {"head": "officer2"})
    assert rows.row_named(rows.master_for(None, "units"), reading(), "XH-CYZ")["head"] == "officer2"


def test_a_unit_that_ends_into_another_leaves_it_its_open_cases_and_people(town: Town) -> None:
    led, closed = town.case_in(CaseState.rectifying), town.case_in(CaseState.closed)
    rows.save_row(None, "units", "XH-CYZ-JS", {"parent": "XH-TY"})
    master, before = rows.master_for(None, "units"), town.clock.today()
    edit = rows.wanted_edit(master, reading(), "XH-CYZ", {"valid_to": before, "successor": "XH-TY"})
    assert "主办 1 件，协办 0 件，人员" in " ".join(master.effects(reading(), edit))
    with pytest.raises(NotAllowed, match="未办结的案件"):
        rows.save_row(town.actor("admin"), "units", "XH-CYZ", {"valid_to": before})
    rows.save_row(town.actor("admin"), "units", "XH-CYZ", {"valid_to": before, "successor": "XH-TY"})
    assert mergers.carry_on(before).total == 0
    assert case(led).lead_unit_id == town.units["XH-CYZ"]
    town.days_pass(1)
    moved = mergers.carry_on(before + timedelta(days=1))
    assert (moved.led, moved.supported) == (1, 0)
    assert case(led).lead_unit_id == town.units["XH-TY"]
    assert case(closed).lead_unit_id == town.units["XH-CYZ"]
    assert case_page(reading(), town.actor("dispatcher").scope(), closed).head.lead_unit_to == before
    assert {fact.kind for fact in ledger.stream_of(reading(), f"case:{led}")} >= {OtherFacts.unit_succeeded.fact}
    assert access.actor_by_login("officer").unit_id == town.units["XH-TY"]
    assert mergers.carry_on(before + timedelta(days=2)).total == 0
    assert list(law_troubles(reading())) == []
    town.walk(led, "submit", "verify")
    with pytest.raises(Refusal):
        rows.save_row(None, "units", "XH-CYZ", {"valid_to": None, "successor": None})


def test_a_unit_that_supports_is_replaced_and_one_that_leads_is_no_longer_its_own_helper(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    rows.save_row(None, "units", "XH-CG", {"valid_to": town.clock.today(), "successor": "XH-CYZ"})
    town.days_pass(1)
    assert mergers.carry_on(town.clock.today()).supported == 1
    assert case(number).supporting_unit_ids == ()
    assert case(number).lead_unit_id == town.units["XH-CYZ"]


def test_an_end_that_is_still_to_come_can_be_taken_back(town: Town) -> None:
    later = town.clock.today() + timedelta(days=30)
    rows.save_row(None, "units", "XH-CYZ-JS", {"parent": "XH-TY"})
    rows.save_row(None, "units", "XH-CYZ", {"valid_to": later, "successor": "XH-TY"})
    rows.save_row(None, "units", "XH-CYZ", {"valid_to": None, "successor": None})
    assert (unit("XH-CYZ").valid_to, unit("XH-CYZ").successor_id) == (None, None)


def test_what_the_successors_people_verified_stays_until_it_is_done(town: Town) -> None:
    number = town.case_in(CaseState.verified)
    rows.save_row(None, "units", "XH-CYZ-JS", {"parent": "XH-TY"})
    rows.save_row(None, "units", "XH-CYZ", {"valid_to": town.clock.today(), "successor": "XH-HB"})
    town.days_pass(1)
    moved = mergers.carry_on(town.clock.today())
    assert (moved.led, moved.kept) == (0, 1)
    assert case(number).lead_unit_id == town.units["XH-CYZ"]
    assert db.session.scalars(select(Person).where(Person.login == "officer")).one().unit_id == town.units["XH-HB"]


def test_a_unit_without_a_first_day_begins_today(town: Town) -> None:
    rows.save_row(town.actor("admin"), "units", "XH-NEW", {"name": "新设中队", "kind": "区直部门"})
    assert unit("XH-NEW").valid_from == town.clock.today()
