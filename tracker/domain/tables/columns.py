"""The columns of case tables: what each means and every header that has been seen for it.

The first header of a column is the one our own export writes, so what we hand out always comes back in.
"""

import re
import unicodedata
from enum import StrEnum


class CaseColumn(StrEnum):
    """What a column of a case table holds. Values are stable names; alphabetical."""

    acceptance = "acceptance"
    accountability = "accountability"
    address = "address"
    supervision_due_on = "supervision_due_on"
    area = "area"
    area_code = "area_code"
    assigned_at = "assigned_at"
    batch = "batch"
    categories = "categories"
    category_note = "category_note"
    channel = "channel"
    closed_at = "closed_at"
    completeness = "completeness"
    contact = "contact"
    description = "description"
    direction = "direction"
    due_on = "due_on"
    duplicate_of = "duplicate_of"
    filing_number = "filing_number"
    finding = "finding"
    implementer = "implementer"
    inspected_at = "inspected_at"
    inspection_log = "inspection_log"
    investigation = "investigation"
    latitude = "latitude"
    lead_unit = "lead_unit"
    likes = "likes"
    longitude = "longitude"
    matter_since = "matter_since"
    measures = "measures"
    mileage = "mileage"
    mileage_to = "mileage_to"
    modified_on = "modified_on"
    notice_from = "notice_from"
    notice_to = "notice_to"
    number = "number"
    other = "other"
    outcome = "outcome"
    place = "place"
    rail_line = "rail_line"
    rail_side = "rail_side"
    received_at = "received_at"
    received_on = "received_on"
    reference = "reference"
    registered_at = "registered_at"
    replied_at = "replied_at"
    reply = "reply"
    reporter = "reporter"
    serial = "serial"
    sheet_style = "sheet_style"
    source_code = "source_code"
    source_level = "source_level"
    source_name = "source_name"
    source_number = "source_number"
    state = "state"
    street_name = "street_name"
    street_type = "street_type"
    supporting_units = "supporting_units"
    target = "target"
    time_limit = "time_limit"
    headline = "headline"
    votes_against = "votes_against"


C = CaseColumn

