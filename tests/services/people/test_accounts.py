"""People and roles: who may manage them, what an administrator may never hold, and who goes on when somebody leaves."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.identities.requesting import RequestPurpose
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, WrongState
from tracker.domain.house.ledger import first_bad
from tracker.services.cases import identities
from tracker.services.people import access, accounts
from tracker.services.people.signing.visits import Visit
from tracker.services.upkeep import integrity
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Person

pytestmark = pytest.mark.usefixtures("cheap_hashes")
SECRET = "a long pass phrase"


def added(town: Town, login: str = "newcomer", *roles: Grant, **more: Any) -> accounts.Added:
    return accounts.add_person(town.actor("admin"), login=login, name="王新", unit="XH-CYZ", roles=roles, **more)


def test_an_administrator_adds_a_person_who_can_sign_in_with_the_password_of_their_link(town: Town) -> None:
    new = added(town, "newcomer", Grant(Role.officer, "360103"))
    accounts.set_by_link(code=new.link.code, password=SECRET)
    actor = accounts.authenticate("NewComer ", SECRET, Visit("203.0.113.9"))
    assert actor.id == new.id
    assert actor.grants == (Grant(Role.officer, "360103"),)
    assert actor.unit_id == town.units["XH-CYZ"]


def test_the_facts_of_a_person_hold_and_carry_no_personal_data(town: Town) -> None:
    new = added(town, "canary.login", Grant(Role.officer), email="canary@example.cn", title="科长")
    accounts.reset_password(None, login="canary.login")
    accounts.revoke(None, login="canary.login", role=Role.officer)
    accounts.deactivate(None, login="canary.login")
    facts = ledger.stream_of(db.session(), f"person:{new.id}")
    assert [f.kind for f in facts] == ["person:added", "person:granted", "person:link_made", "person:password_reset",
                                       "person:link_made", "person:revoked", "person:deactivated"]
    assert first_bad(facts) is None
    assert not any(word in f.body for f in facts for word in ("canary", "王新", "科长", "example"))
    assert [f.actor_id for f in facts][-1] == -1  # the operator


def test_the_head_of_a_unit_is_a_fact_told_once_and_nobody_heads_no_unit(town: Town) -> None:
    admin = town.actor("admin")
    assert [accounts.set_head(admin, login="officer", is_head=yes) for yes in (True, True, False)] == [True, False, True]
    facts = ledger.stream_of(db.session(), f"person:{town.people['officer']}")
    assert [fact.kind for fact in facts] == ["person:head_set", "person:head_set"]
    accounts.add_person(admin, login="free.lance", name="无单位")
    with pytest.raises(Invalid, match="没有单位"):
        accounts.set_head(admin, login="free.lance", is_head=True)
    with pytest.raises(NotAllowed):
        accounts.set_head(town.actor("lead"), login="officer", is_head=True)


@pytest.mark.parametrize("login", ["dispatcher", "lead", "auditor", "officer"])
def test_only_an_administrator_manages_accounts(town: Town, login: str) -> None:
    by, before = town.actor(login), db.session.scalar(select(db.func.count()).select_from(FactRow))
    for deed in (
        lambda: accounts.add_person(by, login="x1", name="某"),
        lambda: accounts.grant(by, login=login, role=Role.lead),
        lambda: accounts.revoke(by, login="officer", role=Role.officer),
        lambda: accounts.deactivate(by, login="verifier"),
        lambda: accounts.reset_password(by, login="admin"),
        lambda: accounts.add_unit(by, code="N", name="新", kind="street"),
        lambda: accounts.end_unit(by, code="XH-TY"),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert db.session.scalar(select(db.func.count()).select_from(FactRow)) == before


@pytest.mark.parametrize("role", sorted(accounts.STEP_ROLES))
def test_nobody_is_administrator_and_acts_on_cases(town: Town, role: Role) -> None:
    with pytest.raises(NotAllowed, match="管理员不得参与办案"):
        accounts.grant(town.actor("admin"), login="admin", role=role)
    accounts.add_person(None, login="worker", name="某", roles=[Grant(role)])
    with pytest.raises(NotAllowed, match="管理员不得参与办案"):
        accounts.grant(town.actor("admin"), login="worker", role=Role.admin)
    with pytest.raises(NotAllowed, match="管理员不得参与办案"):
        accounts.add_person(None, login="both", name="某", roles=[Grant(role), Grant(Role.admin)])
    assert db.session.scalar(select(Person.id).where(Person.login == "both")) is None


def test_every_role_that_may_take_a_step_is_kept_apart_from_administration() -> None:
    assert {Role.inspector, Role.clerk, Role.dispatcher, Role.officer, Role.verifier, Role.lead, Role.supervisor,
            Role.custodian, Role.enforcer, Role.legal, Role.principal} == accounts.STEP_ROLES


def test_a_login_is_given_once_and_malformed_values_are_named(town: Town) -> None:
    added(town)
    with pytest.raises(Conflict, match="newcomer"):
        added(town)
    for values, field in (({"login": "有空格 "}, "login"), ({"login": "clock"}, "login"), ({"email": "not an address"}, "email"),
                          ({"password": "short"}, "password"), ({"password": "aaaaaaaaaaaa"}, "password"),
                          ({"name": " "}, "name")):
        with pytest.raises(Invalid) as refused:
            accounts.add_person(None, **({"login": "fine", "name": "某"} | values))
        assert refused.value.field == field
    with pytest.raises(NotFound, match="没有现存的单位"):
        accounts.add_person(None, login="fine", name="某", unit="XH-XHJ")  # ended in 2022


def test_granting_twice_is_one_grant_and_revoking_ends_it(town: Town) -> None:
    new = added(town)
    for _ in range(2):
        accounts.grant(None, login="newcomer", role=Role.verifier, area_code="360103")
    assert len(access.grants_now(new.id)) == 1
    assert accounts.revoke(None, login="newcomer", role=Role.verifier) == 1
    assert town.actor("newcomer").grants == ()
    with pytest.raises(NotFound):
        accounts.revoke(None, login="newcomer", role=Role.verifier)


def test_the_deactivated_cannot_sign_in_and_hear_the_ordinary_sentence(town: Town) -> None:
    added(town, password=SECRET)
    accounts.deactivate(town.actor("admin"), login="newcomer")
    with pytest.raises(NotAllowed, match="登录名或密码不对"):
        accounts.authenticate("newcomer", SECRET)
    with pytest.raises(NotFound):
        access.actor_by_login("newcomer")


def test_changing_the_own_password_needs_the_old_one(town: Town) -> None:
    added(town, password=SECRET)
    actor = town.actor("newcomer")
    for old, new, kind in (("wrong", "another long one", NotAllowed), (SECRET, SECRET, NotAllowed), (SECRET, "short", Invalid)):
        with pytest.raises(kind):
            accounts.change_password(actor, old=old, new=new)
    accounts.change_password(actor, old=SECRET, new="another long one")
    assert accounts.authenticate("newcomer", "another long one")


def test_who_sponsors_open_cases_leaves_only_when_an_heir_is_named(town: Town) -> None:
    open_case, closed_case = town.case_in(CaseState.rectifying), town.case_in(CaseState.closed)
    town.do(open_case, "set_sponsor")
    with pytest.raises(WrongState, match="1 件包案未办结"):
        accounts.deactivate(town.actor("admin"), login="lead")
    with pytest.raises(Invalid, match="销号权限"):
        accounts.deactivate(town.actor("admin"), login="lead", heir="officer")
    assert town.row(open_case).sponsor_id == town.people["lead"]
    assert accounts.deactivate(town.actor("admin"), login="lead", heir="lead2") == 1
    fact = town.facts(open_case)[-1]
    assert (fact.kind, fact.actor_id) == ("case:sponsor_set", 0)
    assert fact.payload["because"] == f"person:{town.people['lead']}#1"
    assert town.row(open_case).sponsor_id == town.people["lead2"]
    assert town.facts(closed_case)[-1].kind == "case:closed"
    assert integrity.verify().first is None


def test_who_asked_for_something_that_waits_leaves_only_with_an_heir_and_still_has_asked(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.do(number, "request_extension")
    with pytest.raises(WrongState, match="1 项申请待审批"):
        accounts.deactivate(None, login="officer")
    assert accounts.deactivate(None, login="officer", heir="officer2") == 0
    assert town.row(number).pending_by_id == town.people["officer"]
    town.do(number, "grant_extension")


def test_the_last_officer_of_a_unit_with_open_cases_leaves_only_to_a_colleague(town: Town) -> None:
    town.walk(town.registered(), "assign")
    for login in ("officer2", "many_hats"):
        accounts.deactivate(None, login=login)
    with pytest.raises(WrongState, match="没有其他经办人"):
        accounts.deactivate(None, login="officer")
    with pytest.raises(Invalid, match="不是同一单位"):
        accounts.deactivate(None, login="officer", heir="neighbour")
    added(town, "colleague", Grant(Role.officer, "360103"))
    accounts.deactivate(None, login="officer")


def test_a_unit_ends_with_a_successor_once_it_is_empty(town: Town) -> None:
    town.case_in(CaseState.rectifying)
    for code, trouble in (("XH-CYZ", "未办结的案件"), ("XH-TY", "在岗人员"), ("XH", "在岗人员")):
        with pytest.raises(NotAllowed, match=trouble):
            accounts.end_unit(town.actor("admin"), code=code)
    accounts.deactivate(None, login="neighbour")
    accounts.end_unit(town.actor("admin"), code="XH-TY", successor="朝阳洲街道")
    town.days_pass(1)
    with pytest.raises(Refusal, match="没有现存的单位"):
        accounts.end_unit(None, code="XH-TY")


def test_a_unit_is_added_below_another_and_its_code_is_used_once(town: Town) -> None:
    accounts.add_unit(town.actor("admin"), code="XH-NEW", name="新街道", kind="street", parent="XH", area_code="360103002")
    with pytest.raises(Conflict):
        accounts.add_unit(None, code="XH-NEW", name="别的", kind="street")
    with pytest.raises(Invalid, match="单位类别"):
        accounts.add_unit(None, code="XH-N2", name="别的", kind="castle")


def test_a_custodian_is_no_administrator(town: Town) -> None:
    assert Role.custodian in accounts.STEP_ROLES
    with pytest.raises(NotAllowed):
        identities.ask(town.actor("admin"), "XH-2026-000001", RequestPurpose.reveal, "other", "想看看是谁举报的")
