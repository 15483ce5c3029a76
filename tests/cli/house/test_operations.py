"""`flask calendar`, `jobs`, `ledger`, `backup`, `doctor`, and what a broken database says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from config import Settings
from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker import create_app
from tracker.domain.cases.facts import CaseState
from tracker.services.rules import rules
from tracker.services.upkeep import jobs
from tracker.storage.house.base import db
from tracker.wiring import JOBS

Run = Callable[..., Result]


@pytest.mark.one_engine
@pytest.mark.parametrize(("args", "on"), [
    # over Spring Festival, with its make-up days
    (("--from", "2026-02-13", "--days", "3", "--unit", "working_day"), "2026-02-25"),
    (("--from", "2026-03-02", "--days", "10", "--unit", "calendar_day"), "2026-03-12"),
    (("--from", "2026-03-02", "--days", "10", "--unit", "working_day", "--both-ends"), "2026-03-13"),
    (("--from", "2026/03/07", "--days", "1", "--unit", "working_day"), "2026-03-09"),
])  # fmt: skip
def test_a_due_date_is_told_day_by_day_with_the_date_alone_at_the_end(flask: Run, args: tuple[str, ...], on: str) -> None:
    done = flask("calendar", "due", *args)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == on
    assert lines[-2].startswith(f"{on} ")
    first, last = date.fromisoformat(lines[0][:10]), date.fromisoformat(on)
    assert len(lines) == (last - first).days + 2


@pytest.mark.one_engine
def test_past_the_published_calendar_a_date_is_provisional_and_a_notice_refused(flask: Run, refused: Callable[..., str]) -> None:
    text = flask("calendar", "due", "--from", "2026-12-25", "--days", "10", "--unit", "working_day").stdout
    assert "暂定：" in text
    date.fromisoformat(text.splitlines()[-1])
    assert "尚未公布" in refused("calendar", "due", "--from", "2026-12-25", "--days", "10", "--unit", "working_day", "--both-ends")


@pytest.mark.one_engine
def test_bad_calendar_questions_are_sentences(refused: Callable[..., str]) -> None:
    assert "应为日期" in refused("calendar", "due", "--from", "2026-13-01", "--days", "1", "--unit", "working_day")
    assert "天数" in refused("calendar", "due", "--from", "2026-01-01", "--days", "0", "--unit", "working_day")
    assert "超出" in refused("calendar", "due", "--from", "2099-01-01", "--days", "1", "--unit", "working_day")
    assert "没有 1995 年" in refused("calendar", "show", "1995")


def test_a_year_is_entered_from_a_file_and_counts_at_once(flask: Run, refused: Callable[..., str], tmp_path: Path) -> None:
    assert 2027 not in rules.calendar().published_years
    file = tmp_path / "2027.csv"
    file.write_text("date,kind,name,source,notice\n2027-01-01,holiday,元旦,published,国办发明电〔2026〕9号\n"
                    "2027-01-03,makeup,元旦,published,国办发明电〔2026〕9号\n")
    assert "新增" in flask("calendar", "load", str(file)).output
    assert "调休上班 元旦 已公布" in flask("calendar", "show", "2027").output
    assert 2027 in rules.calendar().published_years
    assert "新增 0 天，更改 0 天" in flask("calendar", "load", str(file)).output
    file.write_bytes("date,kind,name,source\n2027-01-04,makeup,元旦,entered\n".encode("gb18030"))
    assert "第 2 行 2027年1月4日" in refused("calendar", "load", str(file))
    for content, said in (("a,b\n1,2\n", "缺少列"), ("date,kind,name,source\n", "没有一行"),
                          ("date,kind,name,source\n2027-02-30,holiday,x,entered\n",
                          "第 2 行的 date 列"), ("date,kind,name,source" + "\n2053-01-01,holiday,x,entered" * 2, "同一天")):
        file.write_text(content)
        assert said in refused("calendar", "load", str(file))
    assert "读不了" in refused("calendar", "load", str(tmp_path / "absent.csv"))
    assert flask("ledger", "verify").exit_code == 0


def test_loading_a_year_asks_before_the_dates_of_cases_move(town: Town, flask: Run, refused: Callable[..., str],
                                                            tmp_path: Path) -> None:
    town.clock.move_to(town.clock.end_of(date(2026, 12, 28)) + timedelta(hours=9))
    number = town.case_in(CaseState.rectifying, "H12345")
    before, file = town.row(number).due_on, tmp_path / "2027.ics"
    file.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270105\r\n"
                    "SUMMARY:元旦（休）\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    tried = flask("calendar", "load", str(file), "--dry-run").output
    (line,) = [line for line in tried.splitlines() if line.startswith(number)]
    assert f"{before} → " in line and "暂定 → 确定" in line
    assert "2027-01-01 五 放假 元旦 已公布" in tried
    assert "只有 4 个放假日" in tried and "未录入" in tried
    assert town.row(number).is_due_provisional
    assert flask("calendar", "load", str(file)).exit_code == 1, "nobody answered"
    assert 2027 not in rules.calendar().published_years
    assert "重算案件 1 件" in flask("calendar", "load", str(file), "--yes").output
    db.session.rollback()
    assert not town.row(number).is_due_provisional
    assert f" {town.row(number).due_on}，" in line
    assert flask("ledger", "verify").exit_code == 0


@pytest.mark.one_engine
def test_working_hours_are_counted_in_office_hours(flask: Run) -> None:
    text = flask("calendar", "due", "--from", "2026-03-02", "--days", "8", "--unit", "working_hour").stdout
    assert text.splitlines()[-1] == "2026-03-04", "seven hours on Tuesday, one on Wednesday"


def test_running_a_job_twice_for_a_date_does_nothing_twice(town: Town, flask: Run, refused: Callable[..., str]) -> None:
    number = town.case_in(CaseState.noticing, "D2JX")
    last = town.row(number).notice_to_on
    assert last is not None
    town.clock.move_to(town.clock.end_of(last))
    on = town.clock.today().isoformat()
    assert "公示期满 1 件" in flask("jobs", "run", "daily-notice-end", "--on", on).output
    again = flask("jobs", "run", "daily-notice-end", "--on", on)
    assert (again.exit_code, "已运行过" in again.output) == (0, True)
    assert "没有任务“tea”" in refused("jobs", "run", "tea")
    listed = flask("jobs", "list").output
    assert all(job.id in listed for job in JOBS)
    assert "完成 公示期满 1 件" in listed


def test_verify_names_the_first_bad_fact_and_exits_1(town: Town, flask: Run) -> None:
    number = town.registered()
    town.walk(number, "assign", "acknowledge")
    assert "全部相符" in flask("ledger", "verify").output
    assert flask("ledger", "seal").output == flask("ledger", "seal").output
    tamper(f"UPDATE facts SET actor_id = actor_id + 1 WHERE stream = 'case:{number}' AND seq = 2")
    done = flask("ledger", "verify")
    assert done.exit_code == 1
    assert f"case:{number}#2 case:assigned" in done.stderr


@pytest.mark.one_engine
def test_a_backup_is_made_once_and_restored_nowhere_near_existing_records(town: Town, flask: Run, refused: Callable[..., str],
                                                                          tmp_path: Path) -> None:
    town.case_in(CaseState.submitted)
    file = str(tmp_path / "b.tar.gz")
    done = flask("backup", "create", file)
    assert (done.exit_code, "已备份到" in done.stdout) == (0, True)
    assert "已存在" in refused("backup", "create", file)
    assert "不能覆盖" in refused("backup", "restore", file, "--verify")
    assert "放行 0 封" in flask("backup", "release-mail").output.replace("已", "")


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(town: Town, flask: Run) -> None:
    town.clock.advance(minutes=1)
    sick = flask("doctor")
    assert sick.exit_code == 1
    assert "flask scheduler run" in sick.output
    jobs.run_due()
    well = flask("doctor")
    assert (well.exit_code, "问题" in well.output) == (0, False), well.output
    town.clock.advance(days=250)  # November: next year's calendar is not published
    assert "提醒  工作日历" in flask("doctor").output


@pytest.mark.one_engine
def test_a_database_without_tables_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    app: Flask = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.db'}"))
    for args in (["people", "list"], ["ledger", "verify"], ["case", "show", "XH-2026-000001"], ["jobs", "list"]):
        done = app.test_cli_runner().invoke(args=args)
        assert done.exit_code == 1
        assert done.stderr.strip().splitlines()[-1] == "数据库还没有建表，请执行 flask db upgrade。"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.one_engine
def test_every_command_of_the_interface_is_there(app: Flask) -> None:
    promised = {"people": {"add", "grant", "revoke", "deactivate", "reset-password", "list"}, "case": {"show", "step", "steps"},
                "calendar": {"due", "show", "load"}, "jobs": {"list", "run"}, "scheduler": {"run"}, "ledger": {"verify", "seal"},
                "backup": {"create", "restore"}, "db": {"upgrade", "shrink"}}
    for name, commands in promised.items():
        group = app.cli.commands[name]
        assert commands <= set(group.commands)  # type: ignore[attr-defined]
    assert "doctor" in app.cli.commands


@pytest.mark.one_engine
@pytest.mark.parametrize(("args", "said"), [
    (("supervision", "list", "--most", "0"), "--most 应为不小于 1 的整数"),
    (("outbox", "list", "--limit", "0"), "--limit 应为不小于 1、不大于 10000 的整数"),
    (("outbox", "list", "--kind", "nope"), "--kind 只能是：held、given_up、bounced、put_off、repeated"),
    (("outbox", "list", "--nope"), "没有选项 --nope"),
    (("supervision", "run"), "缺少 CADENCE"),
    (("jobs", "nope"), "没有命令“jobs nope”，已有：list、run"),
    (("jobs", "run", "daily-seal", "more"), "参数写得不对"),
])  # fmt: skip
def test_a_command_typed_wrongly_is_told_in_one_sentence(flask: Run, args: tuple[str, ...], said: str) -> None:
    done = flask(*args)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{said}；加 --help 查看用法。\n")
