"""What people read in the morning of supervised sites: the rungs that owed reports, permits and registrations have reached."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tracker.domain.cadence.ladder import Reached, Rung, To, Watched, WatchedClock, reached, read_site_ladder
from tracker.domain.house.links import Link, Place
from tracker.domain.sites.obligations import period_words
from tracker.domain.sites.registers import REGISTERS, REPORT_KINDS, SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.services.cadence.beside.acts import NOBODY_ELSE, TOLD
from tracker.services.cadence.morning_lists import MorningBoard, MorningLine
from tracker.services.house.work import wiring
from tracker.services.inspection.rhythm import sites_behind
from tracker.services.mail.audiences import Parties
from tracker.services.mail.offices import AudienceWay, each_once
from tracker.services.rules import rules, values
from tracker.storage.cadence.site_days import REPORT, SiteDay, WaitingListing, rungs_given, site_days, waiting_listings
from tracker.storage.inspection.positive import ListedLooks

WATCHES: Mapping[str, WatchedClock] = {REPORT: WatchedClock.report, SiteRegister.permit.value: WatchedClock.permit,
                                       SiteRegister.registration.value: WatchedClock.registration}
ASKED = {"admit": "申请纳入正面清单，待审批", "remove": "提出移出正面清单，待审批"}
DUE_REPORT, ENDS = "提交期限", "有效期止"


@dataclass(frozen=True)
class SiteMorning:
    """The days that come for sites, and the rungs newly reached."""

    board: MorningBoard
    days: Mapping[str, SiteDay]
    reached: tuple[Reached, ...]
    waiting: tuple[WaitingListing, ...] = ()
    behind: tuple[ListedLooks, ...] = ()

    def tell_waiting(self) -> None:
        """Every morning, until somebody decides: what is proposed of the positive list, to those who decide it."""
        for each in self.waiting:
            parties = Parties(each.unit_id, (), each.area_code, None)
            ways = self.board.offices.ways_to(list(TOLD[To.lead].find(self.board.offices, parties)))
            days = (self.board.on - wiring().clock.local(each.since_at).date()).days
            for way in each_once(ways):
                words = f"{ASKED[each.action]}，已等 {days} 天"
                self.board.put_beside(way.reader, MorningLine(each.code, words, self.board.unit_name(each.unit_id),
                                                              Link(Place.site, (each.code,))))

    def tell_behind(self) -> None:
        """Every morning, until they are looked at: the sites of the positive list that are behind, to those who send people."""
        for each in self.behind:
            parties = Parties(each.unit_id, (), each.area_code, None)
            ways = self.board.offices.ways_to(list(TOLD[To.dispatcher].find(self.board.offices, parties)))
            for way in each_once(ways):
                words = f"正面清单非现场检查落后，今年 {each.look_count} 次"
                self.board.put_beside(way.reader, MorningLine(each.code, words, self.board.unit_name(each.unit_id),
                                                              Link(Place.site, (each.code,))))

    def tell(self, each: Reached) -> None:
        """Put a rung on the lists of those it is for; whom it skipped on the way up learns of it too."""
        day = self.days[each.watched.stream]
        to = tuple(dict.fromkeys(party for rung in (each.rung, *each.passed) for party in rung.to))
        due = self.board.day_words(DUE_REPORT if day.what == REPORT else ENDS, day.due_on, is_provisional=False)
        for way in tuple(self._ways_to(day, to)) or self._ways_to(day, NOBODY_ELSE):
            self.board.put_beside(way.reader, self._line_of(day, f"{each.rung.word}（{due}）"))

    def _ways_to(self, day: SiteDay, to: Iterable[To]) -> Iterator[AudienceWay]:
        parties = Parties(day.unit_id, (), day.area_code, None)
        people = [person for each in to for person in TOLD[each].find(self.board.offices, parties)]
        yield from each_once(self.board.offices.ways_to(people))

    def _line_of(self, day: SiteDay, words: str) -> MorningLine:
        unit = self.board.unit_name(day.unit_id)
        what = (f"{period_words(day.period)}{dict(REPORT_KINDS)[day.kind]}" if day.what == REPORT
                else REGISTERS[SiteRegister(day.what)].word)
        return MorningLine(day.code, words, what + (f"｜{unit}" if unit else ""), Link(Place.site, (day.code,)))


def gather(session: Session, on: date, area_code: str, board: MorningBoard) -> SiteMorning:
    """All reading."""
    ladder = site_ladder(on)
    until = on + timedelta(days=max((-rung.days for rung in ladder), default=0))
    days = site_days(session, area_code, on, until)
    clocks = [Watched(each.stream, 1, WATCHES[each.what], each.due_on) for each in days]
    behind = rungs_given(session) if days else {}
    return SiteMorning(board, {each.stream: each for each in days}, reached(clocks, on, rules.calendar(), ladder, behind),
                       tuple(waiting_listings(session, area_code)), tuple(sites_behind(session, SiteScope((area_code,)), on)))


def site_ladder(on: date) -> tuple[Rung, ...]:
    """The rungs of sites in force on a day."""
    return read_site_ladder(values.value("obligation_ladder", on))
