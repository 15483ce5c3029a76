"""A person's row, locked for a deed, and a person's stream in the ledger."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import NotAllowed, NotFound
from tracker.domain.house.say import Say
from tracker.domain.people.kinds import PersonKind
from tracker.storage.people.accounts import Person


def stream_of(person_id: int) -> str:
    """A person's stream in the ledger."""
    return f"person:{person_id}"


def person_named(session: Session, login: str) -> Person:
    """The active person with this login, locked until the work ends. Raises `NotFound`."""
    person = session.scalar(
        select(Person).where(Person.login == login.strip().lower(), Person.deactivated_on.is_(None)).with_for_update(of=Person))
    if person is None:
        raise NotFound(Say("没有登录名为“{login}”的在岗人员。", login=login))
    return person


def require_human(found: Person, field: str) -> None:
    """Raise `NotAllowed` where a service is given what only somebody can have: a role, a unit to head, a duty to take over, an
    absence, a password."""
    if found.kind is PersonKind.service:
        raise NotAllowed(Say("“{found_name}”是服务账号：不登录，不任职，不代人办理。", found_name=found.name), code="service", field=field)
