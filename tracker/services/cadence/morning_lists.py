"""What stands on each person's morning list: the cases of a day sorted into sections, in one pass, the longest lists cut
short."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from tracker.domain.cadence.ladder import Reached, To, Watched, WatchedClock
from tracker.domain.cases.belonging.candidates import read_posts
from tracker.domain.cases.columns import facts_of_hands
from tracker.domain.cases.facts import CLOCK_RUNS, DUE_DATE_REMINDS, CaseFacts, CaseState, Request
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.wording import word
from tracker.domain.house.actor import Actor
from tracker.domain.house.links import Link, Place, to_case
from tracker.domain.rules.lights import LightBounds, days_overdue
from tracker.domain.rules.workdays import WorkCalendar
from tracker.services.cadence.section_chiefs import SectionChiefs
from tracker.services.mail import audiences as mailed
from tracker.services.mail.audiences import Allows, Audience, Concern, Parties
from tracker.services.mail.offices import Addressee, Offices, each_once
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.storage.cadence.reminders import OpenCase, UnitRow

S = CaseState
MOST_LINES = 40
MUST, TOLD, OVERDUE, SOON, WAITING, ORPHANED = "must", "told", "overdue", "soon", "waiting", "orphaned"
DESK, LATE = Link(Place.desk), Link(Place.register, asked=(("overdue", "1"),))
# Section -> its heading, and the register's view that holds the rest of it.
SECTIONS: Mapping[str, tuple[str, Link]] = {
    MUST: ("今日必办", DESK), TOLD: ("提醒", LATE), OVERDUE: ("超期", LATE),
    SOON: ("临期", Link(Place.register, asked=(("light", "yellow"),))),
    WAITING: ("等您办理", DESK), ORPHANED: ("无人接手", Link(Place.register, asked=(("sort", "due"),))),
}
# Whose list an overdue or nearly due case stands on.
TELL_OVERDUE = (mailed.OFFICERS, mailed.DISPATCHERS, mailed.LEADS, mailed.SPONSORS)
TELL_SOON = (mailed.OFFICERS, mailed.DISPATCHERS, mailed.SPONSORS)
ORDER_REASON = "超期{days}天未完成整改"


@dataclass(frozen=True, slots=True)
class MorningLine:
    """One case on a list: nothing of it but number, type, street, unit and date. `about` is what does not change from day to
    day."""

    number: str
    words: str
    about: str
    link: Link
    order_link: Link | None = None


@dataclass(slots=True)
class ListSection:
    """One section of one person's list: how many, and the first of them."""

    count: int = 0
    entries: list[tuple[OpenCase, str, Link | None, str]] = field(default_factory=list)
    beside: list[MorningLine] = field(default_factory=list)  # of what is no case, behind the cases

    @property
    def shown_count(self) -> int:
        """How many of them are written out."""
        return len(self.entries) + len(self.beside)


# Of whom a rung is told, by the words of the ladder; and of whom, where those whose clock it is are asked to act.
INFORMED: Mapping[To, Audience] = {
    To.officer: mailed.OFFICERS, To.head: mailed.HEADS, To.dispatcher: mailed.DISPATCHERS, To.sponsor: mailed.SPONSORS,
    To.chief: mailed.CHIEFS, To.lead: mailed.LEADS, To.supervisor: mailed.SUPERVISORS, To.verifier: mailed.VERIFIERS,
    To.closer: mailed.CLOSERS,
}
ASKED: Mapping[tuple[WatchedClock, To], Audience] = {
    (WatchedClock.assign, To.dispatcher): mailed.TO_ASSIGN, (WatchedClock.confirm, To.dispatcher): mailed.TO_CONFIRM,
    (WatchedClock.acknowledge, To.officer): mailed.TO_SIGN,
    (WatchedClock.verify, To.verifier): mailed.TO_VERIFY,
    (WatchedClock.publish, To.dispatcher): mailed.TO_PUBLISH, (WatchedClock.close, To.closer): mailed.TO_CLOSE,
    (WatchedClock.close, To.lead): mailed.LEADS_TO_CLOSE,
}
TO_ORDER: Mapping[To, Audience] = {
    each: replace(audience, name=f"{audience.name}_to_order", steps=(Steps.open_supervision.name,))
    for each, audience in INFORMED.items()}
