"""环比 and 同比: growth against an earlier period, in percent, for tables and for sentences. Where that period gives nothing to
divide by, one word says so everywhere."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tracker.domain.reports.counting import NO_BASE

MANIFOLD = 1000  # percent: from here on a sentence says how many times


def change(now: int, before: int, places: str = "0.1") -> Decimal | None:
    """Growth in percent, half up; None when there was nothing before."""
    return None if before == 0 else (Decimal(100 * (now - before)) / before).quantize(Decimal(places), ROUND_HALF_UP)


def signed(now: int, before: int) -> str:
    """Growth as a table prints it: +12.5%, −3.0%, 0.0%, or that there is no base."""
    grown = change(now, before)
    return NO_BASE if grown is None else f"{grown:+}%".replace("-", "−") if grown else "0.0%"


def grown(word: str, now: int, before: int) -> str:
    """Growth in a sentence: 环比增长 12.5%, 环比下降 3.0%, 环比持平; where there was nothing before it says so."""
    percent = change(now, before)
    if percent is None:
        return f"{word}{NO_BASE}"
    if percent >= MANIFOLD:
        return f"{word}增长 {(Decimal(now - before) / before).quantize(Decimal('0.1'), ROUND_HALF_UP)} 倍"
    return f"{word}持平" if now == before else f"{word}{'增长' if now > before else '下降'} {abs(percent)}%"
