"""The supervised sites of the demo, all of them invented, and its eight control orders, of which five kept their days good."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tracker.demo.walk import Year
from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.coordination.controls import KIND, ControlSteps
from tracker.domain.house.actor import Actor, Role
from tracker.services.acts import access, duties, steps
from tracker.services.house.master import rows
from tracker.services.sites import entries

ONE_DAY = timedelta(days=1)
# name, kind, unit, class ("" for none): everything in it is made up
SITES: tuple[tuple[str, str, str, str], ...] = (
    ("桃源纺织印染（虚构）", "company", "XH-TY", "A"), ("朝阳洲家具厂（虚构）", "company", "XH-CYZ", "B"),
    ("广润门印务（虚构）", "company", "XH-GRM", "B"), ("西湖汽修喷涂中心（虚构）", "company", "XH-NZ", "A"),
    ("地铁四号线风井工地（虚构）", "construction", "XH-CYZ", ""), ("洪城路改造工地（虚构）", "construction", "XH-NZ", ""),
    ("十字街夜市烧烤（虚构）", "catering", "XH-GRM", ""), ("桃花路加油站（虚构）", "station", "XH-TY", ""),
)
# title, pollutant, level, AQI of its two target days, whether the level rose: five of eight are kept
ORDERS: tuple[tuple[str, str, str, tuple[int, int], bool], ...] = (
    ("臭氧污染天气点对点管控", "o3", "yellow", (92, 97), False), ("臭氧污染天气点对点管控", "o3", "orange", (99, 88), False),
    ("臭氧污染天气点对点管控", "o3", "yellow", (96, 104), False), ("秋季颗粒物点对点管控", "pm10", "yellow", (83, 90), False),
    ("秋季颗粒物点对点管控", "pm10", "yellow", (112, 118), True), ("冬季细颗粒物点对点管控", "pm25", "orange", (95, 91), False),
    ("冬季细颗粒物点对点管控", "pm25", "orange", (121, 98), True), ("冬季细颗粒物点对点管控", "pm25", "yellow", (78, 86), False),
)


def control_plots(year: Year) -> list[Iterator[datetime]]:
    """The registry, then one order after another through the year."""
    return [_registry_plot(year), *(_order_plot(year, place) for place in range(len(ORDERS)))]


def _registry_plot(year: Year) -> Iterator[datetime]:
    clerk, dispatcher = year.cast.holding(Role.clerk)[0], year.cast.holding(Role.dispatcher)[0]
    lead = year.cast.holding(Role.lead)[0]
    yield year.in_office(year.first + 3 * ONE_DAY, 10)
    for name, kind, unit, _ in SITES:
        rows.save_row(clerk, "sites", None, {"name": name, "kind": kind, "area_code": "360103", "unit": unit})
    for place, (*_, site_class) in enumerate(SITES, start=1):
        if site_class:
            code = f"S-{place:06d}"
            entries.propose_class(dispatcher, code, site_class, ("pollution", "trade"), "按上年监测和信访情况",
                                  valid_from=year.clock.today())
            entries.decide_class(lead, code, is_accepted=True)


def _order_plot(year: Year, place: int) -> Iterator[datetime]:
    """Drafted and issued the day before its days, lifted at their end, assessed when the index is published."""
    title, pollutant, level, index, rises = ORDERS[place]
    dispatcher, lead = year.cast.holding(Role.dispatcher)[0], year.cast.holding(Role.lead)[0]
    verifier = year.cast.holding(Role.verifier)[0]
    span = (year.until - year.first).days
    on = year.first + timedelta(days=20 + (span - 40) * place // len(ORDERS))
    first, last = on + ONE_DAY, on + 2 * ONE_DAY
    yield year.at_hour(on, 10)
    number = steps.begin(dispatcher, KIND, {"title": title, "pollutant": pollutant, "level": level, "first_on": first,
                                            "last_on": last}).number
    for at in range(len(SITES)):
        steps.take(dispatcher, number, ControlSteps.add_site.name, {"site": f"S-{at + 1:06d}"})
    yield year.at_hour(on, 16)
    steps.take(lead, number, ControlSteps.issue.name, {"starts_at": f"{on} 16:00"})
    yield year.at_hour(on, 17)
    _answer_all(year, number, DutySteps.acknowledge.name, {"way": "phone"}, skipped=place % 3)
    if rises:
        yield year.at_hour(on, 20)
        steps.take(dispatcher, number, ControlSteps.change.name, {"level": "red" if level == "orange" else "orange",
                                                                  "reason": "预报加重"})
    yield year.at_hour(first, 9)
    _answer_all(year, number, DutySteps.answer.name, {"text": "措施已到位。"}, skipped=place % 2)
    yield year.at_hour(first, 15)
    for duty in access.page_for(verifier, number).duties[:3]:
        if duty.state == "answered":
            duties.take(verifier, number, duty.position, DutySteps.pass_.name, {"text": "现场核查，措施到位。"})
    yield from _end_order(year, number, last, index, lead, verifier)


def _end_order(year: Year, number: str, last: date, index: tuple[int, int], lead: Actor, verifier: Actor) -> Iterator[datetime]:
    yield year.at_hour(last, 18)
    steps.take(lead, number, ControlSteps.lift.name, {"lifted_at": f"{last} 18:00"})
    yield year.at_hour(last + 2 * ONE_DAY, 10)
    told = "\n".join(f"{day} {aqi}" for day, aqi in zip((last - ONE_DAY, last), index, strict=True))
    steps.take(verifier, number, ControlSteps.assess.name, {"aqi": told, "station": "省外办", "published_by": "市生态环境局发布（虚构）"})


def _answer_all(year: Year, number: str, step: str, given: dict[str, object], *, skipped: int) -> None:
    """The officers of the sites' units take a step of their duties, but for the last few."""
    owed = access.page_for(year.cast.holding(Role.dispatcher)[0], number).duties
    units = [unit for _, _, unit, _ in SITES]
    for duty in owed[:len(owed) - skipped]:
        duties.take(year.cast.officers(units[duty.position - 1])[0], number, duty.position, step, given)
