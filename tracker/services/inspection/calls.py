"""Who is told that a quarter has no draw yet: those who prepare it first, then those who lead the area as well."""

from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import Role
from tracker.domain.house.links import Link, Place
from tracker.domain.house.say import Say
from tracker.domain.inspection.draws import KIND, DrawQuarter, level_of, quarter_of
from tracker.domain.mail.kinds import Kinds
from tracker.services.house.postings import Posting
from tracker.services.house.work import Work, deed
from tracker.services.mail.offices import each_once, offices
from tracker.services.rules import rules
from tracker.storage.inspection.draws import DrawRow

# On which working day of a quarter who is told, and what.
CALLS: dict[int, tuple[tuple[Role, ...], str]] = {
    1: ((Role.dispatcher,), "请编制名录并封存，另请一人到日见证抽取。"),
    10: ((Role.dispatcher, Role.lead), "季度已过十个工作日，请督促编制名录并封存。"),
}


def call_for_draws(on: date) -> str:
    """On its days of a quarter: how many were told."""
    return Say("催办抽取 {count} 人", count=_tell_of_missing(on))


@deed
def _tell_of_missing(work: Work, on: date) -> int:
    area, quarter = work.wiring.home_area, quarter_of(on)
    called = CALLS.get(_workday_of(area, quarter, on))
    if called is None or not area or work.wiring.post is None or _is_committed(work, area, quarter):
        return 0
    roles, call = called
    among = offices(on)
    people = [person for role in roles for person in among.over(role, area)]
    words = {"quarter": str(quarter), "call": Say(call), "link": Link(Place.acts, (), (("kind", KIND),))}
    ways = each_once(among.ways_to(dict.fromkeys(people)))
    work.post([Posting(way.reader.id, "draw_called", f"draw-call:{area}:{quarter}:{on}:{way.reader.id}", words, kind=Kinds.asked)
               for way in ways])
    return len(ways)


def _workday_of(area: str, quarter: DrawQuarter, on: date) -> int:
    """Which working day of its quarter this is; 0 on a day off."""
    calendar = rules.calendar(area)
    return calendar.workdays_between(quarter.first, on) if calendar.is_workday(on) else 0


def _is_committed(work: Work, area: str, quarter: DrawQuarter) -> bool:
    query = select(DrawRow.act_id).where(DrawRow.level == level_of(area), DrawRow.area_code == area,
                                         DrawRow.quarter == str(quarter),
                                         DrawRow.is_abandoned.is_(False), DrawRow.commitment != "")
    return work.session.scalar(query) is not None
