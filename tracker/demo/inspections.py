"""Inspections of the demo's year: two double-random draws, of the quarter before the last and of the last one, each committed to
by one and witnessed by another; what they find becomes a case as any other. Invented throughout, and every step a real one."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from tracker.demo.matters import Draw
from tracker.demo.plots import Plot, go_on
from tracker.demo.walk import Walk, Walking, Year
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.clock import Clock
from tracker.domain.inspection import draws, inspections
from tracker.domain.inspection.draws import DrawQuarter, DrawSteps, quarter_of
from tracker.domain.inspection.inspections import SOURCE, InspectionSteps
from tracker.gateways.reports.picture_scenes import Scene
from tracker.gateways.reports.pictures import StagedShot, photograph
from tracker.services.acts import access, steps
from tracker.services.cases.steps import Outcome
from tracker.services.evidence.evidence import Upload
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.inspection.jobs import close_draws, reveal_tasks
from tracker.services.publications import publishing
from tracker.storage.inspection.drawn import DrawnSite, drawn_sites

MOST_FINDINGS, EVERY = 8, 3  # of a draw every third inspection finds something
PREPARED_AFTER, IMPOSSIBLE = 6, 1  # working days into the quarter; which inspection cannot be done
SEEN = ("生产正常，治理设施运行，台账齐全。", "现场整洁，危废分类贮存。", "在线监测数据正常，许可证在有效期内。")
SCENES = (Scene.barrels, Scene.dust, Scene.fume)
PROBLEMS = ("危险废物贮存间未设标识", "废气收集罩破损", "排污口标志牌缺失", "裸露物料未覆盖", "污水处理台账缺记")


@dataclass
class DrawTale:
    """One draw: its quarter, the day on which it is prepared, and the cases that its inspections found so far."""

    quarter: DrawQuarter
    begins_on: date
    number: str = ""
    found: dict[int, str] = field(default_factory=dict)


def inspection_plots(year: Year, cases: int) -> list[Walking]:
    """The roster, the two draws, and what they find."""
    now = quarter_of(year.until - timedelta(days=1))
    tales = [_tale_of(year, quarter) for quarter in (_quarter_before(now), now)]
    matters = Draw(year, Random(f"inspections/{year.until}"))
    found = [_finding_plot(year, matters, tale, at) for tale in tales for at in range(0, MOST_FINDINGS * EVERY, EVERY)]
    return [_roster_plot(year), *(_draw_plot(year, tale) for tale in tales), *found]


def _quarter_before(quarter: DrawQuarter) -> DrawQuarter:
    return quarter_of(quarter.first - timedelta(days=1))


def _tale_of(year: Year, quarter: DrawQuarter) -> DrawTale:
    return DrawTale(quarter, year.calendar.add_workdays(quarter.first, PREPARED_AFTER).on)


def _roster_plot(year: Year) -> Walking:
    yield year.in_office(year.first + timedelta(days=10), 9)
    for place, inspector in enumerate(year.cast.holding(Role.inspector), start=1):
        rows.save_row(_first_dispatcher(year), "inspectors", None, {
            "person": inspector.login, "certificate_no": f"赣A执法{place:04d}（虚构）", "valid_from": year.clock.today()})


def _draw_plot(year: Year, tale: DrawTale) -> Walking:
    """Prepared and committed to; drawn on the next working day before an auditor; then the inspections, two a day."""
    dispatcher, auditor = _first_dispatcher(year), year.cast.holding(Role.auditor)[0]
    yield year.at_hour(tale.begins_on, 9)
    tale.number = steps.begin(dispatcher, draws.KIND, {"quarter": str(tale.quarter), "roster_on": year.clock.today()}).number
    drawn_on = year.calendar.add_workdays(tale.begins_on, 1).on
    yield year.at_hour(tale.begins_on, 11)
    steps.take(dispatcher, tale.number, DrawSteps.commit.name, {"witness_source": "审计人员当面掷骰六次（虚构）", "witness_on": drawn_on})
    yield year.at_hour(drawn_on, 15)
    steps.take(auditor, tale.number, DrawSteps.draw.name, {
        "witness": f"审计人员当面掷骰六次（虚构）{drawn_on}:4-2-6-1-5-3", "planned_on": _inspected_on(year, tale, 0)})
    place = 0
    while place < len(_drawn_of(year, tale)):
        yield _moment_of(year, tale, place)
        reveal_tasks(year.clock.today())
        _inspect_one(year, tale, place)
        place += 1
    close_draws(year.clock.today())
    yield from _publish_results(year, tale)


def _inspect_one(year: Year, tale: DrawTale, place: int) -> None:
    """One inspection: in order, with a problem, or not possible, so that the next in rank takes its place."""
    site = _drawn_of(year, tale)[place]
    number, inspector = site.inspection, _sent_to(year, site.inspection)
    if place == IMPOSSIBLE:
        steps.take(inspector, number, InspectionSteps.fail.name, {"why_not": "suspended", "text": "厂门紧锁，已停产三个月。"},
                   uploads=[_photo_of(year, site, place)])
        steps.take(_first_dispatcher(year), tale.number, DrawSteps.replace.name, {"inspection": number})
        return
    has_problem = place % EVERY == 0 and place < MOST_FINDINGS * EVERY
    given = {"started_at": f"{_local_now(year.clock) - timedelta(minutes=50):%Y-%m-%d %H:%M}", "text": SEEN[place % len(SEEN)],
             "result": inspections.InspectionResult.problem if has_problem else inspections.InspectionResult.ok,
             "findings": PROBLEMS[place // EVERY % len(PROBLEMS)] if has_problem else ""}
    steps.take(inspector, number, InspectionSteps.record.name, given, uploads=[_photo_of(year, site, place)])
    if has_problem:
        links = access.page_for(year.cast.holding(Role.lead)[0], number).links
        tale.found[place] = next(link.target.partition(":")[2] for link in links if link.role == "found")


def _finding_plot(year: Year, matters: Draw, tale: DrawTale, place: int) -> Walking:
    """What an inspection found goes its way as any other case."""
    story = Plot("OPER")
    walk = Walk(year, matters.matter(story), Random(f"inspected/{year.until}/{tale.quarter}/{place}"))
    yield _moment_of(year, tale, place) + timedelta(minutes=20)
    number = tale.found.get(place)
    if number is None:
        return
    walk.matter, walk.before_count = replace(walk.matter, source=SOURCE), 1  # the photo of the inspection
    walk.outcome = Outcome(number, 1, CaseState.registered, "register", None)
    yield from go_on(walk, replace(story, source=SOURCE))


def _publish_results(year: Year, tale: DrawTale) -> Walking:
    """A week after the last inspection what came of those that were done is told in public."""
    clerk, lead = year.cast.holding(Role.clerk)[0], year.cast.holding(Role.lead)[0]
    yield year.in_office(year.clock.today() + timedelta(days=7), 10)
    for site in _drawn_of(year, tale):
        if site.state == inspections.InspectionState.done:
            publishing.publish(lead, publishing.draft(clerk, inspections.KIND, f"act:{site.inspection}"), 1)


def _drawn_of(year: Year, tale: DrawTale) -> tuple[DrawnSite, ...]:
    """What was drawn, those that took the place of others last."""
    head = access.page_for(year.cast.holding(Role.lead)[0], tale.number).head
    return tuple(sorted(drawn_sites(reading(), head.id), key=lambda site: site.inspection))


def _inspected_on(year: Year, tale: DrawTale, place: int) -> date:
    return year.calendar.add_workdays(tale.begins_on, 6 + place // 2).on


def _moment_of(year: Year, tale: DrawTale, place: int) -> datetime:
    return year.at_hour(_inspected_on(year, tale, place), 10 if place % 2 == 0 else 15)


def _sent_to(year: Year, number: str) -> Actor:
    """The first of those who were sent."""
    hands = access.page_for(year.cast.holding(Role.lead)[0], number).hands
    ids = [hand.person_id for hand in hands if hand.part == inspections.INSPECTOR]
    return next(each for each in year.cast.holding(Role.inspector) if each.id == ids[0])


def _photo_of(year: Year, site: DrawnSite, place: int) -> Upload:
    """A photograph from the spot, taken within the hour."""
    at = _local_now(year.clock).replace(microsecond=0) - timedelta(minutes=30)
    shot = StagedShot(SCENES[place % len(SCENES)], 1.0, at, f"西湖区{site.name}", 28.66 + place / 1000, 115.87 - place / 1000, place)
    return Upload(f"IMG_{at:%Y%m%d_%H%M%S}.jpg", photograph(shot), None)


def _first_dispatcher(year: Year) -> Actor:
    return year.cast.holding(Role.dispatcher)[0]


def _local_now(clock: Clock) -> datetime:
    return clock.local(clock.now())
