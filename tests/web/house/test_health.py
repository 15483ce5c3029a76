"""Alive, and ready."""

from datetime import timedelta

from flask import Flask

from tests.support.visitors import found_town
from tracker.domain.house.clock import SetClock
from tracker.services.cadence import beats
from tracker.services.upkeep import clock_watch, jobs


def test_it_answers_without_a_database(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_it_is_ready_when_migrated_and_tells_no_secret(app: Flask) -> None:
    found_town(app)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["ready"] is told["database"] is told["migrated"] is True
    assert told["calendar"] == {"published_to": 2026, "covers_today": True, "alarm": None}
    assert set(told["outbox"]) == {"waiting", "given_up", "held", "is_frozen", "oldest_waiting_at"}
    assert (told["troubles"], told["scheduler"]["seen_at"]) == ([], None)
    settings = app.config["SETTINGS"]
    for secret in (settings.secret_key, settings.identity_key, settings.database_url):
        assert secret not in answer.text


def test_a_missing_cadence_and_a_silent_clock_make_it_unready(app: Flask, clock: SetClock) -> None:
    found_town(app)
    with app.app_context():
        jobs.run_due()
        beats.run_due()
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    clock.advance(hours=26)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["ready"]) == (503, False)
    troubles = answer.get_json()["troubles"]
    assert troubles[0] == "日巡查·日志与小结 2026年3月2日 应于 2026年3月2日 18:00，尚未完成"
    assert troubles[-1] == "时钟进程自 2026年3月2日 09:00 起没有动静"


def test_a_clock_that_was_set_back_is_told(app: Flask, clock: SetClock) -> None:
    found_town(app)
    watch = clock_watch.ClockWatch(lambda: 0.0)
    with app.app_context():
        clock_watch.beat(clock.now())
        clock.move_to(clock.now() - timedelta(hours=3))
        assert watch.look() is None
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["scheduler"]["clock"]) == (503, "behind")
    assert "早于上次心跳" in answer.get_json()["troubles"][0]


def test_it_is_not_ready_behind_its_migrations(app: Flask) -> None:
    from sqlalchemy import text

    from tracker.storage.house.base import db

    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {"ready": False, "database": True, "migrated": False}
