"""What an issue noted on the spot is given by itself: its title, and when it was found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tracker.domain.cases.belonging.fields import HEADINGS
from tracker.domain.cases.intake_fields import ON_PATROL, TITLE
from tracker.domain.evidence.sources import SOURCES
from tracker.domain.house.actor import Actor
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.shapes.layers import SIDES
from tracker.services.cases.belonging.positions import Sighting
from tracker.services.cases.intake import RegisterOrder
from tracker.services.evidence import uploads
from tracker.services.house.work import wiring
from tracker.services.rules.categories import categories

PATROLLED = frozenset(rule.key for rule in SOURCES if rule.kind == ON_PATROL)
MOST_DAYS_BACK = 7  # an older photo was taken for something else, or by a phone with another clock


def completed(actor: Actor, order: RegisterOrder, *, files: Sequence[str | None], begun: str) -> RegisterOrder:
    """The order with what was left to us. `files` are the ids of its photos (None: of one that comes along), `begun` when its
    form was begun."""
    found_at = _found_at(actor, order, [each for each in files if each], begun)
    found_on = found_at.astimezone(wiring().zone).date() if found_at else None
    return replace(order, title=(order.title or "").strip() or proposed_title(order.place or "", order.categories),
                   found_at=found_at,
                   received_on=order.received_on or found_on, no_photo="" if files else order.no_photo)


def proposed_title(place: str, types: Sequence[str]) -> str:
    """What the title is where nobody writes one: the place and the types; "" where one of them is missing."""
    words = [Say(name) for key in types if (name := categories().names.get(key))]
    return str(Say("{place}：{types}", place=place, types=Listed(words)))[:TITLE.longest] if place.strip() and words else ""


def seen_from_train(said: Sighting, types: Sequence[str]) -> tuple[str, str]:
    """Place and description of what was seen from a train, where nobody writes them: there is time for a mileage and the types
    alone, and it is looked at on the spot in any case. "" for what is not known."""
    where = Say("{line}{mileage}", line=said.line, mileage=said.mileage) if said.mileage else Say(
        "{line}{train}次列车{heading}", line=said.line, train=said.train_no, heading=Say(dict(HEADINGS).get(said.heading, "")))
    words = [Say(name) for key in types if (name := categories().names.get(key))]
    place = f"{where}{dict(SIDES).get(said.side, '')}" if said.mileage or said.train_no else ""
    return place, str(Say("乘火车看到：{types}，待现场复核。", types=Listed(words))) if words else ""


def _found_at(actor: Actor, order: RegisterOrder, client_ids: Sequence[str], begun: str) -> datetime | None:
    """When an issue was found on patrol: its first photo was taken, or its form begun, which may have waited for a network. None
    where nothing says so, or what it says cannot be."""
    if order.source not in PATROLLED:
        return None
    now = wiring().clock.now()
    moments = [at for at in map(_instant_of, [*uploads.taken(actor, client_ids), begun]) if at is not None]
    return min((at for at in moments if now - timedelta(days=MOST_DAYS_BACK) <= at <= now), default=None)


def _instant_of(moment: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=wiring().zone)).astimezone(UTC).replace(microsecond=0)
