"""Browser windows of signed-in people that remember every complaint of the browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Error

from tests.browser.trail import Trail
from tests.support.visitors import visitor

DESK, PHONE = 1280, 390
LONGEST_SHOWN = 400
HEIGHTS = {DESK: 900, PHONE: 844}
# Flask-Compress leaves the static files that it packs to be closed by the garbage collection.
FORGIVEN = pytest.mark.filterwarnings("ignore:unclosed file .*static:ResourceWarning")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Window:
    """One page of one person. `complaints` are console errors, broken files and violations of the content policy."""

    page: Any
    base: str
    trail: Trail
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> "Window":
        """Begin to listen."""
        self.page.set_default_timeout(8000)
        self.page.set_default_navigation_timeout(30_000)  # a busy machine may stand still for a while; no page is that slow
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("response", self._see)
        self.page.on("requestfailed", lambda asked: self.trail.note(f"✕ {asked.method} {asked.url}: {asked.failure}"))
        return self

    def become(self, app: Flask, login: str) -> None:
        """Somebody else sits down in front of the same browser."""
        self.page.context.clear_cookies()
        name = app.config["SESSION_COOKIE_NAME"]
        kept = visitor(app, login).get_cookie(name)
        self.page.context.add_cookies([{"name": name, "value": kept.value, "url": self.base}])

    def go(self, path: str) -> Any:
        """Open an address of the product."""
        return self.page.goto(f"{self.base}{path}")

    def press(self) -> None:
        """Send the form of the page with its button, and wait for what follows."""
        with self.telling(), self.page.expect_navigation():
            self.page.locator("main form[method=post] button[type=submit]").last.click()

    def follow(self, selector: str) -> None:
        """Click the first such link."""
        with self.telling(), self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def enter(self) -> None:
        """The Enter key where it leads to another page."""
        with self.telling(), self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Whatever breaks off inside says where the window stood, for whom, and what had been asked."""
        try:
            yield
        except (Error, AssertionError) as broken:
            if not hasattr(broken, "__notes__"):
                broken.add_note(self._account())
            raise

    def says(self) -> str:
        """The text of the page's middle."""
        return str(self.page.locator("main").inner_text())

    def check(self) -> None:
        """No complaint so far, and the page fits the window."""
        assert self.complaints == [], (self.page.url, self.complaints)
        assert self.page.evaluate(SIDEWAYS) <= 0, f"{self.page.url} scrolls sideways"

    def _account(self) -> str:
        page, shown = self.page, " ".join(self.page.locator("main").all_inner_texts()).split()
        number = re.search(r"XH-\d+-\d+", page.url)
        said = self.trail.told(page.context.cookies(), number[0] if number else "")
        return f"at {page.url} ({page.title()})\n{said}\n{' '.join(shown)[:LONGEST_SHOWN]}"

    def _hear(self, message: Any) -> None:
        is_status = message.text.startswith("Failed to load resource")  # judged in _see, where refusals are told from breakage
        if message.type in ("error", "warning") and not is_status:
            self.complaints.append(f"{message.type}: {message.text}")

    def _see(self, response: Any) -> None:
        asked = response.request
        is_form = asked.is_navigation_request() or (asked.method == "POST" and asked.headers.get("accept") == "application/json")
        is_refusal = is_form and response.status < 500
        if response.status >= 400 and not is_refusal:
            self.complaints.append(f"{response.status} {response.url}")


@contextmanager
def window(browser: Any, app: Flask, base: str, login: str = "", *, trail: Trail, width: int = DESK,
           has_scripts: bool = True) -> Iterator[Window]:
    """A window of this person, signed in already; a stranger's when no login is given."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHTS[width]}, java_script_enabled=has_scripts,
                                  locale="zh-CN",
                                  timezone_id="Asia/Shanghai", has_touch=width == PHONE, is_mobile=width == PHONE)
    opened = Window(context.new_page(), base, trail).watch()
    if login:
        opened.become(app, login)
    try:
        yield opened
    finally:
        context.close()
