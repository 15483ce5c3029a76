"""What stands on each person's morning list: the cases of a day sorted into sections, in one pass, the longest lists cut
short."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from tracker.domain.cadence.ladder import Reached, To, Watched, WatchedClock
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.wording import CATEGORIES, word
from tracker.domain.rules.lights import LightBounds
from tracker.domain.rules.workdays import WorkCalendar
from tracker.services.cadence.ladder import RECTIFYING, RUNNING
from tracker.services.mail.audiences import NOBODY_BARRED, Addressee, Barred, Offices
from tracker.services.rules import rules
from tracker.storage.cadence.reminders import OpenCase

S = CaseState
MOST_LINES = 40
MUST, TOLD, OVERDUE, SOON, WAITING, ORPHANED = "must", "told", "overdue", "soon", "waiting", "orphaned"
# Section -> its heading, and the register's view that holds the rest of it.
SECTIONS: Mapping[str, tuple[str, str]] = {
    MUST: ("今日必办", "/"), TOLD: ("提醒", "/cases?overdue=1"), OVERDUE: ("超期", "/cases?overdue=1"),
    SOON: ("临期", "/cases?light=yellow"),
    WAITING: ("等您办理", "/"), ORPHANED: ("无人接手", "/cases?sort=due"),
}
# Whose list an overdue or nearly due case stands on.
TELL_OVERDUE, TELL_SOON = (To.officer, To.dispatcher, To.lead, To.sponsor), (To.officer, To.dispatcher, To.sponsor)
DECIDERS = frozenset({To.dispatcher, To.lead, To.sponsor, To.supervisor})
ORDER_REASON = "超期{days}天未完成整改"


@dataclass(frozen=True, slots=True)
class MorningLine:
    """One case on a list: nothing of it but number, type, street, unit and date. `about` is what does not change from day to
    day."""

    number: str
    words: str
    about: str
    path: str
    order_path: str = ""


@dataclass(slots=True)
class ListSection:
    """One section of one person's list: how many, and the first of them."""

    count: int = 0
    entries: list[tuple[OpenCase, str, str, str]] = field(default_factory=list)

    def add(self, case: OpenCase, words: str, order_path: str, for_name: str) -> None:
        """One more; past the cap it is only counted."""
        self.count += 1
        if len(self.entries) < MOST_LINES:
            self.entries.append((case, words, order_path, for_name))


def submitters(case: OpenCase) -> frozenset[int]:
    """Who submitted, and for whom."""
    return frozenset(person for person in (case.submitted_by_id, case.submitted_for_id) if person is not None)


def verifiers(case: OpenCase) -> frozenset[int]:
    """Who verified, and for whom."""
    return frozenset(person for person in (case.verified_by_id, case.verified_for_id) if person is not None)


# For whom a case waits, by the clock that runs against them, and how that is called; and where no clock runs against the
# dispatcher.
WAITS: Mapping[WatchedClock, tuple[tuple[To, ...], str]] = {
    WatchedClock.acknowledge: ((To.officer,), "待签收"), WatchedClock.verify: ((To.verifier,), "待核查"),
    WatchedClock.publish: ((To.dispatcher,), "待公示"),
    WatchedClock.close: ((To.closer,), "待销号"),
}
UNCLOCKED = frozenset({S.registered, S.disputed})
DUE_WORDS: Mapping[WatchedClock, str] = {
    WatchedClock.rectify: "整改时限", WatchedClock.acknowledge: "签收时限", WatchedClock.phase: "阶段节点", WatchedClock.verify: "核查时限",
    WatchedClock.publish: "公示时限", WatchedClock.close: "销号时限",
}
NOBODY_ELSE = (To.dispatcher, To.lead)


