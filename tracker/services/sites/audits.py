"""Audits of cleaner production and their schemes: recorded by who keeps the registry."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.sites.audits import SCHEME_KINDS, read_days
from tracker.domain.sites.fact_kinds import SiteFacts
from tracker.domain.sites.sight import reads_site
from tracker.services.house.work import Work, deed
from tracker.services.sites.entries import LONGEST, site_for
from tracker.storage.sites.owed import AuditScheme, SiteAudit
from tracker.storage.sites.sites import Site

MOST_FEN = 10**14
YEAR = Given("year", "审核年度", FieldKind.number)
IMPLEMENTED = Given("implemented_on", "实施日期", FieldKind.date, is_required=False)
YUAN = Given("invested", "投资（元）", FieldKind.number, is_required=False)


@deed
def record_audit(work: Work, actor: Actor, code: str, raw: Mapping[str, object]) -> int:
    """The audit of a site and year, new or with more of its days. Raises `NotFound`, `NotAllowed`, `Invalid`, `Incomplete`."""
    site = _site_to_record(actor, site_for(work, actor, code))
    year, today = read(YEAR, raw.get("year")), work.clock.today()
    if not isinstance(year, int) or not 2000 <= year <= today.year + 1:
        raise Invalid(Say("“审核年度”应在 2000 至 {last} 之间。", last=today.year + 1), field="year")
    days = read_days(raw, today)
    row = work.session.scalar(select(SiteAudit).where(SiteAudit.site_id == site.id, SiteAudit.year == year).with_for_update())
    if row is None:
        row = SiteAudit(site_id=site.id, year=year, recorded_at=work.clock.now(),
                        recorded_by_id=actor.id if actor.id > 0 else None)
        work.session.add(row)
    elif raw.get("is_new"):
        raise Conflict(Say("“{name}”已有 {year} 年度的审核。", name=site.name, year=year), code="taken", field="year")
    row.is_mandatory = bool(raw.get("is_mandatory"))
    for name, day in days.items():
        setattr(row, name, day)
    work.session.flush()
    site.seq += 1
    work.record(site.stream, SiteFacts.audit_recorded, actor, {"year": year, **days})
    return row.id


@deed
def add_scheme(work: Work, actor: Actor, audit_id: int, raw: Mapping[str, object]) -> int:
    """One more scheme of an audit; returns its number. Raises `NotFound`, `NotAllowed`, `Invalid`, `Incomplete`."""
    site, audit = _audit_for(work, actor, audit_id)
    kind, name = str(raw.get("kind") or ""), str(raw.get("name") or "").strip()
    if kind not in dict(SCHEME_KINDS):
        raise Invalid("请选方案的类别。", field="kind")
    if not name:
        raise Incomplete("请填写“方案名称”。", field="name")
    on, yuan = read(IMPLEMENTED, raw.get("implemented_on")), read(YUAN, raw.get("invested"))
    if isinstance(on, date) and on > work.clock.today():
        raise Invalid(Say("“实施日期”不能晚于今天（{today}）。", today=work.clock.today()), field="implemented_on")
    if isinstance(yuan, int) and not 0 <= yuan * 100 <= MOST_FEN:
        raise Invalid("“投资（元）”应为不大于 1 万亿的整数。", field="invested")
    last = work.session.scalar(select(func.max(AuditScheme.n)).where(AuditScheme.audit_id == audit.id)) or 0
    row = AuditScheme(audit_id=audit.id, n=last + 1, kind=kind, name=name[:200], saved=str(raw.get("saved") or "").strip()[:200],
                      implemented_on=on if isinstance(on, date) else None,
                      invested_fen=yuan * 100 if isinstance(yuan, int) else None, recorded_at=work.clock.now(),
                      recorded_by_id=actor.id if actor.id > 0 else None)
    work.session.add(row)
    work.session.flush()
    site.seq += 1
    work.record(site.stream, SiteFacts.scheme_recorded, actor, {"year": audit.year, "number": row.n, "kind": kind})
    return row.n


@deed
def void_scheme(work: Work, actor: Actor, audit_id: int, n: int, reason: str) -> None:
    """A scheme that was wrong is void from today; it is never deleted. Raises `NotFound`, `NotAllowed`, `Incomplete`, and
    `Conflict` for one that is void."""
    site, audit = _audit_for(work, actor, audit_id)
    row = work.session.scalar(select(AuditScheme).where(AuditScheme.audit_id == audit.id, AuditScheme.n == n).with_for_update())
    if row is None:
        raise NotFound("没有这个方案。")
    if not reason.strip() or len(reason) > LONGEST:
        raise Incomplete("请写明作废的理由，最多 500 字。", field="reason")
    if row.voided_on is not None:
        raise Conflict("这个方案已经作废。", code="voided")
    row.voided_on = work.clock.today()
    site.seq += 1
    work.record(site.stream, SiteFacts.scheme_voided, actor, {"year": audit.year, "number": n, "reason": reason.strip()})


def _audit_for(work: Work, actor: Actor, audit_id: int) -> tuple[Site, SiteAudit]:
    found = work.session.execute(select(Site, SiteAudit).join(SiteAudit, SiteAudit.site_id == Site.id).where(
        SiteAudit.id == audit_id).with_for_update()).first()
    if found is None or not reads_site(actor, found[0].area_code, found[0].unit_id):
        raise NotFound("没有这次审核，或您无权查看。")
    return _site_to_record(actor, found[0]), found[1]


def _site_to_record(actor: Actor, site: Site) -> Site:
    if actor is not OPERATOR and not actor.has_in(Permission.site_manage, site.area_code):
        raise NotAllowed("只能登记和修改本区域的监管对象。", code="out_of_reach")
    return site
