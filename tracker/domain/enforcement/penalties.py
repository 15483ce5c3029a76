"""PENALTY_FLOW （行政处罚）: that a penalty runs in its legal clocks, by the right hands, after the rights of the party.

The papers are made elsewhere and uploaded. Seizure, instalments, late fees, review, litigation and enforcement are dated notes.
The articles beside the steps are those of 行政处罚法 (2021).
"""

from enum import StrEnum

from tracker.domain.acts.step_rows import TARGET, UNOPENED, ActFlow, ActParty, ActStep, reason
from tracker.domain.enforcement.parts import (
    DECIDES,
    DOCUMENT,
    HEADS,
    INVESTIGATES,
    PAPERS,
    PARTNER,
    PERSON,
    REVIEWED,
    REVIEWS,
    RIGHTS_OVER,
    RUNNING,
    SITE,
    STILL,
    WAYS,
    WORKS,
    publish_step,
    withdraw_step,
)
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, rows_of

F, Step = FactKind, ActStep
KIND = "penalty"
INVESTIGATOR, REVIEWER, HOST, PRINCIPAL = "investigator", "reviewer", "host", "principal"


class PenaltyState(StrEnum):
    """Where a penalty stands."""

    clue = "clue"
    filed = "filed"
    investigated = "investigated"
    notified = "notified"
    hearing = "hearing"
    heard = "heard"
    decided = "decided"
    served = "served"
    spared = "spared"
    closed = "closed"
    not_filed = "not_filed"
    handed_over = "handed_over"
    revoked = "revoked"


S = PenaltyState
UNDECIDED = (S.filed, S.investigated, S.notified, S.hearing, S.heard)
WARNING, FINE = "warning", "fine"
KINDS: Choices = ((WARNING, "警告"), ("criticism", "通报批评"), (FINE, "罚款"), ("confiscation", "没收违法所得、非法财物"),
                  ("suspend_permit", "暂扣许可证件"), ("lower_grade", "降低资质等级"), ("revoke_permit", "吊销许可证件"),
                  ("restrict_operation", "限制开展生产经营活动"), ("stop_production", "责令停产停业"), ("close_down", "责令关闭"),
                  ("restrict_occupation", "限制从业"), ("detention", "行政拘留"), ("other", "法律、行政法规规定的其他处罚"))
NOT_FILED: Choices = (("no_violation", "违法事实不成立"), ("not_ours", "不属于本机关管辖"), ("too_late", "超过追诉时效"), ("minor", "违法行为轻微"))
PAUSES: Choices = (("monitoring", "监测、检测"), ("appraisal", "鉴定、评估"), ("public_service", "公告送达"), ("hearing", "听证"))
OUTCOMES: Choices = (("passed", "通过"), ("returned", "退回"))
PLEAS: Choices = (("statement", "提出陈述申辩"), ("waived", "放弃陈述申辩和听证权利"))
HEARINGS: Choices = (("held", "已举行"), ("abandoned", "视为放弃听证"))
SPARED: Choices = (("minor", "违法行为轻微并及时改正"), ("first", "初次违法且危害后果轻微并及时改正"), ("no_fault", "没有主观过错"),
                   ("not_proven", "违法事实不能成立"))
REVOKED: Choices = (("revoked", "撤销"), ("changed", "变更"), ("unlawful", "确认违法"), ("annulled", "确认无效"))
BIG: Choices = (("public", "涉及重大公共利益"), ("complex", "疑难复杂、涉及多个法律关系"), ("listed", "法律法规规定应当审核"))
AMOUNT = "金额可写 51.2万、512,000 或 512000元"
PROPOSED = (Given("kinds", "处罚种类", FieldKind.choices, choices=KINDS, hint="可多选"),
            Given("fine", "罚款", is_required=False, longest=40, hint=AMOUNT),
            Given("amount_basis", "罚款依据", FieldKind.long_text, is_required=False, longest=500,
                  hint="有罚款的必填：适用裁量基准的哪一项、为什么，如“江西省生态环境行政处罚裁量基准第…项”"),
            Given("confiscated", "没收金额", is_required=False, longest=40))
AGAIN = reason("与已有处罚重复时的理由", is_required=False)
TOLD = (ActParty.principals, ActParty.enforcers)


