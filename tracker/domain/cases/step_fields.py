"""The fields each step of a case asks for, with their reason codes. Read by pages, command line and API alike."""

from tracker.domain.house.fields import Choices, FieldKind, Given

FINDINGS: Choices = (("true", "属实"), ("mostly", "基本属实"), ("partly", "部分属实"), ("false", "不属实"))
DECLINE_REASONS: Choices = (
    ("out_of_scope", "不属于受理范围"), ("litigated", "已进入诉讼、复议或信访程序"), ("no_facts", "无具体事实线索"),
    ("repeated", "重复反映且无新事实"), ("withdrawn", "投诉人撤回"),
)
RETURN_REASONS: Choices = (
    ("not_ours", "不属于本单位职责"), ("wrong_area", "不在本辖区"), ("other_lead", "应由其他单位主办"), ("unclear", "线索不清无法办理"),
)
VOID_REASONS: Choices = (("mistaken", "误录"), ("duplicate", "重复登记"), ("trial", "试录"))
SUSPEND_GROUNDS: Choices = (
    ("court", "司法或复议程序未结"), ("disaster", "自然灾害或极端天气"), ("major_works", "须纳入重大工程统筹"),
    ("cooperation", "须待投诉人配合"),
)
SUPERVISION_LEVELS: Choices = (("ordinary", "一般督办"), ("key", "重点督办"), ("listed", "挂牌督办"))
OBJECTORS: Choices = (
    ("complainant", "投诉人"), ("resident", "周边群众"), ("organisation", "有关单位或企业"), ("anonymous", "匿名"), ("other", "其他"),
)
SATISFACTION: Choices = (("satisfied", "满意"), ("basically", "基本满意"), ("dissatisfied", "不满意"), ("unreached", "未联系上"))
LOOK_BACK_RESULTS: Choices = (("passed", "未反弹"), ("failed", "反弹或虚假整改"))
DESIGNATED_BY: Choices = (("dispatcher", "调度员指定"), ("joint_meeting", "联席会议决定"), ("superior", "上级指定"))
EVIDENCE_ROLES: Choices = (
    ("before", "整改前照片"), ("after", "整改后照片"), ("onsite", "核查现场照片"), ("progress", "过程照片"), ("document", "文件材料"),
)


def reason(word: str = "理由", longest: int = 2000, is_required: bool = True) -> Given:
    """A sentence of free text."""
    return Given("reason", word, FieldKind.long_text, is_required=is_required, longest=longest)


def code(word: str, choices: Choices) -> Given:
    """One of the listed reason codes."""
    return Given("reason_code", word, FieldKind.choice, choices=choices)


FILES = Given("files", "附件（照片、文件）", FieldKind.files, is_required=False)
FROM_REPORTER = Given("is_from_reporter", "由举报人或群众提供", FieldKind.yes, is_required=False,
                      hint="原件封存，只有身份保管员凭理由能打开；其他人看到的是去掉位置和设备信息的副本")
EVIDENCE_ROLE = Given("evidence_role", "附件类别", FieldKind.choice, choices=EVIDENCE_ROLES)
LEAD_UNIT = Given("lead_unit", "主办单位", FieldKind.unit, hint="单位代码或全称；只有一个")
LEAD_UNIT_OF_HISTORY = Given("lead_unit", "主办单位", FieldKind.unit, is_required=False, unless="lead_unit_id",
                             hint="导入的历史案件没有主办单位，退回整改须指明由谁整改")
SUPPORTING = Given("supporting_units", "协办单位", FieldKind.units, is_required=False, hint="可多个，用顿号或逗号分开")
DUE_ON = Given("due_on", "整改时限", FieldKind.date, is_required=False, hint="不填则按时限规则推算")
DUE_REASON = Given("due_reason", "另定时限的理由", is_required=False, hint="改动推算的时限时必填")
SUPPORT_DUE = Given("support_due_on", "协办意见时限", FieldKind.date, is_required=False, hint="有协办单位的，不填则按规则推算")
SPONSOR = Given("sponsor", "包案领导", FieldKind.person, is_required=False, hint="重点件必填")
NEW_DUE = Given("new_due_on", "新的时限", FieldKind.date)
NEXT_ON = Given("next_on", "下一节点日期", FieldKind.date)
CONCLUSION = Given("conclusion", "核查结论", FieldKind.long_text)
ONSITE_AT = Given("onsite_at", "现场核查时间", FieldKind.instant)
ONSITE_PEOPLE = Given("onsite_people", "核查人员", hint="参加现场核查的人员")
FINDING = Given("finding", "是否属实", FieldKind.choice, choices=FINDINGS)
MEASURES = Given("measures", "整改措施与结果", FieldKind.long_text, longest=4000)
NO_WORK_BASIS = Given("no_work_basis", "无需整改的依据", FieldKind.long_text, is_required=False, hint="确无需整改时填写，可代替整改后照片")
UNMATCHED = Given("unmatched", "未逐张对应的原因", is_required=False, hint="整改后照片少于整改前照片时填写，例如：同一处的不同角度")
ONSITE_PLACE = Given("onsite_place", "核查位置", is_required=False, hint="手机定位，或写明在什么地方核查")
NOTICE_TEXT = Given("notice_text", "公示内容（已隐去个人信息）", FieldKind.long_text, longest=8000)
NOTICE_FROM = Given("notice_from_on", "公示起始日", FieldKind.date, is_required=False, hint="不填则为今天")
NOTICE_DAYS = Given("notice_workdays", "公示工作日数", FieldKind.number, is_required=False, hint="不填则按规则；首尾两日都计入")
OBJECTOR = Given("objector", "异议人类别", FieldKind.choice, choices=OBJECTORS)
OBJECTION = Given("objection", "异议内容（不写异议人）", FieldKind.long_text)
OBJECTION_NO = Given("objection_no", "异议编号", FieldKind.number, hint="本案内的编号，见“收到异议”的记录")
PROBLEMS = Given("problems", "存在问题", FieldKind.long_text, is_required=False)
MATTERS = Given("matters", "需协调事项", FieldKind.long_text, is_required=False, hint="须由其他单位或上级协调解决的；填写后列入待协调清单")
MATTERS_TO = Given("matters_to", "请谁协调", is_required=False, longest=80, hint="单位或领导；不填则提请联席会议")
IS_SETTLED = Given("is_settled", "原来的需协调事项已解决", FieldKind.yes, is_required=False, unless="is_free_of_matters")
NEXT = Given("next", "下一步", is_required=False, longest=500)
REPORTED = (Given("text", "进展情况", FieldKind.long_text), PROBLEMS, MATTERS, MATTERS_TO, IS_SETTLED, NEXT)
ANSWER_ON = Given("answer_on", "反馈期限", FieldKind.date, is_required=False, unless="is_with_no_unit",
                  hint="不填则按规则手册的工作日数；主办单位报进展或报送整改即为反馈")
TEXT = Given("text", "内容", FieldKind.long_text)
DOCUMENT_NO = Given("document_no", "文号", longest=80)

DEFERRED = "defer"  # of an item that the next meeting decides
MEETING_OUTCOMES: Choices = (("designation", "指定办理"), ("measure", "议定事项"), ("extend", "同意延期"), (DEFERRED, "下次再议"),
                             ("refer_up", "提请上级"), ("none", "不需处理"))
MEETING = Given("meeting", "会议编号和议题", is_required=False, longest=60)
OF_MEETING = (MEETING, Given("outcome", "议定结果", FieldKind.choice, is_required=False, choices=MEETING_OUTCOMES))
