"""The picture of a section: its stretch as a bar in mileage, a dot for each open case in its light, a stroke for each patrol."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from tracker.domain.cases.facts import CaseState
from tracker.domain.coordination.patrols.periods import TIERS
from tracker.domain.territory.shapes.sections import TIER_WORDS
from tracker.services.coordination.patrols.register import PlacedCase, VisitLine
from tracker.services.coordination.patrols.sections import LineSection
from tracker.web.house.drawing.filters import case_light

WIDTH, SIDE, BAR_AT, ROW, FIRST_ROW, DOT = 400, 38, 64, 20, 92, 6
HEIGHT = FIRST_ROW + ROW * len(TIERS) + 4
MOST_POSTS = 3


@dataclass(frozen=True)
class PictureMark:
    """Something on the bar: where, and what is said of it. `look` is what it is drawn as."""

    x: float
    y: float
    look: str
    said: str
    to: float = 0.0  # where a stroke ends
    number: str = ""


@dataclass(frozen=True)
class SectionPicture:
    """The picture: kilometre posts with their labels, cases, and patrols in a row for each tier."""

    width: int
    height: int
    bar_from: float
    bar_to: float
    bar_at: float
    posts: tuple[tuple[float, str], ...]
    cases: tuple[PictureMark, ...]
    patrols: tuple[PictureMark, ...]
    rows: tuple[tuple[float, str], ...]


def picture_of(section: LineSection, cases: Sequence[PlacedCase], visits: Sequence[VisitLine]) -> SectionPicture:
    """Drawn from what the reader sees."""
    scale = (WIDTH - 2 * SIDE) / (section.end - section.begin)

    def across(metre: float) -> float:
        return SIDE + (min(max(metre, section.begin), section.end) - section.begin) * scale

    rows = tuple((FIRST_ROW + at * ROW, TIER_WORDS[tier]) for at, tier in enumerate(TIERS))
    dots = tuple(PictureMark(across(each.metre), _dot_height(at, cases, across), _light_of(each.case.state, each.case.due_on),
                             f"{each.case.title} {section.line.told(each.metre)}", number=each.case.number)
                 for at, each in enumerate(cases))
    strokes = tuple(PictureMark(across(each.row.stretch[0]), FIRST_ROW + (each.row.tier - 1) * ROW, each.row.state,
                                f"{each.row.on} {each.stretch}", across(each.row.stretch[1]), each.row.number)
                    for each in reversed(visits))
    return SectionPicture(WIDTH, HEIGHT, across(section.begin), across(section.end), BAR_AT,
                          tuple((across(metre), said) for metre, said in _posts_along(section)), dots, strokes, rows)


def _posts_along(section: LineSection) -> Iterator[tuple[float, str]]:
    """Both ends, and as many whole kilometres between as fit."""
    yield section.begin, section.line.told(section.begin)
    within = [(metre, f"K{post}") for post, metre in section.line.posts if section.begin < metre < section.end]
    step, room = max(1, ceil(len(within) / MOST_POSTS)), (section.end - section.begin) / 4
    yield from (each for each in within[::step] if section.begin + room < each[0] < section.end - room)
    yield section.end, section.line.told(section.end)


def _dot_height(at: int, cases: Sequence[PlacedCase], across: object) -> float:
    """Cases at the same place stand above one another."""
    near = sum(abs(each.metre - cases[at].metre) < 1.0 for each in cases[:at])
    return BAR_AT - 6 - DOT - min(near, 2) * (2 * DOT + 2)


def _light_of(state: CaseState, due_on: date | None) -> str:
    return case_light(state, due_on)
