"""Sixty units and the people of a district, added by the product's own deeds, so that their facts are real."""

import secrets
from dataclasses import dataclass
from datetime import date

from argon2 import PasswordHasher

from tracker.domain.house.actor import Grant, Role
from tracker.services.people import accounts
from tracker.services.people.passwords import PASSWORDS

HOME, FILING_SHORT = "360103", "西环销"  # of the office that a fresh database comes with
UNITS = 60


@dataclass(frozen=True)
class Staff:
    """Ids of units and people; the two who sign in, with one password."""

    units: tuple[int, ...]
    officers: tuple[int, ...]
    verify_unit: int
    verifiers: tuple[int, ...]
    leads: tuple[int, ...]
    dispatchers: tuple[int, ...]
    clerks: tuple[int, ...]
    password: str
    dispatcher: str = "dispatcher0"
    officer: str = "officer0"


def hire(unit_count: int = UNITS) -> Staff:
    """Units `U000`…, an officer in each, and everybody else; within an application context."""
    PASSWORDS.use(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))  # renewed at the first sign-in
    password = secrets.token_urlsafe(12)
    kinds = ("department", "street", "railway")
    units = tuple(accounts.add_unit(None, code=f"U{n:03}", name=f"第{n + 1}责任单位", kind=kinds[n % 3], area_code=HOME,
                                    valid_from=date(2018, 1, 1)) for n in range(unit_count))
    verify_unit = accounts.add_unit(None, code="VERIFY", name="核查组", kind="department", area_code=HOME,
                                    valid_from=date(2018, 1, 1))

    def people(role: Role, count: int, unit: str | None = None) -> tuple[int, ...]:
        return tuple(_add(f"{role.value}{n}", role, unit or f"U{n % unit_count:03}", password) for n in range(count))

    return Staff(units, people(Role.officer, unit_count), verify_unit, people(Role.verifier, 4, "VERIFY"),
                 people(Role.lead, 2, "VERIFY"), people(Role.dispatcher, 3, "VERIFY"), people(Role.clerk, 3, "VERIFY"), password)


def _add(login: str, role: Role, unit: str, password: str) -> int:
    added = accounts.add_person(None, login=login, name=f"人员{login}", title="", email=f"{login}@bench.invalid", unit=unit,
                                password=password, roles=[Grant(role, HOME)])
    return added.id
