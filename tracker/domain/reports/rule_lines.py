"""The lines of the rule book that reports read: hot spots, ranking, appraisal."""

from __future__ import annotations

from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.reports.appraisal.scoring_rules import DEFAULT_RULES, read_rules
from tracker.domain.reports.monthly.ranking import COMPONENTS, DEFAULT_WEIGHTS
from tracker.domain.rules import shapes
from tracker.domain.rules.book import Rule
from tracker.domain.rules.shapes import Misfit


def _read_appraisal(raw: Any) -> dict[str, Any]:
    """The rules of the appraisal as its reports read them."""
    found: dict[str, Any] = shapes.an_object(raw)
    try:
        read_rules(found)
    except Invalid as refusal:
        raise Misfit(refusal.sentence.rstrip("。")) from None
    return found


_HOT_SPOT = {"metres": shapes.number(10, 5000), "reports": shapes.number(2, 100), "days": shapes.number(1, 366),
             "people": shapes.number(1, 100)}

REPORT_RULES: tuple[Rule, ...] = (
    Rule("hot_spot", "投诉热点", "json", {"metres": 200, "reports": 3, "days": 30, "people": 2}, shapes.a_record(_HOT_SPOT),
         "metres 10–5000，days 1–366", "几日内同一点位多少件、多少人反映算热点", "环境信访投诉月报制度，阈值由地方定"),
    Rule("ranking_weights", "排名权重", "json", dict(DEFAULT_WEIGHTS), shapes.weights(*COMPONENTS), "各项合计 1",
         "月通报给单位排名时各项占多少", "权重由地方定，此为默认值", COMPONENTS),
    Rule("appraisal_rules", "年考核规则", "json", DEFAULT_RULES, _read_appraisal, "各部分合计 100", "考核各部分的分值、扣分、加分、否决和等次",
         "考核办法由地方定，此为默认值"),
)
