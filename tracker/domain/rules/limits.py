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
    inspect = "inspect"
    publish_result = "publish_result"


class LimitUnit(StrEnum):
    """What is counted."""

    calendar_day = "calendar_day"
    working_day = "working_day"
    working_hour = "working_hour"
    natural_hour = "natural_hour"


UNIT_NAMES: dict[str, str] = {"calendar_day": "自然日", "working_day": "工作日", "working_hour": "工作小时",
                             "natural_hour": "自然小时"}
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
    Stage.inspect: "检查",
    Stage.publish_result: "公开检查结果",
}


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
_LIMITS_OF_INSPECTIONS: tuple[Limit, ...] = (
    _working_limit(None, Stage.inspect, 10, "产品默认值，无法规依据：安排检查没有写明最迟日期的（可在期限规则中修改）"),
    _working_limit(None, Stage.publish_result, 20, "产品默认值，未核对法规：检查结果自完成之日起20个工作日内公开（可在期限规则中修改）"),
)
# In the order in which migrations wrote them.
DEFAULT_LIMITS: tuple[Limit, ...] = (*_LIMITS_OF_CASES, *_LIMITS_OF_ACTS, _LIMIT_OF_CONFIRMING, _LIMIT_OF_CONTROLS,
                                     *_LIMITS_OF_INSPECTIONS)
