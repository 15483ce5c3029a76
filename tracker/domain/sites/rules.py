"""The lines of the rule book about supervised sites."""

from typing import Any

from tracker.domain.rules import shapes
from tracker.domain.rules.book import Rule

CONDITIONS: list[dict[str, Any]] = [
    {"code": "no_emergency", "word": "两年内没有发生突发环境事件"},
    {"code": "trade", "word": "不是垃圾焚烧、危险废物处置、城镇或园区污水处理"},
    {"code": "yangtze", "word": "不是长江干支流一公里内的化工、造纸"},
    {"code": "no_crime", "word": "三年内没有环境犯罪"},
]
_CONDITIONS = shapes.a_list(shapes.a_record({"code": shapes.words(20), "word": shapes.words(60)}), 20)

SITE_RULES: tuple[Rule, ...] = (
    Rule("positive_rules", "正面清单条件", "json", CONDITIONS, _CONDITIONS, "最多 20 条", "提出纳入正面清单时逐项核对的条件",
         "环办执法〔2021〕10号；各地条件不一，此为默认值"),
)
