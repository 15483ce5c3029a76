"""Who reads what the clock sends: by role over the area, substitutes beside their principals, nobody who left."""

from datetime import timedelta

from tests.support.district import HOME, LONG_AGO, OTHER, STREET_AREA
from tests.support.makers import Town
from tracker.domain.house.actor import Role
from tracker.services.mail.audiences import readers
from tracker.services.people import accounts, delegations
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person, RoleGrant

BOTH = (Role.dispatcher, Role.lead)


def logins(town: Town, *, area: str = HOME, roles: tuple[Role, ...] = BOTH, days: int = 0) -> list[str]:
    db.session.rollback()
    by_id = {person: login for login, person in town.people.items()}
    return sorted(by_id[reader.person_id] for reader in readers(roles, area, town.clock.today() + timedelta(days=days)))


def test_the_roles_of_the_area_above_it_and_within_it_read(town: Town) -> None:
    assert logins(town) == ["dispatcher", "dispatcher2", "lead", "lead2", "many_hats"]
    assert logins(town, area=STREET_AREA) == logins(town)
    assert logins(town, area="3601") == sorted([*logins(town), *logins(town, area=OTHER)])
    assert logins(town, area=OTHER) == ["other_dispatcher", "other_lead"]


def test_nobody_who_left_and_nobody_without_an_address(town: Town) -> None:
    accounts.deactivate(None, login="dispatcher2")
    person = db.session.get(Person, town.people["lead2"])
    assert person is not None
    person.email = None
    db.session.commit()
    assert logins(town) == ["dispatcher", "lead", "many_hats"]


def test_a_substitute_who_became_an_administrator_is_passed_over(town: Town) -> None:
    today = town.clock.today()
    delegations.delegate(None, login="lead", substitute="auditor", from_on=today, to_on=today)
    assert "auditor" in logins(town)
    db.session.add(RoleGrant(person_id=town.people["auditor"], role=Role.admin, area_code=HOME, granted_at=LONG_AGO))
    db.session.commit()
    assert logins(town) == ["dispatcher", "dispatcher2", "lead", "lead2", "many_hats"]


def test_a_substitute_reads_with_the_principal_s_eyes_on_the_days_of_the_delegation(town: Town) -> None:
    today = town.clock.today()
    delegations.delegate(town.actor("lead"), login="lead", substitute="neighbour", from_on=today,
                         to_on=today + timedelta(days=2), reason="出差")
    assert "neighbour" in logins(town)
    assert "neighbour" not in logins(town, days=3)
    (found,) = [each for each in readers(BOTH, HOME, today) if each.person_id == town.people["neighbour"]]
    assert found.name == "neighbour先生"
    assert found.actor.acting_for is not None
    assert found.actor.acting_for.id == town.people["lead"]
    assert Role.lead in {grant.role for grant in found.actor.grants}


def test_who_reads_anyway_is_told_once(town: Town) -> None:
    today = town.clock.today()
    delegations.delegate(town.actor("lead"), login="lead", substitute="lead2", from_on=today, to_on=today, reason="出差")
    found = readers(BOTH, HOME, today)
    assert len({each.person_id for each in found}) == len(found) == 5
