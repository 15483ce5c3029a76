"""Accounts of services: devices and other systems. They sign in nowhere, read no mail, hold no office."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import EVERYTHING, Grant, Role
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.people.kinds import PersonKind
from tracker.services.mail import audiences
from tracker.services.people import access, accounts, delegations
from tracker.storage.house.base import db
from tracker.storage.people import people
from tracker.storage.people.accounts import Person

pytestmark = pytest.mark.usefixtures("cheap_hashes")
SERVICE = PersonKind.service


@pytest.fixture
def station(town: Town) -> accounts.Added:
    """A monitoring station, as one of the first unit."""
    return accounts.add_person(town.actor("admin"), login="station", name="水质自动站", unit="XH-CYZ", kind=SERVICE)


@pytest.mark.parametrize("password", ["", "station-station"])
def test_a_service_has_no_password_and_never_signs_in(station: accounts.Added, password: str) -> None:
    assert station.link is None
    with pytest.raises(NotAllowed, match="登录名或密码不对"):
        accounts.authenticate("station", password)
    with pytest.raises(NotAllowed, match="服务账号"):
        accounts.reset_password(None, login="station")


def test_a_session_of_a_service_admits_nobody(station: accounts.Added) -> None:
    assert access.standing(station.id) is None


def test_nobody_acts_in_the_name_of_a_service_at_the_command_line(station: accounts.Added) -> None:
    with pytest.raises(NotAllowed, match="不能以它的名义办理"):
        access.actor_by_login("station")


def test_a_service_is_given_neither_an_address_nor_a_password_nor_a_role(town: Town) -> None:
    for values, said in (({"email": "a@example.cn"}, "不收邮件"), ({"password": "a long pass phrase"}, "不设密码")):
        with pytest.raises(Invalid, match=said):
            accounts.add_person(None, login="second", name="第二站", kind=SERVICE, **values)
    with pytest.raises(NotAllowed, match="服务账号"):
        accounts.add_person(None, login="second", name="第二站", kind=SERVICE, roles=[Grant(Role.officer)])


def test_a_service_heads_no_unit_stands_in_for_nobody_and_inherits_nothing(town: Town, station: accounts.Added) -> None:
    today = town.clock.today()
    for deed in (
        lambda: accounts.set_head(None, login="station", is_head=True),
        lambda: accounts.grant(None, login="station", role=Role.lead),
        lambda: delegations.delegate(None, login="officer", substitute="station", from_on=today, to_on=today),
        lambda: delegations.delegate(None, login="station", substitute="officer", from_on=today, to_on=today),
        lambda: accounts.deactivate(None, login="lead", heir="station"),
    ):
        with pytest.raises(NotAllowed, match="服务账号"):
            deed()


def test_a_service_is_offered_and_taken_as_sponsor_of_no_case(town: Town, station: accounts.Added) -> None:
    number = town.case_in(CaseState.rectifying)
    with pytest.raises(Invalid, match="没有找到唯一的在岗人员"):
        town.take(number, "set_sponsor", sponsor="station")
    assert "station" not in {login for login, _ in people.options(db.session(), EVERYTHING, town.clock.today()).people}


def test_a_service_is_nobody_of_an_office_whom_mails_could_reach(town: Town, station: accounts.Added) -> None:
    found = audiences.offices(town.clock.today())
    assert station.id not in found.reachable
    assert station.id not in {each.actor.id for each in access.everybody()}


@pytest.mark.parametrize("column", [{"email": "a@example.cn"}, {"is_head": True}, {"kind": "robot"}])
def test_the_database_itself_gives_a_service_no_mail_and_no_unit_to_head(
    town: Town, station: accounts.Added, column: dict[str, object]
) -> None:
    statement = update(Person).where(Person.id == station.id).values(column)
    with pytest.raises(IntegrityError):
        db.session.execute(statement)
    db.session.rollback()


def test_a_service_ends_like_everybody(town: Town, station: accounts.Added) -> None:
    assert accounts.deactivate(None, login="station") == 0
    (station_line,) = (line for line in people.people(db.session(), EVERYTHING) if line.login == "station")
    assert station_line.deactivated_on == town.clock.today()
