"""How each person wants their mail, within what duty needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor
from tracker.domain.mail.kinds import CHOICES, HowMailed, MailKind, kind_named, way_for
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.services.house.work import Work, deed
from tracker.services.people.persons import person_named, require_human, stream_of
from tracker.storage.mail import choices
from tracker.storage.mail.choices import MailChoice


@dataclass(frozen=True)
class ChosenWay:
    """One kind of mail and how a person gets it."""

    kind: MailKind
    way: HowMailed


def ways_of(session: Session, person_id: int) -> tuple[ChosenWay, ...]:
    """Every kind that one may choose about, as this person gets it."""
    found = choices.chosen(session, [person_id])
    return tuple(ChosenWay(kind, way_of(found, person_id, kind)) for kind in CHOICES)


def way_of(found: Mapping[tuple[int, str], HowMailed], person_id: int, kind: MailKind) -> HowMailed:
    """How somebody gets a kind, of the choices that were read: the first way where they chose none, or one that duty has closed
    since."""
    way = found.get((person_id, kind.code), kind.ways[0])
    return way if way in kind.ways else kind.ways[0]


@deed
def choose(work: Work, actor: Actor | None, login: str, wanted: Mapping[str, str]) -> tuple[ChosenWay, ...]:
    """How `login` wants these kinds from now on; what is not named stays. Nothing is written where nothing changes. Raises
    `Invalid` for a kind or a way that is none, and for one that duty closes. `actor` None is the operator at the command line."""
    person = person_named(work.session, login)
    require_human(person, "login")
    asked = {(kind := kind_named(code)): way_for(kind, way) for code, way in wanted.items()}
    before = {each.kind: each.way for each in ways_of(work.session, person.id)}
    changed = {kind: way for kind, way in asked.items() if before[kind] != way}
    for kind, way in changed.items():
        work.session.merge(MailChoice(person_id=person.id, kind=kind.code, way=way.value))
    if changed:
        work.session.flush()
        work.record(stream_of(person.id), PersonFacts.mail_chosen, actor or OPERATOR,
                    {"ways": {kind.code: way.value for kind, way in changed.items()}})
    return ways_of(work.session, person.id)
