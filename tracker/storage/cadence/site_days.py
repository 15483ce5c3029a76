"""Days that come for supervised sites: reports that are owed and not in, and permits and registrations that end and that nothing
follows."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, exists, literal, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.sites.registers import SiteRegister
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.house.areas import within_area
from tracker.storage.sites.obligations import stands
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.sites import Site, SiteEntry, SiteProposal

LONG_OVER = timedelta(days=30)  # of what ended so long ago nobody is reminded
REPORT = "report"
_O, _E, _S, _R = SiteObligation.__table__.c, SiteEntry.__table__.c, Site.__table__.c, ReminderRow.__table__.c
_P = SiteProposal.__table__.c


class SiteDay(NamedTuple):
    """One day that comes. `what` is a register, or a report."""

    stream: str
    what: str
    code: str
    area_code: str
    unit_id: int | None
    number: str
    period: str
    kind: str
    due_on: date


class WaitingListing(NamedTuple):
    """A proposal of the positive list that nobody has decided, and since when."""

    code: str
    area_code: str
    unit_id: int | None
    action: str
    since_at: datetime


def waiting_listings(session: Session, area_code: str) -> list[WaitingListing]:
    """Those of an area, what waits longest first."""
    query = select(_S.code, _S.area_code, _S.unit_id, _P.action, _P.proposed_at).select_from(SiteProposal).join(
        Site, _S.id == _P.site_id).where(_P.decided_at.is_(None), within_area(_S.area_code, area_code))
    return [WaitingListing(*row) for row in session.execute(query.order_by(_P.proposed_at, _P.id))]


def site_days(session: Session, area_code: str, on: date, until: date) -> list[SiteDay]:
    """Those of an area that lie before a day."""
    of_area = within_area(_S.area_code, area_code)
    of_site = (_S.code, _S.area_code, _S.unit_id, _E.number)
    reports = select(_O.id, literal(REPORT), *of_site, _O.period, _O.kind, _O.due_on).select_from(
        SiteObligation).join(Site, _S.id == _O.site_id).join(SiteEntry, _E.id == _O.entry_id).where(
        of_area, stands(), _O.satisfied_at.is_(None), _O.due_on <= until)
    found = [SiteDay(f"obligation:{row[0]}", *row[1:]) for row in session.execute(reports)]
    later = aliased(SiteEntry)
    renewed = exists().where(later.register == _E.register, later.number == _E.number, later.valid_from > _E.valid_from,
                             later.is_accepted.is_(True), or_(later.ended_on.is_(None), later.ended_on >= later.valid_from))
    ending = select(_E.id, _E.register, *of_site, literal(""), literal(""), _E.valid_to).select_from(
        SiteEntry).join(Site, _S.id == _E.site_id).where(
        of_area, _E.register.in_((SiteRegister.permit, SiteRegister.registration)), _E.is_accepted.is_(True),
        _E.ended_on.is_(None), _E.valid_to <= until, _E.valid_to >= on - LONG_OVER, ~renewed)
    return found + [SiteDay(f"entry:{row[0]}", str(row[1]), *row[2:]) for row in session.execute(ending)]


def rungs_given(session: Session) -> dict[tuple[str, int, str], set[str]]:
    """The rungs that such days have behind them, by (stream, round, lap)."""
    found: dict[tuple[str, int, str], set[str]] = {}
    query = select(_R.stream, _R.round, _R.lap, _R.rung).where(or_(
        and_(_R.stream >= "obligation:", _R.stream < "obligation;"), and_(_R.stream >= "entry:", _R.stream < "entry;")))
    for stream, round_, lap, rung in session.execute(query):
        found.setdefault((stream, round_, lap), set()).add(rung)
    return found
