"""Acts as their facts had told them by a moment: a day later the same moment gives the same."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from tracker.domain.upkeep.acts_then import FoldedAct
from tracker.storage.house import ledger
from tracker.storage.house.ledger import FactRow

PORTION = 200


def folded(session: Session, which: ColumnElement[bool], until: datetime) -> Iterator[FoldedAct]:
    """The acts whose streams these are, before a moment."""
    for _, facts in groupby(ledger.facts_like(session, which, FactRow.at < until), key=lambda fact: fact.stream):
        found = FoldedAct()
        for fact in facts:
            found.apply(fact.payload)
        yield found


def folded_each(session: Session, streams: Sequence[str], until: datetime) -> Iterator[FoldedAct]:
    """The same of these streams."""
    for start in range(0, len(streams), PORTION):
        yield from folded(session, FactRow.stream.in_(streams[start:start + PORTION]), until)
