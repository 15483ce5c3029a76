"""`flask reports …` as an operator types it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.reports.document import read_document
from tracker.domain.reports.kinds import REPORTS
from tracker.domain.rules.periods import period_named
from tracker.services.reports import reports

pytestmark = pytest.mark.one_engine
FRIDAY_EVENING = datetime(2026, 3, 6, 10, 30, tzinfo=UTC)
Run = Callable[..., Any]


@pytest.fixture
def week(town: Town) -> Town:
    """A week with two cases, after its cut."""
    town.case_in(CaseState.rectifying)
    town.case_in(CaseState.closed)
    town.clock.move_to(FRIDAY_EVENING)
    return town


def rendered(flask: Run, to: Path, *more: str) -> str:
    """What the command says."""
    result = flask("reports", "render", "weekly", "--period", "2026-W10", "--format", "json", "--to", str(to), *more)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_report_that_is_not_stored_is_counted_afresh_and_said_so(week: Town, flask: Run, tmp_path: Path) -> None:
    assert "重新统计" in rendered(flask, tmp_path / "w.json")
    document = read_document(json.loads((tmp_path / "w.json").read_text()))
    assert (document.name, document.period, len(document.cases["closing"])) == ("weekly", "2026-W10", 1)


def test_a_stored_report_comes_from_the_archive(week: Town, flask: Run, tmp_path: Path) -> None:
    row = reports.publish(reports.build("weekly", period_named("2026-W10"), "360103"))
    body = row.body
    week.registered()
    assert "取自存档" in rendered(flask, tmp_path / "w.json")
    assert (tmp_path / "w.json").read_text() == body + "\n"


def test_as_of_counts_afresh_up_to_the_end_of_that_day(week: Town, flask: Run, tmp_path: Path) -> None:
    reports.publish(reports.build("weekly", period_named("2026-W10"), "360103"))
    said = rendered(flask, tmp_path / "w.json", "--as-of", "2026-03-02")
    assert "数据截至 2026-03-03 00:00" in said and "与存档不是同一份" in said


def test_the_archive_is_listed_and_verified(week: Town, flask: Run) -> None:
    for name, period in (("weekly", "2026-W10"), ("daily", "2026-03-05")):
        reports.publish(reports.build(name, period_named(period), "360103"))
    listed = flask("reports", "list").stdout
    assert "weekly 2026-W10 360103" in listed and listed.endswith("存档报告 2 份\n")
    assert flask("reports", "list", "daily").stdout.endswith("存档报告 1 份\n")
    assert flask("reports", "verify").stdout == "存档报告 2 份，重算全部相符\n"


def test_the_first_report_that_differs_is_named(week: Town, flask: Run) -> None:
    row = reports.publish(reports.build("weekly", period_named("2026-W10"), "360103"))
    title = row.title
    tamper("DROP TRIGGER IF EXISTS reports_no_UPDATE", "UPDATE reports SET body = replace(body, '调度', '调试')")
    result = flask("reports", "verify")
    assert result.exit_code == 1 and title in result.stderr


def of_another_edition(number: int) -> None:
    """As if the builder had been changed since: the frozen report and its fact say another number."""
    for today in {each.edition for each in REPORTS}:
        tamper("DROP TRIGGER IF EXISTS reports_no_UPDATE",
               f"UPDATE reports SET inputs = replace(inputs, '\"edition\"\\:{today}', '\"edition\"\\:{number}')",
               f"UPDATE facts SET body = replace(body, '\"edition\"\\:{today}', '\"edition\"\\:{number}')")


def test_a_report_of_another_edition_is_no_false_alarm_and_its_text_is_checked_all_the_same(week: Town, flask: Run) -> None:
    for name, period in (("weekly", "2026-W10"), ("daily", "2026-03-05")):
        reports.publish(reports.build(name, period_named(period), "360103"))
    of_another_edition(9)
    reports.publish(reports.build("daily", period_named("2026-03-04"), "360103"))
    lines = flask("reports", "verify").stdout.splitlines()
    now = next(each.edition for each in REPORTS if each.name == "daily")
    assert len(lines) == 3 and f"由第 9 版规则生成，现为第 {now} 版，字节不再可比；散列仍核对存储的文字" in lines[1]
    assert lines[-1] == "存档报告 3 份，重算相符 1 份，另 2 份只核对散列"
    tamper("UPDATE reports SET body = replace(body, '调度', '调试')")
    assert flask("reports", "verify").exit_code == 1


def test_an_edition_that_the_ledger_does_not_know_of_hides_nothing(week: Town, flask: Run) -> None:
    reports.publish(reports.build("daily", period_named("2026-03-05"), "360103"))  # whose builder is still of the first edition
    tamper("DROP TRIGGER IF EXISTS reports_no_UPDATE",
           "UPDATE reports SET inputs = replace(inputs, '\"edition\"\\:', '\"edition\"\\:9')")
    result = flask("reports", "verify")
    assert result.exit_code == 1 and "与账本记录的摘要不符" in result.stderr


def test_a_report_frozen_before_there_were_editions_comes_out_again(week: Town, flask: Run) -> None:
    reports.publish(reports.build("daily", period_named("2026-03-05"), "360103"))  # whose builder is still of the first edition
    tamper("DROP TRIGGER IF EXISTS reports_no_UPDATE", "UPDATE reports SET inputs = replace(inputs, '\"edition\"\\:1,', '')",
           "UPDATE facts SET body = replace(body, '\"edition\"\\:1,', '') WHERE stream LIKE 'report:%'")
    assert flask("reports", "verify").stdout == "存档报告 1 份，重算全部相符\n"


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("hourly", "--period", "2026-W10"), "没有报告"), (("weekly", "--period", "last"), "无法识别"),
    (("weekly", "--period", "2026-03"), "2026-W47"),
    (("weekly", "--period", "2026-W10", "--area", "99"), "没有区划代码“99”"),
])
def test_what_cannot_be_rendered_is_refused_in_a_sentence(refused: Run, tmp_path: Path, arguments: tuple[str, ...],
                                                          sentence: str) -> None:
    assert sentence in refused("reports", "render", *arguments, "--format", "json", "--to", str(tmp_path / "x"))


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("render", "weekly", "--period", "2026-W10", "--format", "pdf", "--to", "x"), "--format 只能是：json、html、xlsx、docx；"),
    (("render", "weekly"), "缺少 --period（"), (("render",), "缺少 NAME；"), (("list", "--all"), "没有选项 --all；"),
    (("print",), "没有命令“reports print”，已有：batch、circular、edit、list、render、sign、verify；"),
])
def test_a_mistyped_command_line_is_answered_in_one_chinese_sentence(flask: Run, arguments: tuple[str, ...],
                                                                     sentence: str) -> None:
    result = flask("reports", *arguments)
    assert result.exit_code != 0 and result.stderr.startswith(sentence) and result.stderr.count("\n") == 1


def test_an_area_that_nobody_knows_is_no_empty_report(week: Town, refused: Run, tmp_path: Path) -> None:
    to = tmp_path / "w.json"
    assert "没有区划代码“999999”" in refused("reports", "render", "weekly", "--period", "2026-W10", "--area", "999999", "--format",
                                     "json", "--to", str(to))
    assert not to.exists()


def test_what_is_not_the_frozen_report_says_so_on_its_own_paper(week: Town, flask: Run, tmp_path: Path) -> None:
    rendered(flask, tmp_path / "w.json")
    assert read_document(json.loads((tmp_path / "w.json").read_text())).subtitle.endswith("（未存档的预览）")
    rendered(flask, tmp_path / "w.json", "--as-of", "2026-03-02")
    assert read_document(json.loads((tmp_path / "w.json").read_text())).subtitle.endswith("（统计期未结束，未存档的预览）")


def test_the_paper_bears_the_day_of_its_issue_once_there_was_one(week: Town, flask: Run, tmp_path: Path) -> None:
    def right() -> list[str]:
        rendered(flask, tmp_path / "w.docx", "--format", "docx")
        return [line.text for line in docx.Document(str(tmp_path / "w.docx")).paragraphs
                if line.alignment == WD_ALIGN_PARAGRAPH.RIGHT]

    assert right() == []
    reports.publish(reports.build("weekly", period_named("2026-W10"), "360103"))
    assert right() == ["西湖区生态环境保护督察整改办公室", "2026年3月6日"]


def test_counting_afresh_what_is_frozen_says_that_it_is_the_same(week: Town, flask: Run, tmp_path: Path) -> None:
    row = reports.publish(reports.build("weekly", period_named("2026-W10"), "360103"))
    body = row.body
    assert "与存档相同" in rendered(flask, tmp_path / "w.json", "--as-of", "2026-03-31")
    assert (tmp_path / "w.json").read_text() == body + "\n"


def test_a_folder_that_does_not_exist_is_said_in_chinese(week: Town, refused: Run, tmp_path: Path) -> None:
    said = refused("reports", "render", "weekly", "--period", "2026-W10", "--format", "json", "--to",
                   str(tmp_path / "none" / "w.json"))
    assert "所在的文件夹不存在" in said and "No such file" not in said


def test_a_file_that_cannot_be_written_is_named(week: Town, refused: Run, tmp_path: Path) -> None:
    for to, why in ((tmp_path, "这是一个文件夹"), (tmp_path / "nowhere" / "w.json", "文件或它所在的文件夹不存在")):
        assert f"文件 {to} 写不了：{why}。" in refused("reports", "render", "weekly", "--period", "2026-W10", "--format", "json",
                                                "--to", str(to))
