"""CONTROL_FLOW （点对点管控）: which sites do what in polluted weather, from when to when, and whether the days were kept.

大气污染防治法 (2018) arts 95 and 121: a warning is declared by the province or the city alone, so an order cites it.
"""

from collections.abc import Iterable
from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy
from tracker.domain.acts.step_rows import CHECKS, DECIDES, FILES, RUNS, UNOPENED, ActFlow, ActParty, ActStep, over_area, reason
from tracker.domain.cases.intake_fields import NO_PHOTO
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, rows_of

F, Step = FactKind, ActStep
KIND, DRAFTER, ISSUER, ASSESSOR = "control", "drafter", "issuer", "assessor"
SITES, DAYS = "sites", "days"  # what an act keeps: rows of site, unit and fact; rows of target day and published AQI
MOST_AQI = 500


class ControlState(StrEnum):
    """Where an order stands."""

    drafted = "drafted"
    issued = "issued"
    lifted = "lifted"
    assessed = "assessed"
    voided = "voided"


class ControlResult(StrEnum):
    """Whether the target days were kept good."""

    kept = "kept"
    part = "part"
    lost = "lost"


S = ControlState
POLLUTANTS: Choices = (("o3", "臭氧"), ("pm25", "PM2.5"), ("pm10", "PM10"), ("no2", "二氧化氮"), ("other", "其他"))
LEVELS: Choices = (("local", "地方自定"), ("yellow", "黄色（Ⅲ级）"), ("orange", "橙色（Ⅱ级）"), ("red", "红色（Ⅰ级）"))  # light to heavy
RESULTS: Choices = ((ControlResult.kept, "保良成功"), (ControlResult.part, "部分保良"), (ControlResult.lost, "未保住"))
SITE = Given("site", "监管对象", longest=200, hint="编号、统一社会信用代码或全称")
HOURS = Given("hours", "每日时段", is_required=False, longest=60, hint="如 10—19 时；不填为全天")
LEVEL = Given("level", "管控级别", FieldKind.choice, choices=LEVELS)
POSITION = Given("position", "第几项应办", FieldKind.number)
PLACES = (S.issued, S.lifted)


def weight_of_level(level: object) -> int:
    """The heavier the level, the more."""
    return [code for code, _ in LEVELS].index(str(level))


def result_of(aqi: Iterable[int], good: int) -> ControlResult:
    """What came of the target days, by their published AQI."""
    kept = [each <= good for each in aqi]
    return ControlResult.kept if all(kept) else ControlResult.part if any(kept) else ControlResult.lost


def _has_sites(actor: Actor, facts: ActFacts) -> bool:
    return bool(facts.rows(SITES))


def _days_are_over(actor: Actor, facts: ActFacts) -> bool:
    return str(facts.details.get("last_on", "")) < facts.today.isoformat()


class ControlSteps:
    """The steps of an order. What each site does is a duty."""

    draft = Step(UNOPENED, S.drafted, (RUNS,), F("control:drafted"),
        (Given("title", "名称", longest=80), Given("pollutant", "首要污染物", FieldKind.choice, choices=POLLUTANTS), LEVEL,
         Given("first_on", "目标日自", FieldKind.date), Given("last_on", "目标日至", FieldKind.date),
         Given("warning_by", "预警发布机关", is_required=False, longest=60, hint="没有预警、只作点对点管控的，三项都不填"),
         Given("warning_no", "预警文号", is_required=False, longest=60),
         Given("warned_at", "预警时间", FieldKind.instant, is_required=False)), hand=DRAFTER)
    add_site = Step((S.drafted, S.issued), STAY, (RUNS,), F("control:site_added"),
        (SITE, Given("measures", "管控措施", FieldKind.long_text, is_required=False, longest=200, hint="不填则按级别和分类取规则中的措施"),
         HOURS, Given("unit", "责任单位", FieldKind.unit, is_required=False, hint="不填则为日常监管单位"),
         reason("改措施的理由", is_required=False)))
    drop_site = Step((S.drafted,), STAY, (RUNS,), F("control:site_dropped"), (SITE, reason("移出理由")), is_quiet=True)
    issue = Step((S.drafted,), S.issued, (DECIDES, RUNS), F("control:issued"),
        (Given("starts_at", "自何时起", FieldKind.instant), reason("早于现在的理由", is_required=False)),
        (FlowRule(ActWhy.no_sites, _has_sites),), hand=ISSUER, told_to=(ActParty.units, ActParty.heads))
    change = Step((S.issued,), STAY, (RUNS,), F("control:changed"), (LEVEL, reason("调级理由")), is_quiet=True,
        told_to=(ActParty.units, ActParty.heads))
    find = Step(PLACES, STAY, (over_area(Permission.case_register),), F("control:found"),
        (POSITION, Given("problem", "问题", longest=80), Given("description", "问题描述", FieldKind.long_text),
         Given("no_photo", "案件暂无照片的原因", FieldKind.choice, choices=NO_PHOTO, is_required=False), FILES), is_quiet=True,
        hands_files_on=True)
    lift = Step((S.issued,), S.lifted, (DECIDES, RUNS), F("control:lifted"),
        (Given("lifted_at", "解除时间", FieldKind.instant), Given("document_no", "解除文号", is_required=False, longest=60)),
        told_to=(ActParty.units, ActParty.heads))
    assess = Step((S.lifted, S.assessed), S.assessed, (CHECKS,), F("control:assessed"),
        (Given("aqi", "每个目标日的 AQI", FieldKind.long_text, longest=400, hint="一行一天，如“2026-11-25 96”"),
         Given("station", "站点", longest=60), Given("published_by", "数据来源", longest=80),
         reason("更正或异常值的说明", is_required=False)),
        (FlowRule(ActWhy.days_to_come, _days_are_over),), hand=ASSESSOR)
    void = Step((S.drafted,), S.voided, (RUNS,), F("control:voided"), (reason("作废理由"),), is_quiet=True)


C = ControlSteps
CONTROL = ActFlow(
    kind=KIND, word="管控", prefix="GK", subkinds=POLLUTANTS,
    states={S.drafted: "拟制", S.issued: "管控中", S.lifted: "已解除", S.assessed: "已评估", S.voided: "作废"},
    finals=frozenset({S.assessed, S.voided}), rows=rows_of(ControlSteps, ActStep),
    step_words={
        C.draft.name: "拟制管控令", C.add_site.name: "增加点位", C.drop_site.name: "移出点位", C.issue.name: "发布", C.change.name: "调级",
        C.find.name: "核查开案", C.lift.name: "解除", C.assess.name: "评估", C.void.name: "作废",
    },
    parts={DRAFTER: "拟制", ISSUER: "发布", ASSESSOR: "评估"},
    codes={"pollutant": POLLUTANTS, "level": LEVELS, "from_level": LEVELS, "result": RESULTS},
    words={"from_level": "原级别", "result": "结果", "site_name": "监管对象", "proposal": "规则中的措施"},
)
