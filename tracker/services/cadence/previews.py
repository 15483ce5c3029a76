"""What another value of a rule would do to what is open now, in sentences for whoever is about to set it. Nothing is written."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta

from tracker.domain.cadence.beats import beat_named
from tracker.domain.cadence.ladder import WAITING, Rung, Watched, is_quiet, reached, read_ladder
from tracker.domain.cases.facts import CLOCK_RUNS
from tracker.domain.cases.flow import ASSIGNED, MOVES, Steps
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.house.say import Listed, Say
from tracker.domain.reports.rule_book import read
from tracker.domain.rules.lights import Light, light_bounds
from tracker.domain.rules.limits import Limit, Stage
from tracker.domain.rules.periods import period_of
from tracker.services.cadence import morning
from tracker.services.cadence.ladder import Watcher
from tracker.services.house.work import reading, wiring
from tracker.services.mail import robots
from tracker.services.reports import previews as reports
from tracker.services.rules import rules, values
from tracker.storage.cadence import reminders
from tracker.storage.cadence.reminders import AskedCase
from tracker.storage.mail import outbox_lines

MOST_NAMED, A_MONTH = 6, 30
BEGIN_THERE = frozenset(state for step in MOVES if step.fact in ASSIGNED for state in step.froms)
FROM_ASSIGNING = (Stage.acknowledge, Stage.return_request, Stage.rectify)


def of_value(key: str, text: str, on: date) -> tuple[str, ...]:
    """What setting this text of a rule from that day would change; nothing where there is nothing to foresee."""
    wanted, foreseen = read(key, text), _PREVIEWS.get(key)
    return foreseen(wanted, on) if foreseen is not None else reports.of_rule(key, wanted)


def _of_ladder(wanted: object, on: date) -> tuple[str, ...]:
    """The reminders of the next working day by rung, under both ladders."""
    next_day = rules.calendar().next_workday(wiring().clock.today())
    now, then = (_reminders_by_rung(next_day, read_ladder(value)) for value in (values.value("ladder", next_day), wanted))
    moved = [Say("{word} {before} → {after}", word=word, before=now[word], after=then[word])
             for word in dict.fromkeys((*now, *then)) if now[word] != then[word]]
    head = Say("若 {day} 起使用，当天的提醒：{before} → {after} 件（每级分别计）", day=next_day, before=now.total(), after=then.total())
    return (head, Listed(moved, mark="；")) if moved else (head,)


def _reminders_by_rung(on: date, ladder: Iterable[Rung]) -> Counter[str]:
    session, area = reading(), wiring().home_area
    watcher = Watcher()
    clocks: list[Watched] = []
    for case in reminders.open_cases(session, area):
        clocks += watcher.of(case, watcher.waiting(case))
    found = reached(clocks, on, rules.calendar(), (*ladder, *WAITING), reminders.given(session, area))
    return Counter(each.rung.word for each in found)


def _of_warning(wanted: object, on: date) -> tuple[str, ...]:
    """The open cases whose light would be another."""
    today, calendar = wiring().clock.today(), rules.calendar()
    now, then = (light_bounds(today, calendar, int(str(each))) for each in (values.value("warn_workdays", today), wanted))
    dues = [case.due_on for case in reminders.open_cases(reading(), wiring().home_area) if case.state in CLOCK_RUNS]
    before, after = (sum(bounds.light(due) is Light.yellow for due in dues) for bounds in (now, then))
    changed = sum(now.light(due) is not then.light(due) for due in dues)
    return (Say("以今天的未办结案件算：黄灯 {before} → {after} 件，{changed} 件变色", before=before, after=after, changed=changed),)


def _of_most(step: CaseStep, count_of: Callable[[AskedCase], int], key: str) -> Callable[[object, date], tuple[str, ...]]:
    """The open cases for which a request is still to be had, under both bounds, and those for which that changes."""
    def foreseen(wanted: object, on: date) -> tuple[str, ...]:
        cases = [each for each in reminders.asked_for(reading(), wiring().home_area) if each.state in step.froms]
        was, most = values.number(key, wiring().clock.today()), int(str(wanted))
        now, then = ({each.number for each in cases if count_of(each) < bound} for bound in (was, most))
        head = Say("现在停在这一步、还能申请的案件：{before} → {after} 件", before=len(now), after=len(then))
        changed = _named_some("不能再申请的", now - then), _named_some("又能申请的", then - now)
        return (head, *(each for each in changed if each))
    return foreseen


def _named_some(word: str, numbers: Collection[str]) -> Say | None:
    if not numbers:
        return None
    shown, rest = sorted(numbers)[:MOST_NAMED], len(numbers) - MOST_NAMED
    if rest <= 0:
        return Say("{word}：{numbers}", word=Say(word), numbers=Listed(shown))
    return Say("{word}：{numbers} 等 {count} 件", word=Say(word), numbers=Listed(shown), count=len(numbers))


def _of_quiet_hours(wanted: object, on: date) -> tuple[str, ...]:
    """The next morning list under both: whether it goes out; and when waits what is over somebody's cap."""
    beat, zone, places = beat_named(morning.ID), wiring().zone, rules.calendar()
    day = places.workday_from(max(on, wiring().clock.today() + timedelta(days=1)))
    at = beat.due_at(period_of(beat.kind, day), places, zone)
    will = str(wanted)
    first = (Say("{day} {at} 的晨间清单落在这个时段里，不发信，并入 {to} 的清单；每天都是这个钟点，清单就一封也发不出，请改早结束", day=day, at=f"{at:%H:%M}",
                 to=places.next_workday(day)) if is_quiet(at.time(), will)
             else Say("{day} {at} 的晨间清单不在这个时段里，照常发出", day=day, at=f"{at:%H:%M}"))
    return (first,)


