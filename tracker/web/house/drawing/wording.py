"""What only pages say: sentences of the timeline, what comes next, headings of the desk. Plain data."""

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import ASSIGNED, OtherFacts, Steps

S = CaseState

# What a case waits for in each state, said after an act; {due} is the due date in words.
NEXT: dict[CaseState, str] = {
    S.registered: "等待调度员交办。", S.checking: "等待候选单位答复，由调度员或段长确认归属。", S.assigned: "等待主办单位签收，整改时限 {due}。",
    S.disputed: "等待指定主办单位，时限照常计算。",
    S.rectifying: "由主办单位整改并报送，应于 {due}前完成。", S.suspended: "缓办期间暂停计时，条件具备后由调度员恢复。",
    S.phased: "阶段性办结，到下一节点继续整改。", S.submitted: "等待核查组现场核查。", S.verified: "等待公示，公示期满后可销号。",
    S.noticing: "公示期满后可销号。", S.noticed: "等待区领导或包案领导销号。", S.closed: "闭环完成。", S.merged: "随主案办理。",
    S.transferred: "由接收机关办理。", S.declined: "本案不再办理。", S.voided: "不计入统计。",
}

# The same where the due date has passed; {days} is by how many days.
NEXT_LATE: dict[CaseState, str] = {
    S.assigned: "已超期 {days} 天，等待主办单位签收，请催办。", S.rectifying: "已超期 {days} 天，由主办单位尽快整改并报送。",
}

# The same where no public notice is required.
NEXT_UNNOTICED: dict[CaseState, str] = {S.verified: NEXT[S.noticed]}

# The same after a request: the clock runs on until somebody decides.
NEXT_ASKED = "等待调度员审批；批准之前，时限仍是 {due}。"

# The headline of each fact. Names in braces come from the fact; what it lacks shows as a dash.
SENTENCES: dict[str, str] = {
    OtherFacts.registered.fact: "登记本案", Steps.assign.fact: "交办给 {lead_unit_id}，时限 {due_on}",
    Steps.designate.fact: "指定 {lead_unit_id} 办理，时限 {due_on}",
    Steps.send_down.fact: "下派给{asked_unit_ids}，{confirm_due_on}前确认归属", Steps.recheck.fact: "现场复核",
    Steps.claim.fact: "{unit_ids}认领", Steps.disclaim.fact: "{unit_ids}不认领",
    Steps.presume.fact: "{unit_ids}逾期没有答复，视为认领",
    Steps.confirm.fact: "确认由 {lead_unit_id} 办理，时限 {due_on}", Steps.find_nothing.fact: "复核不属实",
    Steps.acknowledge.fact: "签收，开始整改", Steps.request_return.fact: "申请退回", Steps.grant_return.fact: "同意退回，重新待交办",
    Steps.recall.fact: "撤回对 {former_lead_unit_id} 的交办，重新待交办",
    Steps.request_extension.fact: "申请延期到 {new_due_on}", Steps.grant_extension.fact: "同意延期，时限由 {from_due_on} 改为 {to_due_on}",
    Steps.suspend.fact: "缓办，暂停计时", Steps.resume.fact: "恢复办理，时限 {due_on}", Steps.request_phase.fact: "申请阶段性办结，下一节点 {next_on}",
    Steps.grant_phase.fact: "同意阶段性办结，下一节点 {next_on}", Steps.submit.fact: "报送整改（第 {round} 轮），认定{finding}",
    Steps.verify.fact: "核查通过（第 {round} 轮）", Steps.reject.fact: "核查不通过，退回整改，时限 {due_on}",
    Steps.receive_objection.fact: "收到第 {objection_no} 号异议",
    Steps.open_notice.fact: "公示 {notice_from_on} 至 {notice_to_on}", Steps.end_notice.fact: "公示期满",
    Steps.support_reply.fact: "提出协办意见",
    Steps.close.fact: "销号，备案号 {filing_no}", Steps.refuse_close.fact: "不予销号，退回整改，时限 {due_on}",
    Steps.reopen.fact: "重开整改，时限 {due_on}", Steps.merge.fact: "并入 {master}", Steps.urge.fact: "催办",
    Steps.set_sponsor.fact: "确定 {sponsor_id} 包案",
    Steps.open_supervision.fact: "{level}", Steps.call_back.fact: "回访：{satisfaction}",
    Steps.look_back.fact: "回头看（{checked_on}）：{result}",
    Steps.correct_field.fact: "更正{field}", Steps.joint_meeting_decision.fact: "记录 {held_on} 联席会议决定", Steps.comment.fact: "批注",
    OtherFacts.due_recomputed.fact: "按新公布的日历重算，时限 {to_due_on}",
    OtherFacts.unit_succeeded.fact: "{from_unit} 撤销，由 {to_unit} 承接",
    OtherFacts.moved.fact: "{from_area}撤并，改归{to_area}",
}

# Words for what a fact says beyond the fields that its step asks for.
DETAILS: dict[str, str] = {
    "routing": "交办依据", "overruled_routing": "责任清单的建议（未采用）", "due_reason": "另定时限的理由",
    "no_photo": "没有照片的原因", "found_at": "发现时间",
    "sponsor_id": "包案领导", "objection": "异议内容（不写异议人）",
    "supporting_unit_ids": "协办单位", "silent_unit_ids": "到期没有提出意见的协办单位",
    "works_set": "整治内容", "score_told": "整治评分", "items_failed": "核查表答“否”的", "items_idle": "核查表答“不适用”的",
    "remarks": "核查表的说明",
    "claiming_unit_ids": "认领的单位", "disclaiming_unit_ids": "不认领的单位", "unanswered_unit_ids": "没有答复的单位",
    "informed_unit_ids": "知会单位",
    "unit_ids": "提出意见的单位", "document_no": "文号", "authority": "移送机关", "old": "原为", "new": "更正为",
}
PUBLISHED: dict[str, str] = {
    "outcome": "是否办结", "finding": "是否属实", "investigation": "调查核实", "measures": "处理和整改", "accountability": "责任追究",
    "target": "整改目标",
}

# The step rail: the heading of a stage, and the facts that complete it.
RAIL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("登记", (OtherFacts.registered.fact,)), ("交办", ASSIGNED), ("签收", (Steps.acknowledge.fact,)),
    ("整改", (Steps.submit.fact,)), ("核查", (Steps.verify.fact, OtherFacts.history_imported.fact)), ("公示", (Steps.end_notice.fact,)),
    ("销号", (Steps.close.fact,)),
)
NOTICE_STAGE = 5
# Which stage a case is at; a final state other than closed stops where it stood.
RAIL_AT: dict[CaseState, int] = {
    S.registered: 1, S.checking: 1, S.assigned: 2, S.disputed: 1, S.rectifying: 3, S.suspended: 3, S.phased: 3, S.submitted: 4,
    S.verified: 5,
    S.noticing: 5, S.noticed: 6, S.closed: 7, S.merged: 1, S.transferred: 1, S.declined: 1, S.voided: 1,
}

LIGHT_SHAPES: dict[str, str] = {"green": "●", "yellow": "▲", "red": "■", "blue": "✓", "none": "○"}
LIMIT_UNITS: dict[str, str] = {"calendar_day": "日", "working_day": "个工作日", "working_hour": "个工作小时",
                               "natural_hour": "小时"}
