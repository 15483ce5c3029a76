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

CLOCKS = {"report": "执行报告", "permit": "排污许可证", "registration": "排污登记"}
RUNGS: list[dict[str, Any]] = [
    {"clock": clock, "days": days, "to": to, "word": word} for clock, days, to, word in (
        ("report", -30, ["officer"], "执行报告 30 日后到期"), ("report", -7, ["officer"], "执行报告 7 日后到期"),
        ("report", -1, ["officer"], "执行报告明日到期"), ("report", 1, ["officer", "head"], "执行报告超期 1 日"),
        ("report", 15, ["dispatcher"], "执行报告超期 15 日，可移交执法"),
        ("permit", -180, ["officer"], "排污许可证 180 日后到期"), ("permit", -90, ["officer"], "排污许可证 90 日后到期"),
        ("permit", -60, ["officer"], "排污许可证最后一天可申请延续"), ("permit", -1, ["officer"], "排污许可证明日到期"),
        ("permit", 0, ["officer"], "排污许可证今日到期"),
        ("registration", -60, ["officer"], "排污登记 60 日后到期"), ("registration", -20, ["officer"], "排污登记可办延续"),
        ("registration", -1, ["officer"], "排污登记明日到期"), ("registration", 0, ["officer"], "排污登记今日到期"))]
_RUNG = shapes.a_record({"clock": shapes.one_of(*CLOCKS, names=CLOCKS), "days": shapes.number(-365, 365),
                         "to": shapes.a_list(shapes.one_of("officer", "head", "dispatcher", "lead"), 4),
                         "word": shapes.words(30)},
                        names={"clock": "提醒什么"})

SITE_RULES: tuple[Rule, ...] = (
    Rule("positive_rules", "正面清单条件", "json", CONDITIONS, _CONDITIONS, "最多 20 条", "提出纳入正面清单时逐项核对的条件",
         "参照生态环境部2021年关于监督执法正面清单的文件；各地条件不一，此为默认值"),
    Rule("report_due", "执行报告期限", "json", DUE, _DUE, "每种报告一行", "排污许可执行报告在期满后哪一天前提交；年报按该年最后一天的值",
         "排污许可管理条例；各地年报期限有调整，此为默认值"),
    Rule("report_shift", "执行报告期限顺延", "json", {"is_shifted": False}, _SHIFT, "是或否", "执行报告的期限遇节假日是否顺延", LOCAL),
    Rule("obligation_ladder", "监管对象提醒阶梯", "json", RUNGS, shapes.a_list(_RUNG, 30), "最多 30 档",
         "执行报告、排污许可证、排污登记到期前后第几日在晨间清单里提醒谁；天数为负是到期前", LOCAL),
)


def due_days(value: object) -> dict[ReportKind, ReportDue]:
    """The days by which reports are due, from the rule book's value; a kind that it leaves out has the usual one."""
    lines = value if isinstance(value, list) else []
    told = {ReportKind(each["kind"]): ReportDue(int(each["months"]), int(each["day"])) for each in lines}
    return {kind: told.get(kind, ReportDue(1, 15)) for kind in ReportKind}
