"""What a newcomer is told first, until they put it away for good."""

from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor
from tracker.services.house.work import Work, deed
from tracker.storage.house.base import inserting
from tracker.storage.house.preferences import Preference

PUT_AWAY = "newcomer_strip_put_away"


def is_put_away(session: Session, actor: Actor) -> bool:
    """Whether this person wants to see it no more."""
    return session.get(Preference, _key_of(actor)) is not None


@deed
def put_away(work: Work, actor: Actor) -> None:
    """Show it to this person no more; a second time changes nothing."""
    row = {"key": _key_of(actor), "value": work.clock.now().isoformat()}
    work.session.execute(inserting(work.session)(Preference).values(row).on_conflict_do_nothing(index_elements=["key"]))


def _key_of(actor: Actor) -> str:
    """The human's own, in whose place they may stand."""
    return f"{PUT_AWAY}/{actor.id}"
