"""What patrols of the demo's year find: three daily ones a problem in a street, one of both sides a problem at the line. Each is
registered by the patrol's own step and handled to its end as any other case."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from tracker.demo.matters import Draw
from tracker.demo.patrols import ROUTES, SHOP, THIRD_TIER
from tracker.demo.places import STREETS
from tracker.demo.plots import Plot, go_on
from tracker.demo.railway import RAIL, SECTIONS, spot_at
from tracker.demo.walk import Walk, Walking, Year
from tracker.domain.coordination.patrols import daily, joint
from tracker.domain.coordination.patrols.daily import DailyPatrolSteps
from tracker.domain.coordination.patrols.joint import PatrolSteps
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Role
from tracker.services.acts import steps
from tracker.services.cases.steps import Outcome
from tracker.services.coordination.patrols.findings import FOUND
from tracker.services.coordination.patrols.sections import section_for
from tracker.services.house.work import reading
from tracker.storage.acts.acts import Act
from tracker.storage.cases.cases import Case

ROOM = timedelta(days=85)  # before the demo's end, so that what was found is handled by then
DAILY_AT, JOINT_AT = (0.3, 0.55, 0.8), 0.65  # shares of the time until then
ALONG, APART = 1200.0, 3.0  # metres: within the section, and beside the middle of the line


def finding_plots(year: Year) -> list[Walking]:
    """What is found, each with its course."""
    draw = Draw(year, Random(f"patrol findings/{year.until}"))
    return [*(_daily_finding(year, draw, at, share) for at, share in enumerate(DAILY_AT)), _joint_finding(year, draw)]


def _day_at(year: Year, share: float) -> date:
    span = year.until - ROOM - year.first
    return year.calendar.add_workdays(year.first + timedelta(days=round(span.days * share)), 1).on


def _daily_finding(year: Year, draw: Draw, at: int, share: float) -> Walking:
    """An inspector on the day's round registers a problem."""
    story, moment = Plot("PATROL"), year.at_hour(_day_at(year, share), 10)
    walk = Walk(year, replace(draw.matter(story), start=moment), Random(f"daily finding/{year.until}/{at}"))
    yield moment
    people, (begins, ends), matter = year.cast.holding(Role.inspector), ROUTES[at % len(ROUTES)], walk.matter
    inspector = people[at % len(people)]
    number = steps.begin(inspector, daily.KIND, {
        "patrolled_on": walk.today, "people": f"{inspector.name}等", "person_count": 2, "vehicle_count": 1, "route_from": begins,
        "route_to": ends, "findings": "found"}).number
    steps.take(inspector, number, DailyPatrolSteps.find_problem.name, {
        "title": matter.title, "text": matter.text, "place": f"西湖区{matter.street.name}{matter.spot}"},
        uploads=[walk.photo(1, EvidenceRole.before)])
    walk.outcome = _case_found(number)
    yield from go_on(walk, story)


def _joint_finding(year: Year, draw: Draw) -> Walking:
    """Both sides go along the line, and what they see inside the fence is sent down to both."""
    story, moment = Plot(RAIL), year.at_hour(_day_at(year, JOINT_AT), 10)
    unit, _, begin = SECTIONS[int(THIRD_TIER[-2:]) - 1]
    street = next(each for each in STREETS if each.unit == unit)
    drawn = replace(draw.matter(story), start=moment, street=street, spot=street.spots[0], title="护坡内侧堆放杂物",
                    text="桃花段护坡内侧堆有旧轨枕和编织袋，挡住排水沟。", answers={"railway_fence": "inside"})
    walk = Walk(year, drawn, Random(f"joint finding/{year.until}"))
    walk.latitude, walk.longitude = spot_at(begin + ALONG, APART)
    yield moment
    local, rail = year.cast.officers(unit)[0], year.cast.officers(SHOP)[0]
    section = section_for(reading(), THIRD_TIER, walk.today)
    told = section.line.told
    number = steps.begin(local, joint.KIND, {
        "section": THIRD_TIER, "tier": "2", "patrolled_on": walk.today, "mode": "walk", "mileage_from": told(section.begin),
        "mileage_to": told(section.end), "local_count": 3, "local_chief": local.name, "rail_count": 2, "rail_chief": rail.name,
        "findings": "found"}).number
    steps.take(local, number, PatrolSteps.find_problem.name, {
        "title": drawn.title, "text": drawn.text, "mileage": told(section.begin + ALONG), "fence": "inside"},
        uploads=[walk.photo(1, EvidenceRole.before)])
    walk.outcome = _case_found(number)
    yield year.at_hour(walk.today, 15)
    steps.take(rail, number, PatrolSteps.confirm.name, {"text": "共同巡查，情况属实，杂物由我方清理。"})
    yield from go_on(walk, story)


def _case_found(number: str) -> Outcome:
    """The case that a patrol registered last, as its own registration would tell it."""
    session = reading()
    details = session.scalars(select(Act.details).where(Act.number == number)).one()
    case = session.scalars(select(Case).where(Case.number == str(details[FOUND][-1]["target"]).partition(":")[2])).one()
    return Outcome(case.number, case.seq, case.state, "register", case.due_on, case.source.is_notice_required, case.jurisdiction)
