"""Which cases are probably the same trouble: text, distance and days weighed by one table. It suggests, it decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.house.say import Listed, Say

MOST = 5
WINDOW_DAYS = 90


@dataclass(frozen=True)
class Likeness:
    """How far a case is from the one at hand. `metres` is None where one of them has no place."""

    similarity: float  # of the texts, 0 to 100
    days: int
    metres: float | None = None


@dataclass(frozen=True)
class Threshold:
    """Near enough: within so many metres (None: wherever it is) and days, with texts at least so similar."""

    metres: float | None
    days: int
    similarity: float


SAME_SPOT_METRES = 40  # here a few days say enough, whatever the words
# The nearer the place, the less the words have to agree. The last line is for cases without a place on the map.
THRESHOLDS: tuple[Threshold, ...] = (
    Threshold(SAME_SPOT_METRES, 14, 0), Threshold(50, 30, 30), Threshold(150, 60, 40), Threshold(500, WINDOW_DAYS, 55),
    Threshold(2000, WINDOW_DAYS, 70), Threshold(None, WINDOW_DAYS, 80),
)
LEAST_SIMILARITY = min(line.similarity for line in THRESHOLDS if line.similarity)
FAR_METRES = 2000.0  # where nearness stops counting
WEIGHTS = {"similarity": 0.6, "nearness": 0.3, "recency": 0.1}


def is_near(found: Likeness) -> bool:
    """Whether some line of the table lets it through."""
    return any(
        (line.metres is None or (found.metres is not None and found.metres <= line.metres))
        and abs(found.days) <= line.days and found.similarity >= line.similarity for line in THRESHOLDS)


def weight(found: Likeness) -> float:
    """How high it ranks, 0 to 1. A missing place counts as half way."""
    nearness = 0.5 if found.metres is None else max(0.0, 1 - found.metres / FAR_METRES)
    parts = {"similarity": found.similarity / 100, "nearness": nearness, "recency": max(0.0, 1 - abs(found.days) / WINDOW_DAYS)}
    return sum(WEIGHTS[name] * part for name, part in parts.items())


def ranked(found: Iterable[tuple[str, Likeness]], most: int = MOST) -> list[tuple[str, Likeness]]:
    """Numbers of the cases that are near, the likeliest first; equal ones in the order of their numbers."""
    near = [(number, likeness) for number, likeness in found if is_near(likeness)]
    return sorted(near, key=lambda each: (-weight(each[1]), each[0]))[:most]


def reason(found: Likeness) -> str:
    """Why it is suggested, in words: 相距 80 米 · 3 天前 · 文字相似 87%."""
    parts = [] if found.metres is None else [_distance_words(found.metres)]
    alike = [Say("文字相似 {similarity:.0f}%", similarity=found.similarity)] if found.similarity else []
    return Listed([*parts, _day_words(found.days), *alike], " · ")


def _distance_words(metres: float) -> str:
    return Say("相距 {metres} 米", metres=round(metres)) if metres < 1000 else Say("相距 {metres:.1f} 公里", metres=metres / 1000)


def _day_words(days: int) -> str:
    """`days` before the one at hand; below zero after it."""
    return "同一天" if days == 0 else Say("{days} 天前", days=days) if days > 0 else Say("{days} 天后", days=-days)
