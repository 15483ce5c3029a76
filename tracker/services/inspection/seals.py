"""Whether a fact stands in a daily seal already, which was handed out."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import LogRow


def is_sealed(session: Session, stream: str, kind: str) -> bool:
    """The newest fact of this kind in a stream is covered by the newest seal."""
    position = session.scalar(select(LogRow.position).join(FactRow, FactRow.id == LogRow.fact_id)
                              .where(FactRow.stream == stream, FactRow.kind == kind).order_by(LogRow.position.desc()).limit(1))
    seal = session.scalar(select(FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.sealed)
                          .order_by(FactRow.seq.desc()).limit(1))
    return position is not None and seal is not None and position <= int(json.loads(seal)["size"])
