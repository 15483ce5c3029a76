"""Dated entries of supervised sites: their status, and their class, which one person proposes and another decides."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.say import Say
from tracker.domain.sites.fact_kinds import SiteFacts
from tracker.domain.sites.registers import CLASS_WORDS, GROUNDS, SiteRegister, require_after
from tracker.domain.sites.sight import decides_entry, may_manage, reads_site
from tracker.services.house.work import Work, deed
from tracker.storage.sites.sites import Site, SiteEntry

LONGEST = 500


def first_days(session: Session, register: SiteRegister) -> dict[int, date]:
    """Of every site the day from which its entry of a register holds."""
    query = select(SiteEntry.site_id, func.max(SiteEntry.valid_from)).where(
        SiteEntry.register == register, SiteEntry.is_accepted.is_(True)).group_by(SiteEntry.site_id)
    return {row[0]: row[1] for row in session.execute(query)}


def set_status(work: Work, by: Actor, site: Site, status: str, valid_from: date) -> None:
    """Whether the site works, from a day on, today at the latest. Raises `Invalid`."""
    today = work.clock.today()
    if valid_from > today:
        raise Invalid(Say("“状态自”不能晚于今天（{today}）。", today=today), field="status_from")
    require_after(valid_from, _last_day(work, site, SiteRegister.status), site.name)
    row = _entry_of(work, by, site, SiteRegister.status, status, valid_from)
    row.decided_at, row.is_accepted = work.clock.now(), True
    site.status = status
    _tell_entry(work, by, site, SiteFacts.status_set, {"value": status, "valid_from": valid_from})


@deed
def propose_class(work: Work, actor: Actor, code: str, value: str, grounds: Iterable[str], ground: str, *, valid_from: date,
                  document_no: str = "") -> int:
    """A class is proposed, with its grounds; another decides. Returns the number of the proposal. Raises `NotFound`,
    `NotAllowed`, `Incomplete`, `Invalid`, `Conflict` where one waits already."""
    site = site_for(work, actor, code)
    if not may_manage(actor, site.area_code):
        raise NotAllowed("只能对本区域的监管对象提出分类。", code="out_of_reach")
    if value not in dict(CLASS_WORDS):
        raise Invalid(Say("“分类”应为 A、B、C，“{value}”不是。", value=value[:20]), field="value")
    known = [each for each in grounds if each in dict(GROUNDS)]
    if not known or not ground.strip():
        raise Incomplete("请选分类的依据，并写明理由。", field="ground" if known else "grounds")
    if len(ground) > LONGEST:
        raise Invalid(Say("“理由”最多 {longest} 字，现有 {count} 字。", longest=LONGEST, count=len(ground)), field="ground")
    if _waiting_of(work, site) is not None:
        raise Conflict(Say("“{name}”已有一条分类待确认。", name=site.name), code="waiting")
    require_after(valid_from, _last_day(work, site, SiteRegister.site_class), site.name)
    row = _entry_of(work, actor, site, SiteRegister.site_class, value, valid_from, grounds=",".join(known),
                    document_no=document_no[:80])
    _tell_entry(work, actor, site, SiteFacts.class_proposed, {"value": value, "valid_from": valid_from, "grounds": known,
                                                              "ground": ground.strip()})
    return row.id


@deed
def decide_class(work: Work, actor: Actor, code: str, is_accepted: bool, reason: str = "") -> None:
    """The proposal that waits is accepted, or refused with a reason, by another than who made it. Raises `NotFound`,
    `NotAllowed`, `Incomplete`."""
    site = site_for(work, actor, code)
    row = _waiting_of(work, site)
    if row is None:
        raise NotFound(Say("“{name}”没有待确认的分类。", name=site.name))
    if not actor.has_in(Permission.site_decide, site.area_code):
        raise NotAllowed("您没有确认分类的权限。", code="no_permission")
    if not decides_entry(actor, row.recorded_by_id, row.recorded_for_id):
        raise NotAllowed("提出的人不能自己确认。", code="same_person")
    if not is_accepted and not reason.strip():
        raise Incomplete("不同意的，请写明理由。", field="reason")
    row.decided_at, row.decided_by_id, row.is_accepted = work.clock.now(), actor.id, is_accepted
    if is_accepted:
        site.site_class = row.value
    _tell_entry(work, actor, site, SiteFacts.class_accepted if is_accepted else SiteFacts.class_refused,
                {"value": row.value, "valid_from": row.valid_from} | ({} if is_accepted else {"reason": reason.strip()}))


def site_for(work: Work, actor: Actor, code: str) -> Site:
    """The site, locked until the work ends. Absent and forbidden look alike: raises `NotFound`."""
    site = work.session.scalar(select(Site).where(Site.code == code.strip().upper()).with_for_update())
    if site is None or not reads_site(actor, site.area_code, site.unit_id):
        raise no_such_site(code)
    return site


def no_such_site(code: str) -> NotFound:
    """The one answer for absent and forbidden alike."""
    return NotFound(Say("没有找到监管对象“{code}”，或您无权查看。", code=code.strip()[:40]))


def _last_day(work: Work, site: Site, register: SiteRegister) -> date | None:
    return work.session.scalar(select(func.max(SiteEntry.valid_from)).where(
        SiteEntry.site_id == site.id, SiteEntry.register == register, SiteEntry.is_accepted.is_(True)))


def _waiting_of(work: Work, site: Site) -> SiteEntry | None:
    return work.session.scalar(select(SiteEntry).where(SiteEntry.site_id == site.id, SiteEntry.decided_at.is_(None)))


def _entry_of(work: Work, by: Actor, site: Site, register: SiteRegister, value: str, valid_from: date, *, grounds: str = "",
              document_no: str = "") -> SiteEntry:
    row = SiteEntry(site_id=site.id, register=register, value=value, grounds=grounds, document_no=document_no,
                    valid_from=valid_from, recorded_at=work.clock.now(),
                    recorded_by_id=None if by == OPERATOR else by.id,
                    recorded_for_id=by.acting_for.id if by.acting_for else None)
    work.session.add(row)
    work.session.flush()
    return row


def _tell_entry(work: Work, by: Actor, site: Site, kind: FactKind, told: Mapping[str, object]) -> None:
    site.seq += 1
    work.record(site.stream, kind, by, told)
