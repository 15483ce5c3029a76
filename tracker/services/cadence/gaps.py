"""Which periods should have a record by now and have none: the clock runs them, and every door says so aloud."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.cadence.beats import BEATS, Beat, due_periods, next_due
from tracker.domain.cases.flow import FIRST
from tracker.domain.house.say import DateWords, Say
from tracker.domain.rules.periods import Period
from tracker.domain.rules.workdays import WorkCalendar
from tracker.services.house.caching import shelf
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules import rules, values
from tracker.services.territory import offices
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.house import ledger
from tracker.storage.house.base import inserting
from tracker.storage.house.preferences import Preference

GO_LIVE, HUSHED = "supervision_since", "supervision_hushed"
MOST_CAUGHT_UP = 60
MOST_SAID = 5
RECORDED = select(BeatRecord.period, BeatRecord.state, BeatRecord.tries, BeatRecord.lease_until, BeatRecord.finished_at,
                  BeatRecord.error)


@dataclass(frozen=True)
class DueBeat:
    """One period of one cadence in one area, and the instant at which it is due."""

    cadence: Beat
    period: Period
    area_code: str
    due_at: datetime

    @property
    def stream(self) -> str:
        """Where its facts stand."""
        return f"cadence:{self.cadence.id}/{self.period.key}/{self.area_code}"


@dataclass(frozen=True)
class Gap:
    """A beat that is due and not done. `state` is empty where no process has begun it."""

    beat: DueBeat
    state: str = ""
    tries: int = 0
    lease_until: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""

    def is_late(self, now: datetime) -> bool:
        """Whether its grace is over too."""
        return now > self.beat.due_at + timedelta(minutes=self.beat.cadence.grace_minutes)

    def is_being_made(self, now: datetime) -> bool:
        """Whether a living process has it in hand."""
        return self.state == "running" and self.lease_until is not None and self.lease_until > now

    @property
    def sentence(self) -> str:
        """What the doors say of it."""
        cadence, due = self.beat.cadence, wiring().clock.local(self.beat.due_at)
        area = "" if self.beat.area_code == wiring().home_area else Say("（{area}）", area=self.beat.area_code)
        why = Say("（第 {tries} 次失败：{error}）", tries=self.tries, error=self.error) if self.state == "failed" else ""
        return Say("{cadence_word} {period_key}{area} 应于 {due}，尚未完成{why}", cadence_word=Say(cadence.word),
                   period_key=Say(self.beat.period.word), area=area, due=due, why=why)


@dataclass(frozen=True)
class Books:
    """The areas of supervision, the own one first; since when each cadence is kept in each, and what is caught up without
    mail."""

    areas: tuple[str, ...]
    since: dict[str, datetime]
    hushed: dict[str, datetime]

    def since_of(self, cadence: Beat, area_code: str) -> datetime | None:
        """From when on this cadence must have records; None before the clock's first tick."""
        return self.since.get(f"{cadence.id}/{area_code}")

    def is_before(self, beat: DueBeat) -> bool:
        """Whether it was due before its cadence was kept there: missed by nobody, and made by hand alone."""
        since = self.since_of(beat.cadence, beat.area_code)
        return since is None or beat.due_at <= since

    def is_hushed(self, beat: DueBeat) -> bool:
        """Whether so much was missed that this one is recorded and told to nobody."""
        until = self.hushed.get(f"{beat.cadence.id}/{beat.area_code}")
        return until is not None and beat.due_at < until

    def pairs(self) -> Iterator[tuple[Beat, str]]:
        """Every cadence in every area."""
        return ((cadence, area) for area in self.areas for cadence in BEATS)


def books() -> Books:
    """The areas that the rule book has today, and the preferences as they are now, in one statement."""
    rows = reading().execute(select(Preference.key, Preference.value).where(Preference.key.like("supervision%")))
    known = {row.key: row.value for row in rows}
    return Books(_supervised_areas(), _known_instants(known, GO_LIVE), _known_instants(known, HUSHED))


def _supervised_areas() -> tuple[str, ...]:
    own, more = wiring(), values.value("supervision_areas", wiring().clock.today())
    assert isinstance(more, list)
    return tuple(dict.fromkeys((own.home_area, *offices.reporting_areas(own.clock.today()), *more)))


def beat_of(cadence: Beat, period: Period, area_code: str) -> DueBeat:
    """The beat with the instant at which the calendar in force makes it due."""
    return DueBeat(cadence, period, area_code, cadence.due_at(period, rules.calendar(area_code), wiring().zone))


def began_on() -> date | None:
    """The day of the first thing that the ledger tells; None where it tells nothing."""
    began_at = ledger.began_at(reading(), FIRST)
    return wiring().clock.local(began_at).date() if began_at is not None else None


