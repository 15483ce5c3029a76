"""Headers that tell the browser what these pages may do, cookies that only travel where they should, and compression."""

import hmac
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_compress import Compress
from flask_talisman import Talisman

from tracker.web.house import sessions
from tracker.web.house.guard import demand_of

POLICY: dict[str, Any] = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": ["'self'", "data:"], "font-src": "'self'",
    "connect-src": "'self'", "manifest-src": "'self'", "frame-src": "'self'", "worker-src": "'self'", "form-action": "'self'",
    "frame-ancestors": "'none'", "base-uri": "'none'",
    "object-src": "'none'",
}
# A mail in its frame: its own styles and pictures, no script, no form, no link out of the frame.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
PERMISSIONS = {"geolocation": "(self)", "camera": "(self)", "microphone": "()", "payment": "()", "browsing-topics": "()"}
SESSION_LENGTH = timedelta(days=31)  # of the cookie; the database says when the session in it is over
A_YEAR = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Switch all of it on. Where BASE_URL is https, cookies are for https only and plain requests are sent there."""
    is_https = app.config["SETTINGS"].base_url.startswith("https://")
    sessions.register(app)
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(app.config["SECRET_KEY"], is_https=is_https),
        PERMANENT_SESSION_LIFETIME=SESSION_LENGTH, SEND_FILE_MAX_AGE_DEFAULT=A_YEAR,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/json", "application/geo+json",
                            "image/svg+xml"],
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024, MAX_FORM_PARTS=400,
    )
    app.after_request(_admit_tiles)
    app.after_request(_frame_mails)  # before Talisman registers itself, and so after it has set its headers
    Talisman(
        app, force_https=is_https, strict_transport_security=is_https, session_cookie_secure=is_https,
        session_cookie_samesite="Lax", content_security_policy=POLICY,
        content_security_policy_nonce_in=["script-src", "style-src"],
        frame_options="DENY", referrer_policy="same-origin", permissions_policy=PERMISSIONS,
    )
    Compress(app)
    app.after_request(_keep_pages_out_of_caches)


def cookie_name(secret: str, *, is_https: bool) -> str:
    """A name of this installation's own, since browsers send the cookies of a host to all its ports; under https one that no
    other host and no plain page can set."""
    mark = hmac.digest(secret.encode(), b"cookie", "sha256").hex()[:8]
    return f"__Host-xh_{mark}" if is_https else f"xh_{mark}"


def _frame_mails(response: Response) -> Response:
    """The one page that may stand in a frame of ours."""
    if g.get("is_framed_mail"):
        response.headers["Content-Security-Policy"], response.headers["X-Frame-Options"] = MAIL_POLICY, "SAMEORIGIN"
    return response


def _admit_tiles(response: Response) -> Response:
    """A page with a map may fetch pictures from the one host of its tiles, and no other page may."""
    if origin := g.get("tile_origin"):
        policy = response.headers["Content-Security-Policy"]
        response.headers["Content-Security-Policy"] = policy.replace("img-src ", f"img-src {origin} ")
    return response


def _keep_pages_out_of_caches(response: Response) -> Response:
    """Pages and files show what one person may see: no cache may keep them, whoever made the answer; what an endpoint admits
    everybody to says for itself how long it stays. Static files carry their hash and stay a year."""
    view = current_app.view_functions.get(request.endpoint or "")
    demand = demand_of(view) if view is not None else None
    is_for_all = demand is not None and demand.is_public and "Cache-Control" in response.headers
    if request.endpoint != "static" and not is_for_all and not response.cache_control.private:
        response.headers["Cache-Control"] = "private, no-store"
    return response
