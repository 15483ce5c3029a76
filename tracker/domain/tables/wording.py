"""Words of the import's pages."""

from collections.abc import Mapping

from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.suggestions import Reason

C = CaseColumn
IMPORT_STATES: Mapping[str, str] = {
    "uploaded": "待选表", "mapped": "待检查", "checked": "待导入", "queued": "排队中", "running": "办理中", "done": "已完成", "failed": "没有导入",
    "withdrawn": "已撤回",
}
REASONS: Mapping[Reason, str] = {
    Reason.header: "表头相同", Reason.part_of_header: "表头里有这个词", Reason.dates: "内容多是日期", Reason.areas: "内容多是本地区划",
    Reason.types: "内容多是问题类型", Reason.phones: "内容多是电话", Reason.numbers: "内容是不重复的编号", Reason.long_texts: "内容较长",
}
# What a column of somebody else's table may hold, in the order in which it is offered.
COLUMN_WORDS: Mapping[CaseColumn, str] = {
    C.source_number: "受理编号", C.headline: "标题", C.description: "问题描述", C.area: "行政区域", C.place: "地点", C.categories: "问题类型",
    C.received_on: "受理日期", C.received_at: "收到时间", C.channel: "来件渠道", C.reporter: "举报人", C.contact: "联系电话", C.address: "住址",
    C.finding: "是否属实", C.investigation: "调查核实情况", C.measures: "处理和整改情况", C.outcome: "是否办结", C.target: "办结目标",
    C.accountability: "责任人被处理情况", C.lead_unit: "主办单位", C.supporting_units: "协办单位", C.due_on: "整改时限", C.time_limit: "办理时限",
    C.batch: "批次", C.area_code: "区划代码", C.latitude: "纬度", C.longitude: "经度", C.serial: "序号", C.source_level: "督察层级",
    C.implementer: "整改实施主体", C.acceptance: "验收情况", C.reference: "来源编号", C.reply: "答复意见", C.replied_at: "答复时间", C.state: "状态",
    C.closed_at: "销号时间", C.supervision_due_on: "督办反馈期限", C.matter_since: "待协调起始日",
    C.notice_from: "公示开始", C.notice_to: "公示结束", C.likes: "点赞数", C.votes_against: "反对数",
}
