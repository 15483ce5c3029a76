"""The scores of the ranking and of the appraisal reckoned a second time, with whole numbers, by the rules as they are printed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.support.lives import Fact
from tests.support.recount import APART, ENDED, Life

COUNTS_AGAINST = ("待签收", "争议", "整改中", "阶段性")
OCCASIONS = {"submitted": "limit", "withdrawn": "limit", "extension_granted": "limit", "acknowledged": "limit",
             "verified": "verdict", "rejected": "verdict", "close_refused": "verdict", "closed": "verdict", "reopened": "verdict",
             "looked_back": "verdict", "supervision_opened": "led"}
SENT_BACK = ("withdrawn", "rejected", "close_refused", "reopened")
MEASURED_BY = {"overdue_completion": "limit", "overdue_open": "limit", "late_acknowledgement": "limit", "extended_again": "limit",
               "rejected": "verdict", "rejected_again": "verdict", "close_refused": "verdict", "reopened": "verdict",
               "supervised_ordinary": "led", "supervised_key": "led", "supervised_listed": "led"}


def half_up(value: Fraction, places: int) -> Fraction:
    """Rounded half up; nothing here is negative."""
    return Fraction((value * 10 ** places * 2 + 1) // 2, 10 ** places)


def percent(rate: tuple[int, int]) -> Fraction:
    """To one decimal."""
    return half_up(Fraction(100 * rate[0], rate[1]), 1)


def text(value: Fraction) -> str:
    """With two decimals."""
    cents = value * 100
    assert cents.denominator == 1
    return f"{cents.numerator // 100}.{cents.numerator % 100:02d}"


def weighed(rates: Mapping[str, Any], weights: Mapping[str, float]) -> tuple[str, Fraction]:
    """The score of a ranking, and how much of the weights was measured."""
    parts = [(percent(rates[key]), Fraction(str(weight))) for key, weight in weights.items() if weight and rates[key][1]]
    measured = sum((weight for _, weight in parts), Fraction())
    total = sum((half_up(points * weight, 2) for points, weight in parts), Fraction())
    return text(half_up(total / measured, 2)) if measured else "0.00", measured


@dataclass
class Scored:
    """One unit's year."""

    group: str
    led: set[str] = field(default_factory=set)
    lines: list[tuple[date, str, int, str]] = field(default_factory=list)
    occasions: set[str] = field(default_factory=set)
    parts: list[str] = field(default_factory=list)
    total: str = ""
    earned: str = ""
    lost: str = ""

    @property
    def rules(self) -> list[str]:
        """By what rules it was charged."""
        return [rule for *_, rule in self.lines]


def scores_of(inputs: Mapping[str, Any], cases: list[Life], opens: datetime, cuts: datetime) -> dict[int, Scored]:
    """Every unit that led a case or is charged with something."""
    rules, groups = inputs["rules"]["appraisal_rules"], {row["kind"]: row["group"] for row in inputs["rules"]["ranking_groups"]}
    found: dict[int, Scored] = defaultdict(lambda: Scored(""))
    waived, costs = {each["key"] for each in inputs["appeals"]}, {row["code"] for row in rules["deductions"]}
    for case in cases:
        if case.state() in APART or case.value("history") == "imported":
            continue
        for unit in _led_by(case, opens, cuts):
            found[unit].led.add(case.number)
            found[unit].occasions.add("led")
        for unit, rule, seq, on, is_inside in _charges_of(case, date.fromisoformat(inputs["today"]), rules["bonus"]["days"]):
            if not (opens <= is_inside < cuts):
                continue
            found[unit].occasions.add(MEASURED_BY.get(rule, rule))
            if rule in costs or rule == "early":
                found[unit].led.add(case.number)
                if f"{unit}/{rule}/{case.number}/{seq}/{on}" not in waived:
                    found[unit].lines.append((on, case.number, seq, rule))
    for unit, each in found.items():
        each.group = groups.get(inputs["units"][str(unit)][2], "")
        _add_up(each, rules)
    return dict(found)


def _led_by(case: Life, opens: datetime, cuts: datetime) -> Iterator[int]:
    for at, (fact, following) in enumerate(pairwise((*case.facts, None)), start=1):
        seen = Life(case.number, case.facts[:at])
        assert fact is not None
        if fact.at < cuts and (following is None or following.at > opens) and seen.value("lead_unit_id") is not None \
                and seen.state() not in ENDED and seen.value("history") != "imported":
            yield seen.value("lead_unit_id")


# Unit, rule or occasion, fact, its day, and the moment that decides where it counts.
Charge = tuple[int, str, int, date, datetime]


def _own_steps(case: Life) -> Iterator[tuple[Life, Fact, str]]:
    """Every fact of the case's own history, with the case as it stood before."""
    for at in range(1, len(case.facts)):
        before = Life(case.number, case.facts[:at])
        if before.value("history") != "imported":
            yield before, case.facts[at], case.facts[at].kind.removeprefix("case:")


