"""Forms of acts in a real browser: filled in, sent, and the clock moved in between."""

from datetime import datetime
from typing import Any

from flask import Flask

from tests.browser.windows import Window
from tests.support.makers import jpeg, paper
from tests.support.visitors import in_town
from tracker.services.house.work import wiring

Chosen = dict[str, str]


def fill(window: Window, path: str, *, units: tuple[str, ...] = (), chosen: Chosen | None = None, file: str = "",
         **texts: str) -> None:
    """The form of a step: texts typed, answers chosen, units ticked, a paper or a photo attached; then its button."""
    window.go(path)
    page = window.page
    for name, text in texts.items():
        page.fill(f"[name={name}]", text)
    for name, value in (chosen or {}).items():
        control = page.locator(f"[name={name}]").first
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value)
        else:
            page.check(f"[name={name}][value='{value}']")
    for unit in units:
        page.check(f"[name=units][value={unit}]")
    if file:
        page.locator("input[type=file]").first.set_input_files(FILES[file])
        page.get_by_text("已收到").first.wait_for()
    window.check()
    window.press()
    window.check()


def button(window: Window, name: str) -> None:
    """A button of the page by its word."""
    with window.telling(), window.page.expect_navigation():
        window.page.get_by_role("button", name=name).first.click()


def at(app: Flask, *when: int) -> None:
    """The clock stands there."""
    with in_town(app) as town:
        town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


FILES: dict[str, dict[str, Any]] = {
    "photo": {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1)},
    "paper": {"name": "笔录.pdf", "mimeType": "application/pdf", "buffer": paper().content},
}
