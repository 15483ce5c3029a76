"""How wide the columns of a printed table must be, from what stands in them: no number, date or case number is broken, no text
stands on end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MM_PER_POINT = 0.3528
LATIN = 0.64  # a Latin letter in ems, in the widest font that stands in for the official one
SMALL_TYPE, EDGES_MM, SMALL_EDGES_MM = 9.0, 4.2, 2.4  # the inner margins of a cell, and those where the type is small
WIDEST, NARROWEST = 30, 6  # ems: no column asks for more, no text column that needs it gets less
LONGEST = 9.2  # ems, as long as a case number: a longer run of letters, such as a hash, may be broken
LONGEST_RATE = 13  # ems: 100.0%（1000/1000） is never broken, and its brackets in brackets neither
SLACK = 0.3  # ems: what a program rounds off
HEAD_EMS, MOST_HEAD_LINES = 2.2, 3
LOOKED_AT = 400  # rows that are measured; the others are of the same make
MOST_LINES = 6  # a row higher than this wants wider paper
_RATE = r"[（「《“]?[!-~−–■▲●✓]*[\d%](?:（[!-~−–]+(?:（[!-~−–]+）)?[）]*)+[）」》”]*"  # a number with what stands in brackets behind it
_HELD = re.compile(rf"(?P<rate>{_RATE})|[（「《“]?[!-~−–■▲●✓]+[）」》”]?|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Need:
    """What a column cannot do without, and what it would take to stand on one line; both in millimetres."""

    least: float
    wanted: float


def ems(text: str) -> float:
    """How long a text is, in characters of its own size."""
    return sum(1.0 if ord(sign) > 0x2000 else LATIN for sign in text)


def edges(size: float) -> float:
    """Left and right margin of a cell together, in millimetres."""
    return SMALL_EDGES_MM if size <= SMALL_TYPE else EDGES_MM


def needs(texts: Sequence[Sequence[str]], heads: Sequence[str], size: float) -> list[Need]:
    """What each column needs at this size of type; `texts` are rows of cells."""
    measured = [*texts[:LOOKED_AT], *texts[LOOKED_AT:][-1:]]
    return [_column_need([row[at] for row in measured], head, size) for at, head in enumerate(heads)]


def fits(found: Sequence[Need], width: int) -> bool:
    """Whether a table reads well on paper of this width."""
    if sum(need.least for need in found) > width:
        return False
    return all(need.wanted / given <= MOST_LINES for need, given in zip(found, shared(found, width), strict=True))


def shared(found: Sequence[Need], width: int) -> tuple[int, ...]:
    """Whole millimetres that add up to the width: each column its least, the rest by what else it would like."""
    least, wanted = sum(need.least for need in found), sum(need.wanted for need in found)
    if wanted <= width:
        given = [need.wanted * width / wanted for need in found]
    elif least <= width:
        given = [need.least + (need.wanted - need.least) * (width - least) / (wanted - least) for need in found]
    else:
        given = [need.least * width / least for need in found]
    lines = [*(round(sum(given[:at])) for at in range(len(given))), width]
    return tuple(after - before for before, after in pairwise(lines))


def _column_need(texts: Sequence[str], head: str, size: float) -> Need:
    em, margins = size * MM_PER_POINT, edges(size)
    longest = max((ems(text) for text in texts), default=0)
    longest_held = max((held(text) for text in texts), default=0)
    head_least = max(min(len(head), HEAD_EMS), ems(head) / MOST_HEAD_LINES)
    least = max(longest_held, min(longest, NARROWEST), head_least) + SLACK
    wanted = max(least, min(max(longest, ems(head)), WIDEST * MOST_LINES))
    return Need(least * em + margins, wanted * em + margins)


def held(text: str) -> float:
    """The longest part of a text that no line may end in, in ems."""
    parts = ((ems(found[0]), LONGEST_RATE if found["rate"] else LONGEST) for found in _HELD.finditer(text))
    return max((min(long, most) for long, most in parts), default=0)
