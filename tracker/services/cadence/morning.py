"""日巡查·晨间清单: one mail for each person, with what must be done today, the rungs newly reached, what is late, soon late or waiting.

Officers and verifiers hear from it when there is something for them; dispatchers and leads always, for silence must not mean
that nothing is wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.domain.cadence.beats import Beat, beat_named, lateness
from tracker.domain.cadence.ladder import Reached, Watched, is_quiet
from tracker.domain.cases.wording import WEEKDAYS
from tracker.domain.house.actor import Role
from tracker.domain.house.say import Say
from tracker.domain.rules.periods import Period, period_of
from tracker.services.cadence import ladder
from tracker.services.cadence.beside import acts as acts_beside
from tracker.services.cadence.beside import patrols
from tracker.services.cadence.beside import sites as sites_beside
from tracker.services.cadence.beside.acts import ActMorning
from tracker.services.cadence.beside.sections import SideSection, by_person
from tracker.services.cadence.beside.sites import SiteMorning
from tracker.services.cadence.composing import Composed, ForeseenMail
from tracker.services.cadence.gaps import MOST_SAID, books, overdue
from tracker.services.cadence.ladder import Watcher
from tracker.services.cadence.morning_lists import SECTIONS, ListSection, MorningBoard
from tracker.services.cadence.orphans import orphans
from tracker.services.cadence.section_chiefs import SectionChiefs
from tracker.services.house.work import Work, reading, wiring
from tracker.services.mail.letters import Letter
from tracker.services.mail.offices import offices
from tracker.services.rules import rules, values
from tracker.services.rules.calendar import alarm
from tracker.storage.cadence import owed, reminders
from tracker.storage.cadence.reminders import OpenCase
from tracker.storage.territory.chiefs import posts_on

ID = "daily-morning"
ALWAYS = (Role.dispatcher, Role.lead)
EMPTY = "今日无待办、无临期、无超期。"


@dataclass(frozen=True)
class MorningInputs:
    """Everything that the lists of one day rest on, read before the transaction opens."""

    board: MorningBoard
    cases: Mapping[str, OpenCase]  # by stream
    reached: tuple[Reached, ...]  # of cases, of acts and of sites
    acts: ActMorning
    sites: SiteMorning
    beside: Mapping[int, Sequence[SideSection]] = field(default_factory=dict)  # what stands behind the cases, by person


@dataclass(frozen=True)
class Prepared:
    """A morning as it was gathered. `silence` says why no mail goes out, and is empty when mails do."""

    cadence: Beat
    period: Period
    area_code: str
    at: datetime
    silence: str = ""
    alarms: tuple[str, ...] = ()
    found: MorningInputs | None = None


def prepare(cadence: Beat, period: Period, area_code: str, *, is_told: bool = True) -> Prepared:
    """Gather one morning. A day that is over, a day off and the quiet hours are recorded and mail nothing: what is due is told on
    the next working morning, the highest rung once."""
    at = wiring().clock.now()
    asked = Prepared(cadence, period, area_code, at)
    silence = _silence_reason(period.first, at, area_code)
    if silence:
        return replace(asked, silence=silence)
    return replace(asked, alarms=tuple(_morning_alarms(cadence, period)), found=_gather_inputs(period.first, area_code))


def commit(work: Work, prepared: Prepared, record_id: int | None) -> Composed:
    """Write the rungs that were reached and hand back the letters; a rung that another run told is left out of them."""
    if prepared.found is None:
        return Composed(outcome=prepared.silence)
    fresh = ladder.write(work, prepared.found.reached, prepared.period.first)
    letters = tuple(_morning_letters(prepared, fresh, record_id))
    board = prepared.found.board
    passed = sum(len(each.passed) for each in prepared.found.reached if _reminder_key(each) in fresh)
    outcome = Say("发信 {mails} 封，涉及 {cases} 件；新到提醒 {rungs} 项，越过 {passed} 级；无人接手 {orphans} 件", mails=len(letters),
                  cases=len(board.named), rungs=len(fresh), passed=passed, orphans=board.orphan_count)
    return Composed(letters, len(board.named), None, outcome)


def foresee(cadence: Beat, period: Period, area_code: str) -> ForeseenMail:
    """How many lists would go out now. Writes nothing."""
    silence = _silence_reason(period.first, wiring().clock.now(), area_code)
    return ForeseenMail(silence=silence) if silence else ForeseenMail(len(preview(period.first, area_code)))


def preview(on: date, area_code: str | None = None) -> tuple[Letter, ...]:
    """The letters of a day as they would go out if nothing happened until then; none on a day off. Writes nothing."""
    cadence, period = beat_named(ID), period_of(beat_named(ID).kind, on)
    area = area_code or wiring().home_area
    if not rules.calendar(area).is_workday(on):
        return ()
    due_at = cadence.due_at(period, rules.calendar(area), wiring().zone)
    found = _gather_inputs(on, area)
    prepared = Prepared(cadence, period, area, due_at, alarms=tuple(_morning_alarms(cadence, period)), found=found)
    return tuple(_morning_letters(prepared, {_reminder_key(each) for each in found.reached}, None))


def _silence_reason(on: date, at: datetime, area_code: str) -> str:
    """Why no mail goes out for this day at this moment; empty when it does. A part of the district gets no second mail of its
    own."""
    own, calendar = wiring(), rules.calendar(area_code)
    local = own.clock.local(at)
    if any(area_code != whole and area_code.startswith(whole) for whole in books().areas):
        return "晨间清单全区每人一封，分区不另发"
    if on != local.date():
        return Say("{on} 已过，不补发当日清单；未完事项并入之后的清单", on=on)
    if not calendar.is_workday(on):
        return Say("{on} 为休息日，不发信；提醒顺延到 {to}", on=on, to=calendar.next_workday(on))
    if is_quiet(local.time(), ladder.quiet_hours(on)):
        return Say("{at:%H:%M} 在免打扰时段，不发信；提醒顺延到 {to}", at=local, to=calendar.next_workday(on))
    return ""


def _gather_inputs(on: date, area_code: str) -> MorningInputs:
    """All reading: as many statements for one case as for a hundred thousand."""
    session = reading()
    cases, watcher = reminders.open_cases(session, area_code), Watcher()
    among = offices(on)
    chiefs = SectionChiefs(posts_on(session, on), among)
    board = MorningBoard(on, among, values.light_bounds(on), reminders.supporting_units(session, area_code),
                         reminders.types(session, area_code), reminders.units(session),
                         owed.sections_of_cases(session, area_code) if chiefs else {}, chiefs)
    clocks: list[Watched] = []
    for case in cases:
        waiting = watcher.waiting(case)
        board.enter(case, waiting)
        clocks += watcher.of(case, waiting)
    by_id = {case.id: case for case in cases}
    for case_id, unit_id, due_on in reminders.awaited_replies(session, area_code):
        board.remind(by_id[case_id], unit_id, due_on)
    for case, reasons in orphans(cases, board.offices):
        board.orphan(case, reasons)
    acts = acts_beside.gather(session, on, area_code, board, chiefs)
    sites = sites_beside.gather(session, on, area_code, board)
    told = (*ladder.reached_now(clocks, on, reminders.given(session, area_code)), *acts.reached, *sites.reached)
    return MorningInputs(board, {case.stream: case for case in cases}, told, acts, sites,
                         _gather_beside(session, on, area_code, acts))


def _gather_beside(session: Session, on: date, area_code: str, acts: ActMorning) -> Mapping[int, Sequence[SideSection]]:
    """What stands on the lists besides the cases: what is owed, the patrols of section chiefs, the cases of their sections."""
    chiefs, among = acts.chiefs, acts.board.offices
    sections = patrols.sections_of(session, on, area_code, chiefs)
    return by_person(acts.lists(), patrols.owed_by_chiefs(session, on, sections, chiefs, among),
                     patrols.cases_for_chiefs(session, on, area_code, sections, chiefs, among))


def _morning_letters(prepared: Prepared, fresh: set[tuple[str, str]], record_id: int | None) -> Iterator[Letter]:
    """One letter for each person who has something on their list, or is told in any case."""
    found, period = prepared.found, prepared.period
    assert found is not None
    board = found.board
    for each in sorted(found.reached, key=lambda each: (-each.rung.days, each.watched.due_on, each.watched.stream)):
        if _reminder_key(each) in fresh:
            case = found.cases.get(each.watched.stream)
            if case is not None:
                board.tell(case, each)
            else:
                (found.sites if each.watched.stream in found.sites.days else found.acts).tell(each)
    found.sites.tell_waiting()
    found.sites.tell_behind()
    always = [person for person in board.offices.holding(ALWAYS, prepared.area_code) if person in board.offices.reachable]
    head = _letter_head(prepared)
    for person in sorted({*board.buckets, *always, *found.beside}):
        key = f"cadence/{prepared.cadence.id}/{period.key}/{prepared.area_code}/person:{person}"
        yield Letter(person, "morning", key, {**head, **_letter_body(
            board, board.buckets.get(person, {}), found.beside.get(person, ()))}, record_id)


def _letter_head(prepared: Prepared) -> dict[str, object]:
    """What stands on every letter of the morning."""
    cadence, on, own = prepared.cadence, prepared.period.first, wiring()
    due_at = cadence.due_at(prepared.period, rules.calendar(prepared.area_code), own.zone)
    return {"day": f"{on.month}月{on.day}日 星期{WEEKDAYS[on.weekday()]}",
            "late": lateness(due_at, prepared.at, cadence.grace_minutes, own.zone),
            "alarms": prepared.alarms, "empty": EMPTY}


def _letter_body(board: MorningBoard, buckets: Mapping[str, ListSection], beside: Sequence[SideSection]) -> dict[str, object]:
    """The sections of one list, in the order of the table, and what stands behind them; what is empty is left out."""
    sections = [
        {"title": title, "count": buckets[name].count, "lines": tuple(board.lines(buckets[name])),
         "more": buckets[name].count - buckets[name].shown_count, "link": link}
        for name, (title, link) in SECTIONS.items() if name in buckets and buckets[name].count
    ] + [section.told() for section in beside]
    return {"sections": sections, "summary": "，".join(f"{section['title']} {section['count']} 件" for section in sections)}


def _morning_alarms(cadence: Beat, period: Period) -> Iterator[str]:
    """What a reader must know before the list: other beats that are missing, and a calendar that is."""
    on = period.first
    late = [gap
            for gap in overdue(wiring().clock.now()) if (gap.beat.cadence.id, gap.beat.period.key) != (cadence.id, period.key)]
    yield from (gap.sentence for gap in late[:MOST_SAID])
    if len(late) > MOST_SAID:
        yield f"另有 {len(late) - MOST_SAID} 项调度尚未完成"
    if (sentence := alarm(on)) is not None:
        yield sentence


def _reminder_key(each: Reached) -> tuple[str, str]:
    return each.watched.stream, each.rung.code
