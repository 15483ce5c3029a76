"""Groups and commands whose refusals end as one Chinese sentence on stderr and an exit code that is not zero."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from flask.cli import AppGroup

from tracker.domain.house.errors import Incomplete, Refusal
from tracker.services.house.database_trouble import DATABASE_ERRORS, sentence_of

SEE_HELP = "加 --help 查看用法。"


def misuse(error: click.UsageError) -> str:
    """What was typed wrongly, as a sentence that names it and where to read how it is done."""
    param = getattr(error, "param", None)
    name = (param.opts[0] if isinstance(param, click.Option)
            else param.human_readable_name) if param is not None else getattr(error, "param_hint", None)
    if isinstance(error, click.MissingParameter):
        help_text = getattr(param, "help", None)
        said = f"缺少 {name}（{help_text}）" if help_text else f"缺少 {name}"
    elif isinstance(error, click.NoSuchOption):
        said = f"没有选项 {error.option_name}"
    elif param is not None and isinstance(param.type, click.Choice):
        said = f"{name} 只能是：{'、'.join(map(str, param.type.choices))}"
    elif param is not None and isinstance(param.type, click.IntRange):
        most = f"、不大于 {param.type.max}" if param.type.max is not None else ""
        said = f"{name} 应为不小于 {param.type.min}{most} 的整数"
    else:
        said = f"{name} 的值无法识别" if name else "参数写得不对"
    return f"{said}；{SEE_HELP}"


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
        is_named = not isinstance(refusal, Incomplete) or not refusal.field or "--" in refusal.sentence
        raise Refused(refusal.sentence if is_named else f"{refusal.sentence}（{refusal.field}）") from None
    except click.UsageError as error:
        raise Misused(misuse(error)) from None
    except DATABASE_ERRORS as error:
        raise Refused(sentence_of(error)) from None


class Misused(Refused):
    """A command that was typed wrongly."""

    exit_code = 2


class RefusingGroup(AppGroup):
    """A group of commands in an application context."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant. Raises `Misused` naming those that there are."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise Misused(f"没有命令“{ctx.info_name} {args[0]}”，已有：{'、'.join(self.list_commands(ctx))}；{SEE_HELP}")
        return super().resolve_command(ctx, args)

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