class MorningBoard:
    """The lists of everybody for one day, filled case by case."""

    def __init__(self, on: date, offices: Offices, bounds: LightBounds, supporting: Mapping[int, Sequence[int]],
                 types: Mapping[int, Sequence[str]]) -> None:
        self.on, self.offices, self.bounds = on, offices, bounds
        self.calendar: WorkCalendar = rules.calendar()
        self.buckets: dict[int, dict[str, ListSection]] = defaultdict(lambda: defaultdict(ListSection))
        self.named: set[int] = set()
        self.orphan_count = 0
        self._supporting, self._types = supporting, types
        self._gazetteer = rules.gazetteer()
        self._streets: dict[str, str] = {}
        self._abouts: dict[int, str] = {}

    def enter(self, case: OpenCase, waiting: Watched | None) -> None:
        """Put a case on the lists where it belongs today. `waiting` is the clock of whoever it waits for besides its unit."""
        self._enter_by_due(case)
        if case.pending is not None:
            barred = Barred(frozenset(person for person in (case.pending_by_id, case.pending_for_id) if person is not None))
            self._add_for_readers(WAITING, case, (To.dispatcher,), f"{word(case.pending)}待审批", barred)
        if waiting is None:
            if case.state in UNCLOCKED:
                self._add_for_readers(WAITING, case, (To.dispatcher,), word(case.state))
        elif waiting.watch in WAITS:
            to, said = WAITS[waiting.watch]
            words = f"{said}，{self.due_words(waiting.watch, waiting.due_on, is_provisional=False)}"
            self._add_for_readers(MUST if waiting.due_on <= self.on else WAITING, case, to, words,
                                  self.barred(case, waiting.watch))

    def tell(self, case: OpenCase, reached: Reached) -> None:
        """Put a rung on the lists of those it is for; whom it skipped on the way up learns of it too."""
        clock, rung = reached.watched, reached.rung
        words = f"{rung.word}（{self.due_words(clock.watch, clock.due_on, is_provisional=case.is_due_provisional)}）"
        to = tuple(dict.fromkeys(each for every in (rung, *reached.passed) for each in every.to))
        readers = self.offices.readers(case, to, self.barred(case, clock.watch))
        order = self._order_path_of(case, clock) if rung.is_order_due else ""
        deciders = tuple(each for each in to if each in DECIDERS)
        may_order = {reader.id for reader in self.offices.readers(case, deciders)} if order else set()
        if rung.is_order_due and not order:
            words += "，已在督办"
        for reader in readers or self.offices.readers(case, NOBODY_ELSE):
            self._put_entry(TOLD, case, reader, words, order if reader.id in may_order else "")

    def orphan(self, case: OpenCase, reasons: str) -> None:
        """Put a case that lies with nobody before the dispatchers, or where there are none the leads."""
        self.orphan_count += 1
        readers = self.offices.readers(case, (To.dispatcher,)) or self.offices.readers(case, (To.lead,))
        for reader in readers:
            self._put_entry(ORPHANED, case, reader, f"{word(case.state)}，{reasons}", "")

    def lines(self, bucket: ListSection) -> Iterator[MorningLine]:
        """The lines of a section."""
        for case, words, order_path, for_name in bucket.entries:
            said = f"{words}｜代{for_name}" if for_name else words
            yield MorningLine(case.number, said, self._abouts.get(case.id) or self._describe_case(case), f"/cases/{case.number}",
                              order_path)

    def barred(self, case: OpenCase, watch: WatchedClock | None) -> Barred:
        """Who must not do what the case waits for: one person does not rectify, verify and close."""
        if watch is WatchedClock.verify:
            units = (case.lead_unit_id, case.submitted_unit_id, *self._supporting.get(case.id, ()))
            return Barred(submitters(case), frozenset(unit for unit in units if unit is not None))
        return Barred(submitters(case) | verifiers(case)) if watch is WatchedClock.close else NOBODY_BARRED

    def due_words(self, watch: WatchedClock, due_on: date, *, is_provisional: bool) -> str:
        """A date as a reader counts it."""
        day = f"{due_on.month}月{due_on.day}日" if due_on.year == self.on.year else f"{due_on.year}年{due_on.month}月{due_on.day}日"
        if is_provisional:
            day += "（暂定）"
        if due_on < self.on:
            return f"{DUE_WORDS[watch]}{day}，已超期{(self.on - due_on).days}天"
        if due_on == self.on:
            return f"{DUE_WORDS[watch]}今日到期"
        left = self.calendar.workdays_between(self.on, due_on) - self.calendar.is_workday(self.on)
        return f"{DUE_WORDS[watch]}{day}，还有{left}个工作日"

    def _enter_by_due(self, case: OpenCase) -> None:
        due_on = case.due_on
        if due_on is None or due_on > self.bounds.yellow_until or case.state not in RUNNING:
            return
        words = self.due_words(WatchedClock.rectify, due_on, is_provisional=case.is_due_provisional)
        if due_on < self.on:
            self._add_for_readers(OVERDUE, case, TELL_OVERDUE, words)
        elif due_on == self.on and case.state in RECTIFYING:
            self._add_for_readers(MUST, case, (To.officer,), words)
        else:
            self._add_for_readers(SOON, case, TELL_SOON, words)

    def _order_path_of(self, case: OpenCase, clock: Watched) -> str:
        """The form of a supervision order, its reason filled in; nothing where one stands already."""
        if case.supervision_level is not None:
            return ""
        reason = quote(ORDER_REASON.format(days=(self.on - clock.due_on).days))
        return f"/cases/{case.number}/steps/open_supervision?level=ordinary&reason={reason}"

    def _add_for_readers(self, section: str, case: OpenCase, to: tuple[To, ...], words: str,
                         barred: Barred = NOBODY_BARRED) -> None:
        for reader in self.offices.readers(case, to, barred):
            self._put_entry(section, case, reader, words, "")

    def _put_entry(self, section: str, case: OpenCase, reader: Addressee, words: str, order_path: str) -> None:
        self.named.add(case.id)
        self.buckets[reader.id][section].add(case, words, order_path, reader.for_name)

    def _describe_case(self, case: OpenCase) -> str:
        """Type, street and unit of a case."""
        code = (case.area_code or case.jurisdiction)[:9]
        if code not in self._streets:
            area = self._gazetteer.area(code)
            self._streets[code] = area.name if area is not None else "区划不详"
        kind = "、".join(CATEGORIES.get(each, each) for each in self._types.get(case.id, ())) or "未分类"
        unit = self.offices.units.get(case.lead_unit_id or 0)
        found = self._abouts[case.id] = f"{kind}｜{self._streets[code]}｜{f'主办：{unit.name}' if unit is not None else '未交办'}"
        return found


