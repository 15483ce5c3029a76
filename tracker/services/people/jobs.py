"""The jobs of people: what nobody asks for, and everybody should know of their own account."""

from datetime import date, time

from tracker.domain.house.say import Say
from tracker.services.house.jobs import Frequency, Job
from tracker.services.people.signing import own_week, trail


def mail_own_week(on: date) -> str:
    """Mail everybody their own sign-ins and steps of last week, once."""
    return Say("本人周信 {count} 封", count=own_week.mail_week(on))


def tell_unknown_logins(on: date) -> str:
    """Record the tries at logins that nobody has, a fact for each quarter of an hour."""
    return Say("不存在的登录名，记入 {count} 条", count=trail.tell_unknown())


JOBS: tuple[Job, ...] = (
    Job("daily-own-week", Frequency.daily, "周一向各人寄本人上周的登录和办理，漏发的次日补寄", mail_own_week, time(8, 0)),
    Job("daily-unknown-logins", Frequency.daily, "把当日试探过的不存在的登录名按一刻钟计数记入账本", tell_unknown_logins, time(23, 40),
        grace_minutes=15),
)
