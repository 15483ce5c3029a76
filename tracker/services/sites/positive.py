"""The positive list: what one person proposes of a site, another decides; nothing enters it or leaves it by itself."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import CLOCK, Actor, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.house.fields import Choices
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.say import Say
from tracker.domain.sites.entries import read_entry
from tracker.domain.sites.fact_kinds import SiteFacts
from tracker.domain.sites.positive import EXPIRY, REVIEW_AHEAD, read_removal, require_not_barred, require_ticked
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.sites.sight import decides_entry, may_manage
from tracker.services.house.work import Work, deed, wiring
from tracker.services.rules import values
from tracker.services.sites.entering import add_entry, close_entry, require_room
from tracker.services.sites.entries import LONGEST, site_for
from tracker.storage.enforcement.against import records_against
from tracker.storage.sites.holding import holds
from tracker.storage.sites.sites import Site, SiteEntry, SiteProposal

LIST = SiteRegister.positive_list
AGAINST = {"penalty": Say("受到行政处罚"), "card": Say("被挂警示牌"), "inspection": Say("检查发现严重问题")}


def conditions(on: date | None = None) -> Choices:
    """What is looked at before a site is proposed, by the rule book of the day."""
    found = values.value("positive_rules", on or wiring().clock.today())
    assert isinstance(found, list)
    return tuple((str(each["code"]), str(each["word"])) for each in found)


@deed
def propose(work: Work, actor: Actor, code: str, ticked: Iterable[str], ground: str) -> int:
    """A site is proposed for the list, every condition looked at. Returns the number of the proposal. Raises `NotFound`,
    `NotAllowed`, `Incomplete`, `Conflict` where it stands there or one waits, and `WrongState` while it is barred."""
    site, today = _site_to_propose(work, actor, code, ground), work.clock.today()
    codes = require_ticked(ticked, conditions(today))
    require_not_barred(_removals_of(work, site), today)
    if _listed_entry(work, site, today) is not None:
        raise Conflict(Say("“{name}”已在正面清单。", name=site.name), code="listed")
    row = _add_proposal(work, actor, site, "admit", ticked={"codes": list(codes)})
    _tell_site(work, actor, site, SiteFacts.listing_proposed, {"ticked": list(codes), "ground": ground.strip()})
    return row.id


@deed
def propose_removal(work: Work, actor: Actor, code: str, reason_code: str, ground: str, record: str = "") -> int:
    """A listed site is proposed to leave, with the stream of what triggered it where there is one. Raises as `propose` does."""
    site = _site_to_propose(work, actor, code, ground)
    if _listed_entry(work, site, work.clock.today()) is None:
        raise WrongState(Say("“{name}”不在正面清单。", name=site.name), code="not_listed")
    row = _add_proposal(work, actor, site, "remove", reason_code=read_removal(reason_code), record=record[:80])
    _tell_site(work, actor, site, SiteFacts.removal_proposed, {"reason_code": row.reason_code, "record": row.record,
                                                               "ground": ground.strip()})
    return row.id


@deed
def admit(work: Work, actor: Actor, code: str, raw: Mapping[str, object]) -> int:
    """The site enters the list: from which day, under which number, by which document; by another person than who proposed it.
    Raises `NotFound`, `NotAllowed`, `Invalid`, `Incomplete`, `Conflict`, `WrongState`."""
    site, proposal = _waiting_for(work, actor, code, "admit")
    given = read_entry(LIST, raw)
    if not given.document_no:
        raise Incomplete("请填写“文号”。", field="document_no")
    require_not_barred(_removals_of(work, site), given.valid_from)
    require_room(work, site, given)
    entry = add_entry(work, actor, site, given)
    _decide_proposal(work, actor, proposal, is_accepted=True, entry_id=entry.id)
    _tell_site(work, actor, site, SiteFacts.listing_admitted, {
        "number": entry.number, "valid_from": entry.valid_from, "valid_to": entry.valid_to, "document_no": entry.document_no})
    return entry.id


@deed
def refuse(work: Work, actor: Actor, code: str, reason: str) -> None:
    """The site does not enter the list, and why. Raises as `admit` does."""
    site, proposal = _waiting_for(work, actor, code, "admit")
    said = _required_reason(reason)
    _decide_proposal(work, actor, proposal, is_accepted=False)
    _tell_site(work, actor, site, SiteFacts.listing_refused, {"reason": said})


@deed
def remove(work: Work, actor: Actor, code: str, reason_code: str, reason: str, on: date | None = None) -> None:
    """The site leaves the list, today or on the day that is given. Raises as `admit` does."""
    site, proposal = _waiting_for(work, actor, code, "remove")
    ground, said, day = read_removal(reason_code), _required_reason(reason), on or work.clock.today()
    entry = _listed_entry(work, site, day)
    if entry is None or day > work.clock.today():
        raise Invalid(Say("“{name}”在 {day} 不在正面清单，或这一天还没有到。", name=site.name, day=day), field="on")
    close_entry(work, actor, entry, day, ground)
    _decide_proposal(work, actor, proposal, is_accepted=True, entry_id=entry.id)
    _tell_site(work, actor, site, SiteFacts.listing_removed, {"reason_code": ground, "ended_on": day, "reason": said})


@deed
def keep(work: Work, actor: Actor, code: str, reason: str) -> None:
    """The site stays on the list, and why. Raises as `admit` does."""
    site, proposal = _waiting_for(work, actor, code, "remove")
    said = _required_reason(reason)
    _decide_proposal(work, actor, proposal, is_accepted=False)
    _tell_site(work, actor, site, SiteFacts.listing_kept, {"reason": said})


def _site_to_propose(work: Work, actor: Actor, code: str, ground: str) -> Site:
    site = site_for(work, actor, code) if actor != CLOCK else work.session.scalars(
        select(Site).where(Site.code == code).with_for_update()).one()
    if actor != CLOCK and not may_manage(actor, site.area_code):
        raise NotAllowed("只能对本区域的监管对象提出。", code="out_of_reach")
    if not ground.strip():
        raise Incomplete("请写明依据。", field="ground")
    if len(ground) > LONGEST:
        raise Invalid(Say("“依据”最多 {longest} 字，现有 {count} 字。", longest=LONGEST, count=len(ground)), field="ground")
    if _waiting_proposal(work, site) is not None:
        raise Conflict(Say("“{name}”已有一条正面清单的申请待审批。", name=site.name), code="waiting")
    return site


def _waiting_for(work: Work, actor: Actor, code: str, action: str) -> tuple[Site, SiteProposal]:
    site = site_for(work, actor, code)
    row = _waiting_proposal(work, site)
    if row is None or row.action != action:
        raise NotFound(Say("“{name}”没有待审批的申请。", name=site.name))
    if not actor.has_in(Permission.site_decide, site.area_code):
        raise NotAllowed("您没有审批正面清单的权限。", code="no_permission")
    if not decides_entry(actor, row.proposed_by_id, row.proposed_for_id):
        raise NotAllowed("不能审批自己提出的申请。", code="same_person")
    return site, row


def _waiting_proposal(work: Work, site: Site) -> SiteProposal | None:
    return work.session.scalar(select(SiteProposal).where(SiteProposal.site_id == site.id, SiteProposal.decided_at.is_(None)))


def _listed_entry(work: Work, site: Site, on: date) -> SiteEntry | None:
    return work.session.scalar(select(SiteEntry).where(SiteEntry.site_id == site.id, holds(LIST, on)))


def _removals_of(work: Work, site: Site) -> list[tuple[str, date]]:
    query = select(SiteEntry.end_ground, SiteEntry.ended_on).where(
        SiteEntry.site_id == site.id, SiteEntry.register == LIST, SiteEntry.ended_on.is_not(None))
    return [(ground, day) for ground, day in work.session.execute(query) if day is not None]


def _add_proposal(work: Work, actor: Actor, site: Site, action: str, *, reason_code: str = "", record: str = "",
                  ticked: Mapping[str, object] | None = None) -> SiteProposal:
    row = SiteProposal(site_id=site.id, action=action, reason_code=reason_code, record=record, ticked=dict(ticked or {}),
                       proposed_at=work.clock.now(), proposed_by_id=actor.id if actor.id > 0 else None,
                       proposed_for_id=actor.acting_for.id if actor.acting_for else None)
    work.session.add(row)
    work.session.flush()
    return row


def _decide_proposal(work: Work, actor: Actor, row: SiteProposal, *, is_accepted: bool, entry_id: int | None = None) -> None:
    row.decided_at, row.decided_by_id, row.is_accepted, row.entry_id = work.clock.now(), actor.id, is_accepted, entry_id


def _required_reason(reason: str) -> str:
    if not reason.strip():
        raise Incomplete("请写明理由。", field="reason")
    if len(reason) > LONGEST:
        raise Invalid(Say("“理由”最多 {longest} 字，现有 {count} 字。", longest=LONGEST, count=len(reason)), field="reason")
    return reason.strip()


def _tell_site(work: Work, actor: Actor, site: Site, kind: FactKind, told: Mapping[str, object]) -> None:
    site.seq += 1
    work.record(site.stream, kind, actor, told)


@deed
def propose_expiring(work: Work, on: date) -> int:
    """Of entries that end within sixty days, and of which nothing was proposed under them yet, the clock proposes the removal;
    returns how many."""
    answered = select(SiteProposal.id).where(
        SiteProposal.site_id == Site.id, SiteProposal.action == "remove", SiteProposal.reason_code == EXPIRY,
        SiteProposal.proposed_at >= SiteEntry.recorded_at)
    waiting = select(SiteProposal.id).where(SiteProposal.site_id == Site.id, SiteProposal.decided_at.is_(None))
    query = select(Site, SiteEntry).join(SiteEntry, SiteEntry.site_id == Site.id).where(
        holds(LIST, on), SiteEntry.ended_on.is_(None), SiteEntry.valid_to <= on + REVIEW_AHEAD, ~answered.exists(),
        ~waiting.exists()).order_by(Site.code)
    found = [(site, entry.valid_to) for site, entry in work.session.execute(query)]
    for site, last in found:
        row = _add_proposal(work, CLOCK, site, "remove", reason_code=EXPIRY)
        _tell_site(work, CLOCK, site, SiteFacts.removal_proposed, {
            "reason_code": row.reason_code, "record": "", "ground": Say("有效期至 {last}", last=last) if last else ""})
    return len(found)


@deed
def propose_for_records(work: Work, on: date) -> int:
    """Of listed sites that were punished, carded or found seriously wrong since they entered, the clock proposes the removal,
    once for each record; nothing removes by itself. Returns how many."""
    found, proposed = records_against(work.session, on), set[str]()
    for each in found:
        site = work.session.scalars(select(Site).where(Site.code == each.code).with_for_update()).one()
        if each.code in proposed or _waiting_proposal(work, site) is not None:
            continue
        proposed.add(each.code)
        row = _add_proposal(work, CLOCK, site, "remove", reason_code="violation", record=each.stream)
        _tell_site(work, CLOCK, site, SiteFacts.removal_proposed, {
            "reason_code": row.reason_code, "record": row.record, "ground": AGAINST[each.kind]})
    return len(proposed)
