"""The lines of the rule book that reports read: hot spots, ranking, appraisal."""

from __future__ import annotations

from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.reports.appraisal.scoring_rules import BY_HAND, DEFAULT_RULES, MEANINGS, read_rules
from tracker.domain.reports.monthly.ranking import COMPONENTS, DEFAULT_WEIGHTS
from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule
from tracker.domain.rules.shapes import Misfit


def _read_appraisal(raw: Any) -> dict[str, Any]:
    """The rules of the appraisal as its reports read them."""
    found: dict[str, Any] = shapes.an_object(raw)
    try:
        read_rules(found)
    except Invalid as refusal:
        raise Misfit(refusal.sentence.rstrip("。")) from None
    return found


_POINTS = shapes.amount(0, 100)
_WORD = {"code": shapes.words(60), "word": shapes.words(60)}
_COUNTED = {"code": "计什么"}
_CLAUSE = {"code": shapes.one_of(*MEANINGS, names=MEANINGS), "word": shapes.words(60)}
_VETO_CODES = shapes.one_of(*BY_HAND, "listed_unresolved", names=MEANINGS)
_EVENT = {"rule": shapes.one_of(*BY_HAND, names=MEANINGS), "on": shapes.words(10)}
# As a form asks for them; what must fit besides, the reports' own reader says.
_APPRAISAL = shapes.a_record({
    "components": shapes.a_list(shapes.a_record({**_WORD, "points": _POINTS})),
    "deductions": shapes.a_list(shapes.a_record({**_CLAUSE, "component": shapes.words(60), "points": _POINTS},
                                                  names=_COUNTED)),
    "bonus": shapes.a_record({"code": shapes.one_of("early", names=MEANINGS), "word": shapes.words(60), "points": _POINTS,
                              "days": shapes.number(0, 365), "most": _POINTS}, names=_COUNTED),
    "vetoes": shapes.a_list(shapes.a_record({"code": _VETO_CODES, "word": shapes.words(60), "cap": shapes.words(60)},
                                           names=_COUNTED)),
    "grades": shapes.a_list(shapes.a_record({**_WORD, "from": _POINTS})),
    "events": shapes.a_list(shapes.a_record(_EVENT, {"unit": shapes.words(60), "case": shapes.words(60),
                                                     "text": shapes.words(60)}), 60),
})
_HOT_SPOT = {"metres": shapes.number(10, 5000), "reports": shapes.number(2, 100), "days": shapes.number(1, 366),
             "people": shapes.number(1, 100)}

REPORT_RULES: tuple[Rule, ...] = (
    Rule("sign_workdays", "通报签发期限", "number", 2, shapes.number(1, 20), "1–20 个工作日",
         "通报拟出后几个工作日内由区领导签发；到期未签发的按原拟稿印发，标明未经签发", LOCAL),
    Rule("hot_spot", "投诉热点", "json", {"metres": 200, "reports": 3, "days": 30, "people": 2}, shapes.a_record(_HOT_SPOT),
         "10–5000 米，1–366 日", "几日内同一点位多少件、多少人反映算热点", "环境信访投诉月报制度，阈值由地方定"),
    Rule("ranking_weights", "排名权重", "json", dict(DEFAULT_WEIGHTS), shapes.weights(*COMPONENTS, names=COMPONENTS), "各项合计 1",
         "月通报给单位排名时各项占多少", "权重由地方定，此为默认值"),
    Rule("appraisal_rules", "年考核规则", "json", DEFAULT_RULES, _APPRAISAL.further(_read_appraisal), "各部分合计 100",
         "考核各部分的分值、扣分、加分、否决和等次",
         "考核办法由地方定，此为默认值"),
)
