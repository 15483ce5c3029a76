"""The rule book: every number and list that an authority sets for itself, with what it is for, its bounds, and where it comes from.

A value is kept as text with the day from which it holds; `read` turns the text into what the deeds use. Values of the kind
`json` are plain lists and objects, read only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tracker.domain import rule_shapes as shapes
from tracker.domain.errors import Invalid, NotFound
from tracker.domain.reports.appraisal_rules import DEFAULT_RULES, read_rules
from tracker.domain.reports.ranking import DEFAULT_WEIGHTS
from tracker.domain.reports.ranking import WORDS as COMPONENTS
from tracker.domain.rule_shapes import Misfit, Shape

LONGEST_TEXT = 20_000
LONGEST_BASIS = 300
LISTS = ("json", "areas")  # kinds whose text is JSON; areas are chosen by name


@dataclass(frozen=True)
class Rule:
    """One line of the book. `default` is the value while none was set; `shape` refuses what lies outside the bounds."""

    key: str
    word: str
    kind: str
    default: object
    shape: Shape
    bounds: str
    what_for: str
    basis: str


LADDER: list[dict[str, Any]] = [
    {"rung": "due_soon", "word": "即将到期", "days": -3, "unit": "working_day", "to": ["officer"]},
    {"rung": "due_today", "word": "今日到期", "days": 0, "unit": "calendar_day", "to": ["officer"]},
    {"rung": "overdue_1", "word": "超期 1 日", "days": 1, "unit": "calendar_day", "to": ["officer", "head"]},
    {"rung": "overdue_3", "word": "超期 3 日", "days": 3, "unit": "calendar_day", "to": ["officer", "head"]},
    {"rung": "overdue_7", "word": "超期 7 日", "days": 7, "unit": "calendar_day", "to": ["officer", "head", "dispatcher", "sponsor"]},
    {"rung": "overdue_15", "word": "超期 15 日，提请督办", "days": 15, "unit": "calendar_day",
     "to": ["head", "dispatcher", "lead", "sponsor"], "is_order_due": True},
]
_RUNG = shapes.a_record(
    {"rung": shapes.words(40), "word": shapes.words(30), "days": shapes.number(-60, 365),
     "unit": shapes.one_of("working_day", "calendar_day"),
     "to": shapes.a_list(shapes.one_of("officer", "head", "dispatcher", "sponsor", "lead", "supervisor"), 6)},
    {"is_order_due": shapes.yes},
)


def _ladder(raw: Any) -> list[dict[str, Any]]:
    """The rungs in the order of their days, no name twice."""
    rungs: list[dict[str, Any]] = shapes.a_list(_RUNG, 20)(raw)
    names = [rung["rung"] for rung in rungs]
    if twice := [name for name in names if names.count(name) > 1]:
        raise Misfit(f"档次“{twice[0]}”写了两次")
    days = [rung["days"] for rung in rungs]
    if days != sorted(days):
        raise Misfit("各档应按 days 由小到大排列")
    return rungs


def _appraisal(raw: Any) -> dict[str, Any]:
    """The rules of the appraisal as its reports read them."""
    found: dict[str, Any] = shapes.an_object(raw)
    try:
        read_rules(found)
    except Invalid as refusal:
        raise Misfit(refusal.sentence.rstrip("。")) from None
    return found


_HOT_SPOT = {"metres": shapes.number(10, 5000), "reports": shapes.number(2, 100), "days": shapes.number(1, 366), "people": shapes.number(1, 100)}
_ROBOTS = shapes.a_record({"is_on": shapes.yes, "a_minute": shapes.number(1, 20)}, {"notices": shapes.a_list(shapes.words(40))})
_LETTERS = "《信访工作条例》第三十四条：延长期限不超过30日"
_LOCAL = "地方可自定，此为默认值"

RULE_BOOK: tuple[Rule, ...] = (
    Rule("most_returns", "退回次数上限", "number", 2, shapes.number(0, 10), "0–10 次", "一件案件最多可以申请退回几次", _LOCAL),
    Rule("most_extensions", "延期次数上限", "number", 2, shapes.number(0, 10), "0–10 次", "一件案件最多可以延期几次", _LOCAL),
    Rule("longest_extension_days", "一次延期上限", "number", 30, shapes.number(1, 180), "1–180 日", "一次延期最多加多少日", _LETTERS),
    Rule("warn_workdays", "黄灯提前量", "number", 3, shapes.number(0, 20), "0–20 个工作日", "剩余不多于几个工作日时亮黄灯", "各地灯色不一，此为默认值"),
    Rule("quiet_hours", "免打扰时段", "stretch", "20:00-07:30", shapes.stretch, "可跨零点", "这个时段不发提醒", _LOCAL),
    Rule("office_hours", "上班时段", "hours", "09:00-12:00,13:30-17:30", shapes.office_hours, "由早到晚", "工作小时的期限从次日上班起只数这些时段；数到哪一天，当天24:00前都算按时", _LOCAL),
    Rule("ladder", "催办阶梯", "json", LADDER, _ladder, "最多 20 档", "到期前后第几日提醒谁；days 为负是到期前", _LOCAL),
    Rule("daily_mail_cap", "每人每日邮件上限", "number", 50, shapes.number(1, 1000), "1–1000 封", "一人一天最多收几封", _LOCAL),
    Rule("hot_spot", "投诉热点", "json", {"metres": 200, "reports": 3, "days": 30, "people": 2}, shapes.a_record(_HOT_SPOT),
         "metres 10–5000，days 1–366", "几日内同一点位多少件、多少人反映算热点", "环境信访投诉月报制度，阈值由地方定"),
    Rule("ranking_weights", "排名权重", "json", dict(DEFAULT_WEIGHTS), shapes.weights(*COMPONENTS), f"{'、'.join(COMPONENTS)}；合计 1",
         "月通报给单位排名时各项占多少", "权重由地方定，此为默认值"),
    Rule("appraisal_rules", "年考核规则", "json", DEFAULT_RULES, _appraisal, "各部分合计 100", "考核各部分的分值、扣分、加分、否决和等次", "考核办法由地方定，此为默认值"),
    Rule("dispute_days", "争议裁定期限", "number", 5, shapes.number(1, 60), "1–60 个工作日", "争议提级后多少个工作日内应指定办理", _LOCAL),
    Rule("robots", "群机器人", "json", {"is_on": False, "a_minute": 20}, _ROBOTS, "每分钟最多 20 条", "是否把通知也发到工作群；地址和密钥不写在这里",
         "企业微信、钉钉群机器人每分钟最多 20 条"),
    Rule("supervision_areas", "分区调度", "areas", [], shapes.a_list(shapes.area), "本市各区县、本区各街道（镇）", "另外单独出日、周、月报的区域；不选时只出本区", _LOCAL),
)
_BY_KEY: Mapping[str, Rule] = {rule.key: rule for rule in RULE_BOOK}


def rule_named(key: str) -> Rule:
    """The line with this key. Raises `NotFound` naming those there are."""
    found = _BY_KEY.get(key)
    if found is None:
        raise NotFound(f"规则手册里没有“{key}”；已有：{'、'.join(_BY_KEY)}。")
    return found


@lru_cache(maxsize=200)
def read(key: str, text: str) -> object:
    """The value that the text means. Raises `Invalid` with one sentence that names the key."""
    rule = rule_named(key)
    try:
        if len(text) > LONGEST_TEXT:
            raise Misfit(f"最多 {LONGEST_TEXT} 字")
        return rule.shape(text)
    except Misfit as misfit:
        raise Invalid(f"“{rule.word}”（{rule.key}）不能这样写：{misfit}。", field="value") from None


def write(rule: Rule, value: object) -> str:
    """The text of a value, the one that is kept and shown."""
    if rule.kind not in LISTS:
        return str(value)
    if isinstance(value, list):
        return "[\n" + ",\n".join(f"  {_line(each)}" for each in value) + "\n]" if value else "[]"
    assert isinstance(value, dict)
    return "{\n" + ",\n".join(f"  {_line(name)}: {_nested(each)}" for name, each in value.items()) + "\n}"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _nested(value: object) -> str:
    """A list of objects has a line for each."""
    is_table = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    return "[\n" + ",\n".join(f"    {_line(each)}" for each in value) + "\n  ]" if is_table and isinstance(value, list) else _line(value)
