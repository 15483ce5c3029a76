"""Who is ranked beside whom: streets beside streets, departments beside departments, and each from so many cases on.

The circular and the appraisals read the same rows. Who is not ranked is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.domain.cases.wording import UNIT_KINDS

HALF = Decimal("0.5")  # of the weights, or of the points: who was measured by less is not compared with others
DEFAULT_GROUPS: list[dict[str, Any]] = [
    {"kind": "street", "group": "街道（镇）", "due": 3, "led": 5},
    {"kind": "department", "group": "区直部门", "due": 3, "led": 5},
    {"kind": "district", "group": "区直部门", "due": 3, "led": 5},
    {"kind": "railway", "group": "铁路单位", "due": 3, "led": 5},
]


@dataclass(frozen=True, slots=True)
class RankedKind:
    """A kind of unit: the group it is ranked in, and from how many cases due in the month, or led in the period, on."""

    kind: str
    group: str
    due: int
    led: int


class RankingGroups:
    """The groups as the rule book has them; where it says nothing, the ones shipped here."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        rows = rules.get("ranking_groups") or DEFAULT_GROUPS
        self.kinds = {row["kind"]: RankedKind(row["kind"], row["group"], row["due"], row["led"]) for row in rows}
        self.words = tuple(dict.fromkeys(each.group for each in self.kinds.values()))

    def group_of(self, kind: str) -> str:
        """The group of a kind of unit, empty where it is in none."""
        return self.kinds[kind].group if kind in self.kinds else ""

    def why_not_in_month(self, kind: str, due: int, measured: Decimal) -> str:
        """Why a unit is not ranked in the month; empty where it is."""
        return self._too_few(kind, due, "本月到期", "due") or self._too_little(measured)

    def why_not_in_period(self, kind: str, led: int, measured: Decimal) -> str:
        """Why a unit is not ranked in an appraisal; empty where it is."""
        return "没有参评案件" if led == 0 else self._too_few(kind, led, "主办", "led") or self._too_little(measured)

    def method(self, what: str, name: str) -> str:
        """From how many cases on each group is ranked, and who is left out."""
        said = "；".join(f"{UNIT_KINDS.get(each.kind, each.kind)}列入“{each.group}”，{what}满 {getattr(each, name)} 件的排名"
                        for each in self.kinds.values())
        return f"分组排名：{said}。其他类别的单位、件数不足的单位和能计分的部分不到一半的单位不排名，列明原因。"

    def _too_few(self, kind: str, number: int, what: str, name: str) -> str:
        if kind not in self.kinds:
            return f"{UNIT_KINDS.get(kind, '其他单位')}不参加排名"
        least = int(getattr(self.kinds[kind], name))
        return f"{what} {number} 件，不足 {least} 件" if number < least else ""

    @staticmethod
    def _too_little(measured: Decimal) -> str:
        return "" if measured >= HALF else f"能计分的部分只占 {(measured * 100).normalize():f}%，不到一半"
