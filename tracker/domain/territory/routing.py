"""Routing （交办规则）: from where and what a case is to the unit that leads it, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.area_codes import bare_code, covers

FENCE = "railway_fence"  # the form's answer: on which side of the railway's fence
# No keyword of a rule: 围栏内 also stands in 不在围栏内. The answer alone says on which side a point lies.
FENCE_WORDS: Mapping[str, str] = {"inside": "围栏内", "outside": "围栏外"}
PARTY_WORDS: Mapping[str, str] = {"inside": "铁路", "outside": "地方"}  # whose a side of the fence is presumed to be
RAILWAY = "railway"  # the category of which both are asked
WORK = "railway_work"  # the form's answer: which of the six works a place at the railway needs
WORKS: Mapping[str, str] = {"demolish": "拆", "clear": "清", "green": "绿", "rebuild": "改", "decorate": "装", "light": "亮"}


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule. A criterion that is None or empty asks nothing; of the keywords one is enough. `side` and `work` ask the form's
    answers: who gave none is on neither side and needs no work. `version` and `clause` are those of the responsibility list."""

    number: int
    category: str | None
    area_code: str | None
    keywords: tuple[str, ...]
    lead_unit_code: str
    supporting_unit_codes: tuple[str, ...] = ()
    reason: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    side: str | None = None
    work: str | None = None
    clause: str = ""
    basis: str = ""
    version: int | None = None

    @property
    def criteria(self) -> tuple[object, ...]:
        """What it asks: two rules with the same take the same cases."""
        return self.category, self.area_code, self.side, self.work, frozenset(self.keywords)

    def holds_on(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """What routing looks at. `answers` are those of the form, by name. `side` is that which the map and the register of owners
    came to; it wins over what somebody said of the fence."""

    categories: frozenset[str]
    area_code: str | None
    text: str
    answers: Mapping[str, object] = field(default_factory=dict)
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Routed:
    """The unit that leads, those that support, the rule, and why in one Chinese sentence."""

    lead: str
    supporting: tuple[str, ...]
    why: str
    rule: RoutingRule

    @property
    def rule_number(self) -> int:
        """The rule as people call it."""
        return self.rule.number


def route(rules: Iterable[RoutingRule], facts: RoutingFacts, on: date, names: Mapping[str, str] | None = None) -> Routed | None:
    """The most specific rule that fits: more criteria first, then the smaller area, the longer keyword, the lower number.

    None when no rule fits. `names` turns area, unit and category codes into the words of the sentence.
    """
    found = fitting(rules, facts, on)
    if not found:
        return None
    rule = found[0]
    supporting = tuple(code for code in dict.fromkeys(rule.supporting_unit_codes) if code != rule.lead_unit_code)
    return Routed(rule.lead_unit_code, supporting, _reason_for(rule, facts, names or {}), rule)


def fitting(rules: Iterable[RoutingRule], facts: RoutingFacts, on: date) -> list[RoutingRule]:
    """Every rule that fits, the one that decides first."""
    found = [rule for rule in rules if rule.holds_on(on) and _rule_fits(rule, facts)]
    return sorted(found, key=lambda rule: _rule_specificity(rule, facts), reverse=True)


def _rule_fits(rule: RoutingRule, facts: RoutingFacts) -> bool:
    if rule.category is not None and rule.category not in facts.categories:
        return False
    if rule.area_code is not None and not (facts.area_code and covers(rule.area_code, facts.area_code)):
        return False
    if rule.side is not None and (facts.side or facts.answers.get(FENCE)) != rule.side:
        return False
    if rule.work is not None and facts.answers.get(WORK) != rule.work:
        return False
    return not rule.keywords or _longest_match(rule, facts) is not None


def _longest_match(rule: RoutingRule, facts: RoutingFacts) -> str | None:
    """The longest keyword of the rule that the text contains; what names a side of the fence is none."""
    found = [word for word in rule.keywords if word in facts.text and word not in FENCE_WORDS.values()]
    return max(found, key=lambda word: (len(word), word), default=None)


def _rule_specificity(rule: RoutingRule, facts: RoutingFacts) -> tuple[int, int, int, int]:
    asked = (rule.category, rule.area_code, rule.side, rule.work)
    criteria = sum(each is not None for each in asked) + bool(rule.keywords)
    keyword = _longest_match(rule, facts) if rule.keywords else None
    return criteria, len(bare_code(rule.area_code or "")), len(keyword or ""), -rule.number


def _reason_for(rule: RoutingRule, facts: RoutingFacts, names: Mapping[str, str]) -> str:
    grounds = _grounds_of(rule, facts, names)
    because = Listed(grounds) if grounds else Say("没有更具体的规则")
    lead, clause = names.get(rule.lead_unit_code, rule.lead_unit_code), rule.clause or str(rule.number)
    if rule.version is not None and rule.reason:
        return Say("按责任清单第{version}版第{clause}条：{because}，由{lead}主办；{reason}。", version=rule.version, clause=clause,
                   because=because, lead=lead, reason=rule.reason)
    if rule.version is not None:
        return Say("按责任清单第{version}版第{clause}条：{because}，由{lead}主办。", version=rule.version, clause=clause, because=because,
                   lead=lead)
    if not rule.reason:
        return Say("按交办规则第{number}条：{because}，由{lead}主办。", number=rule.number, because=because, lead=lead)
    return Say("按交办规则第{number}条：{because}，由{lead}主办；{reason}。", number=rule.number, because=because, lead=lead,
               reason=rule.reason)


def _grounds_of(rule: RoutingRule, facts: RoutingFacts, names: Mapping[str, str]) -> list[str]:
    grounds: list[str] = []
    if rule.area_code is not None:
        grounds.append(Say("属地为{area_code}", area_code=names.get(rule.area_code, rule.area_code)))
    if rule.category is not None:
        grounds.append(Say("类型为{category}", category=Say(names.get(rule.category, rule.category))))
    if rule.side is not None and facts.side is not None:
        grounds.append(Say("属{party}一侧", party=Say(PARTY_WORDS[rule.side])))
    elif rule.side is not None:
        grounds.append(Say("登记时注明在{side}", side=Say(FENCE_WORDS[rule.side])))
    if rule.work is not None:
        grounds.append(Say("登记时注明要“{work}”", work=Say(WORKS[rule.work])))
    if rule.keywords:
        grounds.append(Say("内容提到“{keyword}”", keyword=_longest_match(rule, facts)))
    return grounds
