"""Is the clock to be trusted? Each tick holds the wall clock against the process's own seconds and against the last heartbeat.

Set back: nothing is done until it has passed the heartbeat again, or an operator accepts it. Set forward: it must stay so for
ten minutes before it counts as downtime, so that a mistake that is soon put right makes no record of a day to come.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.ledger import FactKind, canonical
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.say import Say, read_json, stored
from tracker.services.house.positions import instant
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.storage.house import log
from tracker.storage.house.base import EngineInsert, inserting
from tracker.storage.house.preferences import Preference

ACCEPTED = FactKind("clock:accepted")
HEARTBEAT, STATE = "clock_seen_at", "clock_watch"
MOST_BACK, MOST_AHEAD, TOLERANCE = timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=2)
PATIENCE, PATIENCE_AT_START = timedelta(minutes=10), timedelta(seconds=50)
FORGOTTEN_AFTER = timedelta(minutes=30)
MOST_KEPT = 20
STEADY, BEHIND, AHEAD = "steady", "behind", "ahead"
Monotonic = Callable[[], float]


@dataclass(frozen=True)
class ClockState:
    """What is known of the clock. `said` is empty while all is well; `log` is what happened lately, newest last."""

    kind: str = STEADY
    said: str = ""
    at: datetime | None = None
    host: str = ""
    log: tuple[str, ...] = ()


@dataclass(frozen=True)
class _ClockReading:
    wall: datetime
    seconds: float
    beat: datetime | None = None

    def expected(self, seconds: float) -> datetime:
        return self.wall + timedelta(seconds=seconds - self.seconds)


class ClockWatch:
    """One process's watch. `monotonic` counts its seconds, whatever is done to the wall clock."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._trusted: _ClockReading | None = None
        self._doubted: _ClockReading | None = None

    def look(self) -> datetime | None:
        """The present instant, None while it is not to be trusted."""
        beat, state = _read_state(reading())
        here = _ClockReading(wiring().clock.now(), self._monotonic(), beat)
        if beat is not None and here.wall < beat - MOST_BACK:
            self._trusted = self._doubted = None
            _tell_news(state, BEHIND,
                       Say("系统时间 {wall} 早于上次心跳 {beat}：调度已暂停，时钟走过心跳后自动恢复；若现在的时间才是对的，请执行 flask supervision clock-accept",
                           wall=_moment_told(here.wall), beat=_moment_told(beat)), here.wall)
            return None
        if not self._is_ahead(here):
            self._doubted = None
            _tell_news(state, STEADY, "", here.wall)
        elif not self._is_borne_out(here, state):
            return None
        self._trusted = here
        return here.wall

    def _is_ahead(self, here: _ClockReading) -> bool:
        """Further than its own seconds explain, and further than any process has lived."""
        is_far = here.beat is not None and here.wall - here.beat > MOST_AHEAD
        return is_far and (self._trusted is None or here.wall - self._trusted.expected(here.seconds) > MOST_AHEAD)

    def _is_borne_out(self, here: _ClockReading, state: ClockState) -> bool:
        """Whether a clock that went ahead has stayed so for long enough, with no other process living by another time."""
        doubt = self._doubted
        if doubt is None or here.beat != doubt.beat or abs(here.wall - doubt.expected(here.seconds)) > TOLERANCE:
            self._doubted = here
            if self._trusted is not None:
                _tell_news(state, AHEAD, Say("系统时间忽然向前跳到 {wall}：调度暂停，连续一致 10 分钟后按停机处理并补办", wall=_moment_told(here.wall)),
                           here.wall)
            return False
        patience = PATIENCE_AT_START if self._trusted is None and state.kind != AHEAD else PATIENCE
        if here.seconds - doubt.seconds < patience.total_seconds():
            return False
        self._doubted = None
        _tell_news(state, STEADY, "", here.wall)
        return True


def clock_seen_at() -> datetime | None:
    """When a clock process last looked at the jobs."""
    return _read_state(reading())[0]


def state() -> ClockState:
    """What is known of the clock."""
    return _read_state(reading())[1]


@deed
def beat(work: Work, now: datetime) -> None:
    """A clock process lives, and this is its time. A beat that comes late does not set the heartbeat back."""
    statement = _preference_upsert(work, HEARTBEAT, _office_time(now))
    work.session.execute(statement.on_conflict_do_update(
        index_elements=["key"], set_={"value": statement.excluded.value}, where=Preference.value < statement.excluded.value))


@deed
def accept(work: Work, reason: str = "") -> datetime:
    """An operator says that the clock is right: the heartbeat is set to it, the cadences go on, and where the ledger was written
    by a clock that was ahead, a new stretch of it begins. Kept in the ledger."""
    now, (before, known) = work.clock.now(), _read_state(work.session)
    last = instant(log.end(work.session)[1])
    work.is_clock_accepted = True
    if now < last:
        work.record(LEDGER, LedgerFacts.clock_set_back, OPERATOR, {"from": last, "to": now, "reason": reason})
    work.record("clock:watch", ACCEPTED, OPERATOR, {"at": now, "before": before})
    _put_preference(work, HEARTBEAT, _office_time(now))
    _write_state(work, known, STEADY, Say("由操作人员确认，心跳由 {before} 改为 {now}", before=Say(_moment_told(before) if before else '无'),
                                          now=_moment_told(now)), now)
    return now


def _read_state(session: Session) -> tuple[datetime | None, ClockState]:
    rows = session.execute(select(Preference.key, Preference.value).where(Preference.key.in_((HEARTBEAT, STATE))))
    known = {row.key: row.value for row in rows}
    seen = datetime.fromisoformat(known[HEARTBEAT]) if HEARTBEAT in known else None
    if STATE not in known:
        return seen, ClockState()
    kept = read_json(known[STATE])
    at = datetime.fromisoformat(kept["at"])
    return seen, ClockState(kept["kind"], kept["said"], at, kept["host"], tuple(kept["log"]))


def _tell_news(known: ClockState, kind: str, said: str, now: datetime) -> None:
    """Keep it when it is news. One machine's trouble is not wiped out by another's good clock until it is old."""
    if kind == known.kind:
        return
    if kind == STEADY and known.host != socket.gethostname() and known.at is not None and now - known.at < FORGOTTEN_AFTER:
        return
    _note_state(known, kind, said, now)


@deed
def _note_state(work: Work, known: ClockState, kind: str, said: str, now: datetime) -> None:
    _write_state(work, known, kind, said, now)


def _write_state(work: Work, known: ClockState, kind: str, said: str, now: datetime) -> None:
    line = Say("{at} {said}", at=_moment_told(now), said=Say(said or "时钟恢复正常，调度继续"))
    kept = {"kind": kind, "said": stored(said) if kind != STEADY else "", "at": now.isoformat(), "host": socket.gethostname(),
            "log": [stored(each) for each in [*known.log, line][-MOST_KEPT:]]}
    _put_preference(work, STATE, canonical(kept))


def _put_preference(work: Work, key: str, value: str) -> None:
    work.session.execute(_preference_upsert(work, key, value)
                         .on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def _preference_upsert(work: Work, key: str, value: str) -> EngineInsert:
    return inserting(work.session)(Preference).values(key=key, value=value)


def _office_time(moment: datetime) -> str:
    """Always in office time: as texts of one zone, heartbeats are compared like the instants that they are."""
    return wiring().clock.local(moment).isoformat()


def _moment_told(moment: datetime) -> str:
    return f"{wiring().clock.local(moment):%Y-%m-%d %H:%M}"
