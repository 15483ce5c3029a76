"""REFERRAL_FLOW （两法衔接）: what may be a crime goes to the police, by 行政执法机关移送涉嫌犯罪案件的规定 (2020).

A fine does not stand in for it: while the police have the matter, none is decided for the same facts (art. 11).
"""

from enum import StrEnum

from tracker.domain.acts.step_rows import TARGET, UNOPENED, ActFlow, ActParty, ActStep
from tracker.domain.enforcement.parts import APPROVES, DOCUMENT, OF_TEAM, PAPERS, PARTNER, PROPOSES, TEAM
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, rows_of

F, Step = FactKind, ActStep
KIND, PRINCIPAL = "referral", "principal"


class ReferralState(StrEnum):
    """Where a referral stands."""

    suspected = "suspected"
    approved = "approved"
    sent = "sent"
    received = "received"
    filed = "filed"
    not_filed = "not_filed"
    reviewing = "reviewing"
    at_procuratorate = "at_procuratorate"
    refused = "refused"
    ended = "ended"


S = ReferralState
BARS = frozenset({S.approved, S.sent, S.received, S.filed, S.reviewing, S.at_procuratorate})
ATTACHED, NONE = "attached", "none"
HAVING: Choices = ((ATTACHED, "有"), (NONE, "无"))
# The papers of art. 6: under which name a step asks for each, its word, and whether it may be missing for a reason.
SENT_PAPERS: tuple[tuple[str, str, bool], ...] = (
    ("letter", "涉嫌犯罪案件移送书", False), ("report", "调查报告", False), ("goods", "涉案物品清单", True),
    ("appraisal", "检验报告或鉴定结论", True), ("others", "其他涉嫌犯罪的材料", True))
RESULTS: Choices = (("prosecuted", "已起诉"), ("not_prosecuted", "不起诉"), ("sentenced", "已判决"), ("sent_back", "退回行政处罚"),
                    ("not_pursued", "不再追究"))
TOLD = (ActParty.enforcers, ActParty.principals)
NOTICE_ON = Given("notice_on", "收到通知日期", FieldKind.date)


def bars_fine(state: str) -> bool:
    """Whether no fine is decided for the same facts while a referral stands there."""
    return state in BARS


class ReferralSteps:
    """The steps of a referral."""

    propose = Step(UNOPENED, S.suspected, (PROPOSES,), F("referral:proposed"),
        (Given(TARGET, "处罚或案件编号", longest=40, hint="因哪件处罚或案件移送"), Given("offence", "涉嫌罪名", longest=80), PARTNER,
         Given("reported_at", "向机关负责人报告的时间", FieldKind.instant), Given("text", "涉嫌犯罪的事实", FieldKind.long_text), PAPERS),
        hand=TEAM, told_to=TOLD)
    approve = Step((S.suspected,), S.approved, (APPROVES,), F("referral:approved"),
        (Given("approved_at", "批准时间", FieldKind.instant), PAPERS), hand=PRINCIPAL, told_to=TOLD)
    send = Step((S.approved,), S.sent, (OF_TEAM,), F("referral:sent"),
        (Given("police", "移送的公安机关", longest=120), DOCUMENT, Given("sent_at", "移送时间", FieldKind.instant),
         *(Given(name, word, FieldKind.choice, choices=HAVING) for name, word, _ in SENT_PAPERS),
         Given("reason", "没有的材料说明理由", FieldKind.long_text, is_required=False),
         Given("is_copied", "已抄送人民检察院", FieldKind.yes, is_required=False), PAPERS), hand=TEAM, told_to=TOLD)
    receipt = Step((S.sent,), S.received, (OF_TEAM,), F("referral:received"),
        (Given("received_on", "公安机关签收日期", FieldKind.date),
         Given("forwarded_to", "转送到", is_required=False, longest=120, hint="不属于该公安机关管辖、已转送的填写"), PAPERS), hand=TEAM)
    police_filed = Step((S.received, S.reviewing, S.at_procuratorate), S.filed, (OF_TEAM,), F("referral:police_filed"),
        (DOCUMENT, NOTICE_ON, PAPERS), hand=TEAM, told_to=TOLD)
    police_not_filed = Step((S.received,), S.not_filed, (OF_TEAM,), F("referral:police_declined"),
        (DOCUMENT, NOTICE_ON, Given("text", "不予立案的理由", FieldKind.long_text),
         Given("is_returned", "案卷材料已退回", FieldKind.yes, is_required=False), PAPERS), hand=TEAM, told_to=TOLD)
    hand_over_goods = Step((S.filed,), STAY, (OF_TEAM,), F("referral:goods_handed_over"),
        (Given("handed_over_on", "移交日期", FieldKind.date), Given("text", "移交的物品", FieldKind.long_text), PAPERS), hand=TEAM)
    end = Step((S.filed, S.not_filed, S.at_procuratorate), S.ended, (APPROVES,), F("referral:ended"),
        (Given("result", "结果", FieldKind.choice, choices=RESULTS), Given("text", "说明", FieldKind.long_text, is_required=False),
         PAPERS), hand=PRINCIPAL, told_to=TOLD)
    ask_review = Step((S.not_filed,), S.reviewing, (APPROVES,), F("referral:review_asked"),
        (DOCUMENT, Given("asked_on", "提请日期", FieldKind.date), PAPERS), hand=PRINCIPAL, is_quiet=True)
    ask_procuratorate = Step((S.not_filed, S.reviewing), S.at_procuratorate, (APPROVES,), F("referral:supervision_asked"),
        (DOCUMENT, Given("asked_on", "建议日期", FieldKind.date), PAPERS), hand=PRINCIPAL, is_quiet=True)
    refuse = Step((S.suspected,), S.refused, (APPROVES,), F("referral:refused"),
        (Given("text", "不批准的理由", FieldKind.long_text), PAPERS), hand=PRINCIPAL, is_quiet=True, told_to=TOLD)
    advice = Step((S.suspected, S.refused), S.approved, (APPROVES,), F("referral:advised"),
        (DOCUMENT, Given("received_on", "收到检察意见日期", FieldKind.date), Given("text", "检察意见", FieldKind.long_text), PAPERS),
        hand=PRINCIPAL, is_quiet=True, is_after_end=True, told_to=TOLD)


R = ReferralSteps
REFERRAL = ActFlow(
    kind=KIND, word="移送", prefix="YS",
    states={S.suspected: "拟移送", S.approved: "已批准", S.sent: "已移送", S.received: "已回执", S.filed: "公安立案",
            S.not_filed: "公安不予立案", S.reviewing: "复议中", S.at_procuratorate: "立案监督", S.refused: "不批准移送", S.ended: "办结"},
    finals=frozenset({S.refused, S.ended}), rows=rows_of(ReferralSteps, ActStep),
    step_words={
        R.propose.name: "提出移送", R.approve.name: "批准移送", R.send.name: "移送公安机关", R.receipt.name: "登记回执",
        R.police_filed.name: "公安立案", R.police_not_filed.name: "公安不予立案", R.hand_over_goods.name: "移交物品", R.end.name: "办结移送",
        R.ask_review.name: "提请复议", R.ask_procuratorate.name: "建议立案监督", R.refuse.name: "不批准移送", R.advice.name: "收到检察意见",
    },
    parts={TEAM: "办理", PRINCIPAL: "机关负责人"}, narrow_in=frozenset(S), words={"late_minutes": "超时（分钟）"},
)
