"""Alive, and ready."""

from flask import Flask

from tests.web.visitors import found_town


def test_it_answers_without_a_database(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_it_is_ready_when_migrated_and_tells_no_secret(app: Flask) -> None:
    found_town(app)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["ready"] is told["database"] is told["migrated"] is True
    assert told["calendar"] == {"published_to": 2026, "covers_today": True}
    assert set(told["outbox"]) == {"waiting", "given_up"}
    settings = app.config["SETTINGS"]
    for secret in (settings.secret_key, settings.identity_key, settings.database_url):
        assert secret not in answer.text


def test_it_is_not_ready_behind_its_migrations(app: Flask) -> None:
    from sqlalchemy import text

    from tracker.storage.base import db

    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {"ready": False, "database": True, "migrated": False}
