"""The board of a control order: who acknowledged in time, reported and was checked, and where each site stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.acts.facts import DutyState
from tracker.domain.coordination.controls import KIND, SITES, weight_of_level
from tracker.domain.reports.counting import Rate
from tracker.domain.rules.limits import Stage
from tracker.services.acts.clocks import MET
from tracker.storage.acts.acts import Act, ActLink, ClockRow
from tracker.storage.acts.page import ActPage, DutyLine
from tracker.storage.cases.entries import FactEntry, entries
from tracker.storage.sites.sites import Site

IN_TIME = "按时限内确认收到的点位 / 在管控的点位"
IN_PLACE = "已报措施到位的点位 / 在管控的点位"
CHECKED = "已核查（合格或退回）的点位 / 在管控的点位"


class SiteStanding(StrEnum):
    """Where a site stands on the board."""

    unseen = "unseen"
    seen = "seen"
    in_place = "in_place"
    passed = "passed"
    failed = "failed"
    waived = "waived"


STANDINGS: Mapping[SiteStanding, str] = {
    SiteStanding.unseen: "未收到", SiteStanding.failed: "不合格", SiteStanding.seen: "收到", SiteStanding.in_place: "到位",
    SiteStanding.passed: "已核", SiteStanding.waived: "已免除",
}


@dataclass(frozen=True)
class BoardLine:
    """One site on the board. `is_late`: it did not acknowledge in its hours; `covered_by` is an order of a heavier level over the
    same days."""

    position: int
    site: str
    name: str
    unit: str
    measures: str
    standing: SiteStanding
    minutes: int
    is_late: bool
    is_seen: bool
    covered_by: str = ""


@dataclass(frozen=True)
class Board:
    """An order at one moment."""

    lines: tuple[BoardLine, ...]
    acknowledged_in_time: int
    in_place: int
    checked: int

    @property
    def site_count(self) -> int:
        """The sites that count: those not waived."""
        return sum(line.standing is not SiteStanding.waived for line in self.lines)

    @property
    def acknowledged_rate(self) -> Decimal | None:
        """收到率 as a percentage."""
        return self.rates[0].percent()

    @property
    def rates(self) -> tuple[Rate, ...]:
        """收到率, 到位率, 核查率."""
        return (Rate(self.acknowledged_in_time, self.site_count, IN_TIME), Rate(self.in_place, self.site_count, IN_PLACE),
                Rate(self.checked, self.site_count, CHECKED))

    def of(self, standing: SiteStanding) -> tuple[BoardLine, ...]:
        """The sites that stand there."""
        return tuple(line for line in self.lines if line.standing is standing)


def board_of(session: Session, page: ActPage, now: datetime) -> Board:
    """The board of an order at a moment, its sites as they are owed."""
    facts = entries(session, page.head.stream)
    names = site_names(session, [duty.subject.partition(":")[2] for duty in page.duties])
    hours = _latest_hours(session, page.head.stream)
    over, failed = _covering_orders(session, page), _failed_positions(facts)
    lines = tuple(_line_of(duty, names, hours.get(duty.position), now, failed, over) for duty in page.duties)
    counting = [line for line in lines if line.standing is not SiteStanding.waived]
    met = {position for position, clock in hours.items() if clock.outcome == MET}
    return Board(lines, sum(line.position in met for line in counting),
                 sum(line.standing in (SiteStanding.in_place, SiteStanding.passed) for line in counting),
                 sum(line.standing in (SiteStanding.passed, SiteStanding.failed) for line in counting))


def site_names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """Names of sites by their codes."""
    return {row.code: row.name for row in session.execute(select(Site.code, Site.name).where(Site.code.in_(codes)))}


def _latest_hours(session: Session, stream: str) -> dict[int, ClockRow]:
    """Of each duty the limit that began last."""
    query = select(ClockRow).where(ClockRow.subject.startswith(f"{stream}/"), ClockRow.stage == Stage.ack_control.value)
    return {int(row.subject.rpartition("/")[2]): row for row in session.scalars(query.order_by(ClockRow.round))}


def _failed_positions(facts: Iterable[FactEntry]) -> set[int]:
    """The duties of which the last that was told is that they were sent back."""
    last = {int(fact.details["position"]): fact.kind for fact in facts
            if fact.kind.startswith("duty:") and "position" in fact.details}
    return {position for position, kind in last.items() if kind == DutySteps.send_back.fact}


def _covering_orders(session: Session, page: ActPage) -> dict[str, str]:
    """Of each site the order of a heavier level that runs over the same days."""
    own = [duty.subject for duty in page.duties]
    query = (select(ActLink.target, Act.number, Act.details).join(Act, Act.id == ActLink.act_id)
             .where(ActLink.target.in_(own), Act.kind == KIND, Act.state == "issued", Act.id != page.head.id).order_by(Act.id))
    mine = page.head.details
    return {target: number for target, number, details in session.execute(query)
            if weight_of_level(details["level"]) > weight_of_level(mine["level"])
            and details["first_on"] <= mine["last_on"] and mine["first_on"] <= details["last_on"]
            and any(row["site"] == target.partition(":")[2] for row in details[SITES])}


def _line_of(duty: DutyLine, names: Mapping[str, str], clock: ClockRow | None, now: datetime, failed: set[int],
             over: Mapping[str, str]) -> BoardLine:
    code = duty.subject.partition(":")[2]
    began = clock.started_at if clock is not None else None
    is_late = clock is not None and clock.due_at is not None and (clock.outcome == "late" or (
        clock.stopped_on is None and now > clock.due_at))
    return BoardLine(duty.position, code, names.get(code, code), duty.unit, duty.title, _standing_of(duty, failed),
                     int((now - began).total_seconds() // 60) if began else 0, is_late,
                     duty.acknowledged_at is not None, over.get(duty.subject, ""))


def _standing_of(duty: DutyLine, failed: set[int]) -> SiteStanding:
    if duty.state == DutyState.open:
        if duty.position in failed:
            return SiteStanding.failed
        return SiteStanding.seen if duty.acknowledged_at else SiteStanding.unseen
    return {DutyState.answered: SiteStanding.in_place, DutyState.met: SiteStanding.passed}.get(
        DutyState(duty.state), SiteStanding.waived)
