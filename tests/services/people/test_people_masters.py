"""People as master data: changed, moved, two hundred at once; and nobody locks the office out of itself."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from tests.services.house.test_master import changed, exported, put
from tests.support.makers import Town
from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Conflict, Invalid, Refusal, WrongState
from tracker.domain.people.kinds import AccountState
from tracker.services.house.master import loading, rows
from tracker.services.house.master.loading import BadSheet
from tracker.services.house.work import reading, wiring
from tracker.services.people import access, accounts
from tracker.services.people.signing import slips
from tracker.services.people.signing.links import PasswordLink
from tracker.services.upkeep.checks.law import law_troubles
from tracker.storage.cases.cases import Case
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.account_states import account_states
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import RoleProposal

pytestmark = pytest.mark.one_engine

HEADERS = ("登录名", "姓名", "单位代码", "职务", "邮箱", "电话", "角色", "辖区")
SECRET = "墨绿的旧雨伞挂在门后"


def person(login: str) -> Person:
    return db.session.scalars(select(Person).where(Person.login == login).execution_options(populate_existing=True)).one()


def sheet_of(folder: Path, *people: tuple[object, ...], headers: tuple[str, ...] = HEADERS) -> Path:
    book, path = Workbook(), folder / "people.xlsx"
    book.active.append(headers)
    for each in people:
        book.active.append(each)
    book.save(path)
    return path


def two_hundred(**odd: str) -> list[tuple[object, ...]]:
    """Two hundred newcomers, half of them without an address; row 57 of the sheet with another role where one is given."""
    return [(f"new{n}", f"新人{n}", "XH-CYZ", "科员", f"new{n}@example.org" if n % 2 else None, "0791-86601234",
             odd.get("role", "核查员") if n == 56 else "责任单位经办人、核查员", "360103") for n in range(1, 201)]


def test_two_hundred_come_at_once_with_links_and_no_password_is_hashed(town: Town, tmp_path: Path) -> None:
    found = loading.load_table(town.actor("admin"), "people", sheet_of(tmp_path, *two_hundred()))
    assert found.count(loading.ADDED) == 200
    slips_made = [row.handed_out for row in found.rows if isinstance(row.handed_out, PasswordLink)]
    mailed = reading().scalars(select(Message).where(Message.mail == "password_link")).all()
    assert (len(slips_made), len(mailed)) == (100, 100)
    assert {person(f"new{n}").password_hash for n in (1, 2, 200)} == {""}
    assert {grant.role for grant in access.grants_now(person("new2").id)} == {Role.officer, Role.verifier}
    assert slips.workbook_of(slips_made).startswith(b"PK")
    accounts.set_by_link(code=slips_made[0].code, password=SECRET)
    states = account_states(reading(), wiring().clock.now())
    assert [states[person(login).id] for login in ("new2", "new4")] == [AccountState.enabled, AccountState.invited]


def test_one_unknown_role_and_nobody_enters(town: Town, tmp_path: Path) -> None:
    with pytest.raises(BadSheet, match="第 57 行：没有角色“核查圆”；已有角色：inspector"):
        loading.load_table(None, "people", sheet_of(tmp_path, *two_hundred(role="核查圆")))
    assert reading().scalars(select(Person).where(Person.login == "new1")).first() is None


def test_a_title_changes_by_a_sheet_without_the_column_of_addresses_and_the_addresses_stay(town: Town, tmp_path: Path) -> None:
    accounts.change_email(None, login="officer", email="officer@example.org")
    path = changed(exported("people", tmp_path), lambda sheet: put(sheet, "officer", "职务", "主任"))

    def without_addresses(sheet: Any) -> None:
        sheet.delete_cols(next(cell.column for cell in sheet[1] if cell.value == "邮箱"))

    found = loading.load_table(town.actor("admin"), "people", changed(path, without_addresses))
    assert (found.count(loading.ADDED), found.count(loading.CHANGED)) == (0, 1)
    assert (person("officer").title, person("officer").email) == ("主任", "officer@example.org")
    fact = ledger.stream_of(reading(), f"person:{town.people['officer']}")[-1]
    assert fact.payload["changed"] == {"title": []}
    assert "主任" not in fact.body


def test_a_sheet_that_asks_for_an_auditor_makes_a_proposal_and_no_link_of_theirs_stands_on_it(town: Town, tmp_path: Path) -> None:
    row = ("watcher", "周审", "XH", "", "watcher@example.org", "", "审计员", "360103")
    found = loading.load_table(town.actor("admin"), "people", sheet_of(tmp_path, row))
    assert [each.handed_out for each in found.rows] == [None]
    assert access.grants_now(person("watcher").id) == []
    proposed = select(RoleProposal.role).where(RoleProposal.person_id == person("watcher").id)
    assert list(reading().scalars(proposed)) == [Role.auditor]
    for role in ("审计员", ROLES[Role.lead]):
        with pytest.raises(Refusal, match="须填邮箱"):
            loading.load_table(town.actor("admin"), "people", sheet_of(tmp_path, ("w2", "吴审", "XH", "", "", "", role, "360103")))


@pytest.mark.parametrize(("row", "sentence"), [
    (("Wang", "王", "XH", "", "", "", "核查员", "360103"), "可写“wang”"), (("wang", "王", "XH", "", "", "", "核查员", ""), "要写明辖区"),
    (("wang", "王", "XH", "", "", "", "核查员", "999999"), "没有现存的区划“999999”"), (("wang", "王", "XX", "", "", "", "", ""), "“单位代码”"),
    (("wang", "\u2800", "XH", "", "", "", "", ""), "“姓名”必须填写"), (("wang", "王", "XH", "", "不是", "", "", ""), "不是邮箱地址"),
    (("wang", "王", "XH", "", "", "", "", "360103"), "也要写角色"), (("", "王", "XH", "", "", "", "", ""), "“登录名”必须填写"),
])
def test_a_bad_row_is_one_sentence(town: Town, tmp_path: Path, row: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(BadSheet, match=sentence):
        loading.load_table(None, "people", sheet_of(tmp_path, row))


def test_roles_are_typed_as_they_are_shown(town: Town) -> None:
    rows.save_row(None, "people", "officer", {"roles": "责任单位经办人:360103、核查员：360102"})
    held = {(grant.role, grant.area_code) for grant in access.grants_now(town.people["officer"])}
    assert held == {(Role.officer, "360103"), (Role.verifier, "360102")}
    row = rows.row_named(rows.master_for(None, "people"), reading(), "officer")
    assert (row["roles"], row["areas"]) == ("责任单位经办人:360103、核查员:360102", None)
    rows.save_row(None, "people", "officer", {"roles": "责任单位经办人", "areas": "全部"})
    assert [(grant.role, grant.area_code) for grant in access.grants_now(town.people["officer"])] == [(Role.officer, "")]


@pytest.mark.parametrize(("roles", "areas"), [("核查员:360103", None), ("核查员：360103；登记员:360103", None), ("登记员、核查员", "360103"),
                                              ("登记员:360103、核查员:全部", None)])
def test_the_same_sheet_loaded_again_changes_nobody_whichever_way_roles_are_typed(
        town: Town, tmp_path: Path, roles: str, areas: str | None) -> None:
    path = sheet_of(tmp_path, ("newcomer", "新人", "XH-CYZ", "科员", None, None, roles, areas))
    assert loading.load_table(None, "people", path).count(loading.ADDED) == 1
    again = loading.load_table(None, "people", path)
    assert (again.count(loading.CHANGED), again.count(loading.SAME)) == (0, 1)


def test_who_moves_leaves_their_open_work_to_an_heir(town: Town) -> None:
    number = town.registered()
    town.walk(number, "assign", "set_sponsor")
    with pytest.raises(WrongState, match="请指定由谁接手后再调动"):
        rows.save_row(town.actor("admin"), "people", "lead", {"unit": "XH-HB"})
    rows.save_row(town.actor("admin"), "people", "lead", {"unit": "XH-HB", "heir": "lead2"})
    assert person("lead").unit_id == town.units["XH-HB"]
    assert reading().scalars(select(Case.sponsor_id).where(Case.number == number)).one() == town.people["lead2"]
    assert list(law_troubles(reading())) == []
    with pytest.raises(Invalid, match="只有调动或停用时"):
        rows.save_row(town.actor("admin"), "people", "lead", {"title": "局长", "heir": "lead2"})


def test_at_every_door_one_administrator_stays_and_nobody_drops_themselves(town: Town) -> None:
    today = town.clock.today()
    for given in ({"roles": "", "areas": ""}, {"deactivated_on": today}):
        with pytest.raises(Invalid, match="至少要留一名"):
            rows.save_row(None, "people", "admin", given)
    accounts.add_person(None, login="admin2", name="另一个", unit="XH", roles=[Grant(Role.admin)])
    for given in ({"roles": "", "areas": ""}, {"deactivated_on": today}):
        with pytest.raises(Invalid, match="自己的"):
            rows.save_row(town.actor("admin"), "people", "admin", given)
    with pytest.raises(Invalid, match="自己的管理员角色"):
        accounts.revoke(town.actor("admin"), login="admin", role=Role.admin)
    rows.save_row(None, "people", "admin2", {"deactivated_on": today})
    with pytest.raises(Invalid, match="已停用，不能再改"):
        rows.save_row(None, "people", "admin2", {"title": "x"})


def test_a_link_is_sent_again_until_somebody_has_a_password(town: Town) -> None:
    first = accounts.add_person(None, login="late", name="迟到")
    assert first.link is not None
    again = accounts.invite_again(town.actor("admin"), login="late")
    with pytest.raises(Refusal):
        accounts.set_by_link(code=first.link.code, password=SECRET)
    town.days_pass(4)
    assert account_states(reading(), wiring().clock.now())[person("late").id] is AccountState.expired
    with pytest.raises(Refusal):
        accounts.set_by_link(code=again.code, password=SECRET)
    accounts.set_by_link(code=accounts.invite_again(None, login="late").code, password=SECRET)
    with pytest.raises(Conflict, match="已启用"):
        accounts.invite_again(None, login="late")


def test_everybody_whose_link_ran_out_gets_another_by_mail(town: Town) -> None:
    for login, email in (("one", "one@example.org"), ("two", None), ("three", "three@example.org")):
        accounts.add_person(None, login=login, name=login, email=email)
    town.days_pass(4)
    accounts.add_person(None, login="four", name="四", email="four@example.org")
    mailed = select(Message.person_id).where(Message.mail == "password_link")
    assert list(reading().scalars(mailed)) == []  # the operator got slips
    assert accounts.invite_expired(town.actor("admin")) >= 2
    assert {person("one").id, person("three").id} <= set(reading().scalars(mailed))
    assert person("two").id not in set(reading().scalars(mailed))
    assert person("four").id not in set(reading().scalars(mailed))
    assert accounts.invite_expired(town.actor("admin")) == 0
