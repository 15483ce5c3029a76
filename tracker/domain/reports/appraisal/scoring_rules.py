"""The rules of the appraisal as data: what the parts weigh, what a fact costs or earns, what bars a grade, where the grades
begin.

The rule book holds them as plain JSON; what was in force is stored with every report, and its digest is printed there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from hashlib import sha256
from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.house.ledger import canonical

FULL, CENT = Decimal(100), Decimal("0.01")



class Occasion(StrEnum):
    """What must have happened to a case of a unit before it can be held against the unit: without it nothing was measured."""

    led = "led"
    limit = "limit"
    verdict = "verdict"


@dataclass(frozen=True, slots=True)
class Counting:
    """How something is counted, and what gives occasion to it."""

    meaning: str
    occasion: Occasion = Occasion.led


# What the ledger can show, and how it is counted; the rules say what it costs. A code that the rules leave out costs nothing.
COUNTED: Mapping[str, Counting] = {
    "overdue_completion": Counting("核查通过时，报送整改的日期晚于当时的整改时限；每轮计一次", Occasion.limit),
    "overdue_open": Counting("截止日仍未报送整改且已过整改时限；缓办期间不计，阶段性办结的以下一节点日期为限", Occasion.limit),
    "late_acknowledgement": Counting("签收晚于签收时限，或截止日仍未签收且已过签收时限", Occasion.limit),
    "rejected": Counting("核查不通过，同一案件同一单位的第 1、2 次", Occasion.verdict),
    "rejected_again": Counting("核查不通过，同一案件同一单位的第 3 次及以后，每次按此条扣", Occasion.verdict),
    "close_refused": Counting("报请销号而不予销号", Occasion.verdict),
    "reopened": Counting("销号后经回头看重开（复发）", Occasion.verdict),
    "extended_again": Counting("同一案件同一单位第 2 次及以后的延期", Occasion.limit),
    "supervised_ordinary": Counting("被一般督办"),
    "supervised_key": Counting("被重点督办"),
    "supervised_listed": Counting("被挂牌督办"),
    "early": Counting("首轮即核查通过、未延期、截止日未被退回重办，且比时限提前规定天数报送"),
    "false_rectification": Counting("销号后回头看结果为反弹或虚假整改，并经认定登记"),
    "listed_unresolved": Counting("年末挂牌督办仍未解除且案件未销号（仅年度考核）"),
    "serious_pollution": Counting("发生较大及以上污染事件，由人工登记"),
}
MEANINGS: Mapping[str, str] = {code: each.meaning for code, each in COUNTED.items()}
EACH, RATE = "each", "rate"
WAYS: Mapping[str, str] = {RATE: "每占主办件数 1% 扣", EACH: "每条扣"}
BY_HAND = ("false_rectification", "serious_pollution")

DEFAULT_RULES: dict[str, Any] = {
    "components": [
        {"code": "time", "word": "办理时限", "points": 40},
        {"code": "quality", "word": "整改质量", "points": 40},
        {"code": "supervision", "word": "督办情况", "points": 20},
    ],
    "deductions": [
        {"code": "overdue_completion", "word": "超期办结", "component": "time", "by": RATE, "points": 0.2},
        {"code": "overdue_open", "word": "超期未办结", "component": "time", "by": RATE, "points": 0.4},
        {"code": "late_acknowledgement", "word": "超期签收", "component": "time", "by": RATE, "points": 0.1},
        {"code": "extended_again", "word": "再次延期", "component": "time", "by": RATE, "points": 0.04},
        {"code": "rejected", "word": "核查不通过", "component": "quality", "by": RATE, "points": 0.1},
        {"code": "rejected_again", "word": "三次以上核查不通过", "component": "quality", "by": RATE, "points": 0.2},
        {"code": "close_refused", "word": "不予销号", "component": "quality", "by": RATE, "points": 0.1},
        {"code": "reopened", "word": "复发重开", "component": "quality", "by": RATE, "points": 0.4},
        {"code": "supervised_ordinary", "word": "一般督办", "component": "supervision", "by": RATE, "points": 0.1},
        {"code": "supervised_key", "word": "重点督办", "component": "supervision", "by": RATE, "points": 0.2},
        {"code": "supervised_listed", "word": "挂牌督办", "component": "supervision", "by": RATE, "points": 0.4},
    ],
    "bonus": {"code": "early", "word": "提前一次办结", "points": 0.2, "days": 3, "most": 5},
    "vetoes": [
        {"code": "false_rectification", "word": "虚假整改", "cap": "pass"},
        {"code": "listed_unresolved", "word": "挂牌督办未办结", "cap": "good"},
        {"code": "serious_pollution", "word": "较大污染事件", "cap": "pass"},
    ],
    "grades": [
        {"code": "excellent", "word": "优秀", "from": 90}, {"code": "good", "word": "良好", "from": 80},
        {"code": "pass", "word": "合格", "from": 60}, {"code": "fail", "word": "不合格", "from": 0},
    ],
    "events": [],
}


@dataclass(frozen=True, slots=True)
class AppraisalComponent:
    """One part of the 100 points; it is never less than nothing."""

    code: str
    word: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Clause:
    """What one fact costs, or earns. `number` is what a document and an appeal cite: 2.1 is the first clause of the second
    part."""

    code: str
    word: str
    number: str
    points: Decimal
    component: str = ""
    by: str = EACH

    def cost(self, led: int) -> Decimal:
        """What one line costs a unit that led so many cases: as it stands, or for each percent of them that a line is."""
        return rounded(self.points * 100 / max(led, 1)) if self.by == RATE else self.points

    @property
    def told(self) -> str:
        """What it costs, in words."""
        return f"{WAYS[self.by]}{self.points}分"


@dataclass(frozen=True, slots=True)
class Bonus:
    """What finishing early without rework earns: each case, at least so many days early, and the most of it."""

    clause: Clause
    days: int
    most: Decimal


@dataclass(frozen=True, slots=True)
class Veto:
    """What bars every grade above `cap`, whatever the score."""

    clause: Clause
    cap: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, from the score at which it begins."""

    code: str
    word: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class AppraisalEvent:
    """What was entered by hand: a pollution event of a unit, or the finding that the rectification of a case was false."""

    rule: str
    on: date
    unit: str = ""
    case: str = ""
    text: str = ""


