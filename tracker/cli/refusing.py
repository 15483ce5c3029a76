"""Groups and commands whose refusals end as one Chinese sentence on stderr and an exit code that is not zero."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from flask.cli import AppGroup

from tracker.domain.errors import Refusal
from tracker.services.database_trouble import DATABASE_ERRORS, sentence_of


class Refused(click.ClickException):
    """A refusal at the command line. The sentence stands alone, without "Error:"."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence."""
        click.echo(self.format_message(), file=file or sys.stderr)


@contextmanager
def refusing() -> Iterator[None]:
    """Turns what the product or its database says no to into `Refused`."""
    try:
        yield
    except Refusal as refusal:
        raise Refused(refusal.sentence) from None
    except DATABASE_ERRORS as error:
        raise Refused(sentence_of(error)) from None


class RefusingGroup(AppGroup):
    """A group of commands in an application context."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, arguments and all."""
        with refusing():
            return super().invoke(ctx)


class RefusingCommand(click.Command):
    """A command without a group."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with refusing():
            return super().invoke(ctx)
