"""What an auditor reads of the ledger: which facts, under which heading, in which words. A house test finds a kind of fact that
stands in none of them."""

from dataclasses import dataclass

from tracker.domain.acts.wording import DUTY_FACTS, LIMIT_FACTS
from tracker.domain.cases.fact_kinds import IdentityFacts, NumberFacts
from tracker.domain.cases.flow import OtherFacts
from tracker.domain.evidence.fact_kinds import EvidenceFacts
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.log.fact_kinds import LedgerFacts
from tracker.domain.inspection.fact_kinds import InspectorFacts
from tracker.domain.people.fact_kinds import PersonFacts, UnitFacts
from tracker.domain.publications.fact_kinds import PublicationFacts
from tracker.domain.reports.fact_kinds import CircularFacts
from tracker.domain.rules.fact_kinds import CalendarFacts, CategoryFacts, RuleFacts
from tracker.domain.sites.fact_kinds import ObligationFacts, SiteBatchFacts, SiteFacts
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.domain.territory.fact_kinds import (
    AreaFacts,
    ChiefFacts,
    MailFacts,
    MapFacts,
    OfficeFacts,
    RoutingListFacts,
    RuleListFacts,
    ShapeFacts,
    SourceFacts,
)
from tracker.domain.upkeep.fact_kinds import OpsFacts, TidyFacts, WordFacts

P = PersonFacts
Kinds = tuple[tuple[FactKind, str], ...]


@dataclass(frozen=True)
class AuditHeading:
    """One heading of the auditor's room: its code in addresses, its word, and its kinds of fact with theirs."""

    code: str
    word: str
    kinds: Kinds