class PenaltySteps:
    """The steps of a penalty; the first of each state is what is shown first."""

    open = Step(UNOPENED, S.clue, (WORKS,), F("penalty:opened"),
        (Given(SITE.name, SITE.word, alternative=PERSON, longest=SITE.longest, hint=SITE.hint),
         Given(PERSON, "个人姓名", is_required=False, longest=40, is_sealed=True, hint="当事人是自然人的填写；加密保存"),
         Given("violation", "违法行为", longest=80, hint="填代码或名称，名录在规则手册“违法行为”中"),
         Given("happened_from", "违法行为自", FieldKind.date), Given("happened_to", "违法行为至", FieldKind.date),
         Given("discovered_on", "发现日期", FieldKind.date),
         Given(TARGET, "线索来源编号", alternative="origin", longest=40, hint="案件、行动、检查或管控令的编号"),
         Given("origin", "其他线索来源", is_required=False, longest=200, hint="没有编号的写明来源，如上级交办、部门移送"),
         Given("text", "线索摘要", FieldKind.long_text), reason("超过追诉时效仍登记的理由", is_required=False), PAPERS))
    file = Step((S.clue,), S.filed, (DECIDES,), F("penalty:filed"),
        (DOCUMENT, Given("filed_on", "立案日期", FieldKind.date),
         Given("investigator", "执法人员一", FieldKind.person, offers=PARTNER.offers),
         PARTNER, AGAIN, PAPERS), hand=PRINCIPAL)
    decide_on_spot = Step((S.clue,), S.served, (WORKS,), F("penalty:decided_on_spot"),
        (PARTNER, DOCUMENT, Given("decided_on", "当场处罚日期", FieldKind.date), *PROPOSED[:3],
         Given("law_text", "法律依据", FieldKind.long_text, longest=500), AGAIN, PAPERS), hand=INVESTIGATOR, is_quiet=True)
    notify = Step((S.investigated, S.notified, S.heard), S.notified, (INVESTIGATES,), F("penalty:notified"),
        (DOCUMENT, *PROPOSED, Given("is_hearing_told", "已告知听证权利", FieldKind.yes, is_required=False),
         Given("served_on", "告知书送达日期", FieldKind.date), Given("way", "送达方式", FieldKind.choice, choices=WAYS), PAPERS),
        hand=INVESTIGATOR, told_to=TOLD)
    conclude = Step((S.filed, S.investigated), S.investigated, (INVESTIGATES,), F("penalty:concluded"),
        (Given("text", "查明的事实", FieldKind.long_text), *PROPOSED,
         Given("order", "责令改正", FieldKind.long_text, is_required=False),
         Given("grounds", "须法制审核的其他情形", FieldKind.choices, is_required=False, choices=BIG, hint="可多选；有听证权利的一律审核"),
         Given("is_grave", "情节复杂或重大违法，须集体讨论", FieldKind.yes, is_required=False),
         Given("has_record", "已附调查（询问）笔录", FieldKind.yes), PAPERS), hand=INVESTIGATOR)
    review = Step((S.investigated, S.notified, S.heard), STAY, (REVIEWS,), F("penalty:reviewed"),
        (Given("outcome", "审核结论", FieldKind.choice, choices=OUTCOMES), Given("text", "审核意见", FieldKind.long_text), PAPERS),
        hand=REVIEWER)
    decide = Step((S.notified, S.heard), S.decided, (DECIDES,), F("penalty:decided"),
        (DOCUMENT, Given("decided_on", "决定日期", FieldKind.date), *PROPOSED,
         Given("law_text", "法律依据", FieldKind.long_text, longest=500),
         Given("discussion", "集体讨论记录", is_required=False, longest=200, hint="情节复杂或重大违法的必填：日期和记录编号"), PAPERS),
        (RUNNING, RIGHTS_OVER, REVIEWED), hand=PRINCIPAL, told_to=TOLD)
    plead = Step((S.notified,), STAY, (INVESTIGATES,), F("penalty:pleaded"),
        (Given("plea", "当事人", FieldKind.choice, choices=PLEAS), Given("pleaded_on", "日期", FieldKind.date),
         Given("text", "陈述申辩内容", FieldKind.long_text, is_required=False),
         Given("is_adopted", "采纳", FieldKind.yes, is_required=False), reason("采纳或不采纳的理由", is_required=False), PAPERS),
        hand=INVESTIGATOR, told_to=TOLD)
    request_hearing = Step((S.notified,), S.hearing, (INVESTIGATES,), F("penalty:hearing_requested"),
        (Given("requested_on", "提出日期", FieldKind.date),
         Given("document_no", "逾期受理的批准文号", is_required=False, longest=80, hint="逾期提出的，经机关负责人批准方可受理"), PAPERS),
        hand=INVESTIGATOR, told_to=TOLD)
    end_hearing = Step((S.hearing,), S.heard, (WORKS, REVIEWS), F("penalty:heard"),
        (Given("outcome", "听证", FieldKind.choice, choices=HEARINGS), Given("notice_served_on", "听证通知送达日期", FieldKind.date),
         Given("held_on", "听证日期", FieldKind.date), Given("is_public", "公开举行", FieldKind.yes, is_required=False),
         reason("不公开的理由", is_required=False), Given("text", "听证情况", FieldKind.long_text), PAPERS), hand=HOST, told_to=TOLD)
    serve = Step((S.decided,), S.served, (INVESTIGATES,), F("penalty:served"),
        (Given("served_on", "送达日期", FieldKind.date), Given("way", "送达方式", FieldKind.choice, choices=WAYS), PAPERS),
        hand=INVESTIGATOR, told_to=TOLD)
    close = Step((S.served, S.spared), S.closed, (DECIDES, HEADS), F("penalty:closed"),
        (Given("text", "了结说明", FieldKind.long_text, is_required=False, hint="没有缴清的写明如何了结，并附法院等文书"), PAPERS),
        hand=PRINCIPAL)
    pay = Step((S.served,), STAY, (INVESTIGATES,), F("penalty:paid"),
        (Given("paid_on", "缴款日期", FieldKind.date), Given("amount", "缴款金额", longest=40, hint=AMOUNT),
         Given("receipt_no", "银行票据号", longest=80), reason("多缴的说明", is_required=False), PAPERS), hand=INVESTIGATOR)
    pause = Step(UNDECIDED, STAY, (DECIDES,), F("penalty:paused"),
        (Given("ground", "中止事由", FieldKind.choice, choices=PAUSES), Given("paused_on", "自哪一天起不计", FieldKind.date),
         DOCUMENT, PAPERS), (RUNNING,), hand=PRINCIPAL, is_quiet=True)
    go_on = Step(UNDECIDED, STAY, (DECIDES,), F("penalty:resumed"),
        (Given("resumed_on", "自哪一天起恢复计算", FieldKind.date), Given("text", "恢复情况", FieldKind.long_text), PAPERS),
        (STILL,), hand=PRINCIPAL)
    spare = Step((S.investigated, S.notified, S.heard), S.spared, (DECIDES,), F("penalty:spared"),
        (DOCUMENT, Given("ground", "不予处罚的理由", FieldKind.choice, choices=SPARED),
         Given("text", "教育情况", FieldKind.long_text), PAPERS), (RUNNING,), hand=PRINCIPAL, is_quiet=True)
    decline_file = Step((S.clue,), S.not_filed, (DECIDES,), F("penalty:declined"),
        (Given("ground", "不予立案的理由", FieldKind.choice, choices=NOT_FILED), Given("text", "说明", FieldKind.long_text), PAPERS),
        hand=PRINCIPAL, is_quiet=True)
    hand_over = Step((S.clue, S.filed), S.handed_over, (DECIDES,), F("penalty:handed_over"),
        (Given("authority", "移送机关", longest=120), DOCUMENT, PAPERS), hand=PRINCIPAL, is_quiet=True)
    revoke = Step((S.decided, S.served, S.closed), S.revoked, (DECIDES,), F("penalty:revoked"),
        (Given("authority", "由哪个机关", longest=120), Given("ground", "结果", FieldKind.choice, choices=REVOKED), DOCUMENT,
         Given("revoked_on", "日期", FieldKind.date), Given("text", "说明", FieldKind.long_text), PAPERS),
        hand=PRINCIPAL, is_quiet=True, is_after_end=True, told_to=(*TOLD, ActParty.publishers))
    publish = publish_step("penalty", (S.decided, S.served, S.closed))
    withdraw_publication = withdraw_step("penalty", (S.decided, S.served, S.closed, S.revoked))


