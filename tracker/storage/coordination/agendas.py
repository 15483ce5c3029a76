"""On which agendas a case or an act stood, and what was decided of it there: one narrow statement."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import LinkRole
from tracker.domain.acts.sight import ActScope
from tracker.domain.coordination.meetings import ITEMS, OUTCOME, MeetingState, standing_items
from tracker.storage.acts.acts import ActLink
from tracker.storage.acts.scope import ACTS, readable

LINKS = ActLink.__table__.c


class AgendaItemLine(NamedTuple):
    """An item of a meeting about it; `outcome` "" while nothing is decided."""

    number: str
    position: int
    on: date | None
    outcome: str


def items_about(session: Session, scope: ActScope, stream: str) -> list[AgendaItemLine]:
    """The items of meetings that the reader sees, the newest meeting first."""
    tied = select(LINKS.act_id).where(LINKS.target == stream, LINKS.role == LinkRole.agenda)  # the few, before any act
    query = select(ACTS.number, ACTS.began_on, ACTS.details).where(
        ACTS.id.in_(tied), ACTS.state != MeetingState.cancelled.value, readable(scope)).order_by(ACTS.id.desc())
    return [AgendaItemLine(number, int(item["position"]), on, str(item.get(OUTCOME) or ""))
            for number, on, details in session.execute(query)
            for item in standing_items(details.get(ITEMS) or ()) if item["target"] == stream]
