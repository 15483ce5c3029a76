"""The clock's jobs about supervised sites."""

from datetime import date, time

from tracker.domain.house.say import Say
from tracker.services.house.jobs import Frequency, Job
from tracker.services.sites import obligations, positive


def make_reports(on: date) -> str:
    """The execution reports of the periods that are over."""
    return Say("新列应交执行报告 {count} 期", count=obligations.make_obligations(on))


def review_list(on: date) -> str:
    """The entries of the positive list that end soon, and those against which something was recorded: whether the site stays is
    proposed, and decided by people."""
    ending, against = positive.propose_expiring(on), positive.propose_for_records(on)
    said = Say("正面清单即将到期，提出审议 {count} 家", count=ending)
    return Say("{said}；受处罚、挂牌或查出严重问题，提出移出 {count} 家", said=said, count=against) if against else said


JOBS: tuple[Job, ...] = (
    Job("daily-obligations", Frequency.daily, "按排污许可证列出应交的执行报告", make_reports, time(0, 22)),
    Job("daily-positive-review", Frequency.daily, "正面清单到期前 60 天、或受到处罚等以后提出审议；不自动移出", review_list, time(1, 0)),
)