@dataclass(frozen=True)
class AppraisalRules:
    """One version of the rules; `version` is the digest of their canonical text, events by hand included."""

    components: tuple[AppraisalComponent, ...]
    deductions: tuple[Clause, ...]
    bonus: Bonus | None
    vetoes: tuple[Veto, ...]
    grades: tuple[Grade, ...]
    events: tuple[AppraisalEvent, ...]
    version: str
    clauses: Mapping[str, Clause] = field(default_factory=dict)

    def grade(self, score: Decimal, caps: Sequence[str] = ()) -> Grade:
        """The grade of a score, no better than any cap."""
        reached = next(place for place, grade in enumerate(self.grades) if score >= grade.least)
        codes = [grade.code for grade in self.grades]
        return self.grades[max([reached, *(codes.index(cap) for cap in caps)])]

    def grade_named(self, code: str) -> Grade:
        """The grade with this code."""
        return next(grade for grade in self.grades if grade.code == code)


def rounded(points: Decimal) -> Decimal:
    """Half up to two decimals: every part is rounded before it is added."""
    return points.quantize(CENT, ROUND_HALF_UP)


def read_rules(plain: Mapping[str, Any] | None) -> AppraisalRules:
    """The rules of this JSON, the shipped ones for None. Raises `Invalid` with a sentence about the first thing wrong."""
    given = DEFAULT_RULES if plain is None else plain
    components = tuple(AppraisalComponent(_read_text(row, "code"), _read_text(row, "word"), _read_points(row, "points"))
                       for row in _read_rows(given, "components"))
    if sum((each.points for each in components), Decimal()) != FULL:
        raise _wrong_rule(f"各部分(components)分值之和应为 100，现为 {sum(each.points for each in components)}")
    deductions = _read_deductions(given, [each.code for each in components])
    bonus, grades = _read_bonus(given.get("bonus")), _read_grades(given)
    vetoes = _read_vetoes(given, [each.code for each in grades])
    clauses = {clause.code: clause for clause in (*deductions, *(v.clause for v in vetoes), *([bonus.clause] if bonus else []))}
    events = tuple(_read_event(row, [v.clause.code for v in vetoes]) for row in _read_rows(given, "events", is_needed=False))
    words = [clause.word for clause in clauses.values()]
    if len(set(words)) != len(words) or len(clauses) != len(deductions) + len(vetoes) + bool(bonus):
        raise _wrong_rule("每条规则的代码(code)和名称(word)都不能重复")
    return AppraisalRules(components, deductions, bonus, vetoes, grades, events, sha256(canonical(given).encode()).hexdigest(),
                          clauses)


