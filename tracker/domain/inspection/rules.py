"""Lines of the rule book that the room of inspections declares."""

from fractions import Fraction
from typing import Any

from tracker.domain.house.say import Say
from tracker.domain.inspection.draws import COMMIT_LEADS, LEVELS, POSITIVE_MODES
from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule
from tracker.domain.rules.shapes import Misfit
from tracker.domain.sites.registers import CLASS_WORDS

_PER = {"quarter": "每季", "year": "每年"}
_OF_PROVINCE = "参照江西省生态环境分类监管办法（试行），地方可自定"
DRAW_RULES: list[dict[str, Any]] = [
    {"level": "county", "class": "A", "ratio": "1/4", "per": "quarter", "fresh_first": True, "top_up": True, "cover_years": 1},
    {"level": "county", "class": "B", "ratio": "1/2", "per": "year", "fresh_first": True, "top_up": True, "cover_years": 2},
    {"level": "county", "class": "C", "ratio": "1/5", "per": "year", "fresh_first": True, "top_up": True, "cover_years": 5},
    {"level": "city", "class": "A", "ratio": "1/20", "per": "year", "fresh_first": True, "top_up": True, "cover_years": 1},
    {"level": "city", "class": "B", "ratio": "1/100", "per": "year", "fresh_first": True, "top_up": True, "cover_years": 1},
]


def _read_ratio(raw: Any) -> str:
    """A share of the listed sites, such as 1/4."""
    try:
        share = Fraction(str(raw).strip())
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise Misfit(Say("应为 0 至 1 的分数，如 1/4，“{raw}”不合", raw=str(raw)[:20]))
    return str(raw).strip()


_ROW = shapes.a_record(
    {"level": shapes.one_of(*dict(LEVELS), names=dict(LEVELS)),
     "class": shapes.one_of(*dict(CLASS_WORDS), names=dict(CLASS_WORDS)),
     "ratio": shapes.words(9).further(_read_ratio), "per": shapes.one_of(*_PER, names=_PER)},
    {"per_officer": shapes.number(0, 100), "fresh_first": shapes.yes, "top_up": shapes.yes, "cover_years": shapes.number(1, 10)},
    names={"level": "层级", "class": "分类", "ratio": "比例", "per": "按", "per_officer": "每名检查人员每年几家（写了就不按比例）",
           "fresh_first": "先抽本轮抽得少的", "top_up": "没抽过的不够时用抽过的补足", "cover_years": "几年一轮"})
_ROWS = shapes.a_list(_ROW, 12)


def _read_rows(raw: Any) -> list[dict[str, Any]]:
    """No class of a level stands twice."""
    rows: list[dict[str, Any]] = _ROWS(raw)
    known = [(row["level"], row["class"]) for row in rows]
    if len(set(known)) < len(known):
        raise Misfit("同一层级的同一分类写了两次")
    return rows


DRAW_WAYS: dict[str, Any] = {"positive_mode": "skip", "commit_lead": "sealed", "is_rotated": False}
_WAYS = shapes.a_record(
    {"positive_mode": shapes.one_of(*dict(POSITIVE_MODES), names=dict(POSITIVE_MODES)),
     "commit_lead": shapes.one_of(*dict(COMMIT_LEADS), names=dict(COMMIT_LEADS)), "is_rotated": shapes.yes},
    names={"positive_mode": "正面清单内的对象", "commit_lead": "封存后何时可以抽取", "is_rotated": "上次检查的人员回避"})

INSPECTION_RULES: tuple[Rule, ...] = (
    Rule("draw_rules", "双随机抽取比例", "json", DRAW_RULES, _ROWS.further(_read_rows), "每层级每分类一行，比例 0 至 1",
         "每季度从各分类中抽取多少监管对象", _OF_PROVINCE),
    Rule("draw_team", "每家检查人数", "number", 2, shapes.number(2, 5), "2–5 人", "抽取时每家派几名检查人员", "《行政处罚法》第四十二条：不得少于两人"),
    Rule("draw_most_sites", "每人最多检查几家", "number", 20, shapes.number(1, 500), "1–500 家", "一次抽取中每名检查人员最多检查几家", LOCAL),
    Rule("draw_ways", "抽取办法", "json", DRAW_WAYS, _WAYS, "各项任选其一",
         "正面清单内的对象在抽取中怎么办；名录封存多久以后才能抽取；上一次检查该对象的人员是否回避", "各地规定不一，地方可自定"),
    Rule("draw_reveal_days", "检查任务提前告知", "number", 1, shapes.number(0, 30), "0–30 天", "抽中的检查在计划日期前几天告知检查人员", LOCAL),
    Rule("positive_offsite_per_year", "正面清单非现场检查", "number", 4, shapes.number(0, 12), "0–12 次，0 为不要求",
         "正面清单内的对象一年至少非现场检查几次，按次数把一年均分，每一段至少一次；落后的列在晨间清单", LOCAL),
    Rule("onsite_cap", "每年现场检查上限", "number", 0, shapes.number(0, 99), "0–99 次，0 为不设上限", "一个监管对象一年内现场检查最多几次，达到的不再抽取",
         "以省级公布的上限为准"),
)
