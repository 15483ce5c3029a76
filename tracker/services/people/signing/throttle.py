"""Guessing is slowed, nobody is locked out: each try adds one to a score that halves every ten minutes, and from the fourth on
the next one waits, twice as long each time, a minute at most.

The score belongs to an account at an address, a lower one to the account alone; a browser in which this person signed in before
has its own, so a guesser elsewhere cannot keep the owner out. An address alone waits only for what it tries at logins that do not
exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import NotAllowed
from tracker.domain.house.say import Say
from tracker.domain.people.kinds import SignInOutcome
from tracker.services.house.work import Work, deed
from tracker.services.people.signing.visits import Visit
from tracker.services.rules import values
from tracker.storage.house.base import inserting
from tracker.storage.people.sign_ins import SignIn, Throttle

HALVED_AFTER = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=1)
FREE_TRIES = 3
LONGEST_WAIT, LONGEST_WAIT_OF_AN_ACCOUNT = 60.0, 30.0
SPRAYED_WITHIN, WAIT_OF_A_SPRAYER = timedelta(hours=1), timedelta(seconds=60)


@dataclass(frozen=True)
class GuessScore:
    """One score: under which key it is kept, and how long it may make somebody wait, in seconds."""

    key: str
    longest: float


def wait_of(score: float, longest: float) -> float:
    """How many seconds the next try waits."""
    return min(longest, 2.0 ** (score - FREE_TRIES)) if score > FREE_TRIES else 0.0


def decayed(score: float, age: timedelta) -> float:
    """What is left of a score."""
    return float(score * 0.5 ** (age / HALVED_AFTER))


@deed
def admit(work: Work, login: str, visit: Visit) -> None:
    """Count one more try, before anybody looks at the password: tries at one moment cannot slip past. Raises `NotAllowed` while
    the last ones make this one wait, and counts nothing."""
    now, buckets = work.clock.now(), _scores_of(work, login, visit)
    work.session.execute(delete(Throttle).where(Throttle.scored_at < now - FORGOTTEN_AFTER))
    rows = _locked_rows(work.session, buckets, now)
    free_at = max(row.free_at for row in rows.values())
    if not visit.browser:
        free_at = max(free_at, _sprayer_free_at(work, visit.kept_address, now))
    if free_at > now:
        seconds = ceil((free_at - now).total_seconds())
        raise NotAllowed(Say("登录失败次数过多，请在 {seconds} 秒后再试。", seconds=seconds), code="locked")
    for bucket in buckets:
        row = rows[bucket.key]
        row.score, row.scored_at = decayed(row.score, now - row.scored_at) + 1, now
        row.free_at = now + timedelta(seconds=wait_of(row.score, bucket.longest))


@deed
def forgive(work: Work, login: str, visit: Visit) -> None:
    """It was right: what was typed wrong from here counts no more, neither here nor for the account."""
    now, buckets = work.clock.now(), _scores_of(work, login, visit)
    rows = _locked_rows(work.session, buckets, now)
    forgiven = decayed(rows[buckets[-1].key].score, now - rows[buckets[-1].key].scored_at)
    for row in rows.values():
        row.score = max(0.0, decayed(row.score, now - row.scored_at) - forgiven)
        row.scored_at, row.free_at = now, min(row.free_at, now)


def _scores_of(work: Work, login: str, visit: Visit) -> Sequence[GuessScore]:
    """The narrowest last."""
    if visit.browser:
        return (_score_of(work, LONGEST_WAIT, "browser", login, visit.browser),)
    account = _score_of(work, LONGEST_WAIT_OF_AN_ACCOUNT, "account", login)
    if not visit.address:
        return (account,)
    return (account, _score_of(work, LONGEST_WAIT, "address", login, visit.kept_address))


def _score_of(work: Work, longest: float, *parts: str) -> GuessScore:
    return GuessScore(work.wiring.cipher.keyed_digest("|".join(("throttle", *parts))), longest)


def _locked_rows(session: Session, buckets: Sequence[GuessScore], now: datetime) -> dict[str, Throttle]:
    fresh = [{"key": bucket.key, "score": 0.0, "scored_at": now, "free_at": now} for bucket in buckets]
    session.execute(inserting(session)(Throttle).on_conflict_do_nothing(index_elements=["key"]), fresh)
    query = select(Throttle).where(Throttle.key.in_([bucket.key for bucket in buckets])).order_by(Throttle.key)
    return {row.key: row for row in session.scalars(query.with_for_update().execution_options(populate_existing=True))}


def _sprayer_free_at(work: Work, address: str, now: datetime) -> datetime:
    """When an address may go on that tried many different logins which do not exist."""
    if not address:
        return now
    tried = (SignIn.address == address, SignIn.at > now - SPRAYED_WITHIN, SignIn.outcome == SignInOutcome.unknown_login)
    query = select(func.count(SignIn.login_mark.distinct()), func.max(SignIn.at)).where(*tried)
    logins, last_at = work.session.execute(query).one()
    return last_at + WAIT_OF_A_SPRAYER if logins >= values.number("most_unknown_logins", work.clock.today()) else now
