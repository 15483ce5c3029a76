"""Roles that need a second person, and roles that must never be without anybody."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound
from tracker.domain.people.delegation import acting
from tracker.services.cases import identities
from tracker.services.house.work import Work, wiring
from tracker.services.people import access, accounts, proposals
from tracker.storage.cases.cases import Case
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.proposal_lines import open_lines
from tracker.storage.people.sign_ins import RoleProposal

pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture
def two(town: Town) -> Town:
    """The town with a second administrator and a person without any role."""
    for login, roles in (("admin2", [Grant(Role.admin)]), ("plain", [])):
        town.people[login] = accounts.add_person(None, login=login, name=f"{login}先生", email=f"{login}@example.cn",
                                                 roles=roles).id
    return town


def proposed(town: Town, login: str = "plain", role: Role = Role.auditor, by: str = "admin") -> int:
    assert accounts.grant(town.actor(by), login=login, role=role)
    return open_lines(db.session(), town.clock.now())[-1].id


def roles_of(town: Town, login: str) -> tuple[Role, ...]:
    return town.actor(login).roles


@pytest.mark.parametrize("role", [Role.admin, Role.custodian, Role.auditor])
def test_one_administrator_proposes_and_another_confirms(two: Town, role: Role) -> None:
    number = proposed(two, role=role)
    assert roles_of(two, "plain") == ()
    for login in ("admin", "lead", "auditor"):
        with pytest.raises(NotAllowed):
            proposals.confirm(two.actor(login), number)
    assert proposals.confirm(two.actor("admin2"), number).role is role
    assert roles_of(two, "plain") == (role,)
    fact = ledger.stream_of(db.session(), f"person:{two.people['plain']}")[-1]
    assert (fact.kind, fact.actor_id, fact.payload["proposed_by_id"]) == (
        "person:granted", two.people["admin2"], two.people["admin"])
    with pytest.raises(NotFound):
        proposals.confirm(two.actor("admin2"), number)


def test_a_lead_confirms_where_there_is_no_other_administrator_and_never_for_somebody_else(town: Town) -> None:
    accounts.add_person(town.actor("admin"), login="plain", name="某", roles=[Grant(Role.auditor)])
    (line,) = open_lines(db.session(), town.clock.now())
    assert proposals.waiting_for(db.session(), town.actor("lead"), [line]) == (line,)
    assert proposals.waiting_for(db.session(), town.actor("admin"), [line]) == ()
    proposals.confirm(town.actor("lead"), line.id)
    assert roles_of(town, "plain") == (Role.auditor,)


def test_nobody_confirms_what_is_about_themselves(two: Town) -> None:
    number = proposed(two, login="lead", role=Role.auditor)
    accounts.revoke(None, login="admin2", role=Role.admin)
    with pytest.raises(NotAllowed, match="对自己"):
        proposals.confirm(two.actor("lead"), number)
    proposals.confirm(two.actor("lead2"), number)


def test_who_stands_in_for_a_lead_confirms_nothing(town: Town) -> None:
    number = proposed(town, login="clerk", role=Role.auditor)
    with pytest.raises(NotAllowed, match="代人办事"):
        proposals.confirm(acting(town.actor("dispatcher"), town.actor("lead")), number)


def test_a_proposal_lapses_after_three_days_waits_once_and_can_be_refused(two: Town) -> None:
    number = proposed(two)
    with pytest.raises(Conflict, match="等待另一人确认"):
        accounts.grant(two.actor("admin2"), login="plain", role=Role.auditor)
    two.clock.advance(hours=72)
    with pytest.raises(NotFound):
        proposals.confirm(two.actor("admin2"), number)
    proposals.refuse(two.actor("admin2"), proposed(two))
    assert roles_of(two, "plain") == ()
    assert list(db.session.scalars(select(RoleProposal.outcome).order_by(RoleProposal.id))) == [None, "refused"]


def test_who_may_confirm_and_the_auditors_hear_of_it(two: Town) -> None:
    proposed(two)
    logins = {id_: login for login, id_ in two.people.items()}
    told = {(row.mail, logins[row.person_id]) for row in db.session.execute(select(Message.mail, Message.person_id))}
    assert ("role_proposed", "admin2") in told
    assert ("role_proposed", "admin") not in told
    assert {("account_changed", "auditor"), ("account_changed", "plain")} <= told


def test_the_operator_needs_no_second_and_auditors_and_leads_hear_of_it(town: Town) -> None:
    assert not accounts.grant(None, login="verifier", role=Role.auditor)
    assert Role.auditor in roles_of(town, "verifier")
    told = set(db.session.scalars(select(Message.person_id).where(Message.mail == "account_changed")))
    assert {town.people[login] for login in ("verifier", "auditor", "lead", "lead2")} <= told


def test_an_administrator_does_not_watch_over_themselves(two: Town) -> None:
    with pytest.raises(NotAllowed, match="自己监督自己"):
        accounts.grant(two.actor("admin2"), login="admin", role=Role.auditor)
    with pytest.raises(NotAllowed, match="自己监督自己"):
        accounts.grant(None, login="auditor", role=Role.admin)
    number = proposed(two, role=Role.auditor)
    accounts.grant(None, login="plain", role=Role.admin)
    with pytest.raises(NotAllowed, match="自己监督自己"):
        proposals.confirm(two.actor("admin2"), number)
    assert roles_of(two, "plain") == (Role.admin,)


@pytest.mark.parametrize("role", [Role.admin, Role.auditor, Role.custodian])
def test_the_last_who_holds_a_role_that_somebody_must_hold_stays_at_every_door(town: Town, role: Role) -> None:
    number = town.registered()
    with Work(wiring()) as work:
        identities.keep(work, work.session.scalar(select(Case.id).where(Case.number == number)), name="张三")
    login = role.value
    for by in (None, town.actor("admin")):
        ways: tuple[Callable[[], object], ...] = (
            lambda by=by: accounts.revoke(by, login=login, role=role), lambda by=by: accounts.deactivate(by, login=login))
        for way in ways:
            with pytest.raises(Invalid, match=r"至少要留一名|自己的账号"):
                way()
    town.people["heir"] = accounts.add_person(None, login="heir", name="继任", roles=[Grant(role)]).id
    accounts.deactivate(None, login=login)


def test_a_custodian_may_go_while_there_are_no_reporters(town: Town) -> None:
    accounts.revoke(town.actor("admin"), login="custodian", role=Role.custodian)
    assert access.grants_now(town.people["custodian"]) == []
