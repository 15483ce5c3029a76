"""The Chinese word of every enum member, step and reason. Plain data."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.domain.cases import step_fields
from tracker.domain.cases.facts import CaseState, Request, Why
from tracker.domain.cases.flow import CASE_FLOW, OtherFacts, Steps
from tracker.domain.evidence.evidence import EvidenceRole, Requirement
from tracker.domain.house.actor import CLOCK, OPERATOR, Permission, Role
from tracker.domain.house.say import Say

WEEKDAYS = "一二三四五六日"

STATES: dict[CaseState, str] = {
    CaseState.registered: "待交办", CaseState.checking: "待确认", CaseState.assigned: "待签收", CaseState.disputed: "争议提级",
    CaseState.rectifying: "整改中",
    CaseState.suspended: "缓办", CaseState.phased: "阶段性办结", CaseState.submitted: "待核查", CaseState.verified: "核查通过",
    CaseState.noticing: "公示中", CaseState.noticed: "公示期满", CaseState.closed: "已销号", CaseState.merged: "已并案",
    CaseState.transferred: "已移送", CaseState.declined: "不予受理", CaseState.voided: "作废",
}

STEPS: dict[str, str] = {
    "register": "登记", Steps.assign.name: "交办", Steps.decline.name: "不予受理", Steps.transfer.name: "移送", Steps.merge.name: "并案",
    Steps.unmerge.name: "撤销并案", Steps.retract.name: "撤回登记",
    Steps.send_down.name: "下派", Steps.recheck.name: "复核", Steps.claim.name: "认领", Steps.disclaim.name: "不认领",
    Steps.presume.name: "视为认领",
    Steps.confirm.name: "确认归属", Steps.find_nothing.name: "复核不属实",
    Steps.acknowledge.name: "签收", Steps.request_return.name: "申请退回", Steps.grant_return.name: "同意退回",
    Steps.recall.name: "撤回交办", Steps.refuse_return.name: "不同意退回", Steps.dispute.name: "争议提级", Steps.designate.name: "指定办理",
    Steps.request_extension.name: "申请延期", Steps.grant_extension.name: "同意延期", Steps.refuse_extension.name: "不同意延期",
    Steps.suspend.name: "缓办", Steps.resume.name: "恢复办理", Steps.request_phase.name: "申请阶段性办结", Steps.grant_phase.name: "同意阶段性办结",
    Steps.refuse_phase.name: "不同意阶段性办结", Steps.resume_phase.name: "恢复整改", Steps.submit.name: "报送整改", Steps.withdraw.name: "撤回报送",
    Steps.verify.name: "核查通过", Steps.reject.name: "核查不通过", Steps.open_notice.name: "公示", Steps.receive_objection.name: "收到异议",
    Steps.dismiss_objection.name: "异议不成立", Steps.sustain_objection.name: "异议成立", Steps.end_notice.name: "公示期满",
    Steps.close.name: "销号", Steps.refuse_close.name: "不予销号", Steps.reopen.name: "重开", Steps.void.name: "作废",
    Steps.comment.name: "批注", Steps.progress.name: "报进展",
    Steps.support_reply.name: "协办意见", Steps.add_evidence.name: "补充证据", Steps.urge.name: "催办",
    Steps.open_supervision.name: "督办", Steps.lift_supervision.name: "解除督办", Steps.set_sponsor.name: "确定包案领导",
    Steps.set_works.name: "确定整治内容",
    Steps.joint_meeting_decision.name: "联席会议决定", Steps.escalate.name: "提请市级协调", Steps.call_back.name: "回访",
    Steps.look_back.name: "回头看", Steps.correct_field.name: "更正信息",
}

OTHER_FACTS: dict[str, str] = {
    OtherFacts.registered.fact: "登记", OtherFacts.history_imported.fact: "导入历史办理结果（非本系统步骤）",
    OtherFacts.history_noted.fact: "导入历史办理情况", OtherFacts.import_withdrawn.fact: "撤回导入批次",
    OtherFacts.identity_requested.fact: "申请查阅或删除举报人信息", OtherFacts.identity_granted.fact: "同意举报人信息申请",
    OtherFacts.identity_refused.fact: "不同意举报人信息申请", OtherFacts.identity_revealed.fact: "查阅举报人信息",
    OtherFacts.identity_lapsed.fact: "举报人信息申请失效", OtherFacts.words_masked.fact: "隐去文字中的举报人",
    OtherFacts.due_recomputed.fact: "重算时限", OtherFacts.unit_succeeded.fact: "承接单位接办",
    OtherFacts.moved.fact: "改归承接区划",
}

ROLES: dict[Role, str] = {
    Role.inspector: "巡查员", Role.clerk: "登记员", Role.dispatcher: "调度员", Role.officer: "责任单位经办人", Role.verifier: "核查员",
    Role.lead: "区领导", Role.supervisor: "市级督导", Role.auditor: "审计员", Role.admin: "管理员", Role.custodian: "身份保管员",
    Role.enforcer: "执法员", Role.legal: "法制审核员", Role.principal: "机关负责人",
}

PERMISSIONS: dict[Permission, str] = {
    Permission.act_answer: "办理应办事项", Permission.act_check: "核实应办事项", Permission.act_decide: "批准事项",
    Permission.act_read: "查看联动事项", Permission.act_run: "组织联动事项",
    Permission.account_confirm: "确认授权", Permission.account_manage: "管理人员与单位",
    Permission.case_accept: "受理与移送", Permission.case_assign: "交办", Permission.case_attribute: "复核归属",
    Permission.case_call_back: "回访", Permission.case_close: "销号", Permission.case_comment: "批注",
    Permission.case_correct: "更正信息", Permission.case_decide: "审批申请", Permission.case_designate: "指定办理",
    Permission.case_evidence: "补充证据", Permission.case_export: "导出台账", Permission.case_import: "导入案件",
    Permission.case_look_back: "回头看", Permission.case_merge: "并案", Permission.case_notice: "公示",
    Permission.case_read: "查看案件", Permission.case_rectify: "整改", Permission.case_register: "登记案件",
    Permission.case_supervise: "督办", Permission.case_urge: "催办", Permission.case_verify: "核查",
    Permission.clock_tick: "时钟",
    Permission.draw_prepare: "编制抽查名录", Permission.draw_read: "查看抽取", Permission.draw_run: "见证抽取",
    Permission.inspection_assign: "安排检查", Permission.inspection_record: "记录检查",
    Permission.penalty_decide: "决定处罚", Permission.penalty_review: "法制审核", Permission.penalty_work: "办理处罚",
    Permission.publication_draft: "起草公开内容", Permission.publication_review: "复核公开内容",
    Permission.referral_approve: "批准移送", Permission.referral_work: "办理移送", Permission.site_import: "导入监管台账",
    Permission.identity_decide: "审批举报人信息申请",
    Permission.identity_reveal: "查阅举报人信息", Permission.ledger_verify: "核验账本",
    Permission.list_activate: "启用责任清单", Permission.list_manage: "拟责任清单",
    Permission.office_manage: "管理机关", Permission.ops_manage: "管理运行", Permission.people_read: "查看人员与单位",
    Permission.audit_read: "查看审计记录",
    Permission.report_edit: "修改通报", Permission.report_read: "查看报告", Permission.report_sign: "签发通报",
    Permission.rules_manage: "管理规则", Permission.site_decide: "确认监管对象的分类", Permission.site_manage: "登记监管对象",
    Permission.site_read: "查看监管对象",
    Permission.supervision_read: "查看调度", Permission.territory_activate: "启用铁路沿线图形",
    Permission.territory_manage: "维护区划", Permission.words_erase: "依法删除文字",
}

REFUSALS: dict[Why, str] = {
    Why.wrong_state: "案件当前状态不能做这一步。", Why.no_permission: "您的角色不能做这一步。",
    Why.out_of_reach: "本案不在您的辖区，或不由您的单位办理。",
    Why.same_person: "整改、核查、销号须由三人分别办理；您已办过本案本轮的前一步。",
    Why.same_unit: "核查人员不得来自整改单位。", Why.not_submitter: "只有报送人可以撤回。",
    Why.verification_begun: "核查已经开始，不能撤回。", Why.request_pending: "本案已有一项申请待审批。",
    Why.no_request: "没有待审批的这类申请。", Why.own_request: "不能审批自己提出的申请。",
    Why.designated: "本案已指定办理，不得再退回、提级或撤回交办。", Why.past_return_limit: "已过退回时限。",
    Why.too_many_returns: "退回次数已达上限。", Why.past_due: "整改时限已过，不能再申请延期。",
    Why.too_many_extensions: "延期次数已达上限。", Why.notice_required: "本类案件须先公示期满才能销号。",
    Why.notice_running: "公示期尚未结束。", Why.objection_undecided: "还有异议没有处理，公示不能结束。",
    Why.no_objection: "没有待处理的异议。",
    Why.evidence_missing: "证据不齐，不能销号。", Why.no_failed_look_back: "须先有一次结果为“反弹”的回头看才能重开。",
    Why.work_reported: "已有整改工作记录，不能作废。", Why.not_supervised: "本案没有督办。",
    Why.already_submitted: "本案已报送过整改，不能撤回交办。", Why.no_reply_awaited: "本案没有等贵单位提出的协办意见。",
    Why.not_registrar: "只有登记人可以撤回登记。", Why.assigned_before: "本案交办过，不能再撤回登记。",
    Why.corrected_by_others: "登记人只在交办以前更正自己登记的案件，其余由调度员更正。",
    Why.confirm_first: "本来源的案件须先下派、确认归属，不能直接交办。", Why.wrong_source: "本来源的案件不用下派，请直接交办。",
    Why.confirmed: "本案归属已经确认，不得再退回或撤回交办；有异议的请提级。", Why.recheck_first: "须先有人到现场复核。",
    Why.not_agreed: "须双方意见一致，或由调度员确认。",
    Why.has_members: "本案是已并案件的主案，请先撤销并案。", Why.is_master: "本案已是其他案件的主案，不能再并入别案。",
}

REQUESTS: dict[Request, str] = {Request.return_: "申请退回", Request.extension: "申请延期", Request.phase: "申请阶段性办结"}

EVIDENCE_ROLES: dict[EvidenceRole, str] = {EvidenceRole(code): word for code, word in step_fields.EVIDENCE_ROLES}

REQUIREMENTS: dict[Requirement, str] = {
    Requirement.after_photo: "本轮整改后照片（或无需整改的依据）",
    Requirement.before_after_pair: "与整改前照片配对的本轮整改后照片（或无需整改的依据）",
    Requirement.onsite_photo: "本轮核查现场照片", Requirement.onsite_record: "现场核查记录（时间、人员、结论）",
    Requirement.closing_document: "销号依据文件",
}

CHANNELS: dict[str, str] = {
    "phone": "来电", "letter": "来信", "wechat": "微信", "visit": "来访", "web": "网络", "hotline": "12345热线", "patrol": "日常巡查",
    "train": "线上乘火车看", "onsite": "线下实地查", "drone": "空中无人机拍", "transfer": "上级转办", "device": "设备发现",
    "unknown": "未注明",
}

FINDINGS: dict[str, str] = dict(step_fields.FINDINGS)
SUPERVISION: dict[str, str] = dict(step_fields.SUPERVISION_LEVELS)
LIGHTS: dict[str, str] = {"green": "正常", "yellow": "临期", "red": "超期", "blue": "已办结", "none": "未定时限"}
UNIT_KINDS: dict[str, str] = {
    "district": "区政府", "department": "区直部门", "street": "街道（镇）", "railway": "铁路单位", "city": "市级单位", "company": "企业",
}
HISTORIES: dict[str, str] = {"own": "本系统办理", "imported": "导入的历史案件"}
COUNTED: dict[str, str] = {
    "open": "未办结", "phased": "阶段性办结", "completed": "已办结", "closed": "已销号", "merged": "已并案", "transferred": "已移送",
    "declined": "不予受理", "voided": "作废",
}

FACT_WORDS: dict[str, str] = {step.fact: STEPS.get(name, name) for name, step in CASE_FLOW.steps.items()} | OTHER_FACTS

_BY_ENUM: Mapping[type[StrEnum], Mapping[Any, str]] = {
    CaseState: STATES, Role: ROLES, Permission: PERMISSIONS, Why: REFUSALS, Request: REQUESTS,
    EvidenceRole: EVIDENCE_ROLES, Requirement: REQUIREMENTS,
}


def word(member: StrEnum) -> str:
    """The Chinese word of an enum member. Raises KeyError for an enum without wording: a structural test finds those."""
    return _BY_ENUM[type(member)][member]


def sentence(why: StrEnum) -> str:
    """The reason why a step is not open, as a sentence."""
    return REFUSALS[Why(why.value)]


def day_words(on: date) -> str:
    """A day as a mail names it: 2026年3月9日 星期一."""
    return f"{on.year}年{on.month}月{on.day}日 星期{WEEKDAYS[on.weekday()]}"


def step_word(name: str) -> str:
    """What a step is called; one without a word goes by its name."""
    return STEPS.get(name, name)


def outcome_words(step: str, state: CaseState) -> Say:
    """What a step led to, said once: a state that bears the step's own name says it alone."""
    if step_word(step) in word(state):
        return Say("现为“{state}”", state=Say(word(state)))
    return Say("已“{step}”，现为“{state}”", step=Say(step_word(step)), state=Say(word(state)))


def fact_word(kind: str, unknown: str = "") -> str:
    """What a fact of this kind is called in a timeline: as its step. An unknown one is called what is given, or by its kind."""
    step = CASE_FLOW.by_fact.get(kind)
    return OTHER_FACTS.get(kind) or (step_word(step.name) if step else unknown or kind)


def doer(actor_id: int, name: str | None, principal: str | None = None) -> str:
    """Who did something: a person's name, with whom they stood in for; or which part of the system it was."""
    human = name or {CLOCK.id: "系统时钟", OPERATOR.id: "系统操作员"}.get(actor_id, Say("人员 {actor_id}", actor_id=actor_id))
    return Say("{human} 代 {principal}", human=human, principal=principal) if principal else human
