"""How each engine is set up."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tracker.storage.house.base import db, engine_options, set_up_engine


@pytest.mark.one_engine
def test_sqlite_says_that_something_is_written_when_it_is_on_the_disk(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'other.db'}", **engine_options("sqlite:///other.db"))
    set_up_engine(engine)
    with engine.connect() as connection:
        found = [connection.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "journal_mode", "foreign_keys")]
    assert found == [2, "wal", 1]
    engine.dispose()


def test_a_connection_that_the_server_let_go_is_made_anew(app: Flask, engine_name: str) -> None:
    with app.app_context():
        if engine_name == "postgres":
            with db.engine.connect() as victim, db.engine.connect() as killer:
                killed = victim.scalar(text("SELECT pg_backend_pid()"))
                victim.rollback()
                assert killer.scalar(text(f"SELECT pg_terminate_backend({killed})"))
        assert db.session.scalar(text("SELECT 1")) == 1
        db.session.remove()
        with db.engine.connect() as first, db.engine.connect() as second:
            assert (first.scalar(text("SELECT 1")), second.scalar(text("SELECT 1"))) == (1, 1)
