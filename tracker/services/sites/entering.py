"""Entries of letters, permits and registrations: entered, renewed by another that follows, and ended before their last day."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.house.say import Say
from tracker.domain.sites.entries import ONE_DAY, EntryGiven, HeldSpan, end_day, read_entry, require_free
from tracker.domain.sites.fact_kinds import SiteFacts
from tracker.domain.sites.registers import END_GROUNDS, MISTAKEN, REGISTERS, Exclusive, SiteRegister
from tracker.gateways.sites.credit_codes import is_permit_number_odd
from tracker.services.house.work import Work, deed
from tracker.services.sites.entries import LONGEST, site_for
from tracker.storage.sites.sites import Site, SiteEntry


@deed
def enter(work: Work, actor: Actor, code: str, register: SiteRegister, raw: Mapping[str, object]) -> int:
    """An entry as it was typed; returns its number. Raises `NotFound`, `NotAllowed`, `Invalid`, `Incomplete`, and `Conflict`
    where another is in the way or says the same."""
    site = _site_to_enter(work, actor, code, register)
    given = read_entry(register, raw)
    require_room(work, site, given)
    row = add_entry(work, actor, site, given)
    site.seq += 1
    work.record(site.stream, SiteFacts.entered, actor, _told_of(row))
    return row.id


@deed
def renew(work: Work, actor: Actor, code: str, entry_id: int, raw: Mapping[str, object]) -> int:
    """Another entry that follows this one under its number, by default from the day after its last. Raises as `enter` does, and
    `Invalid` where it does not follow."""
    site, before = _entry_for(work, actor, code, entry_id)
    register = SiteRegister(before.register)
    last = last_day_of(before)
    if last is None:
        raise Invalid("这一条没有有效期止，不用延续；请先终止再登记。", field="valid_from")
    given = read_entry(register, {"number": before.number, "value": before.value, "valid_from": last + ONE_DAY, **raw})
    if given.valid_from <= last:
        raise Invalid(Say("延续的一条须从 {day} 起或更晚。", day=last + ONE_DAY), field="valid_from")
    require_room(work, site, given)
    row = add_entry(work, actor, site, given)
    site.seq += 1
    work.record(site.stream, SiteFacts.renewed, actor, {**_told_of(row), "renews": before.id})
    return row.id


@deed
def end(work: Work, actor: Actor, code: str, entry_id: int, ground: str, ended_on: date | None = None, reason: str = "") -> None:
    """An entry ends before its last day; one that was entered by mistake never held. Raises `NotFound`, `NotAllowed`, `Invalid`,
    `Incomplete`, and `Conflict` where it has ended already."""
    site, row = _entry_for(work, actor, code, entry_id)
    if ground not in dict(END_GROUNDS):
        raise Invalid("请选终止的原因。", field="ground")
    if ended_on is None and ground != MISTAKEN:
        raise Incomplete("请填写“最后一天”。", field="ended_on")
    if len(reason) > LONGEST:
        raise Invalid(Say("“说明”最多 {longest} 字，现有 {count} 字。", longest=LONGEST, count=len(reason)), field="reason")
    if ground in (MISTAKEN, "other") and not reason.strip():
        raise Incomplete("请写明说明。", field="reason")
    if row.ended_at is not None:
        raise Conflict("这一条已经终止。", code="ended")
    close_entry(work, actor, row, end_day(row.valid_from, row.valid_to, ended_on or row.valid_from, ground), ground)
    site.seq += 1
    work.record(site.stream, SiteFacts.entry_ended, actor, {
        "register": row.register, "number": row.number, "ended_on": row.ended_on, "end_ground": ground, "reason": reason.strip()})


def add_entry(work: Work, by: Actor, site: Site, given: EntryGiven) -> SiteEntry:
    """An accepted entry, written; its fact is the caller's."""
    row = entry_row(work, by, site.id, given)
    work.session.add(row)
    work.session.flush()
    return row


def entry_row(work: Work, by: Actor, site_id: int, given: EntryGiven, *, batch_id: int | None = None) -> SiteEntry:
    """The row of an accepted entry."""
    now = work.clock.now()
    person = None if by.id <= 0 else by.id
    is_odd = REGISTERS[given.register].has_permit_number and is_permit_number_odd(given.number)
    return SiteEntry(site_id=site_id, register=given.register, value=given.value, number=given.number, is_number_odd=is_odd,
                    grounds="", document_no=given.document_no, valid_from=given.valid_from, valid_to=given.valid_to,
                    payload=dict(given.payload), recorded_at=now, recorded_by_id=person,
                    recorded_for_id=by.acting_for.id if by.acting_for else None, decided_at=now, decided_by_id=person,
                    is_accepted=True, import_batch_id=batch_id, end_ground="")


def close_entry(work: Work, by: Actor, row: SiteEntry, ended_on: date, ground: str) -> None:
    """The end of an entry; its fact is the caller's."""
    row.ended_on, row.ended_at, row.end_ground = ended_on, work.clock.now(), ground
    row.ended_by_id = None if by.id <= 0 else by.id


def last_day_of(row: SiteEntry) -> date | None:
    """The day through which it holds; None is open."""
    return row.ended_on or row.valid_to


def require_room(work: Work, site: Site, given: EntryGiven) -> None:
    """Neither this site nor, under the number, another has an entry in the way. Raises `Conflict`."""
    rows = work.session.scalars(select(SiteEntry).where(
        SiteEntry.site_id == site.id, SiteEntry.register == given.register, SiteEntry.is_accepted.is_(True)))
    require_free(given, site.name, [HeldSpan(row.valid_from, last_day_of(row), row.number, row.value) for row in rows])
    if REGISTERS[given.register].exclusive is Exclusive.number and (other := _owner_of(work, site, given)) is not None:
        raise Conflict(Say("编号 {number} 已登记在 {code} 名下。", number=given.number, code=other), code="number_of_another",
                       field="number")


def _owner_of(work: Work, site: Site, given: EntryGiven) -> str | None:
    """The other site that has an entry with this number, unless all of them were mistakes."""
    return work.session.scalar(select(Site.code).join(SiteEntry, SiteEntry.site_id == Site.id).where(
        SiteEntry.register == given.register, SiteEntry.number == given.number, Site.id != site.id,
        SiteEntry.ended_on.is_(None) | (SiteEntry.ended_on >= SiteEntry.valid_from)).limit(1))


def _site_to_enter(work: Work, actor: Actor, code: str, register: SiteRegister) -> Site:
    row = REGISTERS[register]
    site = site_for(work, actor, code)
    if not row.is_entered:
        raise NotAllowed(Say("“{word}”不能直接登记，须经提出和审批。", word=Say(row.word)), code="needs_second")
    if actor is not OPERATOR and not actor.has_in(Permission.site_manage, site.area_code):
        raise NotAllowed("只能登记和修改本区域的监管对象。", code="out_of_reach")
    return site


def _entry_for(work: Work, actor: Actor, code: str, entry_id: int) -> tuple[Site, SiteEntry]:
    site = site_for(work, actor, code)
    row = work.session.scalar(select(SiteEntry).where(SiteEntry.id == entry_id, SiteEntry.site_id == site.id))
    if row is None:
        raise NotFound(Say("“{name}”没有这一条。", name=site.name))
    _site_to_enter(work, actor, code, SiteRegister(row.register))
    return site, row


def _told_of(row: SiteEntry) -> dict[str, object]:
    return {"register": row.register, "number": row.number, "value": row.value, "valid_from": row.valid_from,
            "valid_to": row.valid_to, "document_no": row.document_no}
