"""Positions in the log, given last in a transaction; and the time at which that may be done (`ledger.md` §2 and §7)."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.domain.house.clock import Clock
from tracker.domain.house.errors import Unavailable
from tracker.domain.house.ledger import Fact
from tracker.domain.house.say import Say
from tracker.gateways.house.cipher import Cipher
from tracker.storage.house import log

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_BEHIND, MOST_AHEAD = timedelta(seconds=5), timedelta(seconds=5)
SHORT_WORK, LONG_WORK = timedelta(minutes=15), timedelta(hours=6)  # how long a work may last; imports are long ones
MOST_ASTRAY, MOST_APART, STEADY_FOR = timedelta(minutes=2), timedelta(seconds=5), 60.0
EntryRow = dict[str, object]


@dataclass
class Watch:
    """What a process knows of its machine's clock: the wall's instant when the machine began to count, as it was first seen, and
    since when it is another one."""

    began: datetime | None = None
    doubted: datetime | None = None
    doubted_since: float = 0.0


@dataclass(frozen=True)
class Rebased:
    """The machine's clock was put right, and has stayed so for a minute: by so much."""

    by: timedelta
    node: str


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def instant(microsecond: int) -> datetime:
    """The instant of a microsecond since 1970."""
    return EPOCH + microsecond * MICROSECOND


def require_order(end: log.LogEnd, now: datetime) -> None:
    """Refuse to write while the clock stands before what was logged last."""
    last = instant(end.logged_at)
    if end.position and now < last - MOST_BEHIND:
        raise Unavailable(Say("服务器时钟比账本慢 {span}，暂停登记；请校准时钟。", span=span_told(last - now)), code="clock_behind")


def require_moments(facts: Sequence[Fact], end: log.LogEnd, now: datetime, patience: timedelta) -> None:
    """Refuse facts that tell of another time than the one in which they are written."""
    earliest = instant(end.logged_at) - patience
    for offset, fact in enumerate(facts, start=1):
        if end.position and fact.at < earliest:
            raise Unavailable(Say("没有写入：第 {position:,} 条的时间早于账本最后一条 {span}。", position=end.position + offset,
                                  span=span_told(instant(end.logged_at) - fact.at)), code="fact_too_early")
        if fact.at > now + MOST_AHEAD:
            raise Unavailable(Say("没有写入：第 {position:,} 条的时间在将来。", position=end.position + offset), code="fact_too_late")


def settle_clock(watch: Watch, clock: Clock, now: datetime, database_at: datetime | None) -> Rebased | None:
    """Refuse to write while this machine's wall clock contradicts its own seconds, or the database's clock. What has stayed put
    for a minute, and agrees with the database, is the time from then on."""
    running = clock.running()
    if running is None:
        return None
    if database_at is not None and abs(now - database_at) > MOST_APART:
        raise Unavailable(Say("本机（{node}）时钟与数据库相差 {span}，本机暂停登记；请校准时钟。", node=socket.gethostname(),
                              span=span_told(abs(now - database_at))), code="clock_apart")
    began = now - timedelta(seconds=running)
    if watch.began is None:
        watch.began = began
    astray = began - watch.began
    if abs(astray) <= MOST_ASTRAY:
        watch.doubted = None
        return None
    if watch.doubted is None or abs(began - watch.doubted) > MOST_APART:
        watch.doubted, watch.doubted_since = began, running
    if running - watch.doubted_since < STEADY_FOR:
        raise Unavailable(Say("本机（{node}）时钟忽然变动 {span}，本机暂停登记一分钟；若时钟不对，请先校准。", node=socket.gethostname(),
                              span=span_told(abs(astray))), code="clock_jumped")
    watch.began, watch.doubted = began, None
    return Rebased(astray, socket.gethostname())


def rows_of(ids: Sequence[int], facts: Sequence[Fact], first: int, logged_at: int, cipher: Cipher) -> list[EntryRow]:
    """The entries of these facts, one after the other from position `first`."""
    return [{"position": position, "fact_id": fact_id, "logged_at": logged_at,
             "mac": cipher.entry_mac(position, fact.digest, logged_at)}
            for position, (fact_id, fact) in enumerate(zip(ids, facts, strict=True), start=first)]


def span_told(span: timedelta) -> str:
    """A length of time in words: 26 小时 3 分, 12 秒."""
    seconds = int(abs(span).total_seconds())
    if seconds < 60:
        return Say("{seconds} 秒", seconds=seconds)
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return Say("{minutes} 分", minutes=minutes)
    return Say("{hours} 小时 {minutes} 分", hours=hours, minutes=minutes) if minutes else Say("{hours} 小时", hours=hours)
