"""The tests' own ground: each test gets the migrated product on an empty database of its own, on both engines."""

from typing import Any

import pytest
from sqlalchemy import text

from tracker.storage.house.base import db


@pytest.mark.parametrize("round_", [1, 2])
def test_every_test_starts_from_an_empty_migrated_database(app: Any, engine_name: str, round_: int) -> None:
    with app.app_context():
        assert db.engine.dialect.name == engine_name.replace("postgres", "postgresql")
        assert db.session.scalar(text("SELECT count(*) FROM people")) == 0
        assert db.session.scalar(text("SELECT count(*) FROM alembic_version")) == 1


@pytest.mark.one_engine
def test_a_test_marked_one_engine_runs_on_sqlite_alone(engine_name: str) -> None:
    assert engine_name == "sqlite"
