"""Lines of the rule book that the room of coordination declares."""

from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule

COORDINATION_RULES: tuple[Rule, ...] = (
    Rule("meeting_notice_workdays", "会议提前通知", "number", 2, shapes.number(0, 20), "0–20 个工作日",
         "联席会议至少提前几个工作日通知，不足的须写明理由", LOCAL),
)
