"""INSPECTION_FLOW （检查）: who looks at which site by when, what they saw, and what is told in public of it.

行政处罚法 (2021) art. 42: not fewer than two go; art. 55: they show their certificates.
"""

from dataclasses import replace
from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy, is_clock
from tracker.domain.acts.step_rows import FILES, TARGET, UNOPENED, ActFlow, ActParty, ActStep, ActWho, over_area, reason
from tracker.domain.cases.intake_fields import NO_PHOTO
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, rows_of

F, Step = FactKind, ActStep
KIND, INSPECTOR, PUBLISHER = "inspection", "inspector", "publisher"
SOURCE = "INSPECT"  # of the cases that inspections find
ORIGIN, ASSIGNED, REVEAL_ON = "origin", "assigned_ids", "reveal_on"  # what an act keeps
LEAST_ON_SITE = 2
MOST_FINDINGS = 20


class InspectionState(StrEnum):
    """Where an inspection stands."""

    planned = "planned"
    done = "done"
    published = "published"
    not_possible = "not_possible"
    voided = "voided"


class InspectionMode(StrEnum):
    """How it is looked at."""

    on_site = "on_site"
    off_site = "off_site"


class InspectionOrigin(StrEnum):
    """What led to it."""

    draw = "draw"
    complaint = "complaint"
    operation = "operation"
    follow_up = "follow_up"
    emergency = "emergency"
    positive_list = "positive_list"


class InspectionResult(StrEnum):
    """What was seen."""

    ok = "ok"
    problem = "problem"
    serious = "serious"


S = InspectionState
MODES: Choices = ((InspectionMode.on_site, "现场检查"), (InspectionMode.off_site, "非现场检查"))
METHODS: Choices = (("online_monitor", "在线监控"), ("video", "视频监控"), ("power_use", "用电监控"), ("drone", "无人机"), ("satellite", "卫星遥感"),
                    ("ledger_review", "台账资料核查"), ("data_model", "数据模型分析"))
DRAWN: Choices = ((InspectionOrigin.draw, "双随机抽查"),)
ORIGINS: Choices = ((InspectionOrigin.complaint, "投诉举报"), (InspectionOrigin.operation, "专项行动"),
                    (InspectionOrigin.follow_up, "执法回访"),
                    (InspectionOrigin.emergency, "突发事件"), (InspectionOrigin.positive_list, "正面清单帮扶"))
RESULTS: Choices = ((InspectionResult.ok, "未发现问题"), (InspectionResult.problem, "发现问题"), (InspectionResult.serious, "发现严重问题"))
WHY_NOT: Choices = (("suspended", "停产"), ("ended", "注销"), ("moved", "搬离"), ("refused", "拒不配合"), ("not_found", "查无此处"),
                    ("other", "其他"))
# Grounds on which a site of the positive list is looked at on the spot outside a draw.
GROUNDS_ON_SITE = frozenset({InspectionOrigin.complaint, InspectionOrigin.emergency, InspectionOrigin.operation,
                             InspectionOrigin.follow_up})


def is_its_inspector(actor: Actor, facts: ActFacts) -> bool:
    """Somebody who was sent, or who stands in for one."""
    return actor.has_in(Permission.inspection_record, facts.area_code) and any(
        person in actor.persons and part == INSPECTOR for person, part in facts.hands)


def _was_not_drawn(actor: Actor, facts: ActFacts) -> bool:
    return facts.details.get(ORIGIN) != InspectionOrigin.draw


def _is_to_be_told(actor: Actor, facts: ActFacts) -> bool:
    """Its inspectors do not know of it yet, and the day has come on which they shall."""
    on = str(facts.details.get(REVEAL_ON) or "")
    return bool(on) and on <= facts.today.isoformat()


ASSIGNS: ActWho = over_area(Permission.inspection_assign)
DRAWS: ActWho = over_area(Permission.draw_run)
ITS_INSPECTORS: ActWho = ActWho(Permission.inspection_record, is_its_inspector)
REVIEWS: ActWho = over_area(Permission.publication_review)
CLOCK: ActWho = ActWho(Permission.clock_tick, is_clock)
SITE = Given("site", "监管对象", longest=200, hint="编号、统一社会信用代码或全称")
MODE = Given("mode", "检查方式", FieldKind.choice, choices=MODES)
INSPECTORS = Given("inspectors", "检查人员", FieldKind.people, hint="在检查人员名录中的姓名或登录名，用、分开；现场检查至少两人")
PLANNED_ON = Given("planned_on", "计划日期", FieldKind.date)
DUE_ON = Given("due_on", "最迟日期", FieldKind.date, is_required=False, hint="不填则按期限规则")
STARTED_AT = Given("started_at", "检查时间", FieldKind.instant)
RESULT = Given("result", "检查结果", FieldKind.choice, choices=RESULTS)
FINDINGS = Given("findings", "发现的问题", FieldKind.long_text, is_required=False, longest=3000,
                 hint="一行一个问题，各自立案；照片按顺序对应各个问题，多出的作为本次检查的照片")


