"""Whoever may be sent to inspect declares by themselves which sites they keep away from; draws and plans ask for it."""

from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed
from tracker.domain.house.fields import Choices
from tracker.domain.house.say import Listed, Say
from tracker.domain.inspection.fact_kinds import InspectorFacts
from tracker.domain.sites.sight import site_scope
from tracker.services.house.work import Work, deed, reading
from tracker.services.inspection.masters import GROUNDS
from tracker.storage.inspection.inspections import InterestRow
from tracker.storage.inspection.roster import Interest, interests_of, officers_on
from tracker.storage.people.accounts import Person
from tracker.storage.sites.register import sites_named

REQUESTED = "requested"  # what a party asks for is decided by another
OWN_GROUNDS: Choices = tuple(each for each in GROUNDS if each[0] != REQUESTED)


@deed
def declare(work: Work, actor: Actor, named: str, ground: str) -> str:
    """The person inspects this site no more, from today on; returns its code. Raises `NotAllowed` for who is not on the roster,
    `Invalid` naming the field, `Conflict` where it stands already."""
    today = work.clock.today()
    if actor.id not in {each.person_id for each in officers_on(work.session, today)}:
        raise NotAllowed("只有检查人员名录中的人申报自己的回避。", code="not_rostered")
    if ground not in dict(OWN_GROUNDS):
        raise Invalid("请选“回避事由”。", field="ground")
    found = sites_named(work.session, site_scope(actor), named)
    if not found:
        raise Invalid(Say("没有找到监管对象“{named}”，或您无权查看；请先登记。", named=named[:200]), field="site")
    if len(found) > 1:
        raise Invalid(Say("“{named}”对应 {count} 个监管对象（{codes}），请填编号。", named=named[:200], count=len(found),
                          codes=Listed(each.code for each in found)), field="site")
    if any(each.code == found[0].code and each.holds_on(today) for each in interests_of(work.session, actor.id)):
        raise Conflict(Say("已申报对“{name}”回避。", name=found[0].name), code="taken", field="site")
    login = work.session.scalars(select(Person.login).where(Person.id == actor.id)).one()
    work.session.add(InterestRow(person_id=actor.id, site_id=found[0].id, ground=ground, document_no="", valid_from=today,
                                 valid_to=None))
    work.session.flush()
    work.record(f"inspector:{login}", InspectorFacts.interest_added, actor, {
        "site": found[0].code, "ground": ground, "valid_from": today})
    return found[0].code


def own_interests(actor: Actor) -> tuple[Interest, ...]:
    """What this person has declared, and what was entered for them."""
    return interests_of(reading(), actor.id)


def is_on_roster(actor: Actor, on: date) -> bool:
    """Whether the person may be sent on a day."""
    return actor.id in {each.person_id for each in officers_on(reading(), on)}
