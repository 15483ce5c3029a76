"""Audits of cleaner production: by site and year, with their schemes, and how many were assessed."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.sites.sight import SiteScope
from tracker.storage.sites.owed import AuditScheme, SiteAudit
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site

MOST = 500
AUDITED = "audits.assessed"
SCHEMES: Mapping[str, str] = {"schemes.low": "low", "schemes.high": "high"}
_A, _S, _C = SiteAudit.__table__.c, Site.__table__.c, AuditScheme.__table__.c


class CleanerAudit(NamedTuple):
    """One audit in the list, with how many schemes stand."""

    id: int
    code: str
    name: str
    year: int
    is_mandatory: bool
    listed_on: date
    started_on: date | None
    reported_on: date | None
    assessed_on: date | None
    accepted_on: date | None
    low: int
    high: int


class SchemeLine(NamedTuple):
    """One scheme of an audit."""

    id: int
    n: int
    kind: str
    name: str
    saved: str
    implemented_on: date | None
    invested_fen: int | None
    voided_on: date | None


def audit_lines(session: Session, scope: SiteScope, *, audit_id: int | None = None) -> list[CleanerAudit]:
    """The audits that this reader sees, the newest years first; or one."""
    counts: list[Any] = [func.coalesce(func.sum(case(((_C.kind == kind) & _C.voided_on.is_(None), 1), else_=0)), 0)
                         for kind in SCHEMES.values()]
    columns: tuple[Any, ...] = (_A.id, _S.code, _S.name, _A.year, _A.is_mandatory, _A.listed_on, _A.started_on, _A.reported_on,
                                _A.assessed_on, _A.accepted_on)
    query = select(*columns, *counts).select_from(SiteAudit).join(Site, _S.id == _A.site_id).outerjoin(
        AuditScheme, _C.audit_id == _A.id).where(readable_sites(scope)).group_by(*columns)
    if audit_id is not None:
        query = query.where(_A.id == audit_id)
    return [CleanerAudit(*row) for row in session.execute(query.order_by(_A.year.desc(), _S.code).limit(MOST))]


def schemes_of(session: Session, audit_id: int) -> list[SchemeLine]:
    """The schemes of an audit, the void ones too."""
    query = select(_C.id, _C.n, _C.kind, _C.name, _C.saved, _C.implemented_on, _C.invested_fen, _C.voided_on)
    return [SchemeLine(*row) for row in session.execute(query.where(_C.audit_id == audit_id).order_by(_C.n))]


def assessed_within(session: Session, scope: SiteScope, first: date, last: date) -> list[str]:
    """The sites of the audits that were assessed in a window, once for each audit."""
    query = select(_S.code).select_from(SiteAudit).join(Site, _S.id == _A.site_id).where(
        readable_sites(scope), _A.assessed_on >= first, _A.assessed_on <= last)
    return list(session.scalars(query.order_by(_S.code, _A.id)))


def schemes_within(session: Session, scope: SiteScope, kind: str, first: date, last: date, on: date) -> list[str]:
    """The sites of the schemes of the audits that were assessed in a window, once for each scheme that is not void on a day."""
    query = select(_S.code).select_from(AuditScheme).join(SiteAudit, _A.id == _C.audit_id).join(Site, _S.id == _A.site_id).where(
        readable_sites(scope), _A.assessed_on >= first, _A.assessed_on <= last, _C.kind == kind,
        or_(_C.voided_on.is_(None), _C.voided_on > on))
    return list(session.scalars(query.order_by(_S.code, _C.id)))
