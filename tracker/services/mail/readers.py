"""Who reads what the clock sends: people by their role over an area, and who stands in for one of them that day."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.errors import Refusal
from tracker.domain.people.delegation import acting
from tracker.services.people import access
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person
from tracker.storage.people.delegations import Delegation, holds_on


@dataclass(frozen=True)
class MailReader:
    """One person with a mail address. `actor` decides what they may be shown; a substitute reads with the eyes of the
    principal."""

    person_id: int
    name: str
    actor: Actor


def anybody(actor: Actor) -> bool:
    """No matter what they may open."""
    return True


def readers(roles: Collection[Role], area_code: str, on: date, *,
            is_wanted: Callable[[Actor], bool] = anybody) -> tuple[MailReader, ...]:
    """Everybody in office who holds one of the roles over the area or within it, and their substitutes of that day; each once.

    Nobody without an address, and nobody who left: their work shows up at the dispatchers, who are told in any case. A substitute
    who may not stand in any more, an administrator by now, is passed over. `is_wanted` says who may open what is sent.
    """
    standings = {each.actor.id: each.actor for each in access.everybody()}
    reachable = _reachable_ids()
    concerned = [actor for actor in standings.values() if _is_concerned(actor, roles, area_code) and is_wanted(actor)]
    found = {actor.id: MailReader(actor.id, actor.name, actor) for actor in concerned if actor.id in reachable}
    for principal, substitute in _substitute_pairs({actor.id for actor in concerned}, on):
        human = standings.get(substitute)
        if human is None or substitute not in reachable or substitute in found:
            continue
        try:
            found[substitute] = MailReader(substitute, human.name, acting(human, standings[principal]))
        except Refusal:
            continue
    return tuple(found[person] for person in sorted(found))


def _is_concerned(actor: Actor, roles: Collection[Role], area_code: str) -> bool:
    return any(grant.role in roles and (area_code.startswith(grant.area_code) or grant.area_code.startswith(area_code))
               for grant in actor.grants)


def _reachable_ids() -> frozenset[int]:
    return frozenset(db.session.scalars(select(Person.id).where(Person.deactivated_on.is_(None), Person.email.is_not(None),
                                                                Person.email != "")))


def _substitute_pairs(principals: Collection[int], on: date) -> list[tuple[int, int]]:
    """Who stands in on that day, in the order of the delegations."""
    query = select(Delegation.principal_id, Delegation.substitute_id).where(Delegation.principal_id.in_(principals), holds_on(on))
    return [(row.principal_id, row.substitute_id) for row in db.session.execute(query.order_by(Delegation.id))]
