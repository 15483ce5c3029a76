"""What stands on a morning list beside the cases of a desk: sections with lines of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.domain.house.links import Link
from tracker.services.cadence.morning_lists import MOST_LINES, MorningLine


@dataclass
class SideSection:
    """A section of one person's list."""

    title: str
    link: Link
    lines: list[MorningLine] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """As the letter has it."""
        return {"title": self.title, "count": len(self.lines), "lines": tuple(self.lines[:MOST_LINES]),
                "more": max(0, len(self.lines) - MOST_LINES), "link": self.link}


def by_person(*lists: Mapping[int, SideSection]) -> dict[int, list[SideSection]]:
    """The sections of each person, in the order of the lists."""
    found: dict[int, list[SideSection]] = {}
    for each in lists:
        for person, section in each.items():
            found.setdefault(person, []).append(section)
    return found
