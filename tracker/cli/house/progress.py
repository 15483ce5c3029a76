"""Progress of long commands: a bar on a terminal, a plain line now and then in a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

LINES = 10


@contextmanager
def progress() -> Iterator[Callable[[int, int, str], None]]:
    """A function to call with (done, total, what). It writes to stderr, so that what is printed stays clean."""
    shown = _Bars() if sys.stderr.isatty() else _Lines()
    try:
        yield shown.step
    finally:
        shown.end()


class _Bars:
    def __init__(self) -> None:
        self._bar: Any = None
        self._what, self._done = "", 0

    def step(self, done: int, total: int, what: str) -> None:
        """Move the bar; another `what` begins another bar."""
        if what != self._what or self._bar is None:
            self.end()
            self._what, self._done = what, 0
            self._bar = click.progressbar(length=total, label=what, file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._done)
        self._done = done

    def end(self) -> None:
        """Leave the cursor on a line of its own."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


class _Lines:
    def __init__(self) -> None:
        self._tenth: tuple[str, int] = ("", -1)

    def step(self, done: int, total: int, what: str) -> None:
        """A line at every tenth of the way."""
        tenth = (what, done * LINES // total if total else LINES)
        if tenth != self._tenth:
            self._tenth = tenth
            click.echo(f"{what} {done}/{total}", err=True)

    def end(self) -> None:
        """Nothing to tidy."""
