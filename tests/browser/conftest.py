"""The product served on loopback, and windows of its people."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask

from tests.browser.trail import Trail
from tests.browser.windows import Window, window
from tests.support.serving import serving

Opener = Callable[..., Window]


@pytest.fixture
def trail(app: Flask) -> Trail:
    """What was asked of the product lately."""
    return Trail(app)


@pytest.fixture
def base(app: Flask, trail: Trail) -> Iterator[str]:
    """The address of the product."""
    with serving(app) as address:
        yield address


@pytest.fixture
def opened(chromium: Any, app: Flask, base: str, trail: Trail) -> Iterator[Opener]:
    """`opened("officer", width=…, has_scripts=…)`: a window; every window is checked for complaints at the end."""
    with ExitStack() as open_windows:
        windows: list[Window] = []

        def opener(login: str = "", **how: Any) -> Window:
            windows.append(open_windows.enter_context(window(chromium, app, base, login, trail=trail, **how)))
            return windows[-1]

        yield opener
        for each in windows:
            assert each.complaints == []
