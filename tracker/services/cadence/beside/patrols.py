"""What section chiefs read in the morning: the joint patrols of their sections that are due within a week, and how many open
cases lie there, on either side."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyState
from tracker.domain.house.links import Link, Place
from tracker.domain.house.say import Say
from tracker.domain.territory.shapes.sections import TIER_WORDS, ChiefPost
from tracker.services.cadence.beside.sections import SideSection
from tracker.services.cadence.morning_lists import DESK, MorningLine
from tracker.services.cadence.section_chiefs import SectionChiefs
from tracker.services.coordination.patrols.register import OwedLine, owed
from tracker.services.coordination.patrols.sections import LineSection, sections_on
from tracker.services.mail.offices import Offices
from tracker.storage.cadence.owed import SectionCases, cases_by_section

WITHIN = timedelta(days=7)
TITLE, CASES = "应巡未巡", "段内案件"


def sections_of(session: Session, on: date, area_code: str, chiefs: SectionChiefs) -> Mapping[str, LineSection]:
    """The sections of an area for which anybody answers; where nobody is a chief nothing more is asked."""
    if not chiefs:
        return {}
    return {each.code: each for each in sections_on(session, on)
            if str(each.shape.extra.get("area") or area_code).startswith(area_code)}


def owed_by_chiefs(session: Session, on: date, sections: Mapping[str, LineSection], chiefs: SectionChiefs, among: Offices
                   ) -> Mapping[int, SideSection]:
    """By person: the patrols that are due."""
    found: dict[int, SideSection] = {}
    for each in owed(session, list(sections.values()), on) if sections else ():
        if each.row.state is DutyState.open and on <= each.row.due_on <= on + WITHIN:
            for person, line in _lines_of(each, sections[each.section], chiefs, among):
                found.setdefault(person, SideSection(TITLE, DESK)).lines.append(line)
    return found


def cases_for_chiefs(session: Session, on: date, area_code: str, sections: Mapping[str, LineSection], chiefs: SectionChiefs,
                     among: Offices) -> Mapping[int, SideSection]:
    """By person: how many open cases lie in their sections, whoever leads them."""
    found: dict[int, SideSection] = {}
    for each in cases_by_section(session, area_code, on) if sections else ():
        section = sections.get(each.section)
        for person in chiefs.of(each.section):
            if section is not None and person in among.reachable:
                line = MorningLine(each.section, _counts_said(each), section.shape.name, Link(Place.section, (each.section,)))
                found.setdefault(person, SideSection(CASES, DESK)).lines.append(line)
    return found


def _counts_said(each: SectionCases) -> Say:
    return Say("未办结 {count} 件：地方 {local} 件，铁路 {rail} 件，未定 {unclear} 件；超期 {late} 件", count=each.local + each.rail + each.unclear,
               local=each.local, rail=each.rail, unclear=each.unclear, late=each.late)


def _lines_of(each: OwedLine, section: LineSection, chiefs: SectionChiefs, among: Offices) -> Iterator[tuple[int, MorningLine]]:
    for post in chiefs.posts(each.section, each.tier):
        line = MorningLine(each.section, _words_for(each, post), section.shape.name, Link(Place.section, (each.section,)))
        yield from ((person, line) for person in chiefs.people_of(post) if person in among.reachable)


def _words_for(each: OwedLine, post: ChiefPost) -> Say:
    """What is left to this side."""
    said: dict[str, object] = {"tier": Say(TIER_WORDS[each.tier]), "due_on": each.row.due_on}
    if not each.waiting:
        return Say("{tier}段长联合巡查，{due_on} 到期", **said)
    theirs = next((patrol for patrol in each.waiting if patrol.details["side"] != post.side), None)
    if theirs is None:
        return Say("{tier}段长联合巡查，{due_on} 到期，待对方确认", **said)
    return Say("{tier}段长联合巡查，{due_on} 到期，待您确认 {number}", number=theirs.number, **said)
