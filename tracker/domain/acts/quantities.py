"""Quantities that a duty is measured by: a goal, what was passed of it so far, and what is reported now."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from tracker.domain.acts.facts import DutyKind
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say

GOAL, PASSED = "goal", "passed"  # under which the indicator of a duty keeps them
_QUANTITY = re.compile(r"\d{1,9}(\.\d{1,3})?", re.ASCII)


def read_quantity(raw: object, word: str, field: str) -> Decimal:
    """A quantity as it was typed, zero or more with up to three decimals. Raises `Invalid` naming the field."""
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    if not _QUANTITY.fullmatch(text):
        raise Invalid(Say("“{word}”应为不小于 0 的数，最多三位小数；“{raw}”无法识别。", word=Say(word), raw=str(raw)[:40]), field=field)
    return Decimal(text)


def quantity_text(value: Decimal) -> str:
    """A quantity written one way: 12.6, never 12.60."""
    return f"{value.normalize():f}"


def kept_quantity(indicator: Mapping[str, object], name: str) -> Decimal | None:
    """What an indicator keeps under a name; None where it keeps nothing."""
    return Decimal(str(indicator[name])) if indicator.get(name) not in (None, "") else None


def measured_by(kind: str, indicator: Mapping[str, object], value: str | None) -> tuple[DutyKind, Decimal | None, Decimal | None]:
    """The kind of a duty, its goal, and what was reported of it last, as the law asks for them."""
    goal = kept_quantity(indicator, GOAL)
    return DutyKind(kind), goal, Decimal(value) if goal is not None and value else None


def answered_quantity(indicator: Mapping[str, object], given: Mapping[str, object]) -> str | None:
    """What is reported of a duty, written one way where it has a goal. More than the goal, or less than was passed, is said with
    a reason. Raises `Incomplete` or `Invalid`."""
    goal, passed = kept_quantity(indicator, GOAL), kept_quantity(indicator, PASSED)
    raw = given.get("value")
    if goal is None:
        return quantity_text(read_quantity(raw, "完成数量", "value")) if raw else None
    if not raw:
        raise Incomplete("请填写“完成数量”。", field="value")
    value = read_quantity(raw, "完成数量", "value")
    if given.get("value_reason"):
        return quantity_text(value)
    if value > goal:
        raise Incomplete(Say("完成数量 {value} 超过目标 {goal}，确实如此的请写明数量说明。", value=quantity_text(value), goal=quantity_text(goal)),
                         field="value_reason")
    if passed is not None and value < passed:
        raise Incomplete(Say("完成数量 {value} 少于已核实的 {passed}，确实如此的请写明数量说明。", value=quantity_text(value),
                             passed=quantity_text(passed)), field="value_reason")
    return quantity_text(value)
