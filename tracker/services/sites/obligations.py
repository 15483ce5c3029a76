"""What permits ask for becomes rows by itself; that a report is in, or is waived, somebody says."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from tracker.domain.house.actor import CLOCK, OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.house.fields import Choices
from tracker.domain.house.folds import ROWS_A_FACT
from tracker.domain.house.say import Say
from tracker.domain.sites.fact_kinds import ObligationFacts, SiteFacts
from tracker.domain.sites.obligations import (
    ONE_DAY,
    OwedPeriod,
    PermitHeld,
    ReportDue,
    ReportKind,
    chained_from,
    owed_in,
    read_due,
)
from tracker.domain.sites.registers import REPORT_DUE, SiteRegister
from tracker.domain.sites.rules import due_days
from tracker.domain.sites.sight import reads_site
from tracker.services.house.work import Work, deed
from tracker.services.rules import rules, values
from tracker.services.sites.entries import LONGEST
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.sites import Site, SiteEntry

STREAM = "obligations"
WAIVERS: Choices = (("stopped", "全期停产"), ("cancelled", "许可证注销"), ("other", "其他"))
Known = dict[tuple[int, str, str], SiteObligation]


@deed
def make_obligations(work: Work, on: date) -> int:
    """The reports of all periods that are over by a day, from the permits that stand; returns how many are new. What was in under
    an entry that was replaced since counts for its successor."""
    permits = _permits_of(work.session)
    known = {tuple(row) for row in work.session.execute(
        select(SiteObligation.entry_id, SiteObligation.kind, SiteObligation.period))}
    fresh = [(entry, owed) for entry, owed in _all_owed(permits, on)
             if (entry.id, owed.period.kind, owed.period.code) not in known]
    received = _received_under(work.session, {entry.number for entry, _ in fresh})
    rows = [_row_of(work, entry, owed, received.get((entry.number, owed.period.kind, owed.period.code))) for entry, owed in fresh]
    work.session.add_all(rows)
    told = iter(work.rows.take(work.session).items())
    while some := dict(islice(told, ROWS_A_FACT)):
        work.record(STREAM, ObligationFacts.made, CLOCK, {"on": on, "lines": len(some)}, some)
    return len(rows)


def _received_under(session: Session, numbers: set[str]) -> dict[tuple[str, str, str], SiteObligation]:
    """The reports that are in, by permit number, kind and period; of any entry under the number."""
    if not numbers:
        return {}
    query = select(SiteObligation, SiteEntry.number).join(SiteEntry, SiteEntry.id == SiteObligation.entry_id).where(
        SiteEntry.register == SiteRegister.permit, SiteObligation.satisfied_on.is_not(None))
    return {(number, row.kind, row.period): row for row, number in session.execute(query) if number in numbers}


def _permits_of(session: Session) -> list[SiteEntry]:
    query = select(SiteEntry).where(SiteEntry.register == SiteRegister.permit, SiteEntry.is_accepted.is_(True),
                                    type_coerce(SiteEntry.payload, Text).like("%reports%")).order_by(SiteEntry.id)
    return list(session.scalars(query))


def _all_owed(permits: list[SiteEntry], on: date) -> Iterator[tuple[SiteEntry, OwedPeriod]]:
    due: dict[int, Mapping[ReportKind, ReportDue]] = {}
    spans: dict[str, list[tuple[date, date | None]]] = {}
    for entry in permits:
        if not _is_void(entry):
            spans.setdefault(entry.number, []).append((entry.valid_from, entry.ended_on or entry.valid_to))
    for entry in permits:
        if _is_void(entry):
            continue
        permit = _held_by(entry, spans[entry.number])
        for year in range(max(permit.held_from.year, entry.recorded_at.year - 1), on.year + 1):
            due[year] = due.get(year) or due_days(values.value("report_due", date(year, 12, 31)))
            own = read_due(str(entry.payload.get(REPORT_DUE.name) or ""))
            for owed in owed_in(permit, year, {**due[year], **own}, _shifted_day):
                if owed.period.last < on:
                    yield entry, owed


def _held_by(entry: SiteEntry, spans: list[tuple[date, date | None]]) -> PermitHeld:
    reports = entry.payload.get("reports", ())
    assert isinstance(reports, list)
    return PermitHeld(chained_from(spans, entry.valid_from), entry.valid_from, entry.ended_on or entry.valid_to,
                      frozenset(ReportKind(str(each)) for each in reports))


def _shifted_day(day: date) -> date:
    if not values.is_on("report_shift", "is_shifted", day):
        return day
    return rules.calendar().add_workdays(day - ONE_DAY, 1).on


def _is_void(entry: SiteEntry) -> bool:
    return entry.ended_on is not None and entry.ended_on < entry.valid_from


def _row_of(work: Work, entry: SiteEntry, owed: OwedPeriod, before: SiteObligation | None) -> SiteObligation:
    now = work.clock.now()
    row = SiteObligation(site_id=entry.site_id, entry_id=entry.id, kind=owed.period.kind, period=owed.period.code,
                         period_to=owed.period.last, opens_on=owed.period.last + ONE_DAY, due_on=owed.due_on, recorded_at=now,
                         document="", waived_ground="")
    if before is not None:
        row.satisfied_on, row.document, row.satisfied_at = before.satisfied_on, before.document, now
        row.satisfied_by_id = before.satisfied_by_id
    return row


@deed
def satisfy(work: Work, actor: Actor, obligation_id: int, on: date, document: str = "") -> None:
    """The report is in since a day. Raises `NotFound`, `NotAllowed`, `Invalid`, `Conflict`."""
    site, row = _row_for(work, actor, obligation_id)
    require_day(row, on, work.clock.today())
    put_in(work, actor, row, on, document)
    site.seq += 1
    work.record(site.stream, SiteFacts.report_received, actor, {
        "kind": row.kind, "period": row.period, "on": on, "document": row.document})


def require_day(row: SiteObligation, on: date, today: date) -> None:
    """A report comes in after its period, and not later than today. Raises `Invalid`, and `Conflict` for one that is in."""
    if row.satisfied_at is not None:
        raise Conflict("这一期的报告已经登记。", code="satisfied")
    if not row.opens_on <= on <= today:
        raise Invalid(Say("“提交日期”应在 {first} 至 {today} 之间。", first=row.opens_on, today=today), field="satisfied_on")


def put_in(work: Work, actor: Actor, row: SiteObligation, on: date, document: str) -> None:
    """That a report is in; its fact is the caller's."""
    row.satisfied_on, row.document, row.satisfied_at = on, document.strip()[:80], work.clock.now()
    row.satisfied_by_id = actor.id if actor.id > 0 else None


