"""The sessions of a person as they read them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.people.devices import device_of
from tracker.storage.people.sign_ins import SignInSession

S = SignInSession


@dataclass(frozen=True)
class SessionLine:
    """One session that is not over."""

    id: int
    made_at: datetime
    seen_at: datetime
    address: str
    agent: str

    @property
    def device(self) -> str:
        """Browser and system."""
        return device_of(self.agent)


def open_of(session: Session, person_id: int, now: datetime) -> tuple[SessionLine, ...]:
    """The sessions in which somebody is signed in, the one used last first."""
    query = select(S.id, S.made_at, S.seen_at, S.address, S.agent).where(
        S.person_id == person_id, S.ended_at.is_(None), S.ends_at > now).order_by(S.seen_at.desc(), S.id.desc())
    return tuple(SessionLine(*row) for row in session.execute(query))
