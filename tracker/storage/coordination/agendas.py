"""What acts a case is tied to, and what was decided of it on the agendas of meetings: one narrow statement."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, case, exists, select, type_coerce
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import LinkRole
from tracker.domain.acts.sight import ActScope
from tracker.domain.coordination.meetings import ITEMS, OUTCOME, MeetingState, standing_items
from tracker.storage.acts.acts import Act, ActLink
from tracker.storage.acts.register import ActLine, lines_of
from tracker.storage.acts.scope import ACTS, readable
from tracker.storage.house.base import CanonicalJson
from tracker.storage.house.statements import kept_statement

LINKS = ActLink.__table__.c


class AgendaItemLine(NamedTuple):
    """An item of a meeting about it; `outcome` "" while nothing is decided."""

    number: str
    position: int
    on: date | None
    outcome: str


@dataclass(frozen=True)
class Ties:
    """The acts, and the items of the meetings among them that took place or will, each from the newest act."""

    lines: tuple[ActLine, ...] = ()
    items: tuple[AgendaItemLine, ...] = ()


def ties_of(session: Session, scope: ActScope, stream: str) -> Ties:
    """What a stream is tied to, as far as the reader sees it."""
    rows = session.execute(_tied_query(scope), {"tied": stream}).all()
    lines = tuple([ActLine._make(row[:-1]) for row in rows])
    return Ties(lines, tuple(AgendaItemLine(line.number, int(item["position"]), line.began_on, str(item.get(OUTCOME) or ""))
                             for line, row in zip(lines, rows, strict=True) if line.state != MeetingState.cancelled
                             for item in standing_items((row[-1] or {}).get(ITEMS) or ()) if item["target"] == stream))


@kept_statement
def _tied_query(scope: ActScope) -> Select[Any]:
    """The statement for a reader, kept: to put it together would take longer than to run it. Of what has it on no agenda nothing
    but the line is read."""
    target: BindParameter[str] = bindparam("tied")
    is_item = exists().where(LINKS.act_id == ACTS.id, LINKS.target == target, LINKS.role == LinkRole.agenda).correlate(Act)
    tied = select(LINKS.act_id).where(LINKS.target == target)  # the few, before any act
    return lines_of(type_coerce(case((is_item, ACTS.details)), CanonicalJson)).where(
        ACTS.id.in_(tied), readable(scope)).order_by(ACTS.id.desc())
