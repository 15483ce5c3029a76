"""Supervised sites in acts: named by those who see them, tied, and shown to who may see them."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import LinkRole
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.sites.sight import site_scope
from tracker.services.acts.effects import ActDoing
from tracker.storage.acts.acts import ActLink
from tracker.storage.sites.register import readable_sites, sites_named
from tracker.storage.sites.sites import Site

SITE_STREAM = "site:"


def site_named(doing: ActDoing, field: str = "site") -> Site:
    """The one site that was named. Raises `Invalid` for none, and for several, which it lists."""
    named = doing.text(field)
    found = sites_named(doing.work.session, site_scope(doing.actor), named)
    if not found:
        raise Invalid(Say("没有找到监管对象“{named}”，或您无权查看；请先登记。", named=named), field=field)
    if len(found) > 1:
        raise Invalid(Say("“{named}”对应 {count} 个监管对象（{codes}），请填编号。", named=named, count=len(found),
                          codes=Listed(each.code for each in found)), field=field)
    return found[0]


def tie_site(doing: ActDoing, site: Site) -> str:
    """Tie the act to a site, once; returns its stream."""
    target, session = SITE_STREAM + site.code, doing.work.session
    if session.get(ActLink, (doing.act.id, LinkRole.site, target)) is None:
        position = session.scalar(select(func.max(ActLink.position)).where(ActLink.act_id == doing.act.id)) or 0
        session.add(ActLink(act_id=doing.act.id, role=LinkRole.site, target=target, position=position + 1))
    return target


def site_titles(session: Session, actor: Actor, streams: Iterable[str]) -> dict[str, str]:
    """Of these streams the sites that the reader sees, with their names."""
    codes = [stream.removeprefix(SITE_STREAM) for stream in streams if stream.startswith(SITE_STREAM)]
    if not codes:
        return {}
    query = select(Site.code, Site.name).where(Site.code.in_(codes), readable_sites(site_scope(actor)))
    return {f"{SITE_STREAM}{row.code}": row.name for row in session.execute(query)}