P = PenaltySteps
PENALTY = ActFlow(
    kind=KIND, word="处罚", prefix="CF",
    states={S.clue: "线索", S.filed: "已立案", S.investigated: "调查终结", S.notified: "已告知", S.hearing: "听证中", S.heard: "听证终结",
            S.decided: "已决定", S.served: "已送达", S.spared: "不予处罚", S.closed: "已结案", S.not_filed: "不予立案",
            S.handed_over: "移送其他机关", S.revoked: "决定被撤销"},
    finals=frozenset({S.closed, S.not_filed, S.handed_over, S.revoked}), rows=rows_of(PenaltySteps, ActStep),
    step_words={
        P.open.name: "登记处罚线索", P.file.name: "立案", P.decide_on_spot.name: "当场处罚", P.notify.name: "事先告知",
        P.conclude.name: "调查终结", P.review.name: "法制审核", P.decide.name: "决定处罚", P.plead.name: "陈述申辩",
        P.request_hearing.name: "要求听证", P.end_hearing.name: "听证终结", P.serve.name: "送达", P.close.name: "结案",
        P.pay.name: "缴款", P.pause.name: "中止", P.go_on.name: "恢复", P.spare.name: "不予处罚", P.decline_file.name: "不予立案",
        P.hand_over.name: "移送其他机关", P.revoke.name: "决定被撤销或变更",
        P.publish.name: "公开决定", P.withdraw_publication.name: "撤回公开",
    },
    parts={INVESTIGATOR: "调查", REVIEWER: "法制审核", HOST: "听证主持", PRINCIPAL: "机关负责人"},
    narrow_in=frozenset({S.clue, *UNDECIDED, S.not_filed, S.handed_over}),
    codes={"violation_code": ()},
    words={"violation_word": "违法行为", "fine_said": "罚款金额", "confiscated_said": "没收金额", "paid_said": "累计缴款"},
)
