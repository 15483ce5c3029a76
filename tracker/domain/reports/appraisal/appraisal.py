"""季度考核 and 年考核: units scored by stated rules, with the cases behind every deduction. No person is ever ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta, timezone

from tracker.domain.cases.stories import Story
from tracker.domain.reports.appraisal import pages
from tracker.domain.reports.appraisal.groups import RankingGroups
from tracker.domain.reports.appraisal.pages import Appraised, Corrected, Quarter
from tracker.domain.reports.appraisal.scores import WindowTally, place_units
from tracker.domain.reports.appraisal.scoring_rules import AppraisalEvent, read_rules
from tracker.domain.reports.document import Document
from tracker.domain.reports.inputs import Builder, Inputs
from tracker.domain.rules.periods import ONE_DAY, Period, Window, period_named

QUARTERLY, ANNUAL = "quarterly", "annual"


class Appraisal:
    """One appraisal being counted. Quarters one to three are scored beside the year, from the same stories."""

    def __init__(self, name: str, inputs: Inputs) -> None:
        self.name, self.inputs = name, inputs
        self.rules = read_rules(inputs.rules.get("appraisal_rules"))
        self.groups = RankingGroups(inputs.rules)
        self.waived = frozenset(str(each["key"]) for each in inputs.appeals)
        self.tally = WindowTally(self.rules, inputs.window, inputs.today, name == ANNUAL, self.waived)
        self.quarters = tuple(self._quarter_tally(each) for each in _scored_quarters(inputs)) if name == ANNUAL else ()
        self.notes = self._enter_events()

    def add(self, story: Story) -> None:
        """CaseCount one case, in the year and in each quarter."""
        self.tally.add(story)
        for _, tally in self.quarters:
            tally.add(story)

    def wanted(self) -> tuple[str, ...]:
        """No titles: cases are named by their numbers."""
        return ()

    def document(self, texts: Mapping[str, tuple[str, str]]) -> Document:
        """The appraisal with its lists."""
        false_notes = tuple(note for event in self._period_events() for note in self._false_note(event))
        scores = self.tally.scores()
        placing = place_units(scores, self.inputs.units, self.inputs.appraised, self.groups)
        quarters = tuple(Quarter(period, {k: v.total for k, v in t.scores().items() if v.led})
                         for period, t in self.quarters)
        return pages.document(self.name, self.inputs, Appraised(
            rules=self.rules, groups=self.groups, scores=scores, placing=placing, quarters=quarters,
            notes=self.notes + false_notes,
            corrected=tuple(self._upheld_corrections()), marked=self.tally.marked))

    def _quarter_tally(self, period: Period) -> tuple[Period, WindowTally]:
        zone = timezone(self.inputs.window.opens.utcoffset() or timedelta())
        opens = datetime.combine(period.first, time(), zone)
        cuts = min(datetime.combine(period.last + ONE_DAY, time(), zone), self.inputs.window.cuts)
        return period, WindowTally(self.rules, Window(opens, cuts), min(period.last, self.inputs.today), waived=self.waived)

    def _period_events(self) -> Iterable[AppraisalEvent]:
        """What was entered by hand for this period."""
        return (event for event in self.rules.events if self.inputs.period.first <= event.on <= self.inputs.today)

    def _enter_events(self) -> tuple[str, ...]:
        """Enter what was written by hand against a unit; a sentence for each unit that is not known."""
        ids = {unit[0]: int(key) for key, unit in self.inputs.units.items()}
        notes: list[str] = []
        for event in (each for each in self._period_events() if each.rule != "false_rectification"):
            if event.unit not in ids:
                notes.append(f"{event.on} 登记的“{self.rules.clauses[event.rule].word}”所写单位代码“{event.unit}”不在单位表中，未计。")
                continue
            self.tally.enter(event, ids[event.unit])
            for period, tally in self.quarters:
                if period.first <= event.on:
                    tally.enter(event, ids[event.unit])
        return tuple(notes)

    def _false_note(self, event: AppraisalEvent) -> list[str]:
        """A sentence when the ledger bears out no look-back that failed."""
        if event.rule != "false_rectification" or any(line.rule == event.rule and line.number == event.case
                                                      for line in self.tally.lines):
            return []
        return [f"{event.on} 认定虚假整改的案件 {event.case} 在本期台账中没有结果为反弹的回头看，未计。"]

    def _upheld_corrections(self) -> Iterable[Corrected]:
        """Appeals upheld since the report of this kind before this one, against its lines: they are corrected here, never
        there."""
        since = self._appeals_since()
        for each in self.inputs.appeals:
            is_new = datetime.fromisoformat(each["decided_at"]) >= since
            if each["report"] == self.name and is_new and each["period"] != self.inputs.period.key:
                yield Corrected(period_named(each["period"]).word, each)

    def _appeals_since(self) -> datetime:
        """The fourth quarter has no report of its own: the first one looks back over it."""
        opens, period = self.inputs.window.opens, self.inputs.period
        if self.name == QUARTERLY and period.first.month == 1:
            before = period.before().first
            return opens.replace(year=before.year, month=before.month, day=before.day)
        return opens


def _scored_quarters(inputs: Inputs) -> tuple[Period, ...]:
    """The quarters of the year that are scored apart, as far as they have begun."""
    year = inputs.period.first.year
    every = (period_named(f"{year}-Q{number}") for number in (1, 2, 3))
    return tuple(each for each in every if each.first <= inputs.today)


def quarterly(inputs: Inputs) -> Builder:
    """The appraisal of a quarter."""
    return Appraisal(QUARTERLY, inputs)


def annual(inputs: Inputs) -> Builder:
    """The appraisal of a year, the fourth quarter inside it."""
    return Appraisal(ANNUAL, inputs)