HEADINGS: tuple[AuditHeading, ...] = (
    AuditHeading("sign-in", "登录", (
        (P.signed_in, "登录"), (P.sessions_ended, "结束其他登录"), (P.sign_in_failed, "登录失败"), (P.unknown_refused, "不存在的登录名"))),
    AuditHeading("password", "密码与链接", (
        (P.link_asked, "代同事申请设密码"), (P.link_made, "发出设密码链接"), (P.password_set, "用链接设了密码"), (P.password_changed, "改了密码"),
        (P.password_reset, "重置了密码"), (P.factor_offered, "准备动态口令"), (P.factor_set, "启用动态口令"),
        (P.factor_codes_made, "换了备用码"), (P.recovery_used, "用了备用码"), (P.factor_removed, "停用动态口令"),
        (P.factor_reset, "重置了动态口令"), (P.email_changed, "改了邮箱"), (P.denied, "声明非本人所为"))),
    AuditHeading("grant", "授权与调动", (
        (P.granted, "授予角色"), (P.revoked, "收回角色"), (P.role_proposed, "提议角色"), (P.role_confirmed, "确认角色"),
        (P.role_refused, "不同意角色"), (P.delegated, "委托代办"), (P.delegation_revoked, "收回委托"), (P.added, "增加人员"),
        (P.deactivated, "停用人员"), (P.head_set, "改了负责人"), (P.changed, "改了人员"), (UnitFacts.changed, "改了单位"),
        (UnitFacts.added, "增加单位"), (UnitFacts.ended, "停用单位"))),
    AuditHeading("rules", "规则与名录", (
        (RuleFacts.limit_set, "改了期限"), (RuleFacts.value_set, "改了规则"), (CalendarFacts.loaded, "装入工作日历"),
        (CalendarFacts.own_day_set, "写本地放假日"),
        (SourceFacts.added, "增加来源"), (SourceFacts.changed, "改了来源"), (CategoryFacts.added, "增加问题类型"),
        (CategoryFacts.changed, "改了问题类型"), (CategoryFacts.question_added, "增加补充问题"),
        (CategoryFacts.question_changed, "改了补充问题"), (AreaFacts.added, "增加区划"), (AreaFacts.renamed, "改了区划名称"),
        (AreaFacts.ended, "停用区划"), (OfficeFacts.set_up, "开设机关"), (OfficeFacts.added, "增加机关"),
        (OfficeFacts.changed, "改了机关"), (MailFacts.way_set, "改了邮件服务器"),
        (RoutingListFacts.routing_entered, "装入交办规则"), (RoutingListFacts.routing_moved, "交办规则改归承接区划"),
        (RoutingListFacts.routing_added, "增加交办规则"), (RoutingListFacts.routing_changed, "改了交办规则"),
        (RuleListFacts.drafted, "拟责任清单"), (RuleListFacts.line_set, "写责任清单条目"), (RuleListFacts.line_removed, "删责任清单条目"),
        (RuleListFacts.activated, "启用责任清单"), (RuleListFacts.dropped, "作废责任清单草稿"), (MapFacts.boundary_loaded, "装入地图轮廓"),
        (MapFacts.boundary_removed, "撤下地图轮廓"), (MapFacts.outlines_kept, "装入区县轮廓"),
        (ShapeFacts.loaded, "装入铁路沿线图形"), (ShapeFacts.activated, "启用铁路沿线图形"), (ShapeFacts.dropped, "作废图形草稿"),
        (ChiefFacts.appointed, "任段长"), (ChiefFacts.changed, "改了段长"),
        (MapFacts.tiles_set, "启用在线底图"), (MapFacts.tiles_removed, "停用在线底图"))),
    AuditHeading("site", "监管对象", (
        (SiteFacts.registered, "登记"), (SiteFacts.changed, "改了登记"), (SiteFacts.status_set, "改了状态"),
        (SiteFacts.class_proposed, "提出分类"), (SiteFacts.class_accepted, "确认分类"), (SiteFacts.class_refused, "不同意分类"),
        (SiteFacts.entered, "登记台账"), (SiteFacts.renewed, "延续台账"), (SiteFacts.entry_ended, "终止台账"),
        (SiteFacts.listing_proposed, "申请纳入正面清单"), (SiteFacts.listing_admitted, "纳入正面清单"),
        (SiteFacts.listing_refused, "不同意纳入正面清单"), (SiteFacts.removal_proposed, "提出移出正面清单"),
        (SiteFacts.listing_removed, "移出正面清单"), (SiteFacts.listing_kept, "保留在正面清单"),
        (SiteFacts.report_received, "收到执行报告"), (SiteFacts.report_waived, "免交执行报告"),
        (SiteFacts.report_made_case, "超期报告转案件"),
        (SiteFacts.audit_recorded, "登记清洁生产审核"), (SiteFacts.scheme_recorded, "登记审核方案"),
        (SiteFacts.scheme_voided, "审核方案作废"))),
    AuditHeading("inspector", "检查人员", (
        (InspectorFacts.added, "列入名录"), (InspectorFacts.changed, "改了名录"), (InspectorFacts.interest_added, "登记回避"),
        (InspectorFacts.interest_changed, "改了回避"))),
    AuditHeading("circular", "通报签发", (
        (CircularFacts.edited, "改了通报文字"), (CircularFacts.signed, "签发通报"), (CircularFacts.issued_unsigned, "未经签发印发"))),
    AuditHeading("publication", "公开", (
        (PublicationFacts.drafted, "起草公开内容"), (PublicationFacts.edited, "改了公开内容"), (PublicationFacts.returned, "退回修改公开内容"),
        (PublicationFacts.published, "复核并公开"), (PublicationFacts.superseded, "换成新版"), (PublicationFacts.withdrawn, "撤下公开内容"),
        (PublicationFacts.expired, "公开期满撤下"), (PublicationFacts.discarded, "作废公开草稿"))),
    AuditHeading("export", "导出与卷宗", ((P.exported, "导出"), (P.dossier_made, "导出卷宗"))),
    AuditHeading("original", "原件", (
        (P.original_read, "打开原件"), (P.party_read, "查看事项中的个人"),
        (EvidenceFacts.found_broken, "证据文件不符"), (EvidenceFacts.shown_remade, "重做展示副本"))),
    AuditHeading("identity", "举报人信息", (
        (OtherFacts.identity_requested.fact, "申请"), (OtherFacts.identity_granted.fact, "同意"),
        (OtherFacts.identity_refused.fact, "不同意"), (OtherFacts.identity_revealed.fact, "打开"),
        (OtherFacts.identity_lapsed.fact, "到期关闭"), (IdentityFacts.erased, "删除"), (WordFacts.asked, "申请删除文字"),
        (WordFacts.erased, "同意删除文字"), (WordFacts.refused, "不同意删除文字"))),
    AuditHeading("import", "导入", (
        (ImportFacts.entered, "导入"), (ImportFacts.finished, "完成页面导入"), (ImportFacts.withdrawn, "撤回导入"),
        (SiteBatchFacts.entered, "导入台账"), (SiteBatchFacts.withdrawn, "撤回台账导入"),
        (ImportFacts.layout_saved, "保存导入版式"), (ImportFacts.layout_ended, "停用导入版式"), (ImportFacts.reporters_erased, "撤回时删除举报人"))),
    AuditHeading("ledger", "账本与运行", (
        (LedgerFacts.check_asked, "申请核验账本"), (LedgerFacts.checked, "核验账本"), (LedgerFacts.restored, "从备份恢复"),
        (LedgerFacts.key_rotated, "换签名密钥"),
        (LedgerFacts.key_retired, "签名密钥遗失"), (LedgerFacts.heads_accepted, "以当时的账本为准重新签名"),
        (LedgerFacts.clock_set_back, "时钟拨回"), (LedgerFacts.clock_rebased, "一台机器的时钟变动"), (LedgerFacts.redacted, "依法删除旧文字"),
        (LedgerFacts.witnessed, "见证"), (LedgerFacts.law_changed, "规则版本变动"), (NumberFacts.skipped, "跳过编号"),
        (OpsFacts.backed_up, "备份"), (OpsFacts.run_asked, "申请运行任务"), (OpsFacts.run_answered, "办完申请的运行"),
        (TidyFacts.mails, "整理旧邮件正文"), (TidyFacts.sign_ins, "整理旧登录记录"))),
)
WORDS: dict[str, str] = {kind: word for heading in HEADINGS for kind, word in heading.kinds}
FAILED: frozenset[str] = frozenset({P.sign_in_failed, P.unknown_refused, P.role_refused, P.denied,
                                    OtherFacts.identity_refused.fact,
                                    WordFacts.refused, EvidenceFacts.found_broken, SiteFacts.class_refused,
                                    SiteFacts.listing_refused})
