"""How the product itself stands: schema, outbox, the clock's runs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.storage.house.runs import JobRun
from tracker.storage.mail.outbox import Message


@dataclass(frozen=True)
class HealthState:
    """Counts and instants; no content."""

    waiting: int
    given_up: int
    held: int
    oldest_waiting_at: datetime | None
    last_run_at: datetime | None
    failed_runs: int


def schema_version(session: Session) -> str | None:
    """The migration that the database is at; None when it does not answer or was never migrated."""
    try:
        found = session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        session.rollback()
        return None
    return str(found) if found else None


def state(session: Session) -> HealthState:
    """Outbox and runs in one statement."""
    waiting = select(func.count()).where(Message.state.in_(("waiting", "claimed"))).scalar_subquery()
    given_up = select(func.count()).where(Message.state == "given_up").scalar_subquery()
    held = select(func.count()).where(Message.state == "held").scalar_subquery()
    oldest = select(func.min(Message.due_at)).where(Message.state.in_(("waiting", "claimed"))).scalar_subquery()
    last = select(func.max(JobRun.started_at)).scalar_subquery()
    failed = select(func.count()).where(JobRun.state == "failed").scalar_subquery()
    row = session.execute(select(waiting, given_up, held, oldest, last, failed)).one()
    return HealthState(*row)
