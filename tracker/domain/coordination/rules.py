"""Lines of the rule book that the room of coordination declares."""

from tracker.domain.coordination.operations import KINDS
from tracker.domain.coordination.patrols.periods import CADENCES, USUAL
from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule

PER_WEEK = "operations_per_week"
_TIMES = shapes.number(0, 50)
_EVERY = shapes.one_of(*CADENCES, names=CADENCES)
_CADENCES = shapes.a_record({"tier_1": _EVERY, "tier_2": _EVERY, "tier_3": _EVERY},
                            names={"tier_1": "一级段长", "tier_2": "二级段长", "tier_3": "三级段长"})

COORDINATION_RULES: tuple[Rule, ...] = (
    Rule("meeting_notice_workdays", "会议提前通知", "number", 2, shapes.number(0, 20), "0–20 个工作日",
         "联席会议至少提前几个工作日通知，不足的须写明理由", LOCAL),
    Rule("drift_yellow_points", "规划偏差黄灯", "number", 10, shapes.number(1, 100), "1–100 个百分点",
         "规划的实际进度比应达进度少多少个百分点起亮黄灯", "参照银川做法，地方可自定"),
    Rule("drift_red_points", "规划偏差红灯", "number", 30, shapes.number(1, 100), "1–100 个百分点",
         "规划的实际进度比应达进度少超过多少个百分点亮红灯", "参照银川做法，地方可自定"),
    Rule("operation_most_hours", "行动最长时间", "number", 48, shapes.number(1, 240), "1–240 小时",
         "专项行动从开始到结束最多几小时，超过的须核对时间", LOCAL),
    Rule(PER_WEEK, "每周行动次数", "json", {"campaign": 1, "midnight": 0, "regular": 2}, shapes.a_record(
        {sort: _TIMES for sort, _ in KINDS}, names=dict(KINDS)), "每类 0–50 次",
         "每个自然周各类行动至少几次，达到的计为达标周", "简报：每周 2 次执法行动、1 次专项整治"),
    Rule("patrol_cadences", "双段长联合巡查频次", "json", {f"tier_{tier}": each.value for tier, each in USUAL.items()}, _CADENCES,
         "每季、每月或每半月一次", "各级双段长多久联合巡查一次", "参照麻城工务段做法，地方可自定"),
    Rule("patrol_back_days", "巡查补录期限", "number", 30, shapes.number(1, 365), "1–365 天",
         "多少天以前的巡查须写明理由，作为补录", LOCAL),
)
