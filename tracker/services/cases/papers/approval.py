"""销号审批表: what was done, who verified it, and room for those who sign."""

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import SUBMITTED, VERIFIED, Steps
from tracker.domain.cases.papers.official import FormRow, OfficialPaper
from tracker.domain.cases.wording import EVIDENCE_ROLES, FINDINGS
from tracker.services.cases.papers.telling import TellingCase, day_words, signed_line
from tracker.storage.cases.entries import FactEntry


def approval_paper(told: TellingCase) -> OfficialPaper:
    """By the newest submission, and by what followed it; what has not happened yet is left to be written."""
    head = told.head
    submitted = told.newest(SUBMITTED) if head.submitted_at is not None else None
    verified = told.newest(VERIFIED) if head.verified_at is not None else None
    closed = told.newest((Steps.close.fact,)) if head.state is CaseState.closed else None
    assigned_on, submitted_on = head.assigned_on, told.day_of(head.submitted_at)
    rows = (
        *told.about(), told.units(),
        FormRow((("交办日期", day_words(assigned_on)), ("整改时限", day_words(head.due_on)))),
        FormRow((("报送日期", day_words(submitted_on)), ("是否属实", FINDINGS.get(head.finding or "", "—")))),
        FormRow((("整改措施\n与结果", _measures_told(told, submitted)),), least=22),
        FormRow((("证据材料", _evidence_told(told)),)),
        FormRow((("主办单位\n意见", f"申请销号。\n{_signed_by(told, submitted)}"),), least=16),
        FormRow((("现场核查\n情况", _visit_told(told, verified)),), least=22),
        FormRow((("公示情况", _notice_told(told)),)),
        FormRow((("审批意见", f"{_decision_told(told, closed)}\n{_signed_by(told, closed)}"),), least=22),
        FormRow((("备案号", head.filing_no or ""), ("销号日期", day_words(told.day_of(head.closed_at)) if closed else ""))),
    )
    return OfficialPaper(title=tuple(filter(None, (told.office_name, "问题整改销号审批表"))),
                         number=f"编号：{head.number}（第 {head.round} 轮）", form=rows, foot=told.foot)


def _signed_by(told: TellingCase, fact: FactEntry | None) -> str:
    return signed_line(fact.told_by if fact else None, told.day_of(fact.at) if fact else None)


def _decision_told(told: TellingCase, closed: FactEntry | None) -> str:
    return (told.text_of(closed, "reason") or "同意销号。") if closed is not None else ""


def _measures_told(told: TellingCase, submitted: FactEntry | None) -> str:
    basis = told.text_of(submitted, "no_work_basis")
    return "\n".join(filter(None, (told.text_of(submitted, "measures"), basis and f"无需整改的依据：{basis}"))) or "—"


def _evidence_told(told: TellingCase) -> str:
    """How many files of each kind, and the digest of the set that was signed."""
    counts = {role: sum(e.role is role for e in told.page.evidence) for role in EVIDENCE_ROLES}
    files = "、".join(f"{EVIDENCE_ROLES[role]} {count} 份" for role, count in counts.items() if count) or "无"
    return "\n".join(filter(None, (files, told.head.evidence_digest and f"证据集指纹 {told.head.evidence_digest}")))


def _visit_told(told: TellingCase, verified: FactEntry | None) -> str:
    if verified is None:
        return f"\n{signed_line(None, None)}"
    when = told.text_of(verified, "onsite_at").replace("T", " ")[:16]
    visit = f"{when}，{told.text_of(verified, 'onsite_people')}现场核查。"
    lines = (visit, told.text_of(verified, "conclusion"), _signed_by(told, verified))
    return "\n".join(filter(None, lines))


def _notice_told(told: TellingCase) -> str:
    head = told.head
    if head.notice_from_on is None:
        return "按规定须公示，尚未公示。" if head.is_notice_required else "按规定不需公示。"
    received = sum(fact.kind == Steps.receive_objection.fact for fact in told.page.facts)
    said = f"收到异议 {received} 件" if received else "未收到异议"
    return f"{day_words(head.notice_from_on)}至{day_words(head.notice_to_on)}公示，{said}。"