HEADERS: dict[CaseColumn, tuple[str, ...]] = {
    C.serial: ("序号", "No", "No."),
    C.number: ("案件编号", "case number"),
    C.source_code: ("来源代码", "source code"),
    C.source_name: ("来源",),
    C.source_number: ("受理编号", "信访编号", "举报编号", "受理号", "转办编号", "交办编号", "信访件编号", "工单编号", "留言编号",
                      "编号", "问题编号", "complaint id", "source number"),
    C.source_level: ("督察层级",),
    C.batch: ("批次", "交办批次", "转办批次", "batch"),
    C.state: ("状态", "state"),
    C.headline: ("标题", "留言主题", "主题", "工单标题", "title"),
    C.description: ("问题描述", "交办问题基本情况", "转办问题基本情况", "举报内容", "信访内容", "问题基本情况", "反映问题", "反映内容",
                    "投诉内容", "留言详情", "工单内容", "诉求内容", "市民诉求", "概况", "description"),
    C.area: ("行政区域", "所属区县", "所属县区", "所在区域", "属地", "问题属地", "区县", "事件发生地", "area"),
    C.area_code: ("区划代码", "行政区划代码", "area code"),
    C.place: ("地点", "问题地点", "点位", "问题点位", "诉求详细地址", "place"),
    C.categories: ("问题类型", "污染类型", "举报类型", "污染类别", "问题类别", "问题分类", "诉求类型", "内容分类", "complaint type", "category"),
    C.channel: ("来件渠道", "来件方式", "举报方式", "诉求渠道", "信访形式", "channel"),
    C.received_on: ("受理日期", "交办日期", "转办日期", "收件日期", "信访日期", "complaint date", "received on"),
    C.received_at: ("收到时间", "留言时间", "受理时间", "来电时间", "推送时间", "区交办时间", "received at"),
    C.registered_at: ("登记时间",),
    C.lead_unit: ("主办单位", "责任单位", "承办单位", "市交办主办单位"),
    C.supporting_units: ("协办单位", "市交办协办单位"),
    C.assigned_at: ("交办时间",),
    C.due_on: ("整改时限", "区交办办结期限", "限办时间"),
    C.investigation: ("调查核实情况", "核查情况", "调查情况"),
    C.finding: ("是否属实", "属实情况", "是否属实情况"),
    C.target: ("办结目标", "整改目标"),
    C.measures: ("处理和整改情况", "处理整改情况", "处理情况", "整改情况"),
    C.outcome: ("是否办结", "办结情况", "是否已办结"),
    C.accountability: ("责任人被处理情况", "问责情况", "责任追究情况"),
    C.closed_at: ("销号时间",),
    C.filing_number: ("备案号",),
    C.supervision_due_on: ("督办反馈期限",),
    C.matter_since: ("待协调起始日",),
    C.other: ("其他信息",),
    C.category_note: ("类型原文",),
    C.latitude: ("纬度", "latitude", "lat"),
    C.longitude: ("经度", "longitude", "lng", "lon"),
    C.rail_line: ("线路", "铁路线路", "线名", "railway line"),
    C.mileage: ("里程", "起点里程", "里程起", "mileage"),
    C.mileage_to: ("终点里程", "里程止", "mileage to"),
    C.rail_side: ("线路侧别", "侧别", "railway side"),
    C.implementer: ("整改实施主体",),
    C.time_limit: ("办理时限",),
    C.notice_from: ("公示开始",),
    C.notice_to: ("公示结束",),
    C.acceptance: ("验收情况",),
    C.sheet_style: ("表式",),
    C.completeness: ("摘录完整性",),
    C.reference: ("来源编号",),
    C.reporter: ("举报人", "留言用户", "投诉人", "信访人", "反映人", "来电人", "举报人姓名", "投诉人姓名", "姓名", "求助人员", "诉求人", "来访人", "reporter"),
    C.contact: ("联系电话", "联系方式", "手机", "手机号", "手机号码", "电话", "来电号码", "求助号码", "身份证号", "身份证号码", "contact", "phone"),
    C.address: ("住址", "家庭住址", "联系地址", "通讯地址"),
    C.votes_against: ("反对数",),
    C.likes: ("点赞数",),
    C.reply: ("答复意见",),
    C.replied_at: ("答复时间",),
    C.direction: ("direction",),
    C.street_name: ("street name",),
    C.street_type: ("street type",),
    C.inspection_log: ("inspection log no",),
    C.inspected_at: ("inspection at",),
    C.duplicate_of: ("duplicate of",),
    C.modified_on: ("modified date",),
}

# Whom a complaint comes from: these columns go to the restricted identity record and nowhere else.
IDENTITY_COLUMNS = frozenset({C.reporter, C.contact, C.address})

_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_NOTE = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")


def as_seen(cell: object) -> str:
    """A header as a reader sees it, on one line: for messages."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", "" if cell is None else str(cell)))


def as_shown(cell: object) -> str:
    """A header for a sentence: as seen, but words of Latin script keep the blanks between them."""
    words = _UNSEEN.sub(" ", unicodedata.normalize("NFKC", "" if cell is None else str(cell))).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", words)


def normalised(cell: object) -> str:
    """A header reduced to what it says: width, spaces, line breaks, case, bracketed notes and marks do not matter."""
    text = as_seen(cell).casefold()
    return (_NOTE.sub("", text) or text).strip(":：*＊.。、")


BY_HEADER: dict[str, CaseColumn] = {normalised(name): column for column, names in HEADERS.items() for name in names}


def column_of(cell: object) -> CaseColumn | None:
    """The column this header names, or None."""
    text = normalised(cell)
    return BY_HEADER.get(text) if text else None


def own_header(column: CaseColumn) -> str:
    """The header that our own export writes for this column."""
    return HEADERS[column][0]
