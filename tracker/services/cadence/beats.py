"""The beats of supervision: each due period is claimed, prepared, and ended in one transaction; nothing is told twice.

The record, the frozen report and the letters stand or fall together. A process that dies leaves a claim whose lease runs out.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.cadence.beats import Beat, beat_named
from tracker.domain.cadence.fact_kinds import CadenceFacts
from tracker.domain.cadence.telling import Telling
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Conflict, Invalid, Refusal
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.periods import Period, period_named, period_of
from tracker.services.cadence import beat_papers, records
from tracker.services.cadence.beat_papers import BY_CHOICE, Composer, RecordOnly
from tracker.services.cadence.composing import Composed, ForeseenMail
from tracker.services.cadence.gaps import (
    MOST_CAUGHT_UP,
    Books,
    DueBeat,
    Gap,
    alarm,
    beat_of,
    began_on,
    books,
    hush,
    missing,
    open_books,
    overdue,
    why_empty,
)
from tracker.services.cadence.records import Claim
from tracker.services.house.work import Work, deed, wiring
from tracker.services.mail import letters
from tracker.services.rules import rules

__all__ = ["BeatOutcome", "alarm", "foresee", "missing", "overdue", "period_on", "run", "run_due"]

Composers = Mapping[str, Composer]
log = logging.getLogger("xiaohao.supervision")


@dataclass(frozen=True)
class BeatOutcome:
    """What came of asking for a beat. `was_run` is False when it was done, or is being done by another process."""

    cadence: str
    period: str
    area_code: str
    was_run: bool
    outcome: str


def run(cadence_id: str, period_key: str, area_code: str | None = None, *, telling: Telling = Telling.usual,
        with_composers: Composers | None = None) -> BeatOutcome:
    """Make one beat by hand, as of its own moment, unless it is made: what failed is tried again at once.

    Raises `Invalid` before it is due, for a period of which the ledger tells nothing, and for an area that has no cadences of its
    own. Whatever the composer raises is kept as the record's error and raised again. `with_composers` stand in for the beats'
    own.
    """
    cadence, period = beat_named(cadence_id), period_named(period_key)
    if period.kind is not cadence.kind or not cadence.beats_in(period):
        raise Invalid(Say("{cadence_word}没有“{period_key}”这一期。", cadence_word=Say(cadence.word), period_key=period_key),
                      field="period")
    beat, kept = beat_of(cadence, period, area_code or wiring().home_area), books()
    if beat.area_code not in kept.areas:
        raise Invalid(Say("区域“{area_code}”没有单独的调度；有调度的：{areas}，可在规则手册的“分区调度”里增加。", area_code=beat.area_code,
                          areas=Listed(kept.areas)), field="area")
    _require_content(beat, kept)
    return _run_beat(beat, kept, with_composers, is_by_hand=True, is_behind=True, telling=telling)


def foresee(beat: DueBeat) -> ForeseenMail:
    """Whom the beat would be mailed to if it were made by hand now, and mailed. Writes nothing."""
    silence = _silence_by_calendar(beat)
    return ForeseenMail(silence=silence) if silence else beat_papers.composer_of(beat.cadence).foresee(
        beat.cadence, beat.period, beat.area_code)


def run_due(now: datetime | None = None, *, with_composers: Composers | None = None) -> list[BeatOutcome]:
    """Make every beat that is due and not done, oldest first, in every area; the clock asks this every minute.

    The first time ever it only opens the books: nothing that was due before go-live is made. A failure is kept in its record
    and tried again later; the others go on.
    """
    now = now or wiring().clock.now()
    kept = _open_new_books(books(), now)
    gaps = missing(now, kept)
    kept = _hush_backlog(gaps, kept)
    ran: list[BeatOutcome] = []
    for earlier, gap in enumerate(gaps):
        try:
            if records.may_try(gap, now):
                ran.append(_run_beat(gap.beat, kept, with_composers, is_by_hand=False,
                                     is_behind=sum(each.was_run for each in ran) < earlier))
        except Exception:
            log.exception("cadence %s failed", gap.beat.stream)
    return [each for each in ran if each.was_run]


def period_on(cadence: Beat, on: date) -> Period:
    """The period that a day's run makes: the last one to fall due by the end of that day."""
    calendar, zone = rules.calendar(), wiring().zone
    period = period_of(cadence.kind, on)
    while not cadence.beats_in(period) or cadence.due_at(period, calendar, zone) > wiring().clock.end_of(on):
        period = period.before()
    return period


def _require_content(beat: DueBeat, kept: Books) -> None:
    """Raise `Invalid` for what cannot be told yet, and for what nothing is known of."""
    if wiring().clock.now() < beat.due_at:
        raise Invalid(Say("{cadence_word} {period_key} 应于 {due_at}，时间未到。", cadence_word=Say(beat.cadence.word),
                          period_key=Say(beat.period.word), due_at=wiring().clock.local(beat.due_at)), field="period")
    if kept.is_before(beat) and (sentence := why_empty(beat, began_on())):
        raise Invalid(sentence, field="period")


