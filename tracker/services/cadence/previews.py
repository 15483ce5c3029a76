"""What another value of a rule would do to what is open now, in sentences for whoever is about to set it. Nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from tracker.domain.cadence.ladder import WAITING, Rung, Watched, reached, read_ladder
from tracker.domain.cases.facts import CLOCK_RUNS
from tracker.domain.house.say import Listed, Say
from tracker.domain.reports.rule_book import read
from tracker.domain.rules.lights import Light, light_bounds
from tracker.services.cadence.ladder import Watcher
from tracker.services.house.work import reading, wiring
from tracker.services.reports import previews as reports
from tracker.services.rules import rules, values
from tracker.storage.cadence import reminders


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


_PREVIEWS: Mapping[str, Callable[[object, date], tuple[str, ...]]] = {"ladder": _of_ladder, "warn_workdays": _of_warning}
