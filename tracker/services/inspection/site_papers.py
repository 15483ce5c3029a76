"""Files at the entries of a site: the scanned permit, the signed letter. They lie with the evidence of the site's stream."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Incomplete, NotAllowed, NotFound
from tracker.domain.house.masking import mask_text
from tracker.domain.sites.fact_kinds import SiteFacts
from tracker.domain.sites.registers import REGISTERS, SiteRegister
from tracker.domain.sites.sight import may_manage
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import Work, deed
from tracker.services.sites.entries import site_for
from tracker.storage.sites.sites import SiteEntry

STEP = "attach"


@dataclass(frozen=True)
class EntryPapers:
    """What the files belong to: the stream of a site, and as the round of it the entry."""

    stream: str
    round: int


@deed
def attach(work: Work, actor: Actor, code: str, entry_id: int, uploads: Sequence[Upload]) -> int:
    """Files are kept with an entry; returns how many. Raises `NotFound`, `NotAllowed`, and `Incomplete` for none or too many."""
    site = site_for(work, actor, code)
    entry = work.session.get(SiteEntry, entry_id)
    if entry is None or entry.site_id != site.id or not REGISTERS[SiteRegister(entry.register)].is_entered:
        raise NotFound("没有这一条，或不能在这里添加文件。")
    if not may_manage(actor, site.area_code):
        raise NotAllowed("只能登记和修改本区域的监管对象。", code="out_of_reach")
    if not uploads:
        raise Incomplete("请选择文件。", field="files")
    kept = evidence.keep(work, EntryPapers(site.stream, entry.id), actor, STEP, uploads, masking=mask_text,
                         photo_role=EvidenceRole.document)
    site.seq += 1
    work.record(site.stream, SiteFacts.paper_added, actor, {"register": entry.register, "entry": entry.id, "evidence": kept})
    return len(kept)