def _of_daily_cap(wanted: object, on: date) -> tuple[str, ...]:
    """How often in the last month somebody would have got no more mail that day, under both."""
    own = wiring()
    found = outbox_lines.most_on_days(reading(), own.clock.now() - timedelta(days=A_MONTH), own.zone)
    was, will = values.number("daily_mail_cap", own.clock.today()), int(str(wanted))
    before, after = (sum(each > most for each in found) for most in (was, will))
    return (Say("以最近 {days} 日发出的算，一人一天超过上限：{before} → {after} 人次，其余并入次日汇总", days=A_MONTH, before=before, after=after),)


def _of_robots(wanted: object, on: date) -> tuple[str, ...]:
    """Which groups would be told what."""
    assert isinstance(wanted, dict)
    named = robots.names()
    if not wanted["is_on"]:
        return (Say("不发到工作群；已有地址的群 {count} 个", count=len(named)),)
    if not named:
        return ("还没有工作群的地址：执行 flask outbox robot 名称 设置，设好再试发",)
    return (Say("日、周、月报告和年考核发出时，摘要也发到：{names}；案件不写进群里", names=Listed(named)),
            "设定之后可在 设置 → 邮件 给各群试发一条")


def of_limit(wanted: Limit) -> tuple[str, ...]:
    """The open cases whose date a limit would move that is counted whenever it is asked for, and those that begin under it; what
    was set for a case stays."""
    cases = [case for case in reminders.open_cases(reading(), wiring().home_area) if wanted.source in (None, case.source_key)]
    now, then = Watcher(), Watcher([*rules.limits(), wanted])
    moved = [case.number for case in cases if (clock := now.waiting(case)) is not None and clock != then.waiting(case)]
    said = [_named_some("正在计时而到期日会变的", moved) or "正在计时的未办结案件，到期日都不变"]
    if wanted.stage in FROM_ASSIGNING:
        begin = [case.number for case in cases if case.state in BEGIN_THERE]
        said.append(_named_some("待交办，生效日起交办就按新期限的", begin) or "没有待交办的案件")
    return tuple(said)


_PREVIEWS: Mapping[str, Callable[[object, date], tuple[str, ...]]] = {
    "ladder": _of_ladder, "warn_workdays": _of_warning, "quiet_hours": _of_quiet_hours, "daily_mail_cap": _of_daily_cap,
    "robots": _of_robots,
    "most_returns": _of_most(Steps.request_return, lambda case: case.return_count, "most_returns"),
    "most_extensions": _of_most(Steps.request_extension, lambda case: case.extension_count, "most_extensions"),
}
