"""The rule book: every number and list that an authority sets for itself, with what it is for, its bounds, and where it comes
from.

A value is kept as text with the day from which it holds; its shape turns the text into what the deeds use. Values of the kind
`json` are plain lists and objects, read only. The lines of the reports stand in their own room; `reports.rule_book` has them all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tracker.domain.house.say import Say
from tracker.domain.rules import shapes
from tracker.domain.rules.form_parts import told_lines
from tracker.domain.rules.shapes import Misfit, Shape

LONGEST_TEXT = 20_000
LONGEST_BASIS = 300
LISTS = ("json", "areas")  # kinds whose text is JSON; areas are chosen by name


@dataclass(frozen=True)
class Rule:
    """One line of the book. `default` is the value while none was set; `shape` refuses what lies outside the bounds and
    says how it is asked for."""

    key: str
    word: str
    kind: str
    default: object
    shape: Shape
    bounds: str
    what_for: str
    basis: str

    def shown(self, text: str) -> str:
        """The text of a value as people read it: a line for each part and each row."""
        return "\n".join(told_lines(self.shape.form(), json.loads(text))) if self.kind == "json" else text


LADDER: list[dict[str, Any]] = [
    {"rung": "due_soon", "word": "即将到期", "days": -3, "unit": "working_day", "to": ["officer"]},
    {"rung": "due_today", "word": "今日到期", "days": 0, "unit": "calendar_day", "to": ["officer"]},
    {"rung": "overdue_1", "word": "超期 1 日", "days": 1, "unit": "calendar_day", "to": ["officer", "head"]},
    {"rung": "overdue_3", "word": "超期 3 日", "days": 3, "unit": "calendar_day", "to": ["officer", "head"]},
    {"rung": "overdue_7", "word": "超期 7 日", "days": 7, "unit": "calendar_day",
     "to": ["officer", "head", "dispatcher", "sponsor"]},
    {"rung": "overdue_15", "word": "超期 15 日，提请督办", "days": 15, "unit": "calendar_day",
     "to": ["head", "dispatcher", "sponsor", "lead"], "is_order_due": True},
]
_RUNG = shapes.a_record(
    {"rung": shapes.words(40), "word": shapes.words(30), "days": shapes.number(-60, 365),
     "unit": shapes.one_of("working_day", "calendar_day"),
     "to": shapes.a_list(shapes.one_of("officer", "head", "dispatcher", "sponsor", "lead", "supervisor"), 6)},
    {"is_order_due": shapes.yes},
)


_RUNGS = shapes.a_list(_RUNG, 20)


def _read_ladder(raw: Any) -> list[dict[str, Any]]:
    """The rungs in the order of their days, no name twice."""
    rungs: list[dict[str, Any]] = _RUNGS(raw)
    names = [rung["rung"] for rung in rungs]
    if twice := [name for name in names if names.count(name) > 1]:
        raise Misfit(Say("档次“{twice}”写了两次", twice=twice[0]))
    days = [rung["days"] for rung in rungs]
    if days != sorted(days):
        raise Misfit("各档应按天数由小到大排列")
    return rungs


_ROBOTS = shapes.a_record({"is_on": shapes.yes, "a_minute": shapes.number(1, 20)}, {"notices": shapes.a_list(shapes.words(40))})
_FIELD_PHOTOS = shapes.a_record({"is_asked": shapes.yes, "is_marked": shapes.yes}, names={
    "is_asked": "登记巡查问题须有照片或原因", "is_marked": "看照片时印上时间和地点"})
_LETTERS = "《信访工作条例》第三十四条：延长期限不超过30日"
LOCAL = "地方可自定，此为默认值"

CASE_RULES: tuple[Rule, ...] = (
    Rule("most_returns", "退回次数上限", "number", 2, shapes.number(0, 10), "0–10 次", "一件案件最多可以申请退回几次", LOCAL),
    Rule("most_extensions", "延期次数上限", "number", 2, shapes.number(0, 10), "0–10 次", "一件案件最多可以延期几次", LOCAL),
    Rule("support_workdays", "协办意见期限", "number", 5, shapes.number(1, 60), "1–60 个工作日",
         "交办后几个工作日内协办单位应提出意见；不晚于整改时限", LOCAL),
    Rule("longest_extension_days", "一次延期上限", "number", 30, shapes.number(1, 180), "1–180 日", "一次延期最多加多少日", _LETTERS),
    Rule("warn_workdays", "黄灯提前量", "number", 3, shapes.number(0, 20), "0–20 个工作日", "剩余不多于几个工作日时亮黄灯", "各地灯色不一，此为默认值"),
    Rule("quiet_hours", "免打扰时段", "stretch", "20:00-07:30", shapes.stretch, "可跨零点", "这个时段不发提醒和通知，到早上一并发出", LOCAL),
    Rule("office_hours", "上班时段", "hours", "09:00-12:00,13:30-17:30", shapes.office_hours, "由早到晚",
         "工作小时的期限从次日上班起只数这些时段；数到哪一天，当天24:00前都算按时", LOCAL),
    Rule("ladder", "催办阶梯", "json", LADDER, _RUNGS.further(_read_ladder), "最多 20 档", "到期前后第几日提醒谁；天数为负是到期前", LOCAL),
    Rule("daily_mail_cap", "每人每日邮件上限", "number", 50, shapes.number(1, 1000), "1–1000 封", "一人一天最多收几封，多出的并入次日汇总；清单、报告、督办和告警不计",
         LOCAL),
    Rule("mail_body_days", "邮件正文保留", "number", 180, shapes.number(30, 3650), "30–3650 日", "发出多久的邮件不再留正文；谁收、何时、回执始终保留", LOCAL),
    Rule("hourly_registrations", "每人每小时登记上限", "number", 200, shapes.number(1, 10_000), "1–10000 件",
         "一人一小时最多登记几件；导入的表不计", LOCAL),
    Rule("field_photos", "现场照片", "json", {"is_asked": True, "is_marked": False}, _FIELD_PHOTOS, "是或否",
         "登记巡查问题是否须有照片或选明原因（导入的表不问）；看照片时是否印上拍摄的时间和地点（原件不动）", LOCAL),
)
SUPERVISION_RULES: tuple[Rule, ...] = (
    Rule("dispute_days", "争议裁定期限", "number", 5, shapes.number(1, 60), "1–60 个工作日", "争议提级后多少个工作日内应指定办理", LOCAL),
    Rule("list_preview_days", "清单试算天数", "number", 90, shapes.number(1, 3650), "1–3650 日", "启用责任清单前，用最近多少日收到的案件试算", LOCAL),
    Rule("answer_workdays", "督办反馈期限", "number", 5, shapes.number(1, 60), "1–60 个工作日", "督办后多少个工作日内主办单位应反馈", LOCAL),
    Rule("robots", "群机器人", "json", {"is_on": False, "a_minute": 20}, _ROBOTS, "每分钟最多 20 条", "是否把通知也发到工作群；地址和密钥不写在这里",
         "企业微信、钉钉群机器人每分钟最多 20 条"),
    Rule("supervision_areas", "分区调度", "areas", [], shapes.a_list(shapes.area), "本市各区县、本区各街道（镇）", "另外单独出日、周、月报的区域；不选时只出本区", LOCAL),
)
ACCOUNT_RULES: tuple[Rule, ...] = (
    Rule("factor_grace_days", "动态口令宽限", "number", 7, shapes.number(0, 30), "0–30 天",
         "管理员、身份保管员任职后几天内必须启用动态口令", LOCAL),
    Rule("session_idle_minutes", "闲置退出", "number", 120, shapes.number(10, 720), "10–720 分钟", "多久不用，登录自己结束", LOCAL),
    Rule("session_hours", "登录时长上限", "number", 12, shapes.number(1, 24), "1–24 小时", "一次登录最长多久，一直在用也要重新登录", LOCAL),
    Rule("own_device_days", "本人手机免登录", "number", 7, shapes.number(1, 30), "1–30 日",
         "登录时勾选“这是我自己的手机”，几天内不用再登录；管理员、审计员、身份保管员除外", LOCAL),
    Rule("most_unknown_logins", "试探登录名上限", "number", 30, shapes.number(5, 1000), "5–1000 个",
         "一个地址一小时内试了多少个不存在的登录名，就要等一分钟再试", LOCAL),
    Rule("sign_in_months", "登录记录保留", "number", 12, shapes.number(6, 120), "6–120 个月", "登录和失败的地址、浏览器保留多久",
         "《网络安全法》第二十一条：留存相关的网络日志不少于六个月"),
    Rule("new_address_hours", "新邮箱等待期", "number", 24, shapes.number(1, 168), "1–168 小时", "邮箱改动后多久，才往新邮箱寄设密码的链接", LOCAL),
)


def write(rule: Rule, value: object) -> str:
    """The text of a value, the one that is kept and shown."""
    if rule.kind not in LISTS:
        return str(value)
    if isinstance(value, list):
        return "[\n" + ",\n".join(f"  {_json_line(each)}" for each in value) + "\n]" if value else "[]"
    assert isinstance(value, dict)
    return "{\n" + ",\n".join(f"  {_json_line(name)}: {_nested_json(each)}" for name, each in value.items()) + "\n}"


def _json_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _nested_json(value: object) -> str:
    """A list of objects has a line for each."""
    is_table = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    return "[\n" + ",\n".join(f"    {_json_line(each)}"
                              for each in value) + "\n  ]" if is_table and isinstance(value, list) else _json_line(value)
