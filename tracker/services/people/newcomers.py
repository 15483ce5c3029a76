"""What a newcomer is told first, until they put it away for good: the strip of the demo, and a hint on each page."""

from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor
from tracker.services.house.work import Work, deed
from tracker.storage.house.base import inserting
from tracker.storage.house.preferences import Preference

STRIP = "newcomer_strip_put_away"
HINTS = "hints_put_away"


def is_put_away(session: Session, actor: Actor) -> bool:
    """Whether this person wants to see the strip no more."""
    return session.get(Preference, _key_of(STRIP, actor.id)) is not None


def hints_put_away(session: Session, actor: Actor) -> frozenset[str]:
    """The names of the hints that this person put away."""
    row = session.get(Preference, _key_of(HINTS, actor.id))
    return frozenset(row.value.split(",")) if row is not None else frozenset()


@deed
def put_hint_away(work: Work, actor: Actor, name: str) -> None:
    """This hint too is put away; a second time changes nothing."""
    names = ",".join(sorted(hints_put_away(work.session, actor) | {name}))
    row = {"key": _key_of(HINTS, actor.id), "value": names}
    changing = inserting(work.session)(Preference).values(row)
    work.session.execute(changing.on_conflict_do_update(index_elements=["key"], set_={"value": names}))


@deed
def put_away(work: Work, actor: Actor) -> None:
    """Show the strip to this person no more; a second time changes nothing."""
    row = {"key": _key_of(STRIP, actor.id), "value": work.clock.now().isoformat()}
    work.session.execute(inserting(work.session)(Preference).values(row).on_conflict_do_nothing(index_elements=["key"]))


def _key_of(what: str, person_id: int) -> str:
    """The human's own, in whose place they may stand."""
    return f"{what}/{person_id}"
