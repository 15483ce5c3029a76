"""The one-time code with which an empty installation is claimed: the first visitor shall not be the one who owns it."""

import base64
import hmac
import json
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Conflict, NotFound
from tracker.domain.house.links import Link, Place, url_of
from tracker.domain.people.kinds import PersonKind
from tracker.services.house.work import Work, deed, wiring
from tracker.services.people.signing.links import digest_of
from tracker.storage.house.preferences import Preference
from tracker.storage.people.accounts import Person

CODE, TERM = "setup_code", timedelta(hours=24)
GONE = "开设链接无效或已过期。请在服务器上执行 ./run flask setup link，打开新打印的链接。"
CLAIMED = "本系统已经开设过了，请登录。"


def is_claimed(session: Session) -> bool:
    """Whether anybody was ever added; services do not count."""
    return session.scalar(select(Person.id).where(Person.kind == PersonKind.person).limit(1)) is not None


def require_unclaimed(session: Session) -> None:
    """Raises `Conflict` once there is somebody."""
    if is_claimed(session):
        raise Conflict(CLAIMED, code="claimed")


@deed
def make_link(work: Work) -> str:
    """A new link, which kills the old one; its code is kept nowhere and stands in the fragment, which no browser sends."""
    require_unclaimed(work.session)
    code = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
    said = {"digest": digest_of(code), "until": (work.clock.now() + TERM).isoformat()}
    work.session.merge(Preference(key=CODE, value=json.dumps(said)))
    return f"{url_of(Link(Place.setup), wiring().base_url)}#{code}"


def check_code(session: Session, code: str) -> None:
    """Raises `NotFound` for a code that is not the newest, or older than a day."""
    row = session.get(Preference, CODE)
    said = json.loads(row.value) if row is not None else {"digest": ""}
    is_same = hmac.compare_digest(digest_of(code), said["digest"])
    if not is_same or datetime.fromisoformat(said["until"]) <= wiring().clock.now():
        raise NotFound(GONE, field="code")


def spend_code(session: Session, code: str | None) -> None:
    """The same, and no code opens anything more. None is the operator at the machine, who needs none."""
    if code is not None:
        check_code(session, code)
    session.execute(delete(Preference).where(Preference.key == CODE))