# For whom a case waits, by the clock that runs against them, and how that is called; and where no clock runs against the
# dispatcher.
WAITS: Mapping[WatchedClock, tuple[Audience, str]] = {
    WatchedClock.assign: (mailed.TO_ASSIGN, "待交办"), WatchedClock.confirm: (mailed.TO_CONFIRM, "待确认归属"),
    WatchedClock.acknowledge: (mailed.TO_SIGN, "待签收"),
    WatchedClock.verify: (mailed.TO_VERIFY, "待核查"),
    WatchedClock.publish: (mailed.TO_PUBLISH, "待公示"), WatchedClock.close: (mailed.TO_CLOSE, "待销号"),
}
UNCLOCKED: Mapping[CaseState, Audience] = {S.registered: mailed.TO_ASSIGN, S.checking: mailed.TO_CONFIRM,
                                           S.disputed: mailed.TO_DESIGNATE}
DECIDERS: Mapping[Request, Audience] = {
    Request.return_: mailed.TO_DECIDE_RETURN, Request.extension: mailed.TO_DECIDE_EXTENSION,
    Request.phase: mailed.TO_DECIDE_PHASE,
}
NOBODY_ELSE = (mailed.DISPATCHERS, mailed.LEADS)
DUE_WORDS: Mapping[WatchedClock, str] = {
    WatchedClock.rectify: "整改时限", WatchedClock.assign: "交办时限", WatchedClock.confirm: "确认归属时限", WatchedClock.acknowledge: "签收时限",
    WatchedClock.phase: "阶段节点", WatchedClock.verify: "核查时限", WatchedClock.publish: "公示时限", WatchedClock.close: "销号时限",
    WatchedClock.answer: "督办反馈期限",
}


