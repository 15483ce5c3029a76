"""What a site of a class does at a level of control （管控措施）, as rows of the rule book."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.domain.coordination.controls import LEVELS
from tracker.domain.house.say import Say
from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule
from tracker.domain.rules.shapes import Misfit

CLASSES: Mapping[str, str] = {"A": "A 类", "B": "B 类", "C": "C 类", "construction": "工地", "catering": "餐饮", "station": "加油站"}
LEVEL_NAMES: Mapping[str, str] = dict(LEVELS)
USUAL: list[dict[str, Any]] = [
    {"level": level, "of": of, "measures": measures} for level, of, measures in (
        ("yellow", "A", "错峰生产，治理设施满负荷运行"), ("yellow", "B", "治理设施正常运行"), ("yellow", "construction", "10—19 时保持湿润，停止土方作业"),
        ("orange", "A", "涉气工序限产"), ("orange", "B", "错峰生产，治理设施满负荷运行"), ("orange", "construction", "停止土方、喷涂作业，裸土全覆盖"),
        ("red", "A", "涉气工序停产"), ("red", "B", "涉气工序限产"), ("red", "construction", "停工"),
        ("yellow", "catering", "油烟净化设施正常运行"), ("orange", "catering", "停止露天烧烤"), ("red", "catering", "停止露天烧烤"),
        ("yellow", "station", "夜间错峰加油、卸油"), ("orange", "station", "9—17 时停止卸油"), ("red", "station", "9—17 时停止卸油"))]
_ROWS = shapes.a_list(shapes.a_record(
    {"level": shapes.one_of(*LEVEL_NAMES, names=LEVEL_NAMES), "of": shapes.one_of(*CLASSES, names=CLASSES),
     "measures": shapes.words(200)}, names={"level": "级别", "of": "对哪些监管对象", "measures": "措施"}), 40)


def _read_measures(raw: Any) -> list[dict[str, Any]]:
    """The rows, one for each level and class at most."""
    rows: list[dict[str, Any]] = _ROWS(raw)
    seen = [(row["level"], row["of"]) for row in rows]
    if twice := next((each for each in seen if seen.count(each) > 1), None):
        raise Misfit(Say("“{level}、{of}”写了两次", level=Say(LEVEL_NAMES[twice[0]]), of=Say(CLASSES[twice[1]])))
    return rows


def measures_for(rows: Iterable[Mapping[str, Any]], level: str, site_class: str, kind: str) -> str:
    """What is proposed for a site: by its class, or by its kind where it has none; "" where the rules say nothing."""
    found = {(row["level"], row["of"]): str(row["measures"]) for row in rows}
    return found.get((level, site_class)) or found.get((level, kind)) or ""


CONTROL_RULES: tuple[Rule, ...] = (
    Rule("control_measures", "管控措施", "json", USUAL, _ROWS.further(_read_measures), "同一级别、同一类只写一行",
         "管控令增加点位时按级别和分类取措施；没有分类的按类别取，都没有的由拟制人填写", LOCAL),
    Rule("good_day", "优良天的 AQI", "number", 100, shapes.number(1, 500), "1–500", "目标日公布的 AQI 不高于它的算保住",
         "《环境空气质量指数（AQI）技术规定》HJ 633：100 以下为优良"),
)