class InspectionSteps:
    """The steps of an inspection. One that was drawn begins with the draw."""

    plan = Step(UNOPENED, S.planned, (ASSIGNS,), F("inspection:planned"),
        (SITE, MODE, Given("method", "非现场检查手段", FieldKind.choice, choices=METHODS, is_required=False),
         Given(ORIGIN, "检查缘由", FieldKind.choice,
                                                                                                   choices=ORIGINS),
         INSPECTORS, PLANNED_ON, DUE_ON, Given("text", "检查依据和重点", FieldKind.long_text, is_required=False),
         Given(TARGET, "案件或事项编号", is_required=False, longest=40, hint="因哪件案件或行动检查")), told_to=(ActParty.hands,))
    receive_drawn = Step(UNOPENED, S.planned, (DRAWS, ASSIGNS), F("inspection:drawn"),
        (SITE, MODE, replace(INSPECTORS, is_required=False), PLANNED_ON, DUE_ON, Given(TARGET, "抽取编号", longest=40)),
        told_to=(ActParty.hands,))
    record = Step((S.planned,), S.done, (ITS_INSPECTORS,), F("inspection:recorded"),
        (STARTED_AT, RESULT, Given("text", "检查情况", FieldKind.long_text, hint="现场检查须出示执法证件；提交即表示已经出示"), FINDINGS,
         Given("no_photo", "问题没有照片的原因", FieldKind.choice, choices=NO_PHOTO, is_required=False), FILES),
        hand=INSPECTOR, is_outside=True, hands_files_on=True)
    publish = Step((S.done,), S.published, (REVIEWS,), F("inspection:published"), (), hand=PUBLISHER)
    fail = Step((S.planned,), S.not_possible, (ITS_INSPECTORS,), F("inspection:found_impossible"),
        (Given("why_not", "不能检查的原因", FieldKind.choice, choices=WHY_NOT), Given("text", "情况说明", FieldKind.long_text),
         Given("files", "照片或文件", FieldKind.files)), hand=INSPECTOR, is_quiet=True, is_outside=True)
    reassign = Step((S.planned,), STAY, (ASSIGNS,), F("inspection:reassigned"), (INSPECTORS, reason("换人理由")),
        (FlowRule(ActWhy.only_replaced, _was_not_drawn),), is_quiet=True, told_to=(ActParty.hands,))
    reschedule = Step((S.planned,), STAY, (ASSIGNS,), F("inspection:rescheduled"), (PLANNED_ON, DUE_ON, reason("改期理由")),
                      is_quiet=True,
        told_to=(ActParty.hands,))
    hand_over = Step((S.planned,), STAY, (CLOCK,), F("inspection:handed_over"), (INSPECTORS,), is_quiet=True, has_own_job=True,
        told_to=(ActParty.hands,))
    reveal = Step((S.planned,), STAY, (CLOCK,), F("inspection:revealed"), (), (FlowRule(ActWhy.days_to_come, _is_to_be_told),),
        is_quiet=True, has_own_job=True, told_to=(ActParty.hands,))
    void = Step((S.planned,), S.voided, (ASSIGNS,), F("inspection:voided"), (reason("作废理由"),),
        (FlowRule(ActWhy.only_replaced, _was_not_drawn),), is_quiet=True)


I = InspectionSteps  # noqa: E741
INSPECTION = ActFlow(
    kind=KIND, word="检查", prefix="JC", subkinds=MODES, digits=6,
    states={S.planned: "待检查", S.done: "已检查", S.published: "已公开", S.not_possible: "不能检查", S.voided: "作废"},
    finals=frozenset({S.published, S.not_possible, S.voided}), narrow_in=frozenset({S.planned, S.not_possible, S.voided}),
    hand_only=frozenset({Permission.inspection_record}), rows=rows_of(InspectionSteps, ActStep),
    step_words={I.plan.name: "安排检查", I.receive_drawn.name: "抽中待查", I.record.name: "记录检查", I.publish.name: "公开结果",
                I.fail.name: "不能检查", I.reassign.name: "换检查人员", I.reschedule.name: "检查改期", I.hand_over.name: "按抽取换人",
                I.reveal.name: "下达检查任务", I.void.name: "作废检查"},
    parts={INSPECTOR: "检查", PUBLISHER: "公开"},
    codes={"mode": MODES, "method": METHODS, ORIGIN: (*ORIGINS, *DRAWN), "result": RESULTS, "why_not": WHY_NOT},
    words={"found_count": "立案数"}, says={ActWhy.days_to_come: lambda facts: "没有待下达的检查任务，或还没有到告知日。"},
)
