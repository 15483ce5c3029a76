"""The Chinese word of what the spine knows: states and steps of duties, roles of links, reasons. Plain data."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.acts.fact_kinds import DutyFactKinds, LimitFactKinds
from tracker.domain.acts.facts import ActWhy, DutyKind, DutyState, LinkGrade, LinkRole

DUTY_STATES: Mapping[StrEnum, str] = {
    DutyState.open: "待报结果", DutyState.answered: "待核实", DutyState.met: "已完成", DutyState.waived: "已免除",
}

DUTY_STEPS: Mapping[str, str] = {
    DutySteps.acknowledge.name: "确认收到", DutySteps.answer.name: "报结果", DutySteps.send_back.name: "退回",
    DutySteps.book.name: "核实进度", DutySteps.pass_.name: "核实通过",
    DutySteps.extend.name: "延期", DutySteps.waive.name: "免除",
    DutySteps.reset.name: "重新下达",
}

DUTY_FACTS: Mapping[str, str] = {
    DutyFactKinds.opened: "下达应办事项", DutyFactKinds.acknowledged: "确认收到应办事项", DutyFactKinds.answered: "报应办结果",
    DutyFactKinds.sent_back: "退回应办结果", DutyFactKinds.booked: "核实应办进度",
    DutyFactKinds.passed: "核实应办结果", DutyFactKinds.extended: "延长应办期限",
    DutyFactKinds.waived: "免除应办事项", DutyFactKinds.patrolled: "联合巡查已完成", DutyFactKinds.handed_on: "应办单位随段长变更",
    DutyFactKinds.reset: "重新下达应办事项",
}

LIMIT_FACTS: Mapping[str, str] = {LimitFactKinds.recounted: "期限随公布的日历重算", LimitFactKinds.paused: "期限暂停计算",
                                  LimitFactKinds.resumed: "期限恢复计算"}

DUTY_KINDS: Mapping[DutyKind, str] = {
    DutyKind.report_back: "书面报送", DutyKind.measure: "管控措施", DutyKind.milestone: "规划节点", DutyKind.follow_up: "会议议定事项",
    DutyKind.patrol: "联合巡查",
}

LINK_ROLES: Mapping[LinkRole, str] = {
    LinkRole.agenda: "列入议题", LinkRole.found: "发现的问题", LinkRole.ground: "依据", LinkRole.punishes: "处罚事由",
    LinkRole.refers: "移送事由", LinkRole.interviews: "约谈事由", LinkRole.attached: "挂接的案件", LinkRole.site: "点位",
    LinkRole.follows: "承接",
}

LINK_GRADES: Mapping[LinkGrade, str] = {LinkGrade.ordinary: "一般", LinkGrade.serious: "严重"}

REFUSALS: Mapping[StrEnum, str] = {
    ActWhy.wrong_state: "现在的状态不能做这一步。", ActWhy.no_permission: "您的角色不能做这一步。",
    ActWhy.out_of_reach: "这件事不在您的辖区，或与您的单位无关。",
    ActWhy.same_person: "前后两步须由不同的人办理；您已在其中办过另一环节。",
    ActWhy.same_unit: "须由承办单位以外的人办理。", ActWhy.act_is_over: "所属事项已经结束。",
    ActWhy.too_many_extensions: "延期次数已达上限。", ActWhy.duties_open: "还有应办事项没有完成或免除。",
    ActWhy.items_open: "还有议题没有议定。", ActWhy.no_items: "还没有列入议题。", ActWhy.not_chair: "纪要由会议主持人签发。",
    ActWhy.is_chair: "主持人签发纪要，不能作记录；请由别人记录议定结果。",
    ActWhy.no_forces: "还没有填写出动的车辆或人员。", ActWhy.no_places: "还没有检查任何点位。",
    ActWhy.not_notifier: "由发出约谈通知的人或区领导取消。",
    ActWhy.goal_missed: "完成数量还没有达到目标，请用“核实进度”。", ActWhy.goal_reached: "没有数量目标，或已经达到目标，请用“核实通过”。",
    ActWhy.only_revised: "规划节点的期限只能由规划“调整节点”改变。", ActWhy.weights_off: "各节点的权重合计须为 100。",
    ActWhy.cells_open: "还有片区在某一期没有节点，也没有标为不涉及。", ActWhy.year_goes_on: "计划的年度还没有过完。",
    ActWhy.only_patrolled: "联合巡查由双方确认的巡查记录完成，不能另报结果。",
    ActWhy.no_sites: "还没有增加点位。", ActWhy.days_to_come: "最后一个目标日过完才能评估。",
    ActWhy.only_measures: "只有管控措施能重新下达。",
    ActWhy.rights_open: "当事人陈述申辩、要求听证的期限还没有过。", ActWhy.not_reviewed: "依法须经法制审核通过后才能决定。",
    ActWhy.stands_still: "正在中止，请先恢复。", ActWhy.goes_on: "没有中止。",
    ActWhy.not_published: "没有公开过。",
    ActWhy.referred: "涉嫌犯罪已批准移送公安机关，移送期间不得罚款；可以警告、责令停产停业、吊销许可证件。",
    ActWhy.nothing_excluded: "没有剔除过监管对象或检查人员。",
    ActWhy.only_replaced: "抽中的检查由抽取换人或递补，不能另行换人、作废。",
}


def refusal_sentence(why: StrEnum) -> str:
    """A reason as a sentence."""
    return REFUSALS[why]
