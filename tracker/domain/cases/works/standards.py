"""The lists of items of the six works, for the town and for the country: a dated value of the rule book. A case is judged by the
list of the day on which its works were set."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracker.domain.cases.works.items import MEANINGS, STANDARDS, CheckItem, CheckSheet, Standard, WorkKind
from tracker.domain.house.say import Say
from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule
from tracker.domain.rules.shapes import Misfit
from tracker.domain.territory.routing import WORKS

WORK_STANDARDS, PASS_MARK = "work_standards", "pass_mark"
WHOLE = 100  # what the points of a work sum to
D, C, G, R, Z, L = WorkKind

# The list while none was set. Cases are judged by it for ever, so it never changes: a new list is a value of the rule book.
_LINES: tuple[tuple[Standard, WorkKind, str, str, int, bool], ...] = (
    (Standard.urban, D, "chai-1", "违法建(构)筑物拆到位", 40, True), (Standard.urban, D, "chai-2", "违章广告拆除", 30, True),
    (Standard.urban, D, "chai-3", "渣土当日清运", 30, False),
    (Standard.urban, C, "qing-1", "积存垃圾清零", 50, True), (Standard.urban, C, "qing-2", "无乱堆乱挂", 30, False),
    (Standard.urban, C, "qing-3", "水沟无黑臭", 20, False),
    (Standard.urban, G, "lv-1", "宜绿地块覆绿", 60, False), (Standard.urban, G, "lv-2", "不遮挡信号与瞭望", 40, True),
    (Standard.urban, R, "gai-1", "围墙统一修缮", 60, False), (Standard.urban, R, "gai-2", "道路硬化平整", 40, False),
    (Standard.urban, Z, "zhuang-1", "沿线立面整洁统一", 60, False), (Standard.urban, Z, "zhuang-2", "空调外机、线缆规整", 40, False),
    (Standard.urban, L, "liang-1", "亮化完好", 60, False), (Standard.urban, L, "liang-2", "不眩光、不误认信号", 40, True),
    (Standard.rural, D, "chai-1", "危旧棚舍拆到位", 50, True), (Standard.rural, D, "chai-2", "旱厕、禽棚移出可视范围", 30, False),
    (Standard.rural, D, "chai-3", "场地平整", 20, False),
    (Standard.rural, C, "qing-1", "陈年垃圾清零", 50, True), (Standard.rural, C, "qing-2", "柴草归置", 30, False),
    (Standard.rural, C, "qing-3", "水塘水面无漂浮物", 20, False),
    (Standard.rural, G, "lv-1", "宜林地段绿化", 60, False), (Standard.rural, G, "lv-2", "不遮挡瞭望", 40, True),
    (Standard.rural, R, "gai-1", "坡屋顶、白墙协调", 60, False), (Standard.rural, R, "gai-2", "入户路平整", 40, False),
    (Standard.rural, Z, "zhuang-1", "立面刷白完整", 100, False), (Standard.rural, L, "liang-1", "村口路灯完好", 100, False),
)
DEFAULT: dict[str, dict[str, list[dict[str, Any]]]] = {
    standard: {work: [{"code": code, "text": text, "points": points, **({"must": True} if must else {})}
                      for of, kind, code, text, points, must in _LINES if (of, kind) == (standard, work)] for work in WORKS}
    for standard in STANDARDS}


def _read_code(raw: Any) -> str:
    text = raw.strip() if isinstance(raw, str) else ""
    if not text.isascii() or not text.replace("-", "").isalnum() or len(text) > 20:
        raise Misfit(Say("代码只用字母、数字和短横，最多 20 个，“{raw}”不合", raw=str(raw)[:40]))
    return text


_ITEM = shapes.a_record(
    {"code": shapes.words(20).further(_read_code), "text": shapes.words(60), "points": shapes.number(0, WHOLE)},
    {"must": shapes.yes, "photo": shapes.yes}, names={"text": "核查内容", "must": "★ 否决项（必须做到）", "photo": "须有现场照片"})
_OF_WORKS = shapes.a_record({work: shapes.a_list(_ITEM, 20) for work in WORKS}, names=MEANINGS)
_TABLE = shapes.a_record(dict.fromkeys(STANDARDS, _OF_WORKS))


def _read_standards(raw: Any) -> dict[str, Any]:
    """The lists: no code twice in a standard, the points of each work summing to a hundred, no must without points."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = _TABLE(raw)
    for standard, works in found.items():
        codes = [item["code"] for items in works.values() for item in items]
        if twice := next((code for code in codes if codes.count(code) > 1), None):
            raise Misfit(Say("{standard}里代码“{code}”用了两次", standard=Say(STANDARDS[standard]), code=twice))
        for work, items in works.items():
            _check_points(Say("{standard}·{work}", standard=Say(STANDARDS[standard]), work=Say(WORKS[work])), items)
    return found


def _check_points(where: str, items: list[dict[str, Any]]) -> None:
    if empty := next((item["text"] for item in items if item.get("must") and item["points"] == 0), None):
        raise Misfit(Say("{where}：否决项“{item}”的分值不能是 0", where=where, item=empty))
    total = sum(item["points"] for item in items)
    if total != WHOLE:
        raise Misfit(Say("{where}：各项分值之和应为 {whole}，现为 {total}", where=where, whole=WHOLE, total=total))


WORK_RULES: tuple[Rule, ...] = (
    Rule(WORK_STANDARDS, "整治标准", "json", DEFAULT, _TABLE.further(_read_standards), "每类各项分值之和为 100，代码不重复",
         "拆、清、绿、改、装、亮按城区、农村各查什么、各多少分；案件按确定整治内容那天的标准核查，不论经过几轮", LOCAL),
    Rule(PASS_MARK, "整治合格分", "number", 80, shapes.number(1, WHOLE), "1–100 分", "核查评分不低于多少分才能通过", LOCAL),
)


def items_of(value: object, standard: str, works: Iterable[str]) -> tuple[CheckItem, ...]:
    """The items of these works in a list, in the order of the works."""
    assert isinstance(value, Mapping)
    wanted = set(works)
    return tuple(CheckItem(work, item["code"], item["text"], item["points"], bool(item.get("must")), bool(item.get("photo")))
                 for work in WORKS if work in wanted for item in value[standard][work])


def sheet_of(value: object, standard: str, since: date | None, works: Iterable[str]) -> CheckSheet:
    """The sheet of a case, by the list that was in force then."""
    found = tuple(work for work in WORKS if work in set(works))
    return CheckSheet(found, standard, since, items_of(value, standard, found))
