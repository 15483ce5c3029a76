"""Delegations made, and steps taken by who stands in."""

from datetime import timedelta

from tests.support.makers import Town, photo
from tracker.domain.house.actor import Actor
from tracker.services.cases import steps
from tracker.services.people import delegations


def delegate(town: Town, principal: str, substitute: str, *, by: str | None = "", first: int = 0, days: int = 5,
             reason: str = "") -> int:
    """From `first` days on for `days` days; by the principal unless told."""
    actor = None if by is None else town.actor(by or principal)
    from_on = town.clock.today() + timedelta(days=first)
    return delegations.delegate(actor, login=principal, substitute=substitute, from_on=from_on,
                                to_on=from_on + timedelta(days=days - 1),
                                reason=reason)


def standing(town: Town, substitute: str, principal: str) -> Actor:
    """The substitute in the principal's place."""
    return delegations.acting_for(town.actor(substitute), principal)


def step(town: Town, actor: Actor, number: str, name: str, **given: object) -> None:
    """One step with the default values."""
    uploads = (photo(),) if name in ("submit", "verify") else ()
    steps.take(actor, number, name, town.filled(number, name, given), uploads=uploads)
