"""How the sites of control orders acknowledged them, by what their facts had told by a moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyState
from tracker.domain.coordination.counts import SitesTold
from tracker.domain.rules.limits import Stage
from tracker.domain.upkeep.acts_then import FoldedAct, Row
from tracker.services.acts import then
from tracker.services.acts.clocks import MET
from tracker.services.acts.effects import ACT


def sites_told(session: Session, numbers: Iterable[str], until: datetime) -> dict[str, SitesTold]:
    """Of each order; what was changed later asks anew, so the limit that began last counts."""
    orders = then.folded_by_stream(session, [f"{ACT}{number}" for number in numbers], until)
    return {stream.removeprefix(ACT): _sites_of(order) for stream, order in orders.items()}


def _sites_of(order: FoldedAct) -> SitesTold:
    clocks = _latest_clocks(order)
    counting = [duty for duty in order.of_table("duties") if duty["state"] != DutyState.waived]
    seen = [duty for duty in counting if duty["acknowledged_at"]]
    in_time = sum(clocks.get(duty["position"], {}).get("outcome") == MET for duty in seen)
    return SitesTold(in_time, len(seen) - in_time, len(counting) - len(seen))


def _latest_clocks(order: FoldedAct) -> Mapping[int, Row]:
    found: dict[int, Row] = {}
    for clock in sorted(order.of_table("clocks"), key=lambda row: row["round"]):
        if clock["stage"] == Stage.ack_control:
            found[int(str(clock["subject"]).rpartition("/")[2])] = clock
    return found
