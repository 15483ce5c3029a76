"""What was asked of the product lately, and by whom: told when a window does not come to where it was to go."""

from collections import deque
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from time import monotonic
from typing import Any

from flask import Flask
from itsdangerous import BadSignature

from tests.support.visitors import in_town
from tracker.services.people import access
from tracker.services.people.signing import sessions

KEPT = 40


class Trail:
    """The last requests and answers of a product: put around it, so that those of workers and of pages long left are seen too."""

    def __init__(self, app: Flask) -> None:
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._app, self._inner, self._began = app, app.wsgi_app, monotonic()
        self._lines: deque[str] = deque(maxlen=KEPT)
        app.wsgi_app = self  # type: ignore[method-assign]

    def note(self, line: str) -> None:
        """One more line, with its moment."""
        self._lines.append(f"{monotonic() - self._began:8.3f} {line}")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} ({environ.get('HTTP_SEC_FETCH_MODE', '-')})"
        if environ["PATH_INFO"].startswith("/static/"):
            return self._inner(environ, start_response)
        self.note(f"→ {asked} as {self._holder(environ.get('HTTP_COOKIE', ''))}")

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = "".join(f", keeps {self._holder(value)}" for name, value in headers if name == "Set-Cookie")
            to = "".join(f" to {value}" for name, value in headers if name == "Location")
            self.note(f"← {asked}: {status}{to}{kept}")
            return start_response(status, headers, *rest)

        return self._inner(environ, begin)

    def told(self, cookies: Iterable[Any], number: str) -> str:
        """Whose the session is, how the case of this number stands, and what was asked last."""
        holders = [self._held(each["value"]) for each in cookies if each["name"] == self._cookie]
        case = f"case {number}: {self._state(number)}" if number else "no case"
        return "\n".join([f"signed in: {', '.join(holders) or 'nobody'}; {case}", *self._lines])

    def _state(self, number: str) -> str:
        with in_town(self._app) as town:
            return str(town.row(number).state)

    def _held(self, value: str) -> str:
        """Whose a session cookie is, without marks and tokens."""
        signer = self._app.session_interface.get_signing_serializer(self._app)  # type: ignore[attr-defined]
        try:
            held = signer.loads(value)
        except BadSignature:
            return "nobody"
        told = len(held.get("_flashes", ()))
        with self._app.app_context():
            stands = access.in_session(sessions.digest_of(held.get("_user_id", "-")))
        return f"person {stands.actor.id if stands else '-'}" + (f" with {told} to tell" if told else "")

    def _holder(self, header: str) -> str:
        found = SimpleCookie(header).get(self._cookie)
        return self._held(found.value) if found else "nobody"
