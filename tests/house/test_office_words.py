"""The product speaks as an office writes: no spoken words on pages, in mails and in reports, and days as people write them."""

import re

import pytest

from tests.support.project_files import name_of, project_files
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import outcome_words
from tracker.domain.evidence.sources import SAMPLE, SOURCES

# What was said and is no more, with what an office writes.
SPOKEN: dict[str, str] = {
    "闸口": "应备证据", "核平": "核对平衡", "件次": "件（按单位计）", "在别人手上": "其他单位承办", "看看会怎样": "预览影响", "会怎样": "影响",
    "不改了": "取消", "记一条": "登记问题", "走到哪一步": "办理进度", "轮到您": "待您办理", "怎么算的": "计算说明", "认不出": "未识别",
    "要看一眼": "需要关注", "手里的": "收到的、所持的", "没办完": "未办结", "套得上": "适用", "套不上": "不适用", "定不了位": "无法定位",
    "读不懂": "无法识别", "用得怎样": "执行情况", "机关叫什么": "机关名称", "退回重来": "退回整改", "回音": "答复",
    "没有办": "未办理", "没有收下": "未接收",
}
SAID_IN = ("tracker/", "templates/", "static/js/")
SAYING = (".html", ".txt", ".js", ".py")
DATED = re.compile(r"\{\w+:%Y-%m-%d[^}]*\}")  # in a message of ours; a file's name or a table's cell has its own form
# Who must have such a word all the same: a pattern of what others write, or of a place's name.
MAY_SAY: dict[str, str] = {
    "tracker/domain/house/masking/surnames.py": "words that are no names",
}


def _saying() -> list[tuple[str, str]]:
    found = [path for path in project_files() if path.suffix in SAYING]
    return [(name, path.read_text()) for path in found if (name := name_of(path)).startswith(SAID_IN)
            and "/migrations/" not in name and name not in MAY_SAY]


def test_no_page_mail_or_report_says_a_spoken_word() -> None:
    said = [f"{name}: {word}, an office writes {better}" for name, text in _saying() for word, better in SPOKEN.items()
            if word in text]
    assert said == []


def test_no_message_says_a_day_as_a_machine_writes_it() -> None:
    said = [f"{name}: {found}" for name, text in _saying() if name.endswith(".py") for line in text.splitlines()
            if "Say(" in line for found in DATED.findall(line)]
    assert said == []


@pytest.mark.parametrize(("step", "state", "said"), [
    ("close", CaseState.closed, "现为“已销号”"), ("verify", CaseState.verified, "现为“核查通过”"),
    ("assign", CaseState.assigned, "已“交办”，现为“待签收”"), ("urge", CaseState.rectifying, "已“催办”，现为“整改中”")])
def test_what_a_step_led_to_is_said_once(step: str, state: CaseState, said: str) -> None:
    assert outcome_words(step, state) == said
    assert all(len(outcome_words(name, row.to)) for name, row in CASE_FLOW.steps.items() if row.to)


def test_a_source_that_is_a_sample_of_another_city_is_one_kind_and_lists_leave_it_out() -> None:
    assert [source.key for source in SOURCES if source.kind == SAMPLE] == ["CHICAGO"]
