"""The operator's door: what is printed, what goes to stderr, and the exit code."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.support.makers import Town
from tracker.storage.house.base import db

Run = Callable[..., Result]


@pytest.fixture
def flask(app: Flask, town: Town) -> Run:
    """`flask("case", "show", number)` as an operator would type it, in a session of its own."""
    runner = app.test_cli_runner()

    def run(*args: str, **more: Any) -> Result:
        db.session.remove()
        result = runner.invoke(args=list(args), **more)
        db.session.remove()
        return result

    return run


@pytest.fixture
def refused(flask: Run) -> Callable[..., str]:
    """The one sentence on stderr of a command that must be refused; nothing is printed beside it."""

    def run(*args: str, **more: Any) -> str:
        result = flask(*args, **more)
        assert result.exit_code != 0, result.output
        lines = result.stderr.strip().splitlines()
        assert len(lines) == 1, result.output
        return lines[0]

    return run
