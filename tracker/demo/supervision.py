"""The supervision of the demo's time: each beat made by the product's own composers as its moment comes, every evening's seal,
and of the last working days the mails as their readers would have got them."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from tracker.demo.sentences import APPEALS, CIRCULAR_WORDS, DECISIONS
from tracker.demo.walk import Year
from tracker.domain.cadence.beats import BEATS, Beat, due_periods
from tracker.domain.house.actor import Actor, Role
from tracker.domain.reports.kinds import kind_of
from tracker.domain.rules.periods import Period, PeriodKind
from tracker.services.cadence import beats, sign_offs
from tracker.services.cadence.gaps import books, hush_until, open_books
from tracker.services.house.work import Wiring
from tracker.services.mail import outbox
from tracker.services.reports import appeals, circulars
from tracker.services.reports.jobs import overdue
from tracker.services.upkeep import head_alarm, seals

Moment = tuple[datetime, int, Callable[[], object]]
MAILED_WORKDAYS = 3
SEALED_AT, AFTER_THE_STEPS = time(23, 50), timedelta(minutes=1)
OUTAGE, LATE_BY, WEEKS_SINCE = PeriodKind.week, timedelta(hours=2, minutes=10), 4  # one afternoon on which the clock stood
SIGNED = {PeriodKind.week: timedelta(hours=1), PeriodKind.month: timedelta(hours=2)}  # how soon a lead has read it
APPEAL_AFTER, DECISION_AFTER = 2, 6  # working days after the appraisal
SIGNED_AFTER, CLOCK_AFTER, UNSIGNED = 1, 3, 7  # working days after the circular was composed; which one nobody signs


def _issue_unsigned(on: date) -> None:
    """As the clock does, within the work that loads the demo."""
    for report_id in overdue(on):
        circulars.issue_unsigned(report_id, on)


class Supervision:
    """What the clock does beside the cases, in the order of time."""

    def __init__(self, year: Year, own: Wiring, loud: Wiring) -> None:
        """`own` is the wiring of the demo's time: it is silent until the mailed days begin, and tells as `loud` does from then
        on."""
        self.year, self._own, self._loud = year, own, loud
        self._zone, self._appraisals, self._circulars = year.clock.zone, 0, 0
        self._end = datetime.combine(year.until, time(), self._zone)
        self.mailed_from = datetime.combine(year.calendar.add_workdays(year.until, -MAILED_WORKDAYS).on, time(), self._zone)
        self._waiting: list[Moment] = []
        self._taken, self._newest_appraisal = 0, datetime.combine(year.first, time(), self._zone)

    def begin(self) -> None:
        """Open the books as the time begins; what falls due before the mailed days is told to nobody."""
        pairs = list(books().pairs())
        open_books([f"{beat.id}/{area}" for beat, area in pairs], self.year.clock.now())
        hush_until({(beat.id, area): self.mailed_from for beat, area in pairs})
        for beat in BEATS:
            self._plan_beats(beat)
        for n in range((self.year.until - self.year.first).days):
            day = self.year.first + timedelta(days=n)
            self._plan_deed(datetime.combine(day, SEALED_AT, self._zone), partial(_seal_day, day))
        self._plan_deed(self.mailed_from, self._let_mails_go)

    def catch_up(self, moment: datetime) -> None:
        """Everything that is due by then, each at its own moment."""
        while self._waiting and self._waiting[0][0] < moment:
            at, _, deed = heapq.heappop(self._waiting)
            self.year.clock.move_to(max(at, self.year.clock.now()))
            deed()
            self.send()

    def send(self) -> None:
        """Let go of what waits in the outbox, once mails are sent."""
        if self._own.tell is not None:
            outbox.send_due()

    def _let_mails_go(self) -> None:
        self._own.tell, self._own.post = self._loud.tell, self._loud.post

    def _plan_deed(self, moment: datetime, deed: Callable[[], object]) -> None:
        if moment < self._end:
            self._taken += 1
            heapq.heappush(self._waiting, (moment, self._taken, deed))

    # --- beats --------------------------------------------------------------------------------------------------------

    def _plan_beats(self, beat: Beat) -> None:
        periods, kind = list(due_periods(beat, self.year.clock.now(), self._end, self.year.calendar,
                                         self._zone)), kind_of(beat.report)
        for period in periods:
            at = beat.due_at(period, self.year.calendar, self._zone) + AFTER_THE_STEPS
            if kind is not None and kind.is_open_to_appeal:
                self._newest_appraisal = max(self._newest_appraisal, at)
            is_late = beat.kind is OUTAGE and period is periods[-min(WEEKS_SINCE, len(periods))]
            self._plan_deed(at + LATE_BY if is_late else at,
                            partial(self._make_beat, beat, period, is_newest=period is periods[-1]))

    def _make_beat(self, beat: Beat, period: Period, *, is_newest: bool) -> None:
        for area in books().areas:
            beats.run(beat.id, period.key, area)
        now, kind = self.year.clock.now(), kind_of(beat.report)
        if beat.kind in SIGNED and not is_newest:
            self._plan_deed(now + SIGNED[beat.kind], partial(self._sign_beat, beat, period))
        if kind is not None and kind.is_signed:
            self._plan_circular(beat, period)
        if kind is not None and kind.is_open_to_appeal:
            self._plan_deed(self._workdays_after(now, APPEAL_AFTER), partial(self._raise_appeal, beat, period,
                                                                             is_left=now >= self._newest_appraisal))

    def _sign_beat(self, beat: Beat, period: Period) -> None:
        sign_offs.sign(self._a_lead(), beat.id, period.key, self._own.home_area)

    # --- circulars ------------------------------------------------------------------------------------------------------

    def _plan_circular(self, beat: Beat, period: Period) -> None:
        """A dispatcher adds a sentence and a lead signs on the next working day; once nobody does, and the clock issues it."""
        now = self.year.clock.now()
        if self._circulars == UNSIGNED:
            late = self._workdays_after(now, CLOCK_AFTER)
            self._plan_deed(late, partial(_issue_unsigned, late.date()))
        else:
            self._plan_deed(self._workdays_after(now, SIGNED_AFTER), partial(self._sign_circular, beat, period, self._circulars))
        self._circulars += 1

    def _sign_circular(self, beat: Beat, period: Period, turn: int) -> None:
        dispatcher = self.year.cast.holding(Role.dispatcher)[0]
        paper = circulars.paper_for(dispatcher, beat.report, period.key)
        last = paper.blocks[-1]
        if turn % 2 == 0:
            more = CIRCULAR_WORDS[turn // 2 % len(CIRCULAR_WORDS)]
            circulars.edit(dispatcher, paper, {last.key: f"{last.text}{more}"}, paper.seq)
        lead = self._a_lead()
        paper = circulars.paper_for(lead, beat.report, period.key)
        circulars.sign(lead, paper, paper.seq)

    # --- appeals ------------------------------------------------------------------------------------------------------

    def _raise_appeal(self, beat: Beat, period: Period, *, is_left: bool) -> None:
        """Somebody whose unit lost points appeals against the first line; the newest appeal is left to wait for its decision."""
        for officer in self.year.cast.holding(Role.officer):
            report = appeals.report_for(officer, beat.report, period.key)
            lines = appeals.open_lines(officer, report).lines
            if lines:
                text = APPEALS[self._appraisals % len(APPEALS)]
                made = appeals.raise_appeal(officer, report, lines[0].key, text)
                if not is_left:
                    outcome, reason = DECISIONS[self._appraisals % len(DECISIONS)]
                    self._plan_deed(self._workdays_after(self.year.clock.now(), DECISION_AFTER),
                             partial(appeals.decide, self._a_lead(), made, outcome, reason))
                self._appraisals += 1
                return

    def _workdays_after(self, now: datetime, days: int) -> datetime:
        on = self.year.calendar.add_workdays(self.year.clock.local(now).date(), days).on
        return datetime.combine(on, time(10, 20), self._zone)

    def _a_lead(self) -> Actor:
        return self.year.cast.holding(Role.lead)[0]


def _seal_day(day: date) -> None:
    """The evening's seal, and the head that covers it."""
    seals.seal(day)
    if head_alarm.can_sign():
        head_alarm.sign_or_tell()