def _charges_of(case: Life, today: date, early_days: int) -> Iterator[Charge]:
    """What is held against or for whom, and the occasions, which cost nothing."""
    for before, fact, kind in _own_steps(case):
        if kind in OCCASIONS and before.value("lead_unit_id") is not None:
            yield before.value("lead_unit_id"), OCCASIONS[kind], fact.seq, fact.on, fact.at
    yield from _handed_in(case, early_days)
    yield from _told_once(case)
    yield from _nth_times(case, "rejected", 3, "rejected", "rejected_again")
    yield from _nth_times(case, "extension_granted", 2, "", "extended_again")
    yield from _still_owed(case, today)


def _handed_in(case: Life, early_days: int) -> Iterator[Charge]:
    """Work that was found good, measured by the day it was handed in and the limit of then."""
    handed: tuple[Life, Fact] | None = None
    for before, fact, kind in _own_steps(case):
        if kind == "verified" and handed is not None and (due := handed[0].on("due_on")):
            lead, days = handed[0].value("lead_unit_id"), (due - handed[1].on).days
            if lead is not None and days < 0:
                yield lead, "overdue_completion", handed[1].seq, handed[1].on, fact.at
            elif lead is not None and days >= early_days and case.value("round") == 1 and _is_smooth(before):
                yield lead, "early", handed[1].seq, handed[1].on, fact.at
        handed = (before, fact) if kind == "submitted" else None if kind in SENT_BACK else handed


def _is_smooth(case: Life) -> bool:
    """Never extended, never rejected while a unit led it."""
    spoilt = [kind for before, _, kind in _own_steps(case) if before.value("lead_unit_id") is not None]
    return not {"rejected", "extension_granted"} & set(spoilt)


def _told_once(case: Life) -> Iterator[Charge]:
    for before, fact, kind in _own_steps(case):
        lead, limit = before.value("lead_unit_id"), before.on("acknowledge_due_on")
        if lead is None:
            continue
        if kind in ("close_refused", "reopened"):
            yield lead, kind, fact.seq, fact.on, fact.at
        elif kind == "acknowledged" and limit and fact.on > limit:
            yield lead, "late_acknowledgement", fact.seq, fact.on, fact.at
        elif kind == "supervision_opened":
            level = fact.sets.get("supervision_level") or before.value("supervision_level") or "ordinary"
            yield lead, f"supervised_{level}", fact.seq, fact.on, fact.at


def _nth_times(case: Life, wanted: str, least: int, rule: str, again: str) -> Iterator[Charge]:
    """What counts otherwise from the nth time on that it happens to one unit."""
    times: dict[int, int] = defaultdict(int)
    for before, fact, kind in _own_steps(case):
        lead = before.value("lead_unit_id")
        if kind == wanted and lead is not None:
            times[lead] += 1
            if said := again if times[lead] >= least else rule:
                yield lead, said, fact.seq, fact.on, fact.at


def _still_owed(case: Life, today: date) -> Iterator[Charge]:
    """What is still owed at the end: its day is the one after the limit."""
    lead, due, sign = case.value("lead_unit_id"), case.on("due_on"), case.on("acknowledge_due_on")
    if lead is None:
        return
    if case.state() == "阶段性" and due:
        due = max(due, case.on("phase_next_on") or due)
    last = case.facts[-1].at
    if case.state() in COUNTS_AGAINST and due and due < today:
        yield lead, "overdue_open", _since(case, "due_on"), date.fromordinal(due.toordinal() + 1), last
    if case.state() == "待签收" and sign and sign < today:
        yield lead, "late_acknowledgement", _since(case, "acknowledge_due_on"), date.fromordinal(sign.toordinal() + 1), last


def _since(case: Life, name: str) -> int:
    """The fact since which the value and the unit are what they are."""
    now, found = (case.value(name), case.value("lead_unit_id")), case.facts[-1].seq
    for at in range(len(case.facts), 0, -1):
        earlier = Life(case.number, case.facts[:at])
        if (earlier.value(name), earlier.value("lead_unit_id")) != now:
            break
        found = case.facts[at - 1].seq
    return found


def _add_up(each: Scored, rules: Mapping[str, Any]) -> None:
    each.lines.sort()
    led, left_in_all, weight, lost = max(len(each.led), 1), Fraction(), Fraction(), Fraction()
    for part in rules["components"]:
        rows = {row["code"]: row for row in rules["deductions"] if row["component"] == part["code"]}
        whole = left = Fraction(str(part["points"]))
        for *_, rule in each.lines:
            if rule in rows:
                points = Fraction(str(rows[rule]["points"]))
                left -= min(left, half_up(points * 100 / led, 2) if rows[rule].get("by") == "rate" else half_up(points, 2))
        lost += whole - left
        is_measured = left != whole or any(MEASURED_BY[code] in each.occasions for code in rows)
        each.parts.append(text(left) if is_measured else "—")
        if is_measured:
            left_in_all, weight = left_in_all + left, weight + whole
    bonus = rules["bonus"]
    earned = min(Fraction(str(bonus["most"])), half_up(Fraction(str(bonus["points"])), 2) * each.rules.count("early"))
    score = half_up(left_in_all * 100 / weight, 2) if weight else Fraction()
    each.total, each.earned, each.lost = text(min(Fraction(100), score + earned)), text(earned), text(lost)
