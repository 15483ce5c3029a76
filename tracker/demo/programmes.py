"""The programme of the demo's year: four zones in two phases, partly behind, one milestone revised, one measured by its cases."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import select

from tracker.demo.walk import Year
from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.coordination.programmes import KIND, Indicator, ProgrammeSteps
from tracker.domain.house.actor import Actor, Role
from tracker.services.acts import duties, steps
from tracker.storage.cases.cases import Case

ONE_DAY = timedelta(days=1)
TITLE, NUMBER = "排水单元达标与雨污分流攻坚规划", "西府办发〔2026〕6号"
FIRST, SECOND = "一期摸排", "二期雨污分流"
# zone, unit, kilometres of pipe (0: by its cases), parts of a hundred that are passed, reported and not yet checked
ZONES: tuple[tuple[str, str, str, int, int], ...] = (
    ("朝阳新城", "XH-CN", "12.5", 64, 0), ("洪城商圈", "XH-DGL", "8", 30, 0), ("朝阳洲", "XH-CYZ", "10", 10, 25),
    ("老城中心", "XH-GRM", "", 0, 0))
REVISED = 7  # the milestone that got another day
CASES = 6


def programme_plot(year: Year) -> Iterator[datetime]:
    """From its draft until the last reports of the year."""
    dispatcher, lead = year.cast.holding(Role.dispatcher)[0], year.cast.holding(Role.lead)[0]
    first, turn, last = (_day_at(year, part) for part in (Fraction(1, 10), Fraction(11, 20), Fraction(7, 5)))
    yield year.at_hour(first, 10)
    number = steps.begin(dispatcher, KIND, {"title": TITLE, "document_no": NUMBER, "zones": "\n".join(zone for zone, *_ in ZONES),
                                            "phases": f"{FIRST} {turn}\n{SECOND} {last}"}).number
    for zone, unit, *_ in ZONES:
        _add_milestone(dispatcher, number, zone, FIRST, unit, 10, first, turn, indicator=Indicator.yes.value,
                       title=f"{zone}排水管网摸排建档")
    for zone, unit, goal, *_ in ZONES:
        measured = {"indicator": Indicator.quantity.value, "goal": goal, "measure": "公里"} if goal else {
            "indicator": Indicator.cases.value}
        _add_milestone(dispatcher, number, zone, SECOND, unit, 15, turn + ONE_DAY, last, title=f"{zone}雨污分流改造", **measured)
    yield year.at_hour(first + 3 * ONE_DAY, 15)
    steps.take(lead, number, ProgrammeSteps.adopt.name, {})
    for position, (_, unit, *_) in enumerate(ZONES, start=1):
        yield year.at_hour(turn - (24 - 5 * position) * ONE_DAY, 14)
        _report_duty(year, number, position, unit, {"text": "摸排建档完成，成果见附件。"}, DutySteps.pass_.name)
    yield from _second_phase(year, number, dispatcher, lead, last)


def _second_phase(year: Year, number: str, dispatcher: Actor, lead: Actor, last: date) -> Iterator[datetime]:
    yield year.at_hour(year.until - 40 * ONE_DAY, 10)
    for case in year.work.session.scalars(select(Case.number).order_by(Case.id.desc()).limit(CASES)):
        steps.take(dispatcher, number, ProgrammeSteps.attach.name, {"position": len(ZONES) * 2, "target": case})
    for position, (_, unit, goal, passed, _) in enumerate(ZONES[:-1], start=len(ZONES) + 1):
        yield year.at_hour(year.until - (45 - 4 * position) * ONE_DAY, 11)
        _report_duty(year, number, position, unit, {"text": "按进度施工，计量资料见附件。", "value": _part_of(goal, passed)},
                DutySteps.book.name)
    yield year.at_hour(year.until - 12 * ONE_DAY, 15)
    steps.take(lead, number, ProgrammeSteps.revise.name, {"position": REVISED, "due_on": last + 60 * ONE_DAY,
                                                          "reason": "地铁施工占道，管线改迁顺延。"})
    for position, (_, unit, goal, _, reported) in enumerate(ZONES, start=len(ZONES) + 1):
        if reported:
            yield year.at_hour(year.until - 6 * ONE_DAY, 16)
            _report_duty(year, number, position, unit, {"text": "新完成两段，待核实。", "value": _part_of(goal, reported)}, "")


def _add_milestone(actor: Actor, number: str, zone: str, phase: str, unit: str, weight: int, starts_on: date, due_on: date,
                   **given: object) -> None:
    steps.take(actor, number, ProgrammeSteps.add_milestone.name, {
        "zone": zone, "phase": phase, "unit": unit, "weight": weight, "starts_on": starts_on, "due_on": due_on, **given})


def _report_duty(year: Year, number: str, position: int, unit: str, given: dict[str, object], check: str) -> None:
    duties.take(year.cast.officers(unit)[0], number, position, DutySteps.answer.name, given)
    if check:
        checker = next(actor for actor in year.cast.holding(Role.verifier) if year.cast.unit_ids[unit] not in actor.all_units)
        duties.take(checker, number, position, check, {"text": "现场抽测，情况属实。"})


def _part_of(goal: str, percent: int) -> str:
    return f"{float(goal) * percent / 100:.2f}"


def _day_at(year: Year, part: Fraction) -> date:
    return year.first + timedelta(days=int((year.until - year.first).days * part))
