"""Answers that come after their page is gone, and after somebody else sat down: they change nobody's session."""

from collections.abc import Callable, Iterable
from threading import Event
from typing import Any

import pytest
from flask import Flask

from tests.browser.windows import FORGIVEN, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
ASK = {  # as a page asks for its pictures, and for the pages that it keeps
    "picture": "path => { const shown = new Image(); shown.onerror = () => { window.isOver = true }; shown.src = path }",
    "fetch": "path => { fetch(path).then(answer => answer.text()).finally(() => { window.isOver = true }) }",
}


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


class Held:
    """The answers to one address are made at once and handed out when it is said."""

    def __init__(self, app: Flask, path: str) -> None:
        self._inner, self._path, self.made, self.may_go = app.wsgi_app, path, Event(), Event()
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = list(self._inner(environ, start_response))
        if environ["PATH_INFO"] == self._path:
            self.made.set()
            assert self.may_go.wait(20)
        return answer


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK.keys())
def test_who_signs_in_while_an_older_request_runs_stays_signed_in(app: Flask, opened: Opener, ask: str) -> None:
    with in_town(app) as town:
        number = town.case_in(CaseState.verified, "PATROL")
    window = opened("verifier")
    window.go(f"/cases/{number}")
    held = Held(app, "/login")
    window.page.context.clear_cookies()
    window.page.evaluate(ask, "/evidence/999/thumb")
    assert held.made.wait(20)
    window.become(app, "lead")
    held.may_go.set()
    window.page.wait_for_function("() => window.isOver")
    window.go(f"/cases/{number}")
    assert "/login" not in window.page.url
    window.follow("main a[href$='/steps/close']")
