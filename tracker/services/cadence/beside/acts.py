"""What people read in the morning of what is owed beside the cases: duties of acts and the limits that run on them, by their
light, and the rungs that these have newly reached."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import ActSight, DutyKind
from tracker.domain.acts.wording import DUTY_KINDS
from tracker.domain.cadence.ladder import Reached, To, Watched, WatchedClock
from tracker.domain.coordination.patrols.periods import section_and_tier
from tracker.domain.house.actor import Role
from tracker.domain.house.links import Link, Place, to_act
from tracker.domain.rules.limits import STAGE_WORDS, Stage
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access
from tracker.services.cadence import ladder
from tracker.services.cadence.beside.sections import SideSection
from tracker.services.cadence.morning_lists import MorningBoard, MorningLine
from tracker.services.cadence.section_chiefs import SectionChiefs
from tracker.services.mail import audiences as mailed
from tracker.services.mail.audiences import Parties, Party
from tracker.services.mail.offices import AudienceWay, Offices, each_once
from tracker.storage.cadence import owed
from tracker.storage.cadence.owed import OwedByAct

TITLE, ACTS = "应办事项", Link(Place.acts)
DUE_DUTY = "完成期限"
# Whom a rung of an act is told, by the words of the ladder. A new role has its line here.
TOLD: Mapping[To, Party] = {To.officer: mailed.OFFICER, To.head: mailed.HEAD, To.dispatcher: mailed.DISPATCHER,
                            To.lead: mailed.LEAD}
# On whose list a thing stands while it is late, and while it is soon due.
LATE: Mapping[WatchedClock, tuple[To, ...]] = {WatchedClock.duty: (To.officer, To.dispatcher, To.lead),
                                               WatchedClock.law: (To.dispatcher, To.lead)}
SOON: Mapping[WatchedClock, tuple[To, ...]] = {WatchedClock.duty: (To.officer,), WatchedClock.law: (To.dispatcher,)}
ENFORCER, PRINCIPAL = mailed.holders(Role.enforcer), mailed.holders(Role.principal)
ENFORCED: Mapping[To, tuple[Party, ...]] = {To.dispatcher: (ENFORCER, PRINCIPAL), To.lead: (PRINCIPAL,)}
# Who besides learns of a limit of enforcement: who works on it, who heads the office, who looks at a card again.
ASKED_BY_STAGE: Mapping[Stage, Mapping[To, tuple[Party, ...]]] = {
    **dict.fromkeys((Stage.decide, Stage.serve, Stage.pay, Stage.publish, Stage.unpublish, Stage.approve_referral,
                     Stage.send_advised, Stage.object_referral, Stage.hand_over_goods), ENFORCED),
    Stage.recheck_card: {To.dispatcher: (mailed.VERIFIER,)},
}
NOBODY_ELSE = (To.dispatcher, To.lead)


@dataclass(frozen=True)
class ActMorning:
    """What is owed beside the cases on one day, and the rungs newly reached."""

    board: MorningBoard
    chiefs: SectionChiefs
    owed: Mapping[str, OwedByAct]
    reached: tuple[Reached, ...]
    _seen: dict[tuple[int, int], bool] = field(default_factory=dict)
    session: Session | None = None
    of_police: tuple[OwedByAct, ...] = ()

    def tell(self, each: Reached) -> None:
        """Put a rung on the lists of those it is for; whom it skipped on the way up learns of it too."""
        thing = self.owed[each.watched.stream]
        to = tuple(dict.fromkeys(party for rung in (each.rung, *each.passed) for party in rung.to))
        words = f"{each.rung.word}（{self._due_words(thing)}）"
        for way in tuple(self._ways_to(thing, to)) or self._ways_to(thing, NOBODY_ELSE):
            self.board.put_beside(way.reader, self._line_of(thing, words))

    def lists(self) -> Mapping[int, SideSection]:
        """What is late or soon due, by person. Patrols have a section of their own."""
        found: dict[int, SideSection] = {}
        for thing in self.owed.values():
            if thing.sort == DutyKind.patrol or thing.due_on > self.board.bounds.yellow_until:
                continue
            to = (LATE if thing.due_on < self.board.on else SOON)[_watch_of(thing)]
            for way in self._ways_to(thing, to):
                said = self._due_words(thing)
                line = self._line_of(thing, f"{said}｜代{way.reader.for_name}" if way.reader.for_name else said)
                found.setdefault(way.reader.id, SideSection(TITLE, ACTS)).lines.append(line)
        for thing in self.of_police:
            for way in self._ways_among(thing, ENFORCER.find(self.board.offices, Parties(None, (), thing.area_code, None))):
                line = self._line_of(thing, f"公安机关时限{_day_words(thing.due_on)}已过，请询问办理情况")
                found.setdefault(way.reader.id, SideSection(TITLE, ACTS)).lines.append(line)
        return found

    def _ways_to(self, thing: OwedByAct, to: Iterable[To]) -> Iterator[AudienceWay]:
        """Each who is told once, but who may not open the act."""
        people = [person for each in to for person in _people_of(thing, each, self.board.offices, self.chiefs)]
        yield from self._ways_among(thing, people)

    def _ways_among(self, thing: OwedByAct, people: Iterable[int]) -> Iterator[AudienceWay]:
        for way in each_once(self.board.offices.ways_to(list(people))):
            if thing.sight is ActSight.area or self._may_open(way, thing):
                yield way

    def _may_open(self, way: AudienceWay, thing: OwedByAct) -> bool:
        key = (way.reader.id, thing.act_id)
        if key not in self._seen:
            assert self.session is not None
            self._seen[key] = bool(owed.readable_among(self.session, access.scope_of(way.actor), {thing.act_id}))
        return self._seen[key]

    def _line_of(self, thing: OwedByAct, words: str) -> MorningLine:
        unit = self.board.unit_name(thing.unit_id)
        about = f"{ACT_FLOWS[thing.kind].word}｜{_what_said(thing)}" + (f"｜{unit}" if unit else "")
        link = Link(Place.section, (_section_owed(thing)[0],)) if thing.sort == DutyKind.patrol else to_act(thing.number)
        return MorningLine(thing.number, words, about, link)

    def _due_words(self, thing: OwedByAct) -> str:
        what = DUE_DUTY if thing.stage is None else f"{STAGE_WORDS[Stage(thing.stage)]}时限"
        return self.board.day_words(what, thing.due_on, is_provisional=thing.is_provisional)


def gather(session: Session, on: date, area_code: str, board: MorningBoard, chiefs: SectionChiefs) -> ActMorning:
    """All reading: as many statements for one act as for a hundred thousand."""
    until = max(board.bounds.yellow_until, ladder.farthest_due(on))
    things = [*owed.owed_duties(session, area_code, on, until), *owed.running_limits(session, area_code, until)]
    clocks = [Watched(each.stream, each.round, _watch_of(each), each.due_on) for each in things]
    behind = owed.given(session, area_code) if things else {}
    return ActMorning(board, chiefs, {each.stream: each for each in things}, ladder.reached_now(clocks, on, behind),
                      session=session, of_police=tuple(owed.police_limits(session, area_code, on)))


def _day_words(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _watch_of(thing: OwedByAct) -> WatchedClock:
    return WatchedClock.duty if thing.stage is None else WatchedClock.law


def _what_said(thing: OwedByAct) -> str:
    if thing.stage is not None:
        return STAGE_WORDS[Stage(thing.stage)]
    if thing.sort == DutyKind.patrol:
        return f"{_section_owed(thing)[0]} {DUTY_KINDS[DutyKind.patrol]}"
    return f"第 {thing.position} 项 {DUTY_KINDS[DutyKind(str(thing.sort))]}"


def _section_owed(thing: OwedByAct) -> tuple[str, int]:
    return section_and_tier(str(thing.subject))


def _people_of(thing: OwedByAct, to: To, among: Offices, chiefs: SectionChiefs) -> Iterator[int]:
    """Of a joint patrol both sides' chiefs, and the heads of both."""
    if thing.sort == DutyKind.patrol and to in (To.officer, To.head) and (posts := chiefs.posts(*_section_owed(thing))):
        for post in posts:
            yield from chiefs.people_of(post) if to is To.officer else among.nearest_heads(post.unit_id, thing.area_code)
        return
    for party in ASKED_BY_STAGE.get(Stage(thing.stage), {}).get(to, ()) if thing.stage else ():
        yield from party.find(among, Parties(thing.unit_id, (), thing.area_code, None))
    yield from TOLD[to].find(among, Parties(thing.unit_id, (), thing.area_code, None))
