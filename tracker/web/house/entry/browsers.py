"""Browsers in which somebody signed in before: a guesser elsewhere makes nobody wait who comes back to their own."""

import hmac
from datetime import timedelta
from secrets import token_hex

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

REMEMBERED = timedelta(days=180)
MOST_LOGINS = 8  # of an office's shared machine


def mark_of(login: str) -> str:
    """The mark of this browser, where this person signed in in it before; "" in any other."""
    browser, logins = _read_cookie()
    return browser if _login_mark(login) in logins else ""


def remember(response: Response, login: str) -> Response:
    """This person signed in here: the newest login first, and not too many."""
    browser, logins = _read_cookie()
    mine = _login_mark(login)
    kept = [mine, *(each for each in logins if each != mine)][:MOST_LOGINS]
    response.set_cookie(
        _cookie_name(), str(_browser_seal().dumps([browser or token_hex(16), kept])), max_age=REMEMBERED, httponly=True,
        samesite="Lax", secure=bool(current_app.config["SESSION_COOKIE_SECURE"]), path="/")
    return response


def _read_cookie() -> tuple[str, list[str]]:
    try:
        browser, logins = _browser_seal().loads(request.cookies.get(_cookie_name(), ""))
    except BadSignature:
        return "", []
    return str(browser), [str(each) for each in logins]


def _cookie_name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_b"


def _login_mark(login: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"browser|{login.strip().lower()}".encode(), "sha256").hex()[:16]


def _browser_seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="browser")
