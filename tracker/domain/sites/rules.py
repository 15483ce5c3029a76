"""The lines of the rule book about supervised sites."""

from typing import Any

from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule
from tracker.domain.sites.obligations import ReportDue, ReportKind
from tracker.domain.sites.registers import REPORT_KINDS

CONDITIONS: list[dict[str, Any]] = [
    {"code": "no_emergency", "word": "两年内没有发生突发环境事件"},
    {"code": "trade", "word": "不是垃圾焚烧、危险废物处置、城镇或园区污水处理"},
    {"code": "yangtze", "word": "不是长江干支流一公里内的化工、造纸"},
    {"code": "no_crime", "word": "三年内没有环境犯罪"},
]
_CONDITIONS = shapes.a_list(shapes.a_record({"code": shapes.words(20), "word": shapes.words(60)}), 20)

DUE: list[dict[str, Any]] = [{"kind": kind.value, "months": 1, "day": 15} for kind in ReportKind]
_DUE = shapes.a_list(shapes.a_record({"kind": shapes.one_of(*ReportKind, names=dict(REPORT_KINDS)), "months": shapes.number(1, 6),
                                      "day": shapes.number(1, 31)},
                                     names={"kind": "报告", "months": "期满后第几个月", "day": "哪一日"}), 4)
_SHIFT = shapes.a_record({"is_shifted": shapes.yes}, names={"is_shifted": "顺延到下一个工作日"})

SITE_RULES: tuple[Rule, ...] = (
    Rule("positive_rules", "正面清单条件", "json", CONDITIONS, _CONDITIONS, "最多 20 条", "提出纳入正面清单时逐项核对的条件",
         "环办执法〔2021〕10号；各地条件不一，此为默认值"),
    Rule("report_due", "执行报告期限", "json", DUE, _DUE, "每种报告一行", "排污许可执行报告在期满后哪一天前提交；年报按该年最后一天的值",
         "排污许可管理条例；各地年报期限有调整，此为默认值"),
    Rule("report_shift", "执行报告期限顺延", "json", {"is_shifted": False}, _SHIFT, "是或否", "执行报告的期限遇节假日是否顺延", LOCAL),
)


def due_days(value: object) -> dict[ReportKind, ReportDue]:
    """The days by which reports are due, from the rule book's value; a kind that it leaves out has the usual one."""
    lines = value if isinstance(value, list) else []
    told = {ReportKind(each["kind"]): ReportDue(int(each["months"]), int(each["day"])) for each in lines}
    return {kind: told.get(kind, ReportDue(1, 15)) for kind in ReportKind}
