"""Links with which somebody sets their own password. They go to the person's own box, or as a slip of paper from hand to hand, of
which a fact says who made it. A link is spent when the password is set, and a new one kills those before it."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import NotFound
from tracker.domain.house.links import Link, Place, url_of
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import LinkPurpose
from tracker.services.house.postings import Posting
from tracker.services.house.work import Work, wiring
from tracker.services.people.persons import stream_of
from tracker.services.rules import values
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignInLink, SignInSession

TERMS = {LinkPurpose.invite: timedelta(hours=72), LinkPurpose.reset: timedelta(hours=2), LinkPurpose.setup: timedelta(hours=24)}
GONE = "链接无效、已用过或已过期。请联系管理员再发一个。"


@dataclass(frozen=True)
class PasswordLink:
    """A link as it was made. `code` is kept nowhere; it is "" where the link went into the mail."""

    login: str
    name: str
    code: str
    expires_at: datetime
    mailed_at: datetime | None

    @property
    def url(self) -> str:
        """The whole address of a slip. The code stands in the fragment, which no browser sends and no proxy writes down."""
        return f"{url_of(Link(Place.set_password), wiring().base_url)}#{self.code}"


def give(work: Work, by: Actor, person: Person, purpose: LinkPurpose, *, is_slip: bool = False) -> PasswordLink:
    """A link for somebody: mailed, or handed over where they have no address. To an address that was changed lately it goes when
    that has rested, so that who changed it is found out first."""
    now, code = work.clock.now(), base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
    is_slip = is_slip or not person.email
    starts_at = now if is_slip else _rested_at(work, person, now)
    kill(work, person.id)
    row = SignInLink(person_id=person.id, digest=digest_of(code), purpose=purpose, made_at=now, made_by_id=by.id, is_slip=is_slip,
                     expires_at=starts_at + TERMS[purpose])
    work.session.add(row)
    work.session.flush()
    work.record(stream_of(person.id), PersonFacts.link_made, by, {"link": row.id, "purpose": purpose, "is_slip": is_slip})
    if not is_slip:
        words = {"login": person.login, "code": code, "link": Link(Place.set_password), "is_new": purpose is LinkPurpose.invite,
                 "until": f"{work.clock.local(row.expires_at):%Y-%m-%d %H:%M}"}
        work.post([Posting(person.id, "password_link", f"password-link/{row.id}", words, not_before=starts_at)])
    return PasswordLink(person.login, person.name, code if is_slip else "", row.expires_at, None if is_slip else starts_at)


def kill(work: Work, person_id: int) -> None:
    """No link of somebody opens any more."""
    now = work.clock.now()
    good = select(SignInLink).where(SignInLink.person_id == person_id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    for row in work.session.scalars(good.order_by(SignInLink.id).with_for_update()):
        row.expires_at = now


def spend(work: Work, code: str) -> tuple[Person, SignInLink]:
    """Whose link this is, spent with what follows in this work. Raises `NotFound`, in one sentence for whatever is wrong."""
    query = select(SignInLink).where(SignInLink.digest == digest_of(code), SignInLink.used_at.is_(None))
    row = work.session.scalar(query.with_for_update())
    person = work.session.get(Person, row.person_id, with_for_update=True) if row is not None else None
    now = work.clock.now()
    if row is None or person is None or row.expires_at <= now or person.deactivated_on is not None:
        raise NotFound(GONE, field="code")
    row.used_at = now
    return person, row


def is_first_use_of_slip(work: Work, person_id: int) -> bool:
    """Whether nobody signed in yet since this person's password was set with a slip of paper."""
    used = select(SignInLink).where(SignInLink.person_id == person_id, SignInLink.used_at.is_not(None))
    last = work.session.scalar(used.order_by(SignInLink.used_at.desc(), SignInLink.id.desc()).limit(1))
    if last is None or not last.is_slip:
        return False
    later = select(SignInSession.id).where(SignInSession.person_id == person_id, SignInSession.made_at >= last.used_at)
    return work.session.scalar(later.limit(1)) is None


def digest_of(code: str) -> str:
    """What is kept of a code of 128 random bits; typed with blanks, hyphens or capitals it is the same."""
    return hashlib.sha256("".join(code.split()).replace("-", "").lower().encode()).hexdigest()


def _rested_at(work: Work, person: Person, now: datetime) -> datetime:
    if person.email_since is None:
        return now
    return max(now, person.email_since + timedelta(hours=values.number("new_address_hours", work.clock.today())))
