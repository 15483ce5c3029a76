"""What operators type: dates, roles, pairs, files. Anything malformed is one sentence that names it."""

import errno
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from tracker.domain.cases.wording import EVIDENCE_ROLES, ROLES
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Invalid
from tracker.services.evidence.evidence import Upload

Command = Callable[..., Any]
NOT_OPENED: dict[int, str] = {
    errno.ENOENT: "文件或它所在的文件夹不存在", errno.ENOTDIR: "路径里有一段不是文件夹", errno.EISDIR: "这是一个文件夹", errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只能读", errno.ENOSPC: "磁盘已满", errno.ENAMETOOLONG: "文件名太长",
}


def window_options(command: Command) -> Command:
    """The window that a count is of: its days, its area, and the day by whose records it is counted."""
    for option in (click.option("--as-of", "on", callback=day, help="按哪一天的记录计；不给则今天"),
                   click.option("--area", default="", help="区划代码；不给则全部"),
                   click.option("--to", "last", required=True, callback=day, help="截止日，含当天"),
                   click.option("--from", "first", required=True, callback=day, help="起始日")):
        command = option(command)
    return command


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A date such as 2026-11-23."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value.replace("/", "-"))
    except ValueError:
        raise Invalid(f"{param.opts[0]} 应为日期，如 2026-11-23；“{value}”无法识别。", field=param.name) from None


def role(ctx: click.Context, param: click.Parameter, value: str) -> Grant:
    """One role with its area: `dispatcher:330106`, or `admin` for everywhere."""
    code, _, area = value.replace("\uff1a", ":").partition(":")
    for known in Role:
        if code.strip() in (known.value, ROLES[known]):
            return Grant(known, area.strip())
    words = "、".join(f"{known.value}({ROLES[known]})" for known in Role)
    raise Invalid(f"没有角色“{code}”；已有角色：{words}。", field="role")


def roles(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[Grant, ...]:
    """Several roles."""
    return tuple(role(ctx, param, value) for value in values)


def pairs(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, object]:
    """`key=value` pairs; a key given again makes a list, `@file` reads a value from a file."""
    found: dict[str, object] = {}
    for value in values:
        name, sign, text = value.partition("=")
        if not sign or not name.strip():
            raise Invalid(f"{param.opts[0]} 应写成 名称=内容；“{value}”里没有等号。", field=param.name)
        name, text = name.strip(), _from_file(text)
        before = found.get(name)
        found[name] = text if before is None else [*(before if isinstance(before, list) else [before]), text]
    return found


def uploads(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[Upload, ...]:
    """Files, each with the role it plays in front when the step does not say: `before:a.jpg`."""
    found = []
    for value in values:
        code, sign, rest = value.partition(":")
        known = {r.value: r for r in EvidenceRole} | {word: r for r, word in EVIDENCE_ROLES.items()}
        as_role, path = (known[code], Path(rest)) if sign and code in known else (None, Path(value))
        found.append(Upload(path.name, read_bytes(path), as_role))
    return tuple(found)


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises `Invalid` naming it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"文件 {path} 读不了：{why_not(error)}。", field="file") from None


def write_file(path: Path, content: bytes) -> None:
    """The content under this name. Raises `Invalid` naming it."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Invalid(f"文件 {path} 写不了：{why_not(error)}。", field="to") from None


def why_not(error: OSError) -> str:
    """Why a file could not be opened, in the language of the answers."""
    return NOT_OPENED.get(error.errno or 0, "系统没有允许")


def _from_file(text: str) -> str:
    return read_bytes(Path(text[1:])).decode("utf-8", "replace") if text.startswith("@") and Path(text[1:]).is_file() else text
