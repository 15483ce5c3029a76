"""What section chiefs read in the morning: the joint patrols of their sections that are due within a week, on either side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyState
from tracker.domain.house.links import Link, Place
from tracker.domain.house.say import Say
from tracker.domain.territory.shapes.sections import TIER_WORDS, ChiefPost
from tracker.services.cadence.morning_lists import DESK, MOST_LINES, MorningLine
from tracker.services.coordination.patrol_register import OwedLine, owed
from tracker.services.coordination.patrol_sections import LineSection, sections_on
from tracker.services.mail.offices import Offices
from tracker.storage.territory.chiefs import posts_on

WITHIN = timedelta(days=7)
TITLE = "应巡未巡"


@dataclass
class ChiefSection:
    """The section of one person's list."""

    lines: list[MorningLine] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """As the letter has it."""
        return {"title": TITLE, "count": len(self.lines), "lines": tuple(self.lines[:MOST_LINES]),
                "more": max(0, len(self.lines) - MOST_LINES), "link": DESK}


def owed_by_chiefs(session: Session, on: date, area_code: str, among: Offices) -> Mapping[int, ChiefSection]:
    """By person. Who holds no account leaves it to the officers of the unit. Where nobody is a chief nothing more is asked."""
    found: dict[int, ChiefSection] = {}
    if not posts_on(session, on):
        return found
    sections = {each.code: each for each in sections_on(session, on)
                if str(each.shape.extra.get("area") or area_code).startswith(area_code)}
    for each in owed(session, list(sections.values()), on):
        if each.row.state is DutyState.open and on <= each.row.due_on <= on + WITHIN:
            for person, line in _lines_of(each, sections[each.section], among):
                found.setdefault(person, ChiefSection()).lines.append(line)
    return found


def _lines_of(each: OwedLine, section: LineSection, among: Offices) -> Iterator[tuple[int, MorningLine]]:
    for post in section.posts:
        if post.tier == each.tier:
            line = MorningLine(each.section, _words_for(each, post), section.shape.name, Link(Place.section, (each.section,)))
            people = (post.person_id,) if post.person_id is not None else among.officers(post.unit_id)
            yield from ((person, line) for person in people if person in among.reachable)


def _words_for(each: OwedLine, post: ChiefPost) -> Say:
    """What is left to this side."""
    said: dict[str, object] = {"tier": Say(TIER_WORDS[each.tier]), "due_on": each.row.due_on}
    if not each.waiting:
        return Say("{tier}段长联合巡查，{due_on} 到期", **said)
    theirs = next((patrol for patrol in each.waiting if patrol.details["side"] != post.side), None)
    if theirs is None:
        return Say("{tier}段长联合巡查，{due_on} 到期，待对方确认", **said)
    return Say("{tier}段长联合巡查，{due_on} 到期，待您确认 {number}", number=theirs.number, **said)
