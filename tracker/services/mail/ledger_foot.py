"""The last lines of every mail: how far the ledger was signed, so that its reader can hold us to it; or that it does not hold."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.verifying import VerifyKind, overdue
from tracker.domain.house.say import Say, read_json
from tracker.services.house.positions import instant
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import LogRow, newest_head
from tracker.storage.house.preferences import Preference

TROUBLE = "ledger_trouble"  # the preference in which the head job keeps what it met
MOST_RUNS = 20  # among so many the last full one stands, where there is one in time
NOT_HOLDING = "账本核验未通过"


def ledger_trouble(session: Session) -> str:
    """Why the ledger is not signed at present; empty while it is."""
    kept = session.get(Preference, TROUBLE)
    return read_json(kept.value)["said"] if kept is not None else ""


def ledger_foot(session: Session, now: datetime) -> str:
    """One line, empty before anything was signed: the short form, and that nobody verifies any more when that is so."""
    if session.get(Preference, TROUBLE) is not None:
        return Say(NOT_HOLDING)
    head = newest_head(session)
    short, late = head.short if head is not None else "", verification_late(session, now)
    return Say("{head}；{late}", head=short, late=late) if short and late else short or late


def verification_late(session: Session, now: datetime) -> str:
    """That the ledger has not been verified for too long, "" while it has."""
    begun = session.scalar(select(LogRow.logged_at).join(FactRow, FactRow.id == LogRow.fact_id).where(FactRow.stream != LEDGER)
                           .order_by(LogRow.position).limit(1))
    rows = session.execute(select(FactRow.at, FactRow.body).where(
        FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.checked).order_by(FactRow.seq.desc()).limit(MOST_RUNS))
    last: dict[str, datetime] = {}
    for row in rows:
        last.setdefault(read_json(row.body)["kind"], row.at)
    return overdue(now, instant(begun) if begun is not None else None, last.get(VerifyKind.full), last.get(VerifyKind.nightly))


def text_with_foot(text: str, foot: str) -> str:
    """A mail's text with the foot below it."""
    return f"{text.rstrip()}\n\n-- \n{foot}\n" if foot else text


def page_with_foot(html: str | None, foot: str) -> str | None:
    """A mail's page with the foot below its content."""
    if html is None or not foot:
        return html
    before, end, after = html.rpartition("</body>")
    return f'{before}<p class="system">{foot}</p>{end}{after}' if end else html
