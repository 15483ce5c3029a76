"""约谈通知书: who is asked to come, why, when and where, as an office sends it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from tracker.domain.cases.papers.official import FormRow, OfficialPaper
from tracker.domain.coordination.interviews import GROUNDS, KIND, NO_PUNISHMENT, ROLES, InterviewSteps
from tracker.domain.house.errors import NotFound
from tracker.domain.house.links import to_act, url_of
from tracker.domain.rules.limits import Stage, choose
from tracker.gateways.reports.docx_official import write_official
from tracker.services.cases.papers.telling import day_words
from tracker.services.house.work import reading, wiring
from tracker.services.rules import rules
from tracker.services.territory import offices
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry
from tracker.storage.house.log import short_head

TITLE = "约谈通知书"


def write_notice(page: ActPage, facts: Sequence[FactEntry], seen: Collection[str], person: str = "") -> bytes:
    """The notice with the time that holds now, as a Word document; what the interview is about is named where the reader has
    `seen` it, and a natural person to who may know. Raises `NotFound` for what is no interview."""
    if page.head.kind != KIND:
        raise NotFound("没有这种文书。")
    return write_official(_notice_of(page, next(fact for fact in facts if fact.kind == InterviewSteps.notify.fact), seen,
                                     f"账本 {page.head.number} 第 {facts[-1].seq} 条 {facts[-1].digest}", person))


def _notice_of(page: ActPage, notified: FactEntry, seen: Collection[str], proof: str, person: str) -> OfficialPaper:
    head, said = page.head, notified.details
    at, on = datetime.fromisoformat(str(head.details["held_at"])), wiring().clock.local(notified.at).date()
    office, limit = offices.all_offices().of(head.area_code, on), choose(rules.limits(), KIND, Stage.report_back, on)
    unit, about = page.forces[0].unit, str(said.get("about") or "")
    whom, role, ground = _whom_told(page, said, person), dict(ROLES)[str(said["role"])], dict(GROUNDS)[str(said["ground"])]
    return OfficialPaper(
        title=tuple(filter(None, (office.name if office else "", TITLE))), number=head.number, addressee=unit,
        paragraphs=(f"因{ground}，经研究，决定约谈{whom}{role}。请按下列时间、地点到场；确实不能到场的，请提前说明理由。",),
        form=(FormRow((("约谈对象", f"{whom}{role}"),)), FormRow((("约谈事由", f"{ground}。{said.get('text') or ''}"),), least=26),
              FormRow((("时间", f"{day_words(at.date())} {at:%H:%M}"), ("地点", str(said.get("place") or "—")))),
              *((FormRow((("相关案件\n或事项", about.partition(":")[2]),)),) if about in seen else ())),
        closing=(f"约谈结束后{limit.amount}日内，请书面报送整改情况。", NO_PUNISHMENT),
        signed_by=office.name if office else "", dated_on=on, foot=(proof, f"账本签名头：{short_head(reading()) or '—'}"),
        opens=url_of(to_act(head.number), wiring().base_url), opens_of="约谈")


def _whom_told(page: ActPage, said: Mapping[str, object], person: str) -> str:
    """Who is asked to come: a person by name to who may know, else as somebody of the unit's area."""
    if page.head.has_person_party:
        return person or "当事人"
    return str(said.get("party") or "") or page.forces[0].unit
