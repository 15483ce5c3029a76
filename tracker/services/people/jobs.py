"""The jobs of people: what nobody asks for, and everybody should know of their own account."""

from datetime import date, time

from tracker.domain.house.say import Say
from tracker.services.house.jobs import Frequency, Job
from tracker.services.people import mergers
from tracker.services.people.signing import own_week, trail


def mail_own_week(on: date) -> str:
    """Mail everybody their own sign-ins and steps of last week, once."""
    return Say("本人周信 {count} 封", count=own_week.mail_week(on))


def tell_unknown_logins(on: date) -> str:
    """Record the tries at logins that nobody has, a fact for each quarter of an hour."""
    return Say("不存在的登录名，记入 {count} 条", count=trail.tell_unknown())


def carry_on_units(on: date) -> str:
    """Move what units left that have ended to those that carry it on."""
    moved = mergers.carry_on(on)
    return Say("承接单位接办：主办 {led} 件，协办 {supported} 件，人员 {people} 人", led=moved.led, supported=moved.supported, people=moved.people)


JOBS: tuple[Job, ...] = (
    Job("daily-unit-successions", Frequency.daily, "把已撤销单位的未办结案件和人员转给承接单位", carry_on_units, time(0, 10)),
    Job("daily-own-week", Frequency.daily, "周一向各人寄本人上周的登录和办理，漏发的次日补寄", mail_own_week, time(8, 0)),
    Job("daily-unknown-logins", Frequency.daily, "把当日试探过的不存在的登录名按一刻钟计数记入账本", tell_unknown_logins, time(23, 40),
        grace_minutes=15),
)