class MorningBoard:
    """The lists of everybody for one day, filled case by case."""

    def __init__(self, on: date, offices: Offices, bounds: LightBounds, supporting: Mapping[int, Sequence[int]],
                 types: Mapping[int, Sequence[str]], units: Mapping[int, UnitRow],
                 sections: Mapping[str, str] | None = None, chiefs: SectionChiefs | None = None) -> None:
        self.on, self.offices, self.bounds, self._units = on, offices, bounds, units
        self.calendar: WorkCalendar = rules.calendar()
        self.buckets: dict[int, dict[str, ListSection]] = defaultdict(lambda: defaultdict(ListSection))
        self.named: set[int] = set()
        self.orphan_count = 0
        self._supporting, self._types, self._names = supporting, types, categories().names
        self._gazetteer, self._sections, self._chiefs = rules.gazetteer(), sections or {}, chiefs
        self._streets: dict[str, str] = {}
        self._abouts: dict[int, str] = {}
        self._told: dict[tuple[tuple[Audience, ...], Parties | CaseFacts], tuple[Addressee, ...]] = {}

    def enter(self, case: OpenCase, waiting: Watched | None) -> None:
        """Put a case on the lists where it belongs today. `waiting` is the clock of whoever it waits for besides its unit."""
        self._enter_by_due(case)
        if case.silent_units and case.confirm_due_on is not None:
            words = self.due_words(WatchedClock.confirm, case.confirm_due_on, is_provisional=False)
            for unit in case.silent_units.split(","):
                self._remind_unit(case, int(unit), case.confirm_due_on, f"待答复是否由本单位办理，{words}")
        if case.pending is not None:
            self._add_for_readers(WAITING, case, (DECIDERS[case.pending],), f"{word(case.pending)}待审批")
        if waiting is None:
            if case.state in UNCLOCKED:
                self._add_for_readers(WAITING, case, (UNCLOCKED[case.state],), word(case.state))
        elif waiting.watch in WAITS:
            audience, said = WAITS[waiting.watch]
            words = f"{said}，{self.due_words(waiting.watch, waiting.due_on, is_provisional=False)}"
            self._add_for_readers(MUST if waiting.due_on <= self.on else WAITING, case, (audience,), words)

    def tell(self, case: OpenCase, reached: Reached) -> None:
        """Put a rung on the lists of those it is for; whom it skipped on the way up learns of it too."""
        clock, rung = reached.watched, reached.rung
        words = f"{rung.word}（{self.due_words(clock.watch, clock.due_on, is_provisional=case.is_due_provisional)}）"
        to = tuple(dict.fromkeys(each for every in (rung, *reached.passed) for each in every.to))
        order = self._order_link_of(case, clock) if rung.is_order_due else None
        may_order = {reader.id for reader in self.told(case, tuple(TO_ORDER[each] for each in to))} if order else set()
        if rung.is_order_due and not order:
            words += "，已在督办"
        readers = self.told(case, tuple(ASKED.get((clock.watch, each), INFORMED[each]) for each in to)) or self.told(
            case, NOBODY_ELSE)
        for reader in (*readers, *self._chiefs_told(case, clock, {reader.id for reader in readers})):
            self._put_entry(TOLD, case, reader, words, order if reader.id in may_order else None)

    def put_beside(self, reader: Addressee, line: MorningLine) -> None:
        """Put a rung of what is no case among what somebody is told."""
        found = self.buckets[reader.id][TOLD]
        found.count += 1
        if found.shown_count < MOST_LINES:
            found.beside.append(replace(line, words=f"{line.words}｜代{reader.for_name}") if reader.for_name else line)

    def unit_name(self, unit_id: int | None) -> str:
        """What a unit is called, "" for none."""
        found = self._units.get(unit_id or 0)
        return found.name if found is not None else ""

    def _chiefs_told(self, case: OpenCase, clock: Watched, known: Collection[int]) -> tuple[Addressee, ...]:
        """The chiefs of both sides of the section in which a case lies learn how its rectification stands."""
        section = self._sections.get(case.number) if clock.watch is WatchedClock.rectify else None
        if section is None or self._chiefs is None:
            return ()
        ways = each_once(self.offices.ways_to(self._chiefs.of(section)))
        return tuple(way.reader for way in ways if way.reader.id not in known)

    def told(self, case: OpenCase, audiences: tuple[Audience, ...]) -> tuple[Addressee, ...]:
        """Who is told of a case, remembered by what the answer depends on: for information that is little."""
        chiefs = tuple(post.person_id for post in read_posts(case.posts) if post.holds_on(self.on))
        parties = Parties(case.lead_unit_id, (), case.jurisdiction, case.sponsor_id, chief_ids=chiefs)
        key: tuple[tuple[Audience, ...], Parties | CaseFacts] = (audiences, parties)
        allows: Allows = _asks_nothing
        if any(audience.steps for audience in audiences):
            supporting = self._supporting.get(case.id, ())
            facts = facts_of_hands(case, self.on, supporting, is_noticed=case.is_notice_required)
            key, allows = (audiences, facts), partial(mailed.flow_allows, facts)
        found = self._told.get(key)
        if found is None:
            found = self._told[key] = mailed.told(self.offices, audiences, Concern(parties, allows))
        return found

    def remind(self, case: OpenCase, unit_id: int, due_on: date) -> None:
        """Put an opinion that a supporting unit owes on the lists of its officers."""
        self._remind_unit(case, unit_id, due_on, f"待提协办意见，{self.day_words('协办意见时限', due_on, is_provisional=False)}")

    def _remind_unit(self, case: OpenCase, unit_id: int, due_on: date, words: str) -> None:
        for reader in self.told(case._replace(lead_unit_id=unit_id), (mailed.OFFICERS,)):
            self._put_entry(MUST if due_on <= self.on else WAITING, case, reader, words, None)

    def orphan(self, case: OpenCase, reasons: str) -> None:
        """Put a case that lies with nobody before the dispatchers, or where there are none the leads."""
        self.orphan_count += 1
        for reader in self.told(case, (mailed.DISPATCHERS,)) or self.told(case, (mailed.LEADS,)):
            self._put_entry(ORPHANED, case, reader, f"{word(case.state)}，{reasons}", None)

    def lines(self, bucket: ListSection) -> Iterator[MorningLine]:
        """The lines of a section."""
        for case, words, order_link, for_name in bucket.entries:
            said = f"{words}｜代{for_name}" if for_name else words
            yield MorningLine(case.number, said, self._abouts.get(case.id) or self._describe_case(case), to_case(case.number),
                              order_link)
        yield from bucket.beside

    def due_words(self, watch: WatchedClock, due_on: date, *, is_provisional: bool) -> str:
        """A date as a reader counts it."""
        return self.day_words(DUE_WORDS[watch], due_on, is_provisional=is_provisional)

    def day_words(self, what: str, due_on: date, *, is_provisional: bool) -> str:
        """A date of a limit as a reader counts it."""
        day = f"{due_on.month}月{due_on.day}日" if due_on.year == self.on.year else f"{due_on.year}年{due_on.month}月{due_on.day}日"
        if is_provisional:
            day += "（暂定）"
        if due_on < self.on:
            return f"{what}{day}，已超期{days_overdue(due_on, self.on)}天"
        if due_on == self.on:
            return f"{what}今日到期"
        left = self.calendar.workdays_between(self.on, due_on) - self.calendar.is_workday(self.on)
        return f"{what}{day}，还有{left}个工作日"

    def _enter_by_due(self, case: OpenCase) -> None:
        due_on = case.due_on
        if due_on is None or due_on > self.bounds.yellow_until or case.state not in CLOCK_RUNS:
            return
        words = self.due_words(WatchedClock.rectify, due_on, is_provisional=case.is_due_provisional)
        is_due_today = due_on == self.on and case.state in DUE_DATE_REMINDS
        if due_on < self.on:
            self._add_for_readers(OVERDUE, case, TELL_OVERDUE, words)
        elif not (is_due_today and self._add_for_readers(MUST, case, (mailed.DUE_TODAY,), words)):
            self._add_for_readers(SOON, case, TELL_SOON, words)

    def _order_link_of(self, case: OpenCase, clock: Watched) -> Link | None:
        """The form of a supervision order, its reason filled in; nothing where one stands already."""
        if case.supervision_level is not None:
            return None
        reason = ORDER_REASON.format(days=days_overdue(clock.due_on, self.on))
        return Link(Place.step, (case.number, Steps.open_supervision.name), (("level", "ordinary"), ("reason", reason)))

    def _add_for_readers(self, section: str, case: OpenCase, audiences: tuple[Audience, ...], words: str) -> bool:
        """Whether there is anybody who is told."""
        readers = self.told(case, audiences)
        for reader in readers:
            self._put_entry(section, case, reader, words, None)
        return bool(readers)

    def _put_entry(self, section: str, case: OpenCase, reader: Addressee, words: str, order_link: Link | None) -> None:
        self.named.add(case.id)
        found = self.buckets[reader.id][section]
        found.count += 1
        if found.count <= MOST_LINES:  # past the cap it is only counted
            found.entries.append((case, words, order_link, reader.for_name))

    def _describe_case(self, case: OpenCase) -> str:
        """Type, street and unit of a case."""
        code = (case.area_code or case.jurisdiction)[:9]
        if code not in self._streets:
            area = self._gazetteer.area(code)
            self._streets[code] = area.name if area is not None else "区划不详"
        kind = "、".join(self._names.get(each, each) for each in self._types.get(case.id, ())) or "未分类"
        unit = self._units.get(case.lead_unit_id or 0)
        found = self._abouts[case.id] = f"{kind}｜{self._streets[code]}｜{f'主办：{unit.name}' if unit is not None else '未交办'}"
        return found


def _asks_nothing(audience: Audience, actor: Actor) -> bool:
    return True
