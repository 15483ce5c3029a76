"""Lines of the rule book that the room of coordination declares."""

from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule

COORDINATION_RULES: tuple[Rule, ...] = (
    Rule("meeting_notice_workdays", "会议提前通知", "number", 2, shapes.number(0, 20), "0–20 个工作日",
         "联席会议至少提前几个工作日通知，不足的须写明理由", LOCAL),
    Rule("drift_yellow_points", "规划偏差黄灯", "number", 10, shapes.number(1, 100), "1–100 个百分点",
         "规划的实际进度比应达进度少多少个百分点起亮黄灯", "参照银川做法，地方可自定"),
    Rule("drift_red_points", "规划偏差红灯", "number", 30, shapes.number(1, 100), "1–100 个百分点",
         "规划的实际进度比应达进度少超过多少个百分点亮红灯", "参照银川做法，地方可自定"),
    Rule("operation_most_hours", "行动最长时间", "number", 48, shapes.number(1, 240), "1–240 小时",
         "专项行动从开始到结束最多几小时，超过的须核对时间", LOCAL),
)