def _open_new_books(kept: Books, now: datetime) -> Books:
    fresh = [f"{cadence.id}/{area}" for cadence, area in kept.pairs() if kept.since_of(cadence, area) is None]
    if not fresh:
        return kept
    open_books(fresh, now)
    return books()


def _hush_backlog(gaps: list[Gap], kept: Books) -> Books:
    """Too many missed of one cadence: all but the newest of them are recorded without mail."""
    missed: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        missed.setdefault((gap.beat.cadence.id, gap.beat.area_code), []).append(gap)
    many = [gap for of_one in missed.values() if len(of_one) > MOST_CAUGHT_UP for gap in of_one]
    if not many:
        return kept
    hush(many)
    return books()


def _run_beat(beat: DueBeat, kept: Books, with_composers: Composers | None, *, is_by_hand: bool, is_behind: bool,
              telling: Telling = Telling.usual) -> BeatOutcome:
    """Make one beat. `is_behind` says that an earlier one may be missing, which the letters then tell."""
    taken = records.claim(beat, is_by_hand=is_by_hand)
    if taken is None:
        return _beat_outcome(beat, False, "这一期已完成，或正由另一进程办理")
    composer = _composer_for(beat.cadence, with_composers or {}, telling)
    try:
        silent = why_silent(beat, kept, telling)
        prepared = composer.prepare(beat.cadence, beat.period, beat.area_code, is_told=not silent)
        alarms = alarm(wiring().clock.now(), beat.due_at) if is_behind else ()
        return _beat_outcome(beat, True, _finish_beat(taken, composer, prepared, silent, alarms))
    except Exception as error:
        if isinstance(error, Conflict) and error.code == "taken_over":
            return _beat_outcome(beat, False, error.sentence)
        said = error.sentence if isinstance(error, Refusal) else type(error).__name__
        records.fail(taken, said)
        raise


def _composer_for(cadence: Beat, with_composers: Composers, telling: Telling) -> Composer:
    if telling is Telling.silent and not cadence.report:
        return RecordOnly()
    return with_composers.get(cadence.id) or beat_papers.composer_of(cadence)


@deed
def _finish_beat(work: Work, taken: Claim, composer: Composer, prepared: object, silent: str, alarms: tuple[str, ...]) -> str:
    """The one transaction: report, letters, record and fact together, if this process still holds the claim.

    Every letter says at its head which earlier beats are missing.
    """
    row = records.held(work, taken)
    composed = composer.commit(work, prepared, row.id)
    told = [] if silent else beat_papers.reworded(composed.letters, {"missing": alarms}, row.id)
    letters.put(work, told)
    late = records.late_label(work, row.id)
    row.state, row.finished_at, row.error, row.is_caught_up = "done", work.clock.now(), "", bool(late)
    row.case_count, row.recipient_count, row.report_id = composed.case_count, len({each.person_id for each in told}
                                                                                  - {None}), composed.report_id
    row.outcome = Listed(filter(None, (composed.outcome, _address_words(composed, silent, row.recipient_count), late)), "；")
    work.record(taken.beat.stream, CadenceFacts.finished, CLOCK, _fact_of(taken, row.recipient_count, composed, row.outcome))
    return row.outcome


def _address_words(composed: Composed, silent: str, recipients: int) -> str:
    """Whom it went to, or why to nobody; what the composer itself kept silent about it has said itself."""
    if not composed.letters and composed.report_id is None:
        return ""
    return silent or Say("发给 {recipients} 人", recipients=recipients)


def why_silent(beat: DueBeat, kept: Books, telling: Telling) -> str:
    """Why a beat is recorded and mailed to nobody; empty where it is mailed."""
    if telling is Telling.silent:
        return BY_CHOICE
    if telling is Telling.usual and kept.is_hushed(beat):
        return "补记，不再发送"
    return _silence_by_calendar(beat)


def _silence_by_calendar(beat: DueBeat) -> str:
    due_on = wiring().clock.local(beat.due_at).date()
    if not beat.cadence.is_mailed_on_days_off and not rules.calendar(beat.area_code).is_workday(due_on):
        return "休息日，不发邮件"
    return ""


def _fact_of(taken: Claim, recipients: int, composed: Composed, outcome: str) -> dict[str, object]:
    return {"due_at": taken.beat.due_at, "tries": taken.tries, "cases": composed.case_count, "recipients": recipients,
            "report": composed.report_id, "outcome": outcome}


def _beat_outcome(beat: DueBeat, was_run: bool, outcome: str) -> BeatOutcome:
    return BeatOutcome(beat.cadence.id, beat.period.key, beat.area_code, was_run, outcome)
