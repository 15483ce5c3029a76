"""The session in its signed cookie: it ends some hours after the last page that was asked for, give or take a few minutes."""

from datetime import timedelta
from time import time
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

RENEWED_AFTER = timedelta(minutes=5).total_seconds()


class Session(SecureCookieSession):
    """What one browser's cookie holds, and when it was signed."""

    signed_at: float = 0


class Sessions(SecureCookieSessionInterface):
    """Signs a cookie anew when it changed or is some minutes old: to do so for every page is work that nobody would notice."""

    session_class = Session

    def open_session(self, app: Flask, request: Request) -> Session | None:
        """The session of the cookie; an empty one where it is missing, too old or none of ours."""
        signer, value = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signer is None or not value:
            return None if signer is None else Session()
        try:
            data, signed = signer.loads(value, max_age=int(app.permanent_session_lifetime.total_seconds()), return_timestamp=True)
        except BadSignature:
            return Session()
        found = Session(data)
        found.signed_at = signed.timestamp()
        return found

    def should_set_cookie(self, app: Flask, session: Any) -> bool:
        """Whether the answer carries the cookie anew."""
        return bool(session.modified or (session.permanent and time() - session.signed_at >= RENEWED_AFTER))
