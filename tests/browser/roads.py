"""What people do in a window from a photo to the seal, told once: the form of an issue, and the road of a case."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.browser.windows import Window
from tests.support.makers import jpeg
from tests.support.visitors import in_town
from tracker.domain.cases.facts import CaseState


def picture(serial: int) -> dict[str, Any]:
    """A photo as a phone hands it to the form."""
    return {"name": f"IMG_{serial}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(serial)}


def choose(window: Window, slot: int, serial: int) -> None:
    """One photo into one of the form's inputs."""
    window.page.locator(f"input[type=file][name=file_{slot}]").set_input_files(picture(serial))


def describe(page: Any, title: str = "桃花河边堆放垃圾") -> None:
    """The required fields of an issue."""
    page.fill("[name=title]", title)
    page.fill("[name=description]", "河东岸长约十米，已有异味")
    page.check("[name=categories][value=garbage]")
    page.fill("[name=place]", "桃花河东岸")
    page.select_option("[name=area_code]", "360103002")
    for field, code in (("source", "PATROL"), ("channel", "patrol"), ("no_photo", "device")):
        control = page.locator(f"[name={field}]")
        if not control.is_visible():
            page.locator(f"details:has([name={field}]) > summary").click()
        control.select_option(code)


def assign(page: Any) -> None:
    """What an assignment must be given."""
    page.select_option("[name=lead_unit]", "XH-CYZ")
    page.check("[name=supporting_units][value=XH-CG]")


def report(page: Any) -> None:
    """What a submission must be given."""
    page.check("[name=finding][value=true]")
    page.fill("[name=measures]", "垃圾已清运，地面已硬化")


def verify(page: Any) -> None:
    """What a verification must be given."""
    page.fill("[name=onsite_at]", "2026-03-02T08:30")
    page.fill("[name=onsite_people]", "核查组两人")
    page.fill("[name=conclusion]", "现场整洁，整改到位")


# who, step, what is filled in, which photo comes with it
ROAD: tuple[tuple[str, str, Callable[[Any], None] | None, int], ...] = (
    ("dispatcher", "assign", assign, 0), ("officer", "acknowledge", None, 0), ("officer", "submit", report, 2),
    ("verifier", "verify", verify, 3), ("lead", "close", None, 0),
)


def _take_the_road(app: Flask, window: Window, number: str) -> None:
    for login, step, given, serial in ROAD:
        window.become(app, login)
        window.go(f"/cases/{number}")
        window.check()
        window.follow(f"main a[href$='/steps/{step}']")
        window.check()
        if given:
            given(window.page)
        if serial:
            choose(window, 1, serial)
        window.press()
        assert window.page.url.endswith(f"/cases/{number}"), window.says()
        window.check()


def walk_to_the_seal(app: Flask, window: Window, number: str) -> None:
    """Five people after one another in this window; no page of theirs complains, and at the end the case is closed."""
    with window.telling():
        _take_the_road(app, window, number)
    assert "已销号" in window.says()
    with in_town(app) as town:
        assert town.row(number).state is CaseState.closed
