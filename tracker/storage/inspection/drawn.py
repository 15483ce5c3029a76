"""What a draw has drawn, in one narrow statement."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.storage.acts.acts import Act
from tracker.storage.inspection.draws import DrawRow, DrawSite
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.sites.sites import Site


class DrawnSite(NamedTuple):
    """A drawn site with its inspection."""

    stratum: str
    rank: int
    replaced_by_rank: int | None
    code: str
    name: str
    inspection: str
    state: str
    mode: str
    planned_on: date
    result: str | None
    assigned_ids: tuple[int, ...]


def drawn_sites(session: Session, act_id: int) -> tuple[DrawnSite, ...]:
    """Of a draw, in the order in which it drew."""
    query = (select(DrawSite.stratum, DrawSite.rank, DrawSite.replaced_by_rank, Site.code, Site.name, Act.number, Act.state,
                    Inspection.mode, Inspection.planned_on, Inspection.result, Act.details)
             .join(Site, Site.id == DrawSite.site_id).join(Act, Act.id == DrawSite.inspection_id)
             .join(Inspection, Inspection.act_id == Act.id)
             .where(DrawSite.act_id == act_id).order_by(DrawSite.stratum, DrawSite.rank))
    return tuple(DrawnSite(*row[:10], tuple(row.details.get("assigned_ids") or ())) for row in session.execute(query))


def earlier_attempts(session: Session, row: DrawRow) -> tuple[tuple[int, str], ...]:
    """The abandoned attempts of the same key before this one: which, and the number of its act."""
    query = (select(DrawRow.attempt, Act.number).join(Act, Act.id == DrawRow.act_id)
             .where(DrawRow.level == row.level, DrawRow.area_code == row.area_code, DrawRow.quarter == row.quarter,
                    DrawRow.attempt < row.attempt).order_by(DrawRow.attempt))
    return tuple((each.attempt, each.number) for each in session.execute(query))
