"""How the ledger stands, as the page `/ledger` says it to everybody: its end, its heads and seals, its checks, what it once
was."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.notes import LogHead
from tracker.services.house.work import reading, wiring
from tracker.services.mail.ledger_foot import ledger_trouble, verification_late
from tracker.services.upkeep import heads, verifying
from tracker.services.upkeep.proofs import witnesses
from tracker.services.upkeep.proofs.witnesses import WitnessStanding
from tracker.services.upkeep.verifying import PastRun
from tracker.storage.house import log
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import Checkpoint

MOST_DAYS = 14
INCIDENTS = (LedgerFacts.clock_set_back, LedgerFacts.clock_rebased, LedgerFacts.heads_accepted, LedgerFacts.key_rotated,
             LedgerFacts.key_retired, LedgerFacts.restored)


@dataclass(frozen=True)
class SealedDay:
    """A day's checkpoint."""

    on: date
    head: LogHead
    note: str


@dataclass(frozen=True)
class LedgerIncident:
    """Something that is told of the ledger for ever."""

    at: datetime
    kind: str
    reason: str


@dataclass(frozen=True)
class LedgerStanding:
    """All of it. `before` is how many facts there were when the ledger was begun, and the day of that; 0 for one that was there
    from the first fact on."""

    origin: str
    size: int
    head: LogHead | None
    vkeys: tuple[str, ...]
    trouble: str
    alarm: str
    runs: tuple[PastRun, ...]
    is_check_asked: bool
    days: tuple[SealedDay, ...]
    incidents: tuple[LedgerIncident, ...]
    witnesses: tuple[WitnessStanding, ...]
    before: int
    begun_on: date | None


def standing() -> LedgerStanding:
    """The ledger as it stands now."""
    session, now = reading(), wiring().clock.now()
    before, begun_on = _told_beginning(session)
    origin = heads.origin_of(session) or ""
    return LedgerStanding(
        origin, log.end(session)[0], log.newest_head(session), tuple(key.vkey for key in heads.known_keys(session)),
        ledger_trouble(session), verification_late(session, now), tuple(verifying.past_runs(session, 7)),
        verifying.is_asked(session),
        tuple(SealedDay(row.on, LogHead(origin, row.size, row.root), row.note) for row in session.scalars(
            select(Checkpoint).order_by(Checkpoint.size.desc()).limit(MOST_DAYS))),
        tuple(_told_incidents(session)), witnesses.standing_of(session, now), before, begun_on)


def _told_beginning(session: Session) -> tuple[int, date | None]:
    row = session.execute(select(FactRow.at, FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.begun)
                          .order_by(FactRow.seq).limit(1)).first()
    return (json.loads(row.body).get("facts", 0), wiring().clock.local(row.at).date()) if row else (0, None)


def _told_incidents(session: Session) -> list[LedgerIncident]:
    query = select(FactRow.at, FactRow.kind, FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind.in_(INCIDENTS))
    return [LedgerIncident(row.at, row.kind, str(json.loads(row.body).get("reason", "")))
            for row in session.execute(query.order_by(FactRow.seq.desc()))]
