"""Units ranked by stated points and weights: each weighted part is rounded to two decimals before the parts are added, and what
could not be measured is left out of a unit's weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tracker.domain.reports.counting import weighted_score

FULL, CENT = Decimal(100), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class RankingComponent:
    """One part of the score: which measure gives the points, and how much they weigh."""

    key: str
    word: str
    weight: Decimal


# What may be weighed, in the order in which ties are broken. The more of it the better: no rate of failures stands here.
COMPONENTS: dict[str, str] = {
    "on_time": "按期办结率", "first_pass": "一次核查通过率", "completion": "办结率", "completion_with_phased": "办结率（含阶段性办结）",
    "acknowledged": "按期签收率", "closing": "销号率", "satisfaction": "回访满意率",
}
DEFAULT_WEIGHTS: Mapping[str, float] = {"on_time": 0.4, "first_pass": 0.2, "completion": 0.3, "acknowledged": 0.1}


def components(rules: Mapping[str, Any]) -> tuple[RankingComponent, ...]:
    """The parts of the score as the rule book has them; where it says nothing, the ones shipped here."""
    weights = rules.get("ranking_weights") or DEFAULT_WEIGHTS
    chosen = [RankingComponent(key, word, Decimal(str(weights[key]))) for key, word in COMPONENTS.items() if key in weights]
    return tuple(each for each in chosen if each.weight > 0)


@dataclass(frozen=True, slots=True)
class Contender:
    """A unit with its points, one for each component; None where it had nothing to be measured by. `why` it is not ranked is
    empty for one that is."""

    key: str
    name: str
    points: tuple[Decimal | None, ...]
    why: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class PlacedContender:
    """A contender with its score; `place` is None for one that is listed only."""

    place: int | None
    contender: Contender
    score: Decimal | None


def measured(points: Sequence[Decimal | None], parts: Sequence[RankingComponent]) -> Decimal:
    """How much of the weights could be measured."""
    return sum((part.weight for each, part in zip(points, parts, strict=True) if each is not None), Decimal())


def score(points: Sequence[Decimal | None], parts: Sequence[RankingComponent]) -> Decimal:
    """The score out of 100: a part that could not be measured is left out, and the others weigh what they weigh among
    themselves."""
    known = [(each, part.weight) for each, part in zip(points, parts, strict=True) if each is not None]
    return (weighted_score(known) / measured(points, parts)).quantize(CENT, ROUND_HALF_UP) if known else Decimal("0.00")


def rank(contenders: Iterable[Contender], parts: Sequence[RankingComponent]) -> tuple[PlacedContender, ...]:
    """Best first. Equal scores go by the points of the components in their order, one that is missing last; who is equal in
    all of them shares the place.

    Contenders that are not ranked follow in the order of their keys.
    """
    known = list(contenders)
    scored = [(score(each.points, parts), each) for each in known if not each.why]
    scored.sort(key=lambda pair: (*_rank_key(pair), pair[1].key))
    placed: list[PlacedContender] = []
    for at, (points, each) in enumerate(scored, start=1):
        shares = placed and _rank_key((points, each)) == _rank_key(scored[at - 2])
        placed.append(PlacedContender(placed[-1].place if shares else at, each, points))
    return (*placed, *(PlacedContender(None, each, None) for each in sorted(known, key=lambda each: each.key)
                       if each.why))


def _rank_key(pair: tuple[Decimal, Contender]) -> tuple[Decimal, ...]:
    total, contender = pair
    return (-total, *(Decimal(1) if each is None else -each for each in contender.points))


def method(parts: Sequence[RankingComponent]) -> str:
    """How the score is made, in one sentence for the foot of the table."""
    listed = " + ".join(f"{part.word} × {_plain_number(part.weight * 100)}%" for part in parts)
    return (f"得分 = {listed}；各项以百分数（保留一位小数）计分，乘以权重后先四舍五入到两位小数再相加，满分 {_plain_number(FULL)} 分。"
            "本月没有该项基数的，该项不计，其余各项按权重折算成百分；得分相同的依次比较各项得分，各项均相同的并列。")


def _plain_number(number: Decimal) -> str:
    return f"{number.normalize():f}"
