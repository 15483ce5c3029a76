"""The ladder （逐级提醒）: which rung a case, a duty or a limit of an act has reached, told once for each stream, round and lap. Pure.

A lap is named by the due date it counts from. A granted extension, a pause and a date given anew move that date, and so begin a
new lap by themselves; where the date stays, nothing has to be said again.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from tracker.domain.house.errors import Invalid
from tracker.domain.rules.workdays import WorkCalendar


class WatchedClock(StrEnum):
    """Which clock a rung looks at: one of a case, a duty of an act, a limit that runs on an act, or a day that comes for a
    site."""

    rectify = "rectify"
    assign = "assign"
    confirm = "confirm"
    acknowledge = "acknowledge"
    phase = "phase"
    verify = "verify"
    publish = "publish"
    close = "close"
    answer = "answer"
    duty = "duty"
    law = "law"
    report = "report"
    permit = "permit"
    registration = "registration"


class To(StrEnum):
    """To whom a rung is told. The rule book's ladder uses these words."""

    officer = "officer"
    head = "head"
    dispatcher = "dispatcher"
    sponsor = "sponsor"
    lead = "lead"
    supervisor = "supervisor"
    verifier = "verifier"
    closer = "closer"
    chief = "chief"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. `days` before zero are days left, 0 is the due day itself, above zero days overdue; calendar days,
    the number that the light shows, unless `is_in_workdays`. `is_order_due` where a supervision order is called for."""

    code: str
    days: int
    to: tuple[To, ...]
    word: str
    watch: WatchedClock = WatchedClock.rectify
    is_in_workdays: bool = False
    is_order_due: bool = False


# The clocks of those whom a case waits for besides its unit, and those beside the cases; the rule book's ladder is about the
# rectification alone.
WAITING: tuple[Rung, ...] = (
    Rung("phase_soon", -3, (To.officer,), "阶段节点即将到期", WatchedClock.phase, is_in_workdays=True),
    Rung("assign_1", 1, (To.dispatcher,), "超过交办时限", WatchedClock.assign),
    Rung("assign_3", 3, (To.dispatcher, To.lead), "超过交办时限3日", WatchedClock.assign),
    Rung("confirm_0", 0, (To.chief,), "归属今日到期未确认", WatchedClock.confirm),
    Rung("confirm_1", 1, (To.dispatcher,), "超过确认归属时限", WatchedClock.confirm),
    Rung("confirm_3", 3, (To.dispatcher, To.lead), "超过确认归属时限3日", WatchedClock.confirm),
    Rung("sign_1", 1, (To.officer,), "超过签收时限", WatchedClock.acknowledge),
    Rung("sign_3", 3, (To.officer, To.head, To.dispatcher), "超过签收时限3日", WatchedClock.acknowledge),
    Rung("verify_1", 1, (To.verifier,), "超过核查时限", WatchedClock.verify),
    Rung("verify_5", 5, (To.verifier, To.lead), "超过核查时限5日", WatchedClock.verify),
    Rung("publish_1", 1, (To.dispatcher,), "核查通过后迟未公示", WatchedClock.publish),
    Rung("answer_0", 0, (To.officer,), "督办反馈今日到期", WatchedClock.answer),
    Rung("answer_1", 1, (To.officer, To.head, To.dispatcher), "超过督办反馈期限", WatchedClock.answer),
    Rung("answer_3", 3, (To.officer, To.head, To.dispatcher, To.lead), "超过督办反馈期限3日", WatchedClock.answer),
    Rung("close_1", 1, (To.closer,), "超过销号时限", WatchedClock.close),
    Rung("close_5", 5, (To.closer, To.lead), "超过销号时限5日", WatchedClock.close),
    Rung("duty_soon", -3, (To.officer,), "应办事项即将到期", WatchedClock.duty, is_in_workdays=True),
    Rung("duty_1", 1, (To.officer, To.head), "应办事项超期1日", WatchedClock.duty),
    Rung("duty_7", 7, (To.dispatcher, To.lead), "应办事项超期7日", WatchedClock.duty),
    Rung("law_soon", -3, (To.dispatcher,), "办理时限即将到期", WatchedClock.law, is_in_workdays=True),
    Rung("law_0", 0, (To.dispatcher, To.lead), "办理时限今日到期", WatchedClock.law),
)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """One running clock of one stream: a case, or with its place in it a duty or a limit of an act."""

    stream: str
    round: int
    watch: WatchedClock
    due_on: date

    @property
    def lap(self) -> str:
        """The name of the lap: the date that is counted from."""
        return self.due_on.isoformat()


@dataclass(frozen=True, slots=True)
class Reached:
    """The rung to tell, and the lower ones that are passed over with it."""

    watched: Watched
    rung: Rung
    passed: tuple[Rung, ...]


Given = Mapping[tuple[str, int, str], AbstractSet[str]]  # (stream, round, lap) -> codes of the rungs behind it


def reached(watched: Iterable[Watched], today: date, calendar: WorkCalendar, ladder: Iterable[Rung],
            given: Given) -> tuple[Reached, ...]:
    """For each clock the highest rung it stands on today, unless that one was given before.

    After days off or a standstill nobody climbs five rungs at once: the lower ones are passed, and never told later.
    """
    rungs: dict[WatchedClock, list[tuple[date, Rung]]] = {}
    for rung in sorted(ladder, key=lambda rung: -rung.days):
        rungs.setdefault(rung.watch, []).append((latest_due(rung, today, calendar), rung))
    found = []
    for each in watched:
        below = [rung for latest, rung in rungs.get(each.watch, ()) if each.due_on <= latest]
        if not below:
            continue
        known = given.get((each.stream, each.round, each.lap), frozenset())
        if below[0].code not in known:
            found.append(Reached(each, below[0], tuple(rung for rung in below[1:] if rung.code not in known)))
    return tuple(found)


def latest_due(rung: Rung, today: date, calendar: WorkCalendar) -> date:
    """The latest due date with which a case stands on this rung today."""
    if rung.days == 0 or not rung.is_in_workdays:
        return today - timedelta(days=rung.days)
    if rung.days < 0:
        return calendar.add_workdays(today, 1 - rung.days).on - ONE_DAY
    return calendar.add_workdays(today + ONE_DAY, -rung.days).on - ONE_DAY


def read_ladder(value: object) -> tuple[Rung, ...]:
    """The ladder as the rule book holds it: a list of {rung, word, days, unit, to}, and `is_order_due` where it is.

    Raises `Invalid` naming the rung that cannot be read.
    """
    if not isinstance(value, list | tuple):
        raise Invalid("催办阶梯应是一张表，每级写明 rung、word、days、unit、to。", field="ladder")
    return tuple(_read_rung(number, row) for number, row in enumerate(value, start=1))


def _read_rung(number: int, row: object) -> Rung:
    try:
        assert isinstance(row, Mapping)
        to = tuple(To(each) for each in row["to"])
        return Rung(str(row["rung"]), int(row["days"]), to, str(row["word"]), WatchedClock.rectify, row["unit"] == "working_day",
                    bool(row.get("is_order_due")))
    except (AssertionError, KeyError, TypeError, ValueError):
        raise Invalid(f"催办阶梯第 {number} 级无法识别。", field="ladder") from None


def read_site_ladder(value: object) -> tuple[Rung, ...]:
    """The ladder of supervised sites as the rule book holds it: rows with the clock that each looks at, all in calendar days.
    Raises `Invalid` naming the rung that cannot be read."""
    if not isinstance(value, list | tuple):
        raise Invalid("监管对象的提醒阶梯应是一张表。", field="obligation_ladder")
    found = []
    for number, row in enumerate(value, start=1):
        try:
            found.append(Rung(f"{row['clock']}_{int(row['days'])}", int(row["days"]), tuple(To(each) for each in row["to"]),
                              str(row["word"]), WatchedClock(row["clock"])))
        except (KeyError, TypeError, ValueError):
            raise Invalid(f"监管对象提醒阶梯第 {number} 级无法识别。", field="obligation_ladder") from None
    return tuple(found)


def is_quiet(at: time, hours: str) -> bool:
    """Whether no mail goes out at this time of the office day; `hours` reads 20:00-07:30."""
    first, last = (time.fromisoformat(part) for part in hours.split("-"))
    return first <= at < last if first <= last else at >= first or at < last
