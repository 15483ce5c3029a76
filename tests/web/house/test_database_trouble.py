"""A database that is down, busy or full is a sentence and a 503 at every door, and nothing that was typed is lost."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, event, text

from config import Settings
from tests.support.databases import close
from tests.support.visitors import check_page, found_town, text_of, token_of, visitor
from tests.web.evidence.test_uploads import GIVEN, SAME
from tracker import create_app
from tracker.storage.house.base import db

BUSY, FULL, SILENT = "数据库正忙", "磁盘已满", "数据库连不上或没有应答"


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def sent(client: Any, **given: object) -> Any:
    return client.post("/cases/new", data={**GIVEN, "csrf_token": token_of(client.get("/cases/new")), **given}, headers=SAME)


@pytest.fixture
def down(town_app: Flask, settings: Settings, engine_name: str, tmp_path: Any) -> Iterator[tuple[Flask, Any]]:
    """The product without its database, and a browser that signed in before."""
    url = (f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}" if engine_name == "sqlite"
           else "postgresql+psycopg://nobody:x@127.0.0.1:1/nothing")
    without = create_app(replace(settings, database_url=url))
    client, name = without.test_client(), town_app.config["SESSION_COOKIE_NAME"]
    signed_in = visitor(town_app, "clerk")
    signed_in.get("/cases/new")
    client.set_cookie(name, signed_in.get_cookie(name).value)
    yield without, client
    close(without)


@pytest.mark.both_engines
@pytest.mark.parametrize("path", ["/", "/login", "/cases", "/cases/XH-2026-000001", "/settings"])
def test_without_a_database_every_page_is_one_sentence_and_says_when_to_come_back(down: tuple[Flask, Any], path: str) -> None:
    answer = down[1].get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
    assert SILENT in check_page(answer).text_content()


def test_without_a_database_scripts_and_machines_are_told_too(down: tuple[Flask, Any]) -> None:
    answer = down[1].get("/cases", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, "database", "20")
    assert (down[1].get("/healthz").status_code, down[1].get("/readyz").status_code) == (200, 503)


def test_without_a_database_what_was_typed_comes_back_and_can_be_sent_again(town_app: Flask, down: tuple[Flask, Any]) -> None:
    token = token_of(visitor(town_app, "clerk").get("/cases/new"))
    answer = down[1].post("/cases/new", data={**GIVEN, "title": "桃花河边堆放垃圾", "csrf_token": token}, headers=SAME)
    assert answer.status_code == 503
    page = check_page(answer)
    assert "桃花河边堆放垃圾" in page.xpath("string(//main//dl)")
    assert page.xpath("//form[@action='/cases/new']//input[@name='title']/@value") == ["桃花河边堆放垃圾"]


def test_without_a_database_a_stranger_is_shown_nothing_of_what_was_sent(down: tuple[Flask, Any]) -> None:
    answer = down[0].test_client().post("/login", data={"login": "clerk", "password": "hush-hush"}, headers=SAME)
    assert answer.status_code in (400, 503)
    assert "hush-hush" not in answer.text


def test_without_a_database_a_command_says_one_sentence(down: tuple[Flask, Any]) -> None:
    done: Result = down[0].test_cli_runner().invoke(args=["people", "list"])
    assert done.exit_code == 1
    assert "数据库" in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.one_engine
def test_a_full_database_keeps_what_was_typed_and_pages_go_on(town_app: Flask) -> None:
    def fill(dbapi: sqlite3.Connection, *rest: object) -> None:
        dbapi.execute(f"PRAGMA max_page_count={dbapi.execute('PRAGMA page_count').fetchone()[0]}")

    client = visitor(town_app, "clerk")
    with town_app.app_context():
        event.listen(db.engine, "checkout", fill)
    answers = [sent(client, title=f"第{number}件", description="字" * 4000) for number in range(4)]
    full = [answer for answer in answers if answer.status_code == 503]
    assert full
    assert FULL in text_of(full[-1])
    assert "字字字" in text_of(full[-1])
    assert client.get("/cases").status_code == 200


def test_a_database_that_somebody_else_holds_says_that_it_is_busy(town_app: Flask, database_url: str, engine_name: str) -> None:
    client = visitor(town_app, "clerk")
    token = token_of(client.get("/cases/new"))
    impatient = "PRAGMA busy_timeout=100" if engine_name == "sqlite" else "SET lock_timeout = '100ms'"
    with town_app.app_context():
        event.listen(db.engine, "checkout", lambda dbapi, *rest: dbapi.cursor().execute(impatient))
    holder = create_engine(database_url)
    with holder.connect() as connection:
        connection.execute(text("BEGIN IMMEDIATE" if engine_name == "sqlite" else "LOCK TABLE cases, counters, facts"))
        answer = client.post("/cases/new", data={**GIVEN, "csrf_token": token, "title": "河边"}, headers=SAME)
        connection.rollback()
    holder.dispose()
    assert answer.status_code == 503
    assert BUSY in text_of(answer)
    assert "河边" in answer.text
