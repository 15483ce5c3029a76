"""The operations of the demo's year in the bulletin's numbers: 12 campaigns and 24 midnight operations with 195 vehicles and 380
people, 12 interviews of heads of projects. Of the bulletin's 230 findings, 227 rectified, a third is told: 76, of which 75."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random

from tracker.demo.matters import Draw
from tracker.demo.plots import Plot, go_on
from tracker.demo.walk import Matter, Walk, Walking, Year
from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.coordination import interviews, operations
from tracker.domain.coordination.interviews import InterviewSteps
from tracker.domain.coordination.operations import SOURCE, OperationSteps
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor, Role
from tracker.services.acts import duties, steps
from tracker.services.acts.jobs import settle_duties
from tracker.services.cases.intake import RegisterOrder
from tracker.services.coordination.operations import register_found

COUNT, INTERVIEWED = 36, 3  # every third is a campaign by day, and to every third belongs an interview
VEHICLES, PEOPLE, PLACES = 195, 380, 144
FINDINGS, OPEN_FINDINGS, DEFAULT_CASES = 76, 1, 303
ROOM = timedelta(days=60)  # before the demo's end, so that what was found is rectified by then
BEFORE = timedelta(days=2)
UNITS = ("XH-STHJ", "XH-CGJ", "XH-ZFD", "XH-ZJJ", "XH-JJDD")  # the environment's bureau leads; the inspectors are of the squad
CAMPAIGNS = ("建筑工地扬尘联合专项行动", "路边烧烤油烟联合专项行动", "加油站油气回收联合专项行动")
MIDNIGHTS = ("渣土运输零点行动", "夜间施工噪声零点行动", "夜市油烟零点行动")
TARGETS = ("建筑工地", "路边烧烤", "加油站")
KINDS = ("building_site", "barbecue", "fuel_station", "road")
SUMMARIES = ("检查有序，问题当场登记，移交责任单位限期整改。", "重点点位全部查到，反复的问题约谈负责人。", "多部门联动，未发现大面积反弹。")


@dataclass
class Sortie:
    """One operation: when it begins, which one it is, and its number as soon as it has one."""

    index: int
    starts: datetime
    number: str = ""

    @property
    def is_campaign(self) -> bool:
        """By day."""
        return self.index % 3 == 0

    def share(self, whole: int) -> int:
        """Its share of what all come to."""
        return whole * (self.index + 1) // COUNT - whole * self.index // COUNT


def operation_plots(year: Year, cases: int) -> list[Walking]:
    """The operations, what they find, and the interviews after some of them."""
    sorties, findings = [_sortie_at(year, index) for index in range(COUNT)], max(round(FINDINGS * cases / DEFAULT_CASES), 2)
    draw = Draw(year, Random(f"operations/{year.until}"))
    found = [_finding_plot(year, draw, sorties[at * COUNT // findings], at, is_left=at >= findings - OPEN_FINDINGS)
             for at in range(findings)]
    return [*(_operation_plot(year, sortie) for sortie in sorties), *found, _planned_plot(year),
            *(_interview_plot(year, sortie) for sortie in sorties if sortie.index % INTERVIEWED == 1)]


def _sortie_at(year: Year, index: int) -> Sortie:
    first, last = year.first + timedelta(days=12), year.until - ROOM
    on = year.calendar.add_workdays(first + (last - first) * index // COUNT, 1).on
    return Sortie(index, datetime.combine(on, time(9, 30) if index % 3 == 0 else time(23, 10), year.clock.zone))


def _operation_plot(year: Year, sortie: Sortie) -> Walking:
    """Planned, carried out, summed up by its lead, and finished by another hand once all it found was assigned."""
    planner, finisher = year.cast.holding(Role.dispatcher)[:2]
    lead = year.cast.officers(UNITS[0])[0]
    yield year.at_hour((sortie.starts - BEFORE).date(), 10)
    names = CAMPAIGNS if sortie.is_campaign else MIDNIGHTS
    sortie.number = steps.begin(planner, operations.KIND, {
        "sort": "campaign" if sortie.is_campaign else "midnight", "title": names[sortie.index // 3 % len(names)],
        "planned_on": sortie.starts.date(), "lead_unit": UNITS[0], "units": UNITS[1:],
        "targets": "、".join(TARGETS[:1 + sortie.index % 3])}).number
    yield sortie.starts
    steps.take(lead, sortie.number, OperationSteps.begin.name, {"began_at": _told_moment(sortie.starts)})
    yield from _forces_told(year, sortie, planner)
    yield sortie.starts + timedelta(hours=3)
    steps.take(lead, sortie.number, OperationSteps.report.name, {
        "ended_at": _told_moment(sortie.starts + timedelta(hours=3)), "text": SUMMARIES[sortie.index % len(SUMMARIES)]})
    yield year.at_hour(year.calendar.add_workdays(sortie.starts.date(), 6).on, 16)
    steps.take(finisher, sortie.number, OperationSteps.finish.name, {})


def _forces_told(year: Year, sortie: Sortie, planner: Actor) -> Walking:
    """Who is out with how much, and the places that are checked."""
    vehicles, people = sortie.share(VEHICLES), sortie.share(PEOPLE)
    yield sortie.starts + timedelta(minutes=20)
    for unit, cars, heads in ((UNITS[0], vehicles - vehicles // 2, people - people // 2), (UNITS[1], vehicles // 2, people // 2)):
        steps.take(planner, sortie.number, OperationSteps.set_forces.name, {
            "unit": unit, "vehicle_count": cars, "person_count": heads})
    yield sortie.starts + timedelta(minutes=50)
    steps.take(year.cast.officers(UNITS[0])[0], sortie.number, OperationSteps.check_place.name, {
        "place_kind": KINDS[sortie.index % len(KINDS)], "place_count": sortie.share(PLACES)})


def _finding_plot(year: Year, draw: Draw, sortie: Sortie, at: int, *, is_left: bool) -> Walking:
    """What an operation finds, registered at that hour by an inspector of the squad; then a case as any other."""
    story = Plot(SOURCE, "rectifying" if is_left else "closed")
    moment = sortie.starts + timedelta(minutes=60 + 7 * (at % 9))
    walk = Walk(year, replace(draw.matter(story), start=moment), Random(f"finding/{year.until}/{at}"))
    yield moment
    photo = walk.photo(1, EvidenceRole.before)
    inspectors = [actor for actor in year.cast.holding(Role.inspector) if year.cast.unit_ids["XH-ZFD"] in actor.unit_line]
    walk.outcome = register_found(inspectors[at % len(inspectors)], sortie.number, _order_of(walk.matter, walk), uploads=[photo])
    yield from go_on(walk, story)


def _order_of(matter: Matter, walk: Walk) -> RegisterOrder:
    return RegisterOrder(source=SOURCE, title=matter.title, description=matter.text, categories=matter.family.categories,
                         place=f"西湖区{matter.street.name}{matter.spot}", area_code=matter.street.area_code, area_text="西湖区",
                         channel="onsite", received_on=walk.today, lat=walk.latitude, lng=walk.longitude, datum="wgs84",
                         accuracy_metres=12.0, answers=matter.answers)


def _interview_plot(year: Year, sortie: Sortie) -> Walking:
    """The head of a project is called by the unit that answers for the site, heard, and reports within thirty days."""
    recorder, lead = year.cast.holding(Role.dispatcher)[2], year.cast.holding(Role.lead)[0]
    officer, checker = year.cast.officers("XH-ZJJ")[0], year.cast.holding(Role.verifier)[0]
    held = year.at_hour(year.calendar.add_workdays(sortie.starts.date(), 5).on, 15)
    yield year.at_hour(year.calendar.add_workdays(sortie.starts.date(), 2).on, 11)
    number = steps.begin(recorder, interviews.KIND, {
        "unit": "XH-ZJJ", "party": f"朝阳新城{1 + sortie.index // INTERVIEWED}号工地", "role": "project_head", "ground": "operation",
        "text": "零点行动中两次发现裸土未覆盖、车辆未冲洗。", "held_at": _told_moment(held), "place": "区整改办会议室", "target": sortie.number}).number
    yield held + timedelta(hours=1)
    steps.take(recorder, number, InterviewSteps.hold.name, {
        "held_at": _told_moment(held), "host": lead.login, "came": "项目负责人、安全员", "text": "通报问题，听取说明，宣讲扬尘管控要求。",
        "demands": "一周内完成裸土覆盖和冲洗设施改造，书面报送整改情况。"})
    yield year.at_hour(held.date() + timedelta(days=18), 10)
    duties.take(officer, number, 1, DutySteps.answer.name, {"text": "已覆盖裸土，冲洗设施改造完成，照片附后。"})
    yield year.at_hour(held.date() + timedelta(days=22), 14)
    duties.take(checker, number, 1, DutySteps.pass_.name, {"text": "现场核实，属实。"})
    settle_duties(year.clock.today())


def _planned_plot(year: Year) -> Walking:
    """One that is still to come when the demo ends."""
    yield year.at_hour(year.until - timedelta(days=4), 15)
    steps.begin(year.cast.holding(Role.dispatcher)[0], operations.KIND, {
        "sort": "regular", "title": "重点工地常规执法", "planned_on": year.calendar.add_workdays(year.until, 2).on,
        "lead_unit": UNITS[0], "units": UNITS[1:3], "targets": TARGETS[0]})


def _told_moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
