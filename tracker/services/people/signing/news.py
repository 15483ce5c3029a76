"""What is told when an account changes: to whom it is, and to those who watch over it. Nobody becomes somebody else unseen."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Actor, Role
from tracker.domain.house.ledger import Fact
from tracker.domain.house.say import Say
from tracker.services.house.postings import Posting
from tracker.services.house.work import Work
from tracker.storage.people.accounts import Person, RoleGrant

WATCHING = (Role.auditor,)
WATCHING_THE_OPERATOR = (Role.auditor, Role.lead)


def tell_of_change(work: Work, person: Person, by: Actor, fact: Fact, word: Say | str, *, old_address: str | None = None,
                                  is_person_told: bool = True) -> None:
    """The person, at their old address too where it changed, and the auditors; the leads too, where no administrator did it."""
    watched_by = WATCHING_THE_OPERATOR if by is OPERATOR else WATCHING
    words = {"login": person.login, "word": word, "by": by.name}
    told = [person.id] if is_person_told else []
    put_letters(work, "account_changed", fact, words, [*told, *holders(work, watched_by)])
    if old_address:
        work.post([Posting(person.id, "account_changed", f"account/{fact.stream}#{fact.seq}/old", words, address=old_address)])


def tell_of_break_glass(work: Work, person: Person, fact: Fact) -> None:
    """An administrator came in by the password where people come in by the single sign-on: they, the other ones, the auditors."""
    words = {"login": person.login, "word": "没有走单点登录，用密码登录了", "by": person.name}
    put_letters(work, "account_changed", fact, words, [person.id, *holders(work, (Role.admin, *WATCHING), (person.id,))])


def tell_of_slip(work: Work, person: Person, fact: Fact) -> None:
    """Somebody signed in for the first time after a slip of paper was handed over: they themselves, their head, the auditors."""
    heads = select(Person.id).where(Person.unit_id == person.unit_id, Person.is_head, Person.deactivated_on.is_(None))
    found = list(work.session.scalars(heads.order_by(Person.id))) if person.unit_id is not None else []
    put_letters(work, "slip_used", fact, {"login": person.login}, [person.id, *found, *holders(work, WATCHING)])


def holders(work: Work, roles: Sequence[Role], without: Sequence[int] = ()) -> list[int]:
    """Everybody in office who holds one of the roles."""
    held = select(RoleGrant.person_id).where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None))
    query = select(Person.id).where(Person.id.in_(held), Person.deactivated_on.is_(None), Person.id.not_in(without))
    return list(work.session.scalars(query.order_by(Person.id)))


def put_letters(work: Work, mail: str, fact: Fact, words: Mapping[str, object], to: Sequence[int]) -> None:
    """To each once; nobody without an address is written to."""
    reachable = set(work.session.scalars(select(Person.id).where(Person.id.in_(to), Person.email.is_not(None))))
    work.post([Posting(each, mail, f"account/{mail}/{fact.stream}#{fact.seq}/person:{each}", words)
               for each in dict.fromkeys(to) if each in reachable])