def _read_deductions(given: Mapping[str, Any], parts: list[str]) -> tuple[Clause, ...]:
    found: list[Clause] = []
    for row in _read_rows(given, "deductions"):
        part = _one_of(row, "component", parts)
        place = 1 + sum(1 for each in found if each.component == part)
        code = _one_of(row, "code", list(MEANINGS))
        found.append(Clause(code, _read_text(row, "word"), f"{parts.index(part) + 1}.{place}", _read_points(row, "points"), part,
                            _one_of({"by": row.get("by") or EACH}, "by", list(WAYS))))
    return tuple(found)


def _read_bonus(row: Any) -> Bonus | None:
    if row is None:
        return None
    clause = Clause(_one_of(row, "code", ["early"]), _read_text(row, "word"), "加1", _read_points(row, "points"))
    days = row.get("days")
    if not isinstance(days, int) or not 0 <= days <= 365:
        raise _wrong_rule("加分的提前天数(days)应为 0 至 365 的整数")
    return Bonus(clause, days, _read_points(row, "most"))


def _read_vetoes(given: Mapping[str, Any], grades: list[str]) -> tuple[Veto, ...]:
    return tuple(
        Veto(Clause(_one_of(row, "code", [*BY_HAND, "listed_unresolved"]), _read_text(row, "word"), f"否{place}", Decimal(0)),
             _one_of(row, "cap", grades))
        for place, row in enumerate(_read_rows(given, "vetoes", is_needed=False), start=1))


def _read_grades(given: Mapping[str, Any]) -> tuple[Grade, ...]:
    grades = tuple(Grade(_read_text(row, "code"), _read_text(row, "word"), _read_points(row, "from"))
                   for row in _read_rows(given, "grades"))
    bounds = [grade.least for grade in grades]
    if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
        raise _wrong_rule("等次(grades)的最低分(from)应由高到低排列，最后一等从 0 起")
    return grades


def _read_event(row: Mapping[str, Any], vetoes: list[str]) -> AppraisalEvent:
    rule = _one_of(row, "rule", [code for code in BY_HAND if code in vetoes])
    about = "case" if rule == "false_rectification" else "unit"
    try:
        on = date.fromisoformat(_read_text(row, "on"))
    except ValueError:
        raise _wrong_rule("登记事项(events)的日期(on)应写作 2026-05-03") from None
    _read_text(row, about)
    return AppraisalEvent(rule, on, str(row.get("unit", "")), str(row.get("case", "")).upper(), str(row.get("text", "")))


def _read_rows(given: Mapping[str, Any], name: str, *, is_needed: bool = True) -> list[Mapping[str, Any]]:
    rows = given.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows) or (is_needed and not rows):
        raise _wrong_rule(f"“{name}”应为对象的数组")
    return rows


def _read_text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > 60:
        raise _wrong_rule(f"“{name}”应为 1 至 60 字的文字")
    return value.strip()


def _one_of(row: Any, name: str, known: list[str]) -> str:
    value = row.get(name) if isinstance(row, Mapping) else None
    if value not in known:
        raise _wrong_rule(f"“{name}”应为 {'、'.join(known)} 之一，“{value}”不合")
    return str(value)


def _read_points(row: Mapping[str, Any], name: str) -> Decimal:
    value = row.get(name)
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        points = Decimal(-1)
    if isinstance(value, bool) or not points.is_finite() or not 0 <= points <= FULL:
        raise _wrong_rule(f"“{name}”应为 0 至 100 的数，“{value}”不合")
    return rounded(points)


def _wrong_rule(what: str) -> Invalid:
    return Invalid(f"考核规则不能这样写：{what}。", field="value")
