"""Sections of a railway line: the posts of their chiefs on both sides, and where sections overlap, leave a gap or lack one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.domain.house.say import Say
from tracker.domain.territory.shapes.layers import Layer, MapShape

LOCAL, RAIL = "local", "rail"
SIDE_WORDS: Mapping[str, str] = {LOCAL: "地方", RAIL: "铁路"}
TIER_WORDS: Mapping[int, str] = {1: "一级", 2: "二级", 3: "三级"}
RAIL_UNIT = "railway"  # the kind of a unit of the railway
DUST = 0.5  # metres by which two sections may be drawn apart


@dataclass(frozen=True)
class ChiefPost:
    """A post of a section chief on a day: whose unit, and who holds it. `is_vacant`: the person is not in office any more."""

    section: str
    side: str
    tier: int
    unit_id: int
    unit: str
    person_id: int | None
    person: str
    title: str
    valid_from: date
    valid_to: date | None
    is_vacant: bool = False
    is_unit_over: bool = False


def overlapping(sections: Iterable[MapShape]) -> Iterator[tuple[MapShape, MapShape, float]]:
    """Neighbours of one line that share metres, with how many."""
    yield from ((one, other, metres) for one, other, metres in _neighbours_apart(sections) if metres > DUST)


def section_faults(sections: Iterable[MapShape]) -> Iterator[Say]:
    """Where neighbours of one line overlap or leave a gap, with the metres."""
    for one, other, metres in _neighbours_apart(sections):
        if metres > DUST:
            yield Say("段落 {one} 与 {other} 重叠 {metres:.0f} 米。", one=one.code, other=other.code, metres=metres)
        elif metres < -DUST:
            yield Say("段落 {one} 与 {other} 之间空缺 {metres:.0f} 米。", one=one.code, other=other.code, metres=-metres)


def post_faults(sections: Iterable[MapShape], posts: Iterable[ChiefPost]) -> Iterator[Say]:
    """Which section lacks a chief on one side of a tier that is filled on the other, and which chief or unit is not there any
    more."""
    found = list(posts)
    for shape in sections:
        held = {(post.side, post.tier) for post in found if post.section == shape.code}
        for tier, word in TIER_WORDS.items():
            sides = [side for side in SIDE_WORDS if (side, tier) in held]
            if len(sides) == 1:
                lacking = next(side for side in SIDE_WORDS if side not in sides)
                yield Say("段落 {code} 的{tier}段长缺{side}一方。", code=shape.code, tier=Say(word), side=Say(SIDE_WORDS[lacking]))
    for post in found:
        if post.is_vacant or post.is_unit_over:
            yield Say("段落 {code} 的{side}{tier}段长 {who} 已不在岗，请换任。", code=post.section, side=Say(SIDE_WORDS[post.side]),
                      tier=Say(TIER_WORDS[post.tier]), who=post.person if post.is_vacant else post.unit)


def _neighbours_apart(sections: Iterable[MapShape]) -> Iterator[tuple[MapShape, MapShape, float]]:
    """Neighbours along each line, with the metres they share; below zero: that lie between them."""
    lines: dict[str, list[MapShape]] = {}
    for shape in sections:
        if shape.layer is Layer.section and shape.metre_from is not None and not shape.ends:
            lines.setdefault(shape.line, []).append(shape)
    for found in lines.values():
        ordered = sorted(found, key=lambda shape: (shape.metre_from or 0.0, shape.metre_to or 0.0))
        for one, other in pairwise(ordered):
            assert one.metre_to is not None
            assert other.metre_from is not None
            yield one, other, min(one.metre_to, other.metre_to or 0.0) - other.metre_from
