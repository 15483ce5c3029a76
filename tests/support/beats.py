"""Composers for tests of the clock: plain letters to a few people, and one that fails on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.domain.cadence.beats import BEATS, Beat
from tracker.domain.rules.periods import Period
from tracker.services.cadence.composing import Composed, ForeseenMail
from tracker.services.cadence.records import late_label
from tracker.services.house.work import Work
from tracker.services.mail.letters import Letter

PLAIN_WORDS: Mapping[str, object] = {"alarms": (), "empty": "今日无待办。", "sections": (), "summary": ""}


@dataclass
class PlainComposer:
    """Writes to these people, whatever the period. What is in `faults` is raised once, in order; `made` lists what was
    prepared."""

    people: Sequence[int]
    faults: list[Exception] = field(default_factory=list)
    made: list[tuple[str, str]] = field(default_factory=list)

    def prepare(self, cadence: Beat, period: Period, area_code: str, *, is_told: bool = True) -> tuple[Beat, Period, str]:
        """Nothing to read."""
        self.made.append((cadence.id, period.key))
        if self.faults:
            raise self.faults.pop(0)
        return cadence, period, area_code

    def foresee(self, cadence: Beat, period: Period, area_code: str) -> ForeseenMail:
        """All of them."""
        return ForeseenMail(len(self.people))

    def commit(self, work: Work, prepared: tuple[Beat, Period, str], record_id: int) -> Composed:
        """One letter each."""
        cadence, period, area = prepared
        words = {**PLAIN_WORDS, "day": period.word, "late": late_label(work, record_id)}
        letters = [Letter(person, "morning", f"cadence/{cadence.id}/{period.key}/{area}/person:{person}", words, record_id)
                   for person in self.people]
        return Composed(letters, 7, None, "案件 7 件")


def plain(people: Sequence[int]) -> tuple[PlainComposer, dict[str, PlainComposer]]:
    """The composer, and the table that uses it for every cadence."""
    composer = PlainComposer(people)
    return composer, {cadence.id: composer for cadence in BEATS}
