"""What an area that has ended leaves besides its cases: roles, units and lines of the responsibility list are named, and go to
what took it over when an administrator says so, the lines in a draft that somebody else puts in force."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.people.fact_kinds import UnitFacts
from tracker.domain.territory.fact_kinds import RuleListFacts
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed
from tracker.services.people import accounts
from tracker.services.rules import rules
from tracker.services.territory.areas import area_named
from tracker.services.territory.hanging import Hanging, hanging_on
from tracker.services.territory.lists import versions
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import RoutingRow


@dataclass(frozen=True)
class HandedOver:
    """How many of each went to what took over, how many roles wait for a second person, and how many things have no one heir."""

    grants: int = 0
    waiting: int = 0
    units: int = 0
    routing: int = 0
    unsure: int = 0


@deed
def hand_over(work: Work, actor: Actor, area_code: str) -> HandedOver:
    """Give the roles, units and routing lines of an ended area to what took it over. A role that a second person must confirm is
    proposed, and the old one stays until then. Raises `Invalid` while the area is still there."""
    permits.require(actor, Permission.account_manage)
    area, today = area_named(actor, area_code)[-1], work.clock.today()
    if area.valid_to is None or area.valid_to >= today:
        raise Invalid(Say("“{name}”还没有撤销，撤销以后再交接。", name=area.name), field="code")
    left = hanging_on(work.session, area.code, today)
    given = [_give_role(actor, login, role, code, heir) for login, role, code in left.grants
             if (heir := _heir_of(code, today)) is not None]
    units, lines = _move_units(work, actor, left, today), _move_lines(work, actor, left, today)
    placed = len(given) + units + lines
    return HandedOver(given.count(True), given.count(False), units, lines,
                      len(left.grants) + len(left.units) + len(left.routing) - placed)


def _heir_of(code: str, on: date) -> str | None:
    """The one area that stands for a code today."""
    found = rules.gazetteer().successors(code, on)
    return found[0].code if len(found) == 1 else None


def _give_role(actor: Actor, login: str, role: Role, code: str, heir: str) -> bool:
    """Whether the role has gone over; False while it waits for a second person."""
    if accounts.grant(actor, login=login, role=role, area_code=heir):
        return False
    accounts.revoke(actor, login=login, role=role, area_code=code)
    return True


def _move_units(work: Work, actor: Actor, left: Hanging, on: date) -> int:
    moved = 0
    for unit in work.session.scalars(select(Unit).where(Unit.code.in_([code for code, _ in left.units])).order_by(Unit.id)):
        if (heir := _heir_of(unit.area_code, on)) is not None:
            was, unit.area_code = unit.area_code, heir
            work.record(f"unit:{unit.code}", UnitFacts.changed, actor, {"unit_id": unit.id, "area_code": heir, "was_area": was})
            moved += 1
    if moved:
        rules_changed(work.session)
    return moved


def _move_lines(work: Work, actor: Actor, left: Hanging, on: date) -> int:
    """In the draft of the responsibility list, which is begun where there is none: what is in force does not change."""
    if not left.routing:
        return 0
    if (draft := versions.open_draft(work.session, is_locked=True)) is None:
        versions.draft(actor, versions.DraftOrder())
        draft = versions.editable_draft(work)
    moved = 0
    query = select(RoutingRow).where(RoutingRow.list_id == draft.id, RoutingRow.number.in_(left.routing))
    for row in work.session.scalars(query.order_by(RoutingRow.number)).all():
        if row.area_code and (heir := _heir_of(row.area_code, on)) not in (None, row.area_code):
            was, row.area_code = row.area_code, str(heir)
            versions.tell_edit(work, actor, draft, RuleListFacts.line_set, {
                "number": row.number, "row": str(row.number), "changed": {"area_code": [was, row.area_code]}})
            moved += 1
    return moved
