"""Who can sign in already, and whose link is still good."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.people.kinds import AccountState, PersonKind
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignInLink


def account_states(session: Session, now: datetime) -> dict[int, AccountState]:
    """The state of everybody's account, by id."""
    latest = select(SignInLink.person_id, func.max(SignInLink.expires_at).label("until")).where(
        SignInLink.used_at.is_(None)).group_by(SignInLink.person_id).subquery()
    columns = (Person.id, Person.password_hash != "", Person.deactivated_on.is_not(None), latest.c.until)
    found = session.execute(select(*columns).outerjoin(latest, latest.c.person_id == Person.id).where(
        Person.kind == PersonKind.person))
    return {person: _state_of(has_password, is_over, until is not None and until > now)
            for person, has_password, is_over, until in found}


def _state_of(has_password: bool, is_over: bool, has_good_link: bool) -> AccountState:
    if is_over:
        return AccountState.deactivated
    if has_password:
        return AccountState.enabled
    return AccountState.invited if has_good_link else AccountState.expired