# Kinds that an auditor does not look through, each with its reason.
LEFT_OUT: dict[str, str] = {
    P.mail_chosen: "how somebody wants their own mail",
    P.password_rehashed: "the machine's own doing at a sign-in", IdentityFacts.kept: "stands in the case's own facts",
    ImportFacts.reporters_kept: "belongs to the import beside it",
    SiteBatchFacts.rows_written: "belongs to the import beside it",
    ObligationFacts.made: "the clock's doing, from the permits that stand there", LedgerFacts.begun: "once, on the ledger's page",
    LedgerFacts.demo_loaded: "once, on the ledger's page", LedgerFacts.key_stated: "stands on the ledger's page",
    LedgerFacts.rows_stated: "what migrations fill", OpsFacts.run_begun: "stands between what was asked and what came of it",
    LedgerFacts.sealed: "one a day, on the ledger's page",
    **dict.fromkeys((*DUTY_FACTS, *LIMIT_FACTS), "stands in the facts of its act"),
    CircularFacts.composed: "the clock's doing, beside the report that it froze",
}
OUTCOMES: dict[str, str] = {
    "wrong_password": "密码不对", "deactivated": "账号已停用", "throttled": "限速：失败过多，暂不受理",
}
WHAT: dict[str, str] = {"register": "案件登记表", "audit": "审计记录", "batch": "批次的一览表和文字", "config": "配置包", "master": "主数据表",
                        "list": "责任清单", "site_register": "监管对象台账"}
# What is told of a fact besides its word, where its body has it, in this order.
TOLD: dict[str, str] = {
    "what": "内容", "lines": "行数", "format": "格式", "role": "角色", "area": "辖区", "area_code": "辖区", "outcome": "结果",
    "purpose": "用途", "reason_code": "理由", "basis": "依据", "document": "文号", "document_no": "文号", "number": "文号", "key": "项目",
    "name": "名称",
    "job": "任务", "on": "日期", "source": "来源",
    "from": "自", "effective_from": "自", "until": "至", "as_of": "截至", "count": "次数", "logins": "登录名个数", "created": "新增",
    "known": "已有",
    "bad": "有误", "cases": "案件数", "troubles": "不符", "size": "到第几条", "bytes": "字节", "old": "原为", "new": "改为", "evidence": "证据号",
    "filters": "筛选", "layer": "图层", "shapes": "图形数",
}


OUTCOMES_ASKED: dict[str, str] = {"done": "办成的", "failed": "失败、未同意、不符的"}


def kinds_of(heading: str = "", outcome: str = "") -> tuple[str, ...]:
    """The kinds under a heading, or all; of an outcome, or of both. Raises `KeyError` for a heading that is none."""
    kinds = tuple(kind for kind, _ in {each.code: each for each in HEADINGS}[heading].kinds) if heading else tuple(WORDS)
    return tuple(kind for kind in kinds if not outcome or (kind in FAILED) is (outcome == "failed"))

