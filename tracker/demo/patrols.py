"""Patrols of the demo's year: chiefs of both sides on each section of the invented railway, a plan for each year, patrols by real
steps, most confirmed, some denied or never made; and daily patrols of the inspectors."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from tracker.demo.railway import RAIL_UNIT, SECTIONS
from tracker.demo.walk import Year
from tracker.domain.coordination.patrols.daily import KIND as DAILY
from tracker.domain.coordination.patrols.joint import KIND, PatrolSteps
from tracker.domain.coordination.patrols.periods import USUAL, period_about
from tracker.domain.coordination.patrols.plans import KIND as PLAN
from tracker.domain.coordination.patrols.plans import PatrolPlanSteps
from tracker.domain.house.actor import Actor, Role
from tracker.services.acts import steps
from tracker.services.coordination.patrols.plans import open_patrols
from tracker.services.coordination.patrols.sections import section_for
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.territory.shapes.chiefs import NAME

SHOP, DISTRICT = "NTJ-GWD-XH", "XH"
ONE_DAY = timedelta(days=1)
THIRD_TIER = "JJ-02"  # the section whose community and gang go on patrol too
DENIED, MISSED = 12, 9  # every so many-th is denied, or never made
ROUTES = (("象湖风景区", "桃花路"), ("抚河故道", "朝阳中路"), ("老福山花园", "洪城路"), ("朝阳洲", "云锦路"))


Deed = Callable[[], object]
Events = list[tuple[datetime, Deed]]


def patrol_plot(year: Year) -> Iterator[datetime]:
    """From the first posts until the last patrol that can be confirmed."""
    events: Events = [(year.at_hour(year.first + ONE_DAY, 9), partial(_fill_posts, year))]
    for calendar_year in range(year.first.year, year.until.year + 1):
        begins = max(year.first + 2 * ONE_DAY, date(calendar_year, 1, 4))
        if begins + 3 * ONE_DAY < year.until:
            events += _plan_events(year, calendar_year, begins)
    events += _patrol_events(year) + _daily_events(year)
    for at, act in sorted(events, key=lambda event: event[0]):
        yield at
        act()


def _fill_posts(year: Year) -> None:
    admin = year.cast.holding(Role.admin)[0]
    for at, (street, _, _) in enumerate(SECTIONS, start=1):
        posts = [("local", "1", DISTRICT, "lead1", "副区长"), ("rail", "1", RAIL_UNIT, _login_of(year, RAIL_UNIT, 0), "副段长"),
                 ("local", "2", street, _login_of(year, street, 0), "街道办副主任"),
                 ("rail", "2", SHOP, _login_of(year, SHOP, 0), "车间主任")]
        if f"JJ-{at:02d}" == THIRD_TIER:
            posts += [("local", "3", street, _login_of(year, street, 1), "社区段长"),
                      ("rail", "3", SHOP, _login_of(year, SHOP, 1), "工长")]
        for side, tier, unit, login, title in posts:
            rows.save_row(admin, NAME, None,
                          {"section": f"JJ-{at:02d}", "side": side, "tier": tier, "unit": unit, "person": login,
                                              "title": title, "valid_from": year.clock.today()})


def _plan_events(year: Year, calendar_year: int, begins: date) -> Events:
    dispatcher, lead, made = year.cast.holding(Role.dispatcher)[0], year.cast.holding(Role.lead)[0], list[str]()

    def draft() -> None:
        made.append(steps.begin(dispatcher, PLAN, {"year": calendar_year, "document_no": f"西整改办〔{calendar_year}〕2号"}).number)

    def adopt() -> None:
        steps.take(lead, made[0], PatrolPlanSteps.adopt.name, {})
        open_patrols(year.clock.today())

    return [(year.at_hour(begins, 10), draft), (year.at_hour(begins + ONE_DAY, 15), adopt)]


def _patrol_events(year: Year) -> Events:
    rng, events, count = Random(f"patrols/{year.until}"), Events(), 0
    on = year.first + 10 * ONE_DAY
    while on < year.until:
        if on.day in (1, 16):
            events.append((datetime.combine(on, time(0, 30), year.clock.zone), partial(open_patrols, on)))
        on += ONE_DAY
    for tier, cadence in USUAL.items():
        on = year.first + 10 * ONE_DAY
        while on < year.until:
            period = period_about(cadence, on)
            for at, (street, _, _) in enumerate(SECTIONS, start=1):
                code = f"JJ-{at:02d}"
                if tier == 3 and code != THIRD_TIER:
                    continue
                count += 1
                if count % MISSED:
                    events += _one_patrol(year, rng, code, street, tier, max(on, period.starts_on), period.due_on,
                                          count % DENIED == 0)
            on = period.due_on + ONE_DAY
    return events


def _one_patrol(year: Year, rng: Random, code: str, street: str, tier: int, first: date, last: date, is_denied: bool
                ) -> Events:
    """Recorded by either side on a day of the period, answered by the other some days later."""
    day = min(first + timedelta(days=rng.randint(1, max(1, (last - first).days - 4))), last)
    walked, answered = year.at_hour(day, 11), year.at_hour(day + timedelta(days=rng.randint(1, 3)), 15)
    if answered.date() >= year.until:
        return []
    rail = year.cast.officers(RAIL_UNIT if tier == 1 else SHOP)[0]
    local = year.cast.officers(street)[0]
    logger, other = (local, rail) if rng.random() < 0.6 else (rail, local)
    part, made = rng.choice((1.0, 0.6, 0.45)), list[str]()

    def log() -> None:
        section = section_for(reading(), code, year.clock.today())
        until = section.begin + (section.end - section.begin) * part
        made.append(steps.begin(logger, KIND, {
            "section": code, "tier": str(tier), "patrolled_on": year.clock.today(), "mode": rng.choice(("walk", "walk", "car")),
            "mileage_from": section.line.told(section.begin), "mileage_to": section.line.told(until),
            "local_count": rng.randint(2, 4), "local_chief": local.name, "rail_count": rng.randint(1, 3),
            "rail_chief": rail.name, "findings": "none"}).number)

    def answer() -> None:
        if is_denied:
            steps.take(other, made[0], PatrolSteps.deny.name, {"reason": "当天我方因施工天窗没有参加，请改期。"})
        else:
            steps.take(other, made[0], PatrolSteps.confirm.name, {"text": "参加巡查，情况属实。"})

    return [(walked, log), (answered, answer)]


def _daily_events(year: Year) -> Events:
    """Once a week an inspector records the day's round."""
    people, events = year.cast.holding(Role.inspector), Events()
    for week, days in enumerate(range(9, (year.until - year.first).days, 7)):
        begins, ends = ROUTES[week % len(ROUTES)]
        actor, moment = people[week % len(people)], year.at_hour(year.first + timedelta(days=days), 17)
        if moment.date() < year.until:
            events.append((moment, partial(_record_round, year, actor, begins, ends)))
    return events


def _record_round(year: Year, actor: Actor, begins: str, ends: str) -> None:
    steps.begin(actor, DAILY, {"patrolled_on": year.clock.today(), "people": f"{actor.name}等", "person_count": 2,
                               "vehicle_count": 1, "route_from": begins, "route_to": ends, "findings": "none"})


def _login_of(year: Year, unit: str, at: int) -> str:
    people = year.cast.officers(unit)
    return people[min(at, len(people) - 1)].login
