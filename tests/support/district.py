"""A small district: units of every kind, people in every role, and some who must not act here."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Role
from tracker.domain.house.clock import SetClock
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.services.house.work import Work, wiring
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person, RoleGrant, Unit

HOME, CITY, OTHER = "360103", "3601", "360102"
STREET_AREA, OTHER_STREET_AREA = "360103002", "360102002"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

# code, name, kind, parent's code, area
UNITS = (
    ("XH", "西湖区人民政府", "district", "", HOME),
    ("XH-HB", "西湖生态环境局", "department", "XH", HOME),
    ("XH-CG", "西湖区城市管理局", "department", "XH", HOME),
    ("XH-CYZ", "朝阳洲街道", "street", "XH", STREET_AREA),
    ("XH-CYZ-JS", "朝阳洲街道建设办", "department", "XH-CYZ", STREET_AREA),
    ("XH-TY", "桃源街道", "street", "XH", "360103011"),
    ("TL-NC", "南昌铁路工务段", "railway", "", HOME),
    ("NC-HB", "南昌市生态环境局", "city", "", CITY),
    ("DH-TWG", "滕王阁街道", "street", "", OTHER_STREET_AREA),
)
OLD_UNIT = ("XH-XHJ", "西湖街道", "street", "XH-TY")  # ended; the last is its successor

# login, unit's code, roles, area
PEOPLE: tuple[tuple[str, str, tuple[Role, ...], str], ...] = (
    ("inspector", "XH-HB", (Role.inspector,), HOME),
    ("clerk", "XH-HB", (Role.clerk,), HOME),
    ("dispatcher", "XH-HB", (Role.dispatcher,), HOME),
    ("dispatcher2", "XH-HB", (Role.dispatcher,), HOME),
    ("officer", "XH-CYZ", (Role.officer,), HOME),
    ("officer2", "XH-CYZ", (Role.officer,), HOME),
    ("below_officer", "XH-CYZ-JS", (Role.officer,), HOME),
    ("supporter", "XH-CG", (Role.officer,), HOME),
    ("neighbour", "XH-TY", (Role.officer,), HOME),
    ("railman", "TL-NC", (Role.officer,), HOME),
    ("verifier", "XH-HB", (Role.verifier,), HOME),
    ("verifier2", "XH-HB", (Role.verifier,), HOME),
    ("street_verifier", "XH-CYZ", (Role.verifier,), HOME),
    ("below_verifier", "XH-CYZ-JS", (Role.verifier,), HOME),
    ("supporting_verifier", "XH-CG", (Role.verifier,), HOME),
    ("lead", "XH", (Role.lead,), HOME),
    ("lead2", "XH", (Role.lead,), HOME),
    ("supervisor", "NC-HB", (Role.supervisor,), CITY),
    ("auditor", "XH", (Role.auditor,), HOME),
    ("admin", "XH", (Role.admin,), HOME),
    ("custodian", "XH", (Role.custodian,), HOME),
    ("enforcer", "XH-HB", (Role.enforcer,), HOME),
    ("enforcer2", "XH-HB", (Role.enforcer,), HOME),
    ("legal", "XH-HB", (Role.legal,), HOME),
    ("principal", "XH-HB", (Role.principal,), HOME),
    ("many_hats", "XH-CYZ", (Role.officer, Role.verifier, Role.lead, Role.dispatcher), HOME),
    ("other_dispatcher", "DH-TWG", (Role.dispatcher,), OTHER),
    ("other_officer", "DH-TWG", (Role.officer,), OTHER),
    ("other_verifier", "DH-TWG", (Role.verifier,), OTHER),
    ("other_lead", "DH-TWG", (Role.lead,), OTHER),
)


@dataclass(frozen=True)
class District:
    """The ids by code and by login."""

    units: dict[str, int]
    people: dict[str, int]


def settle() -> District:
    """The district in the database of the running application, written long ago where it is not there: plain rows, which one fact
    of the ledger tells; nobody can sign in."""
    units = {row.code: row.id for row in db.session.execute(select(Unit.code, Unit.id))}
    people = {row.login: row.id for row in db.session.execute(select(Person.login, Person.id))}
    db.session.rollback()
    if PEOPLE[0][0] in people:
        return District(units, people)
    with Work(replace(wiring(), clock=SetClock(LONG_AGO))) as work:
        district = _settle_rows(work)
        work.record(LEDGER, LedgerFacts.rows_stated, OPERATOR, {"migration": "tests", "tables": {}})
    return district


def _settle_rows(work: Work) -> District:
    units: dict[str, Unit] = {}
    for code, name, kind, parent, area in UNITS:
        parent_id = units[parent].id if parent else None
        units[code] = Unit(code=code, name=name, kind=kind, parent_id=parent_id, area_code=area, valid_from=date(2018, 1, 1))
        work.session.add(units[code])
        work.session.flush()
    code, name, kind, successor = OLD_UNIT
    work.session.add(Unit(code=code, name=name, kind=kind, area_code=HOME, valid_from=date(2018, 1, 1),
                          valid_to=date(2022, 7, 31),
                          successor_id=units[successor].id))
    people = [Person(login=login, name=f"{login}先生", unit_id=units[unit].id, email=f"{login}@example.cn", password_hash="x",
                     created_at=LONG_AGO) for login, unit, _, _ in PEOPLE]
    work.session.add_all(people)
    work.session.flush()
    grants = [RoleGrant(person_id=person.id, role=role, area_code=area, granted_at=LONG_AGO)
              for person, (_, _, roles, area) in zip(people, PEOPLE, strict=True) for role in roles]
    work.session.add_all(grants)
    return District({code: unit.id for code, unit in units.items()}, {person.login: person.id for person in people})
