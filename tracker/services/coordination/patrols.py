"""Deeds of patrols of both sides （联合巡查）: recorded by one, confirmed or denied by the other; what is found becomes a case."""

from datetime import date, timedelta

from sqlalchemy import select

from tracker.domain.acts.facts import ActFacts, LinkRole, Start
from tracker.domain.acts.step_rows import AWAITED
from tracker.domain.coordination.patrol_periods import SUBJECT
from tracker.domain.coordination.patrols import KIND, LINE_SIDES, PatrolState, PatrolSteps, is_inspector
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed
from tracker.domain.house.say import Say
from tracker.domain.territory.shapes.sections import LOCAL, RAIL, SIDE_WORDS, ChiefPost
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload, set_force
from tracker.services.cases.belonging.positions import Sighting
from tracker.services.cases.intake import RegisterOrder
from tracker.services.coordination import patrol_plans
from tracker.services.coordination.findings import register_found
from tracker.services.coordination.patrol_sections import (
    OTHER,
    LineSection,
    holds_post,
    section_named,
    sections_on,
    side_of,
)
from tracker.services.rules import values
from tracker.storage.acts.acts import Act, ActLink
from tracker.storage.people.accounts import Unit

SOURCE, CATEGORY, CHANNEL = "RAIL", "railway", "onsite"


def log(doing: ActDoing) -> Payload:
    """One side records a patrol of a section; the other side is asked to confirm it."""
    on, is_late = patrolled_day(doing)
    section, tier = section_named(sections_on(doing.work.session, on), doing.text("section")), doing.whole("tier")
    own, other = _posts_of(doing, section, tier)
    begin, end = _stretch_of(doing, section)
    counts = {LOCAL: doing.headcount("local_count"), RAIL: doing.headcount("rail_count")}
    if doing.text("local_chief") == doing.text("rail_chief"):
        raise Invalid("地方和铁路的段长（代理人）不能是同一人。", field="rail_chief")
    _require_first(doing, section, tier, own.side, on)
    act = doing.act
    act.title, act.unit_id, act.began_on = f"{section.shape.name} {on}", doing.actor.unit_id, on
    act.area_code = _area_of(doing, section)
    for post in (own, other):
        set_force(doing.work, act, doing.work.session.get_one(Unit, post.unit_id), people=counts[post.side])
    doing.work.session.add(ActLink(act_id=act.id, role=LinkRole.site, target=SUBJECT + section.code, position=1))
    chiefs = {post.side: post.person_id for post in (own, other)}
    doing.keep(section=section.code, tier=tier, side=own.side, metre_from=round(begin, 1), metre_to=round(end, 1),
               mode=doing.text("mode"), findings=doing.text("findings"), is_late=is_late, said=1,
               counts=counts, **{AWAITED: [other.unit_id]})
    return doing.told() | {"section_code": section.code, "side": own.side, "is_late": is_late, "chief_ids": chiefs,
                           "metres": [round(begin, 1), round(end, 1)]}


def confirm(doing: ActDoing) -> Payload:
    """The other side confirms: what is owed for the section in the period is answered and met."""
    met = patrol_plans.meet_with(doing)
    doing.keep(confirmed_unit_id=doing.actor.unit_id)
    return doing.told() | {"met": met}


def find_problem(doing: ActDoing) -> Payload:
    """A problem at the line is registered as a case of the railway."""
    details = doing.act.details
    sections = sections_on(doing.work.session, doing.act.began_on or doing.today)
    section = section_named(sections, str(details["section"]), "mileage")
    mileage = section.line.told(section.metre(doing.text("mileage"), "mileage"))
    side, fence = doing.text("line_side"), doing.text("fence")
    asked = {"railway_line": section.line.name, "railway_mileage": mileage, "railway_side": side, "railway_fence": fence}
    place = Say("{line}{mileage}{side}", line=section.line.name, mileage=mileage, side=dict(LINE_SIDES).get(side, ""))
    order = RegisterOrder(SOURCE, doing.text("title"), doing.text("text"), (CATEGORY,), str(place),
                          str(section.shape.extra.get("area") or "") or doing.act.area_code, channel=CHANNEL,
                          answers={name: value for name, value in asked.items() if value}, no_photo=doing.text("no_photo"),
                          act=doing.act.stream, sighting=Sighting(section.line.name, mileage, side=side))
    return doing.told() | register_found(doing, order)