@deed
def waive(work: Work, actor: Actor, obligation_id: int, ground: str, reason: str) -> None:
    """The report need not come, and why. Raises as `satisfy` does, and `Incomplete`."""
    site, row = _row_for(work, actor, obligation_id)
    if ground not in dict(WAIVERS):
        raise Invalid("请选免交的原因。", field="ground")
    if not reason.strip():
        raise Incomplete("请写明说明。", field="reason")
    if len(reason) > LONGEST:
        raise Invalid(Say("“说明”最多 {longest} 字，现有 {count} 字。", longest=LONGEST, count=len(reason)), field="reason")
    if row.waived_at is not None or row.satisfied_at is not None:
        raise Conflict("这一期的报告已经登记或免交。", code="satisfied")
    row.waived_ground, row.waived_at, row.waived_by_id = ground, work.clock.now(), actor.id if actor.id > 0 else None
    site.seq += 1
    work.record(site.stream, SiteFacts.report_waived, actor, {"kind": row.kind, "period": row.period, "ground": ground,
                                                              "reason": reason.strip()})


def _row_for(work: Work, actor: Actor, obligation_id: int) -> tuple[Site, SiteObligation]:
    found = work.session.execute(select(Site, SiteObligation).join(SiteObligation, SiteObligation.site_id == Site.id).where(
        SiteObligation.id == obligation_id).with_for_update()).first()
    if found is None or not reads_site(actor, found[0].area_code, found[0].unit_id):
        raise NotFound("没有这一期报告，或您无权查看。")
    if actor is not OPERATOR and not actor.has_in(Permission.site_manage, found[0].area_code):
        raise NotAllowed("只能登记本区域监管对象的报告。", code="out_of_reach")
    return found[0], found[1]
