"""Days that one place has of its own: 广西's 三月三, a district's flood. Clocks that begin there from now on count with them."""

from collections.abc import Mapping

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.house.say import Say
from tracker.domain.rules.fact_kinds import CalendarFacts
from tracker.domain.rules.workdays import CalendarDay, day_trouble
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed
from tracker.services.rules.calendar import STREAM
from tracker.services.rules.places import known_area
from tracker.storage.rules.rules import OwnDay

LONGEST_AREA = 6  # towns and villages have no days of their own


@deed
def set_own_day(work: Work, actor: Actor | None, area_code: str, day: CalendarDay,
                told: Mapping[str, object] | None = None) -> CalendarDay:
    """Say what a day is in one area; dates that stand already stay. Raises `Invalid` naming the field, `NotAllowed` for an area
    that is not the actor's."""
    area = known_area(area_code, day.on).code
    if len(area) > LONGEST_AREA:
        raise Invalid("放假日按区县及以上设，乡镇、街道和片区随所在区县。", field="area_code")
    if not (actor is None or actor.has(Permission.rules_manage) or actor.has_in(Permission.territory_manage, area)):
        raise NotAllowed("只能设自己辖区的放假日。")
    if trouble := day_trouble(day):
        raise Invalid(Say("{on}：{trouble}。", on=day.on, trouble=trouble), field="kind")
    work.session.merge(OwnDay(area_code=area, on=day.on, kind=day.kind.value, name=day.name, paper=day.paper))
    work.record(STREAM, CalendarFacts.own_day_set, actor or OPERATOR,
                {"area": area, "day": day.on, "kind": day.kind, "name": day.name, "paper": day.paper, **(told or {})})
    rules_changed(work.session)
    return day
