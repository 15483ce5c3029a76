"""Beside the railway: sent down to both sides, looked at on the spot, answered by each and confirmed."""

from random import Random

from tracker.demo.railway import RAIL_UNIT
from tracker.demo.walk import Walk, Walking
from tracker.domain.cases.flow import Steps
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Role
from tracker.domain.territory.routing import FENCE

OFFICE_TIME = "%Y-%m-%d %H:%M"
OWNERS = {"inside": "railway", "outside": "local"}
OPINIONS = ("在本单位管理范围内", "由我们清理")
BASES = ("不在本单位围栏和用地范围内", "用地图上属对方")


def settle(walk: Walk, lead: str, supporting: tuple[str, ...], given: dict[str, object], *, is_left_open: bool) -> Walking:
    """The steps that lead to a confirmation; one that is left open waits for the other side's answer."""
    chance = Random(f"checking/{walk.seed}")
    asked = tuple(dict.fromkeys((lead, walk.matter.street.unit, RAIL_UNIT)))
    walk.take(walk.one(Role.dispatcher), Steps.send_down.name, candidate_units="、".join(asked))
    yield walk.later(0, 1)
    now = walk.year.clock.local(walk.year.clock.now())
    seen = str(walk.matter.answers.get(FENCE) or "unknown")
    walk.take(chance.choice(walk.year.cast.officers(walk.matter.street.unit)), Steps.recheck.name,
              [walk.photo(1, EvidenceRole.progress)], onsite_at=f"{now:{OFFICE_TIME}}", fence_seen=seen,
              onsite_place=f"{walk.latitude:.6f}, {walk.longitude:.6f}, 3", owner_seen=OWNERS.get(seen, "unknown"))
    yield walk.later(0)
    walk.take(chance.choice(walk.year.cast.officers(lead)), Steps.claim.name, extent="whole", reason=chance.choice(OPINIONS))
    if is_left_open:
        return
    for unit in asked:
        if unit != lead:
            walk.take(chance.choice(walk.year.cast.officers(unit)), Steps.disclaim.name, reason_code="outside_limit",
                      reason=chance.choice(BASES))
    yield walk.later(0, 1)
    walk.take(walk.one(Role.dispatcher), Steps.confirm.name, lead_unit=lead, supporting_units="、".join(supporting), **given)
