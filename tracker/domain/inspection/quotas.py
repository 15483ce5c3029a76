"""How many sites of a class a draw takes, whether there are enough people for them, and why a site stands outside the pool."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.inspection.drawing import ListedSite, Roster

QUARTERS = 4


class OutReason(StrEnum):
    """Why a site stands outside the pool; the first that applies is told."""

    not_active = "not_active"
    positive_list = "positive_list"
    onsite_cap = "onsite_cap"
    open_inspection = "open_inspection"
    excluded = "excluded"


OUT_WORDS: Mapping[str, str] = {
    OutReason.not_active: "停产、注销或搬离", OutReason.positive_list: "正面清单", OutReason.onsite_cap: "本年现场检查已达上限",
    OutReason.open_inspection: "已有未完成的检查", OutReason.excluded: "剔除",
}


@dataclass(frozen=True)
class DrawRule:
    """How many of a class: a ratio of the listed ones per quarter or per year, or so many per officer and year."""

    site_class: str
    ratio: Fraction
    is_yearly: bool
    per_officer: int = 0
    fresh_first: bool = True
    top_up: bool = True
    cover_years: int = 1


def rules_for(level: str, rows: Iterable[Mapping[str, Any]]) -> tuple[DrawRule, ...]:
    """The rules of a level, from the list of the rule book."""
    return tuple(DrawRule(row["class"], Fraction(row.get("ratio") or 0), row["per"] == "year", int(row.get("per_officer") or 0),
                          bool(row.get("fresh_first", True)), bool(row.get("top_up", True)), int(row.get("cover_years") or 1))
                 for row in rows if row["level"] == level)


def quota_of(rule: DrawRule, listed: int, quarter: int, drawn_before: int = 0, officers: int = 0) -> int:
    """How many are due in a quarter. Of a yearly ratio so many as are missing to its share by the end of the quarter: a change of
    the list or a shortfall corrects itself."""
    if not rule.is_yearly:
        return math.ceil(rule.ratio * listed)
    whole = Fraction(rule.per_officer * officers) if rule.per_officer else rule.ratio * listed
    return max(0, math.ceil(whole * quarter / QUARTERS) - drawn_before)


def quota_with(rule: DrawRule, quota: int, pool: Iterable[ListedSite]) -> int:
    """Where a class is not topped up it stops at those that were not drawn yet."""
    return quota if rule.top_up else min(quota, sum(site.times == 0 for site in pool))


def need_of(roster: Roster) -> int:
    """How many visits of officers the draw asks for."""
    return sum(min(each.quota, len(roster.pool(each.site_class))) for each in roster.strata) * roster.team


def require_capacity(roster: Roster) -> None:
    """There are enough officers for all of it, one spare site for each, and for each site by itself. Raises `Invalid` naming the
    shortage, or the site."""
    need, people, most = need_of(roster), len(roster.officers), roster.most_sites
    if need > people * most:
        raise Invalid(Say("需 {need} 人次，{people} 名人员每人至多 {most} 家，只够 {capacity} 人次。", need=need, people=people, most=most,
                          capacity=people * most), field="most_sites")
    if people and need // people >= most:
        raise Invalid(Say("需 {need} 人次，{people} 名人员每人至多 {most} 家，没有余量；每人须留出一家以备换人。", need=need, people=people,
                          most=most), field="most_sites")
    barred: dict[str, set[str]] = {}
    for officer, site in roster.conflicts:
        barred.setdefault(site, set()).add(officer)
    for each in roster.sites:
        free = people - len(barred.get(each.code, ()))
        if not each.out and free < roster.team and _is_wanted(roster, each):
            raise Invalid(Say("“{site}”除去须回避的只剩 {free} 名人员，每家须 {team} 人；请增加人员，或剔除该对象并写明依据。", site=each.code,
                              free=free, team=roster.team), field="officers")


def first_reason(applying: Collection[OutReason]) -> str:
    """The first of the reasons that apply, "" for none."""
    return next((reason.value for reason in OutReason if reason in applying), "")


def _is_wanted(roster: Roster, site: ListedSite) -> bool:
    """Whether any of its class is drawn at all."""
    return any(each.site_class == site.site_class and each.quota for each in roster.strata)
