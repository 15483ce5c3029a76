"""The lines of the rule book that reports read: hot spots, ranking, appraisal."""

from __future__ import annotations

from typing import Any

from tracker.domain.cases.wording import UNIT_KINDS
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.reports.appraisal.groups import DEFAULT_GROUPS
from tracker.domain.reports.appraisal.scoring_rules import BY_HAND, DEFAULT_RULES, MEANINGS, WAYS, read_rules
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
                                                  {"by": shapes.one_of(*WAYS)}, _COUNTED)),
    "bonus": shapes.a_record({"code": shapes.one_of("early", names=MEANINGS), "word": shapes.words(60), "points": _POINTS,
                              "days": shapes.number(0, 365), "most": _POINTS}, names=_COUNTED),
    "vetoes": shapes.a_list(shapes.a_record({"code": _VETO_CODES, "word": shapes.words(60), "cap": shapes.words(60)},
                                           names=_COUNTED)),
    "grades": shapes.a_list(shapes.a_record({**_WORD, "from": _POINTS})),
    "events": shapes.a_list(shapes.a_record(_EVENT, {"unit": shapes.words(60), "case": shapes.words(60),
                                                     "text": shapes.words(60)}), 60),
})
_RANKED = {"kind": shapes.one_of(*UNIT_KINDS, names=UNIT_KINDS), "group": shapes.words(20), "due": shapes.number(1, 1000),
           "led": shapes.number(1, 1000)}
_RANKED_ROWS = shapes.a_list(shapes.a_record(_RANKED), 10)
_HOT_SPOT = {"metres": shapes.number(10, 5000), "reports": shapes.number(2, 100), "days": shapes.number(1, 366),
             "people": shapes.number(1, 100)}


def _read_groups(raw: Any) -> list[dict[str, Any]]:
    """The groups as the rankings read them; a kind of unit is in one group."""
    found: list[dict[str, Any]] = _RANKED_ROWS(raw)
    kinds = [row["kind"] for row in found]
    if twice := [kind for kind in kinds if kinds.count(kind) > 1]:
        raise Misfit(Say("“{kind}”写了两次", kind=Say(UNIT_KINDS[twice[0]])))
    return found


REPORT_RULES: tuple[Rule, ...] = (
    Rule("sign_workdays", "通报签发期限", "number", 2, shapes.number(1, 20), "1–20 个工作日",
         "通报拟出后几个工作日内由区领导签发；到期未签发的按原拟稿印发，标明未经签发", LOCAL),
    Rule("hot_spot", "投诉热点", "json", {"metres": 200, "reports": 3, "days": 30, "people": 2}, shapes.a_record(_HOT_SPOT),
         "10–5000 米，1–366 日", "几日内同一点位多少件、多少人反映算热点", "环境信访投诉月报制度，阈值由地方定"),
    Rule("ranking_weights", "排名权重", "json", dict(DEFAULT_WEIGHTS), shapes.weights(*COMPONENTS, names=COMPONENTS), "各项合计 1",
         "月通报给单位排名时各项占多少", "权重由地方定，此为默认值"),
    Rule("ranking_groups", "排名分组", "json", DEFAULT_GROUPS, _RANKED_ROWS.further(_read_groups),
         "各类单位至多一行，件数 1–1000", "哪类单位和谁一起排名，满几件才排名；没有列出的类别不排名", LOCAL),
    Rule("appraisal_rules", "年考核规则", "json", DEFAULT_RULES, _APPRAISAL.further(_read_appraisal), "各部分合计 100",
         "考核各部分的分值、扣分（按条或按比例）、加分、否决和等次",
         "考核办法由地方定，此为默认值"),
)