def patrolled_day(doing: ActDoing) -> tuple[date, bool]:
    """The day of a patrol, and whether it is recorded late. Raises `Invalid` for one to come, `Incomplete` for one long ago
    without a reason."""
    on = doing.day("patrolled_on")
    assert on is not None
    if on > doing.today:
        raise Invalid(Say("巡查日期 {on} 还没有到。", on=on), field="patrolled_on")
    most = values.number("patrol_back_days", doing.today)
    is_late = on < doing.today - timedelta(days=most)
    if is_late and not doing.text("reason"):
        raise Incomplete(Say("{on} 的巡查已过 {most} 天，请写明补录理由。", on=on, most=most), field="reason")
    return on, is_late


def _posts_of(doing: ActDoing, section: LineSection, tier: int) -> tuple[ChiefPost, ChiefPost]:
    """The post of who records, and the one across. Raises `Invalid` where one is not filled, `NotAllowed` for who has no part."""
    side = side_of(doing.work.session, doing.actor)
    own, other = section.post(side, tier), section.post(OTHER[side], tier)
    for post, each in ((own, side), (other, OTHER[side])):
        if post is None:
            raise Invalid(Say("区段 {section} 的这一级还没有{side}段长，请先登记双段长。", section=section.code,
                              side=Say(SIDE_WORDS[each])), field="tier")
    assert own is not None
    assert other is not None
    may = is_inspector(doing.actor, ActFacts(Start.unopened, doing.today, doing.act.area_code))
    if not may and not holds_post(doing.actor, own):
        raise NotAllowed(Say("您的单位不是区段 {section} 这一级的段长单位（{unit}）。", section=section.code, unit=own.unit),
                         code="out_of_reach", field="section")
    return own, other


def _stretch_of(doing: ActDoing, section: LineSection) -> tuple[float, float]:
    begin = section.metre(doing.text("mileage_from"), "mileage_from")
    end = section.metre(doing.text("mileage_to"), "mileage_to")
    if begin >= end:
        raise Invalid("终点里程须大于起点里程。", field="mileage_to")
    return begin, end


def _require_first(doing: ActDoing, section: LineSection, tier: int, side: str, on: date) -> None:
    """The other side has not recorded the same patrol already: then it is to be confirmed, not recorded again."""
    query = (select(Act).join(ActLink, ActLink.act_id == Act.id)
             .where(ActLink.target == SUBJECT + section.code, ActLink.role == LinkRole.site, Act.kind == KIND, Act.began_on == on,
                    Act.state == PatrolState.logged.value, Act.id != doing.act.id))
    for each in doing.work.session.scalars(query):
        if each.details["tier"] == tier and each.details["side"] != side:
            raise Conflict(Say("对方已记录这次巡查（{number}），请打开它“双方确认”，不必再记。", number=each.number),
                           code="logged_by_other", field="section")


def _area_of(doing: ActDoing, section: LineSection) -> str:
    """Where the section lies, if whoever records it works there."""
    area = str(section.shape.extra.get("area") or "") or doing.act.area_code
    if not any(doing.actor.has_in(each, area) for each in (Permission.act_answer, Permission.act_check)):
        raise NotAllowed("这个区段不在您的辖区。", code="out_of_reach", field="section")
    return area


P = PatrolSteps
DEEDS: ActDeeds = {(KIND, P.log.name): log, (KIND, P.confirm.name): confirm, (KIND, P.find_problem.name): find_problem}
