"""The deed that makes an own district of an empty installation, and the place that it is made for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Grant, Role
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.people.kinds import LinkPurpose
from tracker.domain.territory.fact_kinds import OfficeFacts
from tracker.domain.territory.territory import Area
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed
from tracker.services.mail.way_out import MailWay, keep_way
from tracker.services.people.accounts import add_person
from tracker.services.people.signing.links import PasswordLink
from tracker.services.rules import reference
from tracker.services.territory import offices
from tracker.services.territory.slices import load_city_slice
from tracker.services.upkeep.founding import claiming, seeding
from tracker.storage.cases.cases import Case
from tracker.storage.house import log
from tracker.storage.people.accounts import Unit

PROVINCE = 2  # digits of its code
MOST_NAMED = 8
ON_THE_PAGE = replace(OPERATOR, sign_in="setup")  # who holds the code, and is nobody yet


@dataclass(frozen=True)
class FoundingOrder:
    """What the office said of itself. `units` are the codes of the parts that get a unit; None: all of them."""

    area_code: str
    office: Mapping[str, object]
    login: str
    name: str
    email: str
    way: MailWay | None = None
    is_tried: bool = False
    units: frozenset[str] | None = None


def place_named(text: str, on: date) -> Area:
    """The one place that a code or a name means, at which an office may be. Raises `Invalid`, listing them where it could be
    several."""
    known = reference.country().candidates(text)
    found = [each for each in known if each.exists_on(on)]
    if known and not found:
        raise Invalid(Say("“{name}”已于 {last} 撤并，请写现在的区划。", name=known[0].name, last=known[0].valid_to), field="area")
    if not found:
        raise Invalid(Say("没有叫“{text}”的区划；请写全称，或国家统计局的区划代码。", text=text.strip()[:40]), field="area")
    if len(found) > 1:
        listed = Listed(Say("{code} {name}", code=each.code, name=reference.country().full_name(each.code))
                        for each in found[:MOST_NAMED])
        raise Invalid(Say("“{text}”有 {count} 个，请写代码：{listed}。", text=text.strip()[:40], count=len(found), listed=listed),
                      field="area")
    return fit_place(found[0])


def fit_place(area: Area) -> Area:
    """The place, if an office may be there: a city, a county or a town. Raises `Invalid`."""
    if len(area.code) <= PROVINCE:
        raise Invalid(Say("“{name}”是省级；机关应在市、区县或乡镇街道。", name=area.name), field="area")
    return area


@deed
def set_up(work: Work, order: FoundingOrder, code: str | None) -> PasswordLink:
    """Make it, all or nothing, and hand out the link with which its first administrator sets a password. `code` None is the
    operator at the machine's own command line. Of two at once the second meets a `Conflict`."""
    log.locked_end(work.session)
    claiming.require_unclaimed(work.session)
    claiming.spend_code(work.session, code)
    _require_untouched(work)
    home = place_named(order.area_code, work.clock.today())
    root = reference.country().slice_of(home.code)
    seeding.drop_other_areas(work, root)
    office = offices.enter(work, home.code, order.office, work.clock.today(), is_home=True)
    keys = seeding.fit_sources(work, home.code)
    if order.way is not None:
        keep_way(work, order.way, is_tried=order.is_tried)
    parts = [each for each in reference.country().parts(home.code, work.clock.today())
             if order.units is None or each.code in order.units]
    work.record(offices.stream_of(home.code), OfficeFacts.set_up, OPERATOR if code is None else ON_THE_PAGE,
                {"area_code": home.code, "sources": list(keys), "unit_count": len(parts) + 1, "has_mail": order.way is not None})
    load_city_slice(None, home.code)
    seeding.add_units(office.name, home, parts)
    rules_changed(work.session)
    seeding.draft_list(parts)
    added = add_person(None, login=order.login, name=order.name, unit=seeding.OFFICE_UNIT, email=order.email or None,
                       roles=[Grant(Role.admin)], purpose=LinkPurpose.setup)
    assert added.link is not None
    return added.link


def _require_untouched(work: Work) -> None:
    for what, row in (("单位", Unit), ("案件", Case)):
        if work.session.scalar(select(row.id).limit(1)) is not None:
            raise Conflict(Say("库里已有{what}，不能再开设：请换一个空库。", what=what), code="not_empty")