def why_empty(beat: DueBeat, began: date | None) -> str:
    """Why a period has nothing that could be told: it was over before the ledger began. Empty where it was not."""
    if began is not None and beat.period.last >= began:
        return ""
    cadence, period_key = Say(beat.cadence.word), Say(beat.period.word)
    if began is None:
        return Say("{cadence_word} {period_key} 没有可以补办的内容：账本还没有任何记录。", cadence_word=cadence, period_key=period_key)
    return Say("{cadence_word} {period_key} 没有可以补办的内容：账本从 {began} 开始记录。", cadence_word=cadence, period_key=period_key,
               began=DateWords(began))


@deed
def open_books(work: Work, pairs: list[str], now: datetime) -> None:
    """Begin to keep these cadences from this moment on: nothing older is ever caught up. What was begun is never moved."""
    insert = inserting(work.session)
    rows = [{"key": key, "value": now.isoformat()} for key in (GO_LIVE, *(f"{GO_LIVE}/{pair}" for pair in pairs))]
    work.session.execute(insert(Preference).on_conflict_do_nothing(index_elements=["key"]), rows)


def hush(gaps: list[Gap]) -> None:
    """Of a cadence that missed too many periods only the newest is mailed: kept, so that a restart half-way changes nothing."""
    newest: dict[tuple[str, str], datetime] = {}
    for gap in gaps:
        pair = gap.beat.cadence.id, gap.beat.area_code
        newest[pair] = max(gap.beat.due_at, newest.get(pair, gap.beat.due_at))
    hush_until(newest)


@deed
def hush_until(work: Work, instants: Mapping[tuple[str, str], datetime]) -> None:
    """What a cadence of an area owed before its instant is recorded and told to nobody."""
    rows = [{"key": f"{HUSHED}/{cadence}/{area}", "value": at.isoformat()} for (cadence, area), at in instants.items()]
    statement = inserting(work.session)(Preference)
    work.session.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value}), rows)


def missing(now: datetime, kept: Books | None = None) -> list[Gap]:
    """Every beat that fell due since go-live and is not done, oldest first. Costs three small statements when there is none."""
    session = reading()
    kept, places = kept or books(), rules.calendars()
    counted = select(BeatRecord.cadence, BeatRecord.area_code, func.count()).where(BeatRecord.state == "done")
    done = {(row[0], row[1]): row[2] for row in session.execute(counted.group_by(BeatRecord.cadence, BeatRecord.area_code))}
    gaps: list[Gap] = []
    for cadence, area in kept.pairs():
        since = kept.since_of(cadence, area)
        if since is not None:
            gaps += _missing_of(session, cadence, area, since, now, places.of(area), done.get((cadence.id, area), 0))
    return sorted(gaps, key=lambda gap: gap.beat.due_at)


def overdue(now: datetime) -> tuple[Gap, ...]:
    """What is due, not done, and past its grace: the dead man's switch."""
    return tuple(gap for gap in missing(now) if gap.is_late(now))


def alarm(now: datetime, before: datetime | None = None) -> tuple[str, ...]:
    """The same as a few sentences for a banner or a probe; for the head of a mail, what was due before that mail and
    is not just being made."""
    late = [gap for gap in overdue(now) if before is None or (gap.beat.due_at < before and not gap.is_being_made(now))]
    rest = (Say("另有 {count} 项调度尚未完成", count=len(late) - MOST_SAID),) if len(late) > MOST_SAID else ()
    return (*(gap.sentence for gap in late[:MOST_SAID]), *rest)


def _missing_of(session: Session, cadence: Beat, area: str, since: datetime, now: datetime, calendar: WorkCalendar,
                done: int) -> list[Gap]:
    """One cadence in one area; once nothing is missing, that is remembered until the next falls due or a record goes."""
    settled, key = shelf("settled_beats"), (cadence.id, area)
    known = settled.get(key)
    if known is not None and known[:3] == (done, since, calendar.published_years) and known[3] <= now < known[4]:
        return []
    rows = session.execute(RECORDED.where(BeatRecord.cadence == cadence.id, BeatRecord.area_code == area))
    found = {row.period: row for row in rows}
    gaps = []
    for period in due_periods(cadence, since, now, calendar, wiring().zone):
        row = found.get(period.key)
        beat = DueBeat(cadence, period, area, cadence.due_at(period, calendar, wiring().zone))
        if row is None:
            gaps.append(Gap(beat))
        elif row.state != "done":
            gaps.append(Gap(beat, row.state, row.tries, row.lease_until, row.finished_at, row.error))
    if not gaps:
        settled[key] = (done, since, calendar.published_years, now, next_due(cadence, now, calendar, wiring().zone)[1])
    return gaps


def _known_instants(known: dict[str, str], prefix: str) -> dict[str, datetime]:
    return {key.removeprefix(f"{prefix}/"): datetime.fromisoformat(value)
            for key, value in known.items() if key.startswith(f"{prefix}/")}
