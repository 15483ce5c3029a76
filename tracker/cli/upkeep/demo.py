"""`flask demo load`: the demo district, its people and a year of cases."""

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

from tracker.cli.house.progress import progress
from tracker.cli.house.refusing import RefusingGroup
from tracker.demo.district import Account
from tracker.demo.loading import SEED, LoadedDemo
from tracker.demo.loading import load as load_demo
from tracker.demo.stories import DEFAULT_CASES
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.wording import ROLES, word
from tracker.domain.house.errors import Conflict
from tracker.domain.reports.counting import count
from tracker.gateways.mail.sending import FolderSender

ACCOUNTS_FILE, OUTBOX = "demo-accounts.txt", "outbox"
group = RefusingGroup("demo", help="演示辖区。")


@group.command("load")
@click.option("--cases", type=int, default=DEFAULT_CASES, show_default=True, help="案件数；各来源按比例增减")
@click.option("--seed", type=int, default=SEED, show_default=True, help="随机种子；同一天同一种子得到同样的案件")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="演示数据的截止日（不含当日）；不给则为今天")
@click.option("--cases-only", is_flag=True, help="只装案件，不装调度记录、报告和邮件，省一分钟")
def load(cases: int, seed: int, until: datetime | None, cases_only: bool) -> None:
    """装入演示辖区：西湖区及各街道、部门、铁路单位，各角色人员，走完真实步骤的十三个月案件，以及这段时间的调度、报告和近三个工作日的邮件。"""
    settings = current_app.config["SETTINGS"]
    if not settings.is_demo:
        raise Conflict("本系统是自己的辖区(DISTRICT=own)，不装演示数据；要看演示：PORT=8001 ./run demo。", code="own_district")
    file, folder = Path(settings.instance_dir) / ACCOUNTS_FILE, Path(settings.instance_dir) / OUTBOX
    kept = _Accounts(file)
    last: date | None = until.date() if until else None
    try:
        with progress() as step:
            loaded = load_demo(keep=kept.keep, mailer=FolderSender(folder, settings.mail_from), cases=cases, seed=seed,
                               until=last, is_supervised=not cases_only, progress=step)
    except BaseException:
        kept.forget()
        raise
    for line in (*kept.lines, "", f"以上账号保存在 {file}（仅本机当前用户可读）。", "", *_summary_lines(loaded)):
        click.echo(line)


class _Accounts:
    """The list of accounts in a file that nobody else may read; taken away again when the load comes to nothing."""

    def __init__(self, file: Path) -> None:
        self._file, self._is_written = file, False
        self.lines: tuple[str, ...] = ()

    def keep(self, accounts: Sequence[Account]) -> None:
        """Write them down."""
        self.lines = ("登录名        密码             角色 姓名 单位",
                      *(f"{a.login:<13} {a.password:<16} {ROLES[a.role]} {a.name} {a.unit}" for a in accounts))
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._is_written = True
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            os.fchmod(handle, 0o600)
            out.write("\n".join(self.lines) + "\n")

    def forget(self) -> None:
        """Take the file away, if it was written."""
        if self._is_written:
            self._file.unlink(missing_ok=True)


def _summary_lines(loaded: LoadedDemo) -> list[str]:
    """The register in figures, as counted from the database."""
    lines = [f"演示数据 {loaded.first} 至 {loaded.until}（不含当日）："]
    if loaded.is_cut:
        lines.append(f"工作日历只公布到 {loaded.until.year} 年，演示数据止于 {loaded.until}。")
    for key, by_state in loaded.by_source.items():
        counts = count(by_state)
        states = "、".join(f"{word(state)} {by_state[state.value]}" for state in CaseState if state.value in by_state)
        rate = counts.completion_rate()
        lines.append(f"{loaded.source_names[key]}（{key}）{counts.received} 件：{states}；办结率 {rate}")
    total = sum(sum(by_state.values()) for by_state in loaded.by_source.values())
    return [*lines, f"合计 {total} 件，账本事实 {loaded.fact_count} 条。"]
