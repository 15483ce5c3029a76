"""Time limits （期限）: how long a stage may take, by which unit, on what ground, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from tracker.domain.house.errors import Incomplete
from tracker.domain.house.say import Say


class Stage(StrEnum):
    """The stretches of the life of a case, or of an act, that a limit can bind."""

    assign = "assign"
    confirm = "confirm"
    acknowledge = "acknowledge"
    return_request = "return_request"
    rectify = "rectify"
    verify = "verify"
    close = "close"
    notice = "notice"
    phase = "phase"
    minutes = "minutes"
    report_back = "report_back"
    ack_control = "ack_control"
    decide = "decide"
    plead = "plead"
    hearing_request = "hearing_request"
    serve = "serve"
    pay = "pay"
    publish = "publish"
    unpublish = "unpublish"
    recheck_card = "recheck_card"
    approve_referral = "approve_referral"
    send_referral = "send_referral"
    police_forward = "police_forward"
    police_decide = "police_decide"
    object_referral = "object_referral"
    police_review = "police_review"
    hand_over_goods = "hand_over_goods"
    send_advised = "send_advised"
    inspect = "inspect"
    publish_result = "publish_result"


class LimitUnit(StrEnum):
    """What is counted."""

    calendar_day = "calendar_day"
    working_day = "working_day"
    working_hour = "working_hour"
    natural_hour = "natural_hour"
    month = "month"


EVERY_DAY = frozenset({LimitUnit.calendar_day, LimitUnit.month})  # by these, days off count like any other
UNIT_NAMES: dict[str, str] = {"calendar_day": "自然日", "working_day": "工作日", "working_hour": "工作小时",
                             "natural_hour": "自然小时", "month": "月"}
STAGE_WORDS = {
    Stage.assign: "交办",
    Stage.confirm: "确认归属",
    Stage.acknowledge: "签收",
    Stage.return_request: "申请退回",
    Stage.rectify: "整改",
    Stage.verify: "核查",
    Stage.close: "销号",
    Stage.notice: "公示",
    Stage.phase: "阶段性办结",
    Stage.minutes: "印发会议纪要",
    Stage.report_back: "约谈后书面报送",
    Stage.ack_control: "收到管控令",
    Stage.decide: "作出处罚决定",
    Stage.plead: "陈述申辩",
    Stage.hearing_request: "要求听证",
    Stage.serve: "送达决定书",
    Stage.pay: "缴款",
    Stage.publish: "公开决定",
    Stage.unpublish: "撤回公开",
    Stage.recheck_card: "摘牌复核",
    Stage.approve_referral: "批准移送",
    Stage.send_referral: "向公安机关移送",
    Stage.police_forward: "公安机关转送",
    Stage.police_decide: "公安机关决定是否立案",
    Stage.object_referral: "提请复议或建议立案监督",
    Stage.police_review: "公安机关复议",
    Stage.hand_over_goods: "移交涉案物品",
    Stage.send_advised: "按检察意见移送",
    Stage.inspect: "检查",
    Stage.publish_result: "公开检查结果",
}
# What is public is withdrawn or published by a day, also once its act is over.
LASTING_LIMITS: frozenset[Stage] = frozenset({Stage.publish, Stage.unpublish})
# Limits of the police, and days that the party has: shown and asked after, never late through us.
LIMITS_OF_POLICE: frozenset[Stage] = frozenset({Stage.police_forward, Stage.police_decide, Stage.police_review})
LIMITS_OF_OTHERS: frozenset[Stage] = LIMITS_OF_POLICE | {Stage.plead, Stage.hearing_request}


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit. `source` None means every source; `effective_to` is the last day on which it holds, None for open. One that
    `rolls` ends on the next working day where its last day is a day off."""

    source: str | None
    stage: Stage
    amount: int
    unit: LimitUnit
    first_day_counts: bool
    basis: str
    effective_from: date
    effective_to: date | None = None
    rolls: bool = False

    def holds_on(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def choose(limits: Iterable[Limit], source: str | None, stage: Stage, on: date) -> Limit:
    """The limit that binds `stage` for `source` on that day: the source's own before the general one, the newer before the older.

    Refuses with `Incomplete`, naming source, stage and day, when there is none.
    """
    fitting = [limit for limit in limits if limit.stage is stage and limit.source in (source, None) and limit.holds_on(on)]
    if not fitting:
        whose = Say("来源“{source}”", source=source) if source else "通用规则"
        raise Incomplete(Say("{whose}在 {on} 没有生效的“{stage}”期限，请先在期限规则中补充。", whose=whose, on=on,
                             stage=Say(STAGE_WORDS[stage])))
    return max(fitting, key=lambda limit: (limit.source is not None, limit.effective_from))


_BEGINNING = date(2018, 1, 1)
_RULES_OF_2005 = date(2005, 5, 1)
_RULES_OF_2022 = date(2022, 5, 1)
_DAY_BEFORE_2022_RULES = date(2022, 4, 30)
_ROLLING_SINCE = date(2026, 12, 1)  # calendar days of a case: before, its last day may be a day off


def _working_limit(
    source: str | None, stage: Stage, amount: int, basis: str, first: date = _BEGINNING, last: date | None = None
) -> Limit:
    return Limit(source, stage, amount, LimitUnit.working_day, False, basis, first, last)


def _calendar_limit(
    source: str | None, stage: Stage, amount: int, basis: str, first: date = _BEGINNING,
    last: date = _ROLLING_SINCE - timedelta(days=1)
) -> Limit:
    return Limit(source, stage, amount, LimitUnit.calendar_day, False, basis, first, last)


def _followed_by_rolling(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """The same, and after each that ends there one that rolls."""
    ending = [limit for limit in limits if limit.effective_to == _ROLLING_SINCE - timedelta(days=1)]
    return (*limits, *(replace(limit, effective_from=_ROLLING_SINCE, effective_to=None, rolls=True) for limit in ending))


_OFFICE = "区整改办内部办理时限（可在期限规则中修改）"
_INSPECTION = "督察组交办要求的反馈时限（各批次不同，默认10日，可修改）"
_OBJECTION_2005 = "《信访条例》(2005年)：收到后5个工作日内提出异议"
_OBJECTION_2022 = "《信访工作条例》第二十三条：收到后5个工作日内提出异议"
_SIXTY_DAYS_2005 = "《信访条例》(2005年)：自受理之日起60日内办结"
_SIXTY_DAYS_2022 = "《信访工作条例》第三十四条：自受理之日起60日内办结"
_HOTLINE = "12345热线工单办理时限（地方规定不一，默认5个工作日，可修改）"

_LIMITS_OF_CASES: tuple[Limit, ...] = _followed_by_rolling((
    _working_limit(None, Stage.acknowledge, 1, _OFFICE),
    _working_limit(None, Stage.return_request, 2, "派单异议惯例：收到后2个工作日内说明理由申请退回（可修改）"),
    _working_limit("H12369", Stage.return_request, 5, _OBJECTION_2005, _RULES_OF_2005, _DAY_BEFORE_2022_RULES),
    _working_limit("H12369", Stage.return_request, 5, _OBJECTION_2022, _RULES_OF_2022),
    _working_limit(None, Stage.rectify, 15, _OFFICE),
    _calendar_limit("D3JX", Stage.rectify, 10, _INSPECTION),
    _calendar_limit("D2JX", Stage.rectify, 10, _INSPECTION),
    _calendar_limit("PSJX", Stage.rectify, 10, _INSPECTION),
    _working_limit("H12345", Stage.rectify, 5, _HOTLINE),
    _calendar_limit("H12369", Stage.rectify, 60, _SIXTY_DAYS_2005, _RULES_OF_2005, _DAY_BEFORE_2022_RULES),
    _calendar_limit("H12369", Stage.rectify, 60, _SIXTY_DAYS_2022, _RULES_OF_2022),
    _calendar_limit("PATROL", Stage.rectify, 7, "巡查问题每周调度销号，默认7日（可修改）"),
    _calendar_limit("RAIL", Stage.rectify, 7, "铁路沿线问题每周调度销号，默认7日（可修改）"),
    _working_limit(None, Stage.verify, 5, _OFFICE),
    _working_limit(None, Stage.close, 5, _OFFICE),
    Limit(None, Stage.notice, 10, LimitUnit.working_day, True, "整改销号公示期10个工作日（首尾两日均计入）", _BEGINNING),
    _calendar_limit(None, Stage.phase, 30, "阶段性办结后至少每30日复核一次进展（可修改）"),
    _working_limit(None, Stage.assign, 1, "产品默认值，无法规依据：登记或退回后1个工作日内交办（可在期限规则中修改）"),
))
_LIMIT_OF_CONFIRMING = _working_limit(
    None, Stage.confirm, 3, "产品默认值，无法规依据：下派后3个工作日内确认归属（可在期限规则中修改）")
_LIMITS_OF_ACTS: tuple[Limit, ...] = (
    _working_limit(None, Stage.minutes, 5, "产品默认值，无法规依据：会后5个工作日内印发纪要（可在期限规则中修改）"),
    Limit(None, Stage.report_back, 30, LimitUnit.calendar_day, False, "参照山东做法：约谈结束后30日内书面报送（可在期限规则中修改）",
          _BEGINNING),
)
_LIMIT_OF_CONTROLS = Limit(None, Stage.ack_control, 2, LimitUnit.natural_hour, False,
                           "产品默认值，无法规依据：管控令发布后2小时内各点位确认收到（可在期限规则中修改）", _BEGINNING)
_WORKING, _CALENDAR, _HOURS = LimitUnit.working_day, LimitUnit.calendar_day, LimitUnit.natural_hour


def _limit_of_law(stage: Stage, amount: int, unit: LimitUnit, basis: str) -> Limit:
    return Limit(None, stage, amount, unit, False, basis, _BEGINNING)


# Three statutes count in three ways: art. 85 of the law of punishments makes its own two, three, five and seven days working
# days, so its fifteen and ninety are calendar days; the rules of referrals say nothing, so theirs are calendar days.
_LIMITS_OF_ENFORCEMENT: tuple[Limit, ...] = (
    _limit_of_law(Stage.decide, 90, _CALENDAR, "《行政处罚法》(2021年)第六十条：自立案之日起90日内作出决定"),
    _limit_of_law(Stage.plead, 5, _WORKING, "产品默认值：《行政处罚法》(2021年)第四十四条、第四十五条未定日数（可在期限规则中修改）"),
    _limit_of_law(Stage.hearing_request, 5, _WORKING, "《行政处罚法》(2021年)第六十四条、第八十五条：告知后5个工作日内提出"),
    _limit_of_law(Stage.serve, 7, _WORKING, "《行政处罚法》(2021年)第六十一条、第八十五条：7个工作日内送达"),
    _limit_of_law(Stage.pay, 15, _CALENDAR, "《行政处罚法》(2021年)第六十七条：收到决定书之日起15日内缴纳"),
    _limit_of_law(Stage.publish, 7, _WORKING, "《行政处罚法》(2021年)第四十八条应当公开；7个工作日为产品默认值（可在期限规则中修改）"),
    _limit_of_law(Stage.unpublish, 3, _WORKING, "《行政处罚法》(2021年)第四十八条、第八十五条：3个工作日内撤回并说明理由"),
    _limit_of_law(Stage.recheck_card, 15, _WORKING, "产品默认值，无法规依据：申请摘牌后15个工作日内复核（可在期限规则中修改）"),
    _limit_of_law(Stage.approve_referral, 3, _CALENDAR, "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第五条：接到报告之日起3日内决定"),
    _limit_of_law(Stage.send_referral, 24, _HOURS, "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第五条：决定批准后24小时内移送"),
    _limit_of_law(Stage.police_forward, 24, _HOURS, "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第七条：不属于本机关管辖的24小时内转送"),
    _limit_of_law(Stage.police_decide, 3, _CALENDAR, "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第八条：3日内决定是否立案"),
    _limit_of_law(Stage.object_referral, 3, _CALENDAR, "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第九条：接到不予立案通知后3日内"),
    _limit_of_law(Stage.police_review, 3, _CALENDAR, "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第九条：收到复议申请后3日内"),
    _limit_of_law(Stage.hand_over_goods, 3, _CALENDAR, "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第十二条：接到立案通知后3日内移交"),
    _limit_of_law(Stage.send_advised, 3, _CALENDAR, "参照检察意见办理惯例：收到检察意见后3日内移送（可在期限规则中修改）"),
)
_LIMITS_OF_INSPECTIONS: tuple[Limit, ...] = (
    _working_limit(None, Stage.inspect, 10, "产品默认值，无法规依据：安排检查没有写明最迟日期的（可在期限规则中修改）"),
    _working_limit(None, Stage.publish_result, 20, "产品默认值，未核对法规：检查结果自完成之日起20个工作日内公开（可在期限规则中修改）"),
)
# In the order in which migrations wrote them.
DEFAULT_LIMITS: tuple[Limit, ...] = (*_LIMITS_OF_CASES, *_LIMITS_OF_ACTS, _LIMIT_OF_CONFIRMING, _LIMIT_OF_CONTROLS,
                                     *_LIMITS_OF_INSPECTIONS, *_LIMITS_OF_ENFORCEMENT)
