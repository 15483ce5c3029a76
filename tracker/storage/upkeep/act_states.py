"""The states that the database holds acts to, as the migrations wrote them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.storage.acts.acts import ActStateRow


def state_rows(session: Session) -> set[tuple[str, str, bool]]:
    """Each kind with its states, and whether an act is over there."""
    query = select(ActStateRow.kind, ActStateRow.state, ActStateRow.is_over)
    return {(row.kind, row.state, row.is_over) for row in session.execute(query)}
