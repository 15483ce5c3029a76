"""For machines: alive, and ready."""

from datetime import datetime, timedelta
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, jsonify

from tracker.domain.house.say import Say
from tracker.services.cadence import beats
from tracker.services.house.work import reading, wiring
from tracker.services.mail import outbox
from tracker.services.mail.ledger_foot import ledger_trouble, verification_late
from tracker.services.rules import calendar
from tracker.services.upkeep import clock_watch
from tracker.storage.upkeep import health
from tracker.web.house.business_day import today
from tracker.web.house.guard import public

blueprint = Blueprint("health", __name__)
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
QUIET_CLOCK = timedelta(minutes=15)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Whether it does its work: database, migrations and the clock's duties decide; outbox and calendar are told."""
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    version = health.schema_version(reading())
    is_migrated = version is not None and version == wanted
    told: dict[str, object] = {"database": version is not None, "migrated": is_migrated}
    if is_migrated:
        told |= _health_state(wiring().clock.now())
    is_ready = is_migrated and not told["troubles"]
    return jsonify({"ready": is_ready, **told}), 200 if is_ready else 503


def _health_state(now: datetime) -> dict[str, object]:
    state, watched, missing = health.state(reading()), clock_watch.state(), beats.alarm(now)
    seen = clock_watch.clock_seen_at()
    is_quiet = seen is None or now - seen > QUIET_CLOCK
    troubles = [*missing, *filter(None, (watched.said, _quiet_told(seen) if is_quiet else ""))]
    years = today().calendar.published_years
    return {
        "troubles": troubles,
        "outbox": {"waiting": state.waiting, "given_up": state.given_up, "held": state.held, "is_frozen": outbox.is_frozen(),
                   "oldest_waiting_at": _iso_moment(state.oldest_waiting_at)},
        "calendar": {"published_to": max(years, default=None), "covers_today": today().on.year in years,
                     "alarm": calendar.alarm(today().on)},
        "scheduler": {"seen_at": _iso_moment(seen), "last_run_at": _iso_moment(state.last_run_at),
                      "failed_runs": state.failed_runs, "is_quiet": is_quiet,
                      "clock": watched.kind, "log": list(watched.log)},
        "cadences": {"missing": list(missing)},
        "ledger": {"trouble": ledger_trouble(reading()), "verification": verification_late(reading(), now)},
    }


def _quiet_told(seen: datetime | None) -> str:
    """A clock that never ran is not missed yet: it is what a new product looks like."""
    return Say("时钟进程自 {seen} 起没有动静", seen=wiring().clock.local(seen)) if seen is not None else ""


def _iso_moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
