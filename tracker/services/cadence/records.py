"""The record of a beat: claimed by one process, finished once, taken over when its process died."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from tracker.domain.cadence.beats import beat_named, lateness
from tracker.domain.house.errors import Conflict
from tracker.services.cadence.gaps import DueBeat, Gap
from tracker.services.house.work import Work, deed
from tracker.services.mail.outbox import worker_name
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.house.base import inserting

LEASE = timedelta(minutes=15)
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720))
_R = BeatRecord


@dataclass(frozen=True)
class Claim:
    """A beat in this process's hands, until its lease runs out. Every taking has its number, which fences what comes late."""

    record_id: int
    beat: DueBeat
    worker: str
    tries: int


@deed
def claim(work: Work, beat: DueBeat, *, is_by_hand: bool) -> Claim | None:
    """The record of this beat when it is this process's to make, else None.

    The clock takes what nobody began, what a dead process left, and what failed long enough ago; a person also what just failed.
    A taking leases longer each time, so that work which outlives its lease ends all the same.
    """
    now, worker = work.clock.now(), worker_name()
    fresh = {"state": "running", "claimed_by": worker, "started_at": now, "finished_at": None}
    first = inserting(work.session)(_R).values(
        cadence=beat.cadence.id, period=beat.period.key, area_code=beat.area_code, due_at=beat.due_at, tries=1,
        lease_until=now + LEASE, **fresh)
    found = work.session.execute(first.on_conflict_do_nothing(
        index_elements=["cadence", "period", "area_code"]).returning(_R.id, _R.tries)).first()
    if found is None:
        row = work.session.execute(select(_R.id, _R.tries).where(*_same_beat_terms(beat), _may_take(now, beat, is_by_hand))
                                   .with_for_update()).first()
        if row is None:
            return None
        taken = update(_R).where(_R.id == row.id, _R.tries == row.tries, _may_take(now, beat, is_by_hand))
        found = work.session.execute(
            taken.values(tries=row.tries + 1, lease_until=now + LEASE * (row.tries + 1), **fresh)
            .returning(_R.id, _R.tries)).first()
    return Claim(found.id, beat, worker, found.tries) if found is not None else None


def may_try(gap: Gap, now: datetime) -> bool:
    """Whether asking for a claim is worth a statement."""
    if gap.state == "running":
        return gap.lease_until is not None and gap.lease_until < now
    if gap.state == "failed":
        return gap.finished_at is not None and gap.tries <= len(BACK_OFF) and gap.finished_at + BACK_OFF[gap.tries - 1] <= now
    return True


def held(work: Work, taken: Claim) -> BeatRecord:
    """The row, locked, when it is still this process's. Raises `Conflict` when another has taken it over."""
    row = work.session.scalar(select(_R).where(*_claim_terms(taken)).with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise Conflict("这一期已由另一进程接手。", code="taken_over")
    return row


@deed
def fail(work: Work, taken: Claim, said: str) -> None:
    """Note why it could not be made; whoever lost the claim notes nothing."""
    done = update(_R).where(*_claim_terms(taken))
    work.session.execute(done.values(state="failed", finished_at=work.clock.now(), error=said[:1000]))


def late_label(work: Work, record_id: int) -> str:
    """「应于 08:30，补发于 10:12」 for a record that is being made after its grace, else nothing."""
    row = work.session.get_one(_R, record_id)
    return lateness(row.due_at, work.clock.now(), beat_named(row.cadence).grace_minutes, work.wiring.zone)


def _claim_terms(taken: Claim) -> tuple[ColumnElement[bool], ...]:
    return (_R.id == taken.record_id, _R.state == "running", _R.claimed_by == taken.worker, _R.tries == taken.tries)


def _same_beat_terms(beat: DueBeat) -> tuple[ColumnElement[bool], ...]:
    return (_R.cadence == beat.cadence.id, _R.period == beat.period.key, _R.area_code == beat.area_code)


def _may_take(now: datetime, beat: DueBeat, is_by_hand: bool) -> ColumnElement[bool]:
    is_left = and_(_R.state == "running", _R.lease_until < now)
    if not is_by_hand:
        rested = (and_(_R.tries == tries, _R.finished_at <= now - pause) for tries, pause in enumerate(BACK_OFF, start=1))
        return or_(is_left, and_(_R.state == "failed", or_(*rested)))
    lost_report = and_(_R.state == "done", _R.report_id.is_(None)) if beat.cadence.report else None
    return or_(is_left, _R.state == "failed", *(() if lost_report is None else (lost_report,)))
