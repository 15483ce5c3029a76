"""The session in its signed cookie: it ends some hours after the last page that was asked for, give or take a few minutes. Only a
page in a window, or what a person sends, changes it: the answer to anything else may come late, and would bring back a session
that is over, or put a stranger's in the place of who has just signed in."""

from datetime import datetime, timedelta
from time import time
from typing import Any

from flask import Flask, Request, get_flashed_messages, request, session
from flask.json.tag import JSONTag, TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, SignatureExpired

from tracker.domain.house.say import Say, restored, stored
from tracker.web.house.script_answers import wants_json

RENEWED_AFTER = timedelta(minutes=5).total_seconds()
REMEMBERED = timedelta(days=30)
NAVIGATE = "navigate"
PERSON = "_user_id"  # where Flask-Login keeps who signed in


class Session(SecureCookieSession):
    """What one browser's cookie holds, when it was signed, and whether it is one of ours that has run out."""

    signed_at: float = 0
    has_lapsed = False


class SayTag(JSONTag):
    """A message stays one in the cookie, so that the page after a deed tells of it in the reader's language."""

    key = " say"

    def check(self, value: Any) -> bool:
        """Whether it is a message."""
        return isinstance(value, Say)

    def to_json(self, value: Any) -> Any:
        """Its pattern and values."""
        return stored(value)

    def to_python(self, value: Any) -> Any:
        """The message again."""
        return restored(value)


def _with_messages() -> TaggedJSONSerializer:
    made = TaggedJSONSerializer()
    made.register(SayTag, index=0)
    return made


class Sessions(SecureCookieSessionInterface):
    """Signs a cookie anew when it changed or is some minutes old: to do so for every page is work that nobody would notice."""

    session_class, serializer = Session, _with_messages()

    def open_session(self, app: Flask, request: Request) -> Session | None:
        """The session of the cookie; an empty one where it is missing, too old or none of ours."""
        signer, value = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signer is None or not value:
            return None if signer is None else Session()
        try:
            data, signed = signer.loads(value, max_age=int(app.permanent_session_lifetime.total_seconds()), return_timestamp=True)
        except SignatureExpired:
            lapsed = Session()
            lapsed.has_lapsed = PERSON in signer.loads(value)
            return lapsed
        except BadSignature:
            return Session()
        found = Session(data)
        found.signed_at = signed.timestamp()
        return found

    def get_expiration_time(self, app: Flask, session: Any) -> datetime | None:
        """Later than the session is over: the browser still bears it then, and what was typed in it is not a stranger's."""
        ends = super().get_expiration_time(app, session)
        return None if ends is None else ends + REMEMBERED

    def should_set_cookie(self, app: Flask, session: Any) -> bool:
        """Whether the answer carries the cookie anew."""
        if is_aside():
            return False
        is_old = session.permanent and time() - session.signed_at >= RENEWED_AFTER
        return bool(session.modified or (is_old and not wants_json()))


def was_signed_in() -> bool:
    """Whether this browser bears a session of somebody whom we let in, be it over by now. What such a person typed is read and
    shown again; the body of anybody else is not touched."""
    return PERSON in session or getattr(session, "has_lapsed", False)


def is_aside() -> bool:
    """Whether this is asked for beside what a window shows: a picture, a page to be kept, a worker. Browsers say so in one header
    on safe addresses only; a picture is known by what it accepts everywhere."""
    accepted = request.headers.get("Accept", "")
    if "text/html" in accepted or wants_json():
        return False
    return accepted.startswith("image/") or request.headers.get("Sec-Fetch-Mode", NAVIGATE) != NAVIGATE


def news(**how: Any) -> list[Any]:
    """What is to be told, and is told once: on the next page that somebody sees, not on one that is fetched beside it."""
    return [] if is_aside() else list(get_flashed_messages(**how))


def register(app: Flask) -> None:
    """Keep sessions so, and hand the news to the templates under Flask's own name."""
    app.session_interface = Sessions()
    app.jinja_env.globals["get_flashed_messages"] = news
