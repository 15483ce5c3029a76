"""For machines: alive, and ready."""

from datetime import timedelta
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, jsonify

from tracker.services.work import plant
from tracker.storage.queries import health
from tracker.web.guard import public
from tracker.web.today import today

blueprint = Blueprint("health", __name__)
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
QUIET_CLOCK = timedelta(minutes=15)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Whether it can do its work: database and migrations decide; outbox, calendar and clock are told."""
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    version = health.schema_version()
    is_migrated = version is not None and version == wanted
    told: dict[str, object] = {"database": version is not None, "migrated": is_migrated}
    if is_migrated:
        told |= _state()
    return jsonify({"ready": is_migrated, **told}), 200 if is_migrated else 503


def _state() -> dict[str, object]:
    state, now = health.state(), plant().clock.now()
    years = today().calendar.published_years
    return {
        "outbox": {"waiting": state.waiting, "given_up": state.given_up},
        "calendar": {"published_to": max(years, default=None), "covers_today": today().on.year in years},
        "scheduler": {
            "last_run_at": state.last_run_at.isoformat() if state.last_run_at else None, "failed_runs": state.failed_runs,
            "is_quiet": state.last_run_at is None or now - state.last_run_at > QUIET_CLOCK,
        },
    }
