"""`python -m bench.drills.full_database`: SQLite may not grow any more (`max_page_count`) while people register and read; then it
may again. Told is what was answered, and whether the ledger holds."""

import os
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select

from bench.__main__ import Register, made
from bench.drills.killed import FORM
from bench.visitor import TOKEN
from tracker import create_app
from tracker.services.upkeep.integrity import verify
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db

ROUNDS = 200
UNLIMITED = 1_073_741_823


class Limit:
    """How many pages the database may have from now on; asked for at each checkout of a connection."""

    pages = UNLIMITED

    def set_on(self, dbapi: sqlite3.Connection, *rest: object) -> None:
        """The limit of this connection."""
        dbapi.execute(f"PRAGMA max_page_count={self.pages}")


def main() -> None:
    """Register until it is full and beyond, read, let it grow, register again, verify."""
    with tempfile.TemporaryDirectory() as folder:
        register = made(0, "sqlite", Path(folder))
        os.environ |= register.environment
        from config import Settings

        app, limit = create_app(Settings.from_env(dotenv=None)), Limit()
        with app.app_context():
            event.listen(db.engine, "checkout", limit.set_on)
            before = _page_count()
            limit.pages = before + 40
        answers, pages = _registered(app, register, ROUNDS)
        print(f"full at {limit.pages} pages: registering was answered {dict(answers)}, pages {dict(pages)}")
        limit.pages = UNLIMITED
        again, _ = _registered(app, register, 5)
        with app.app_context():
            kept = db.session.scalar(select(func.count()).select_from(Case))
            report = verify()
        print(f"with room again: {dict(again)}; {kept} cases are there, {answers[302] + again[302]} were acknowledged")
        print(f"verify: {report.trouble_count} troubles, the first {report.first}")


def _page_count() -> int:
    raw = db.engine.raw_connection()
    found: int = raw.cursor().execute("PRAGMA page_count").fetchone()[0]
    raw.close()
    return found


def _registered(app: Flask, register: Register, rounds: int) -> tuple[Counter[int], Counter[int]]:
    client, answers, pages = app.test_client(), Counter[int](), Counter[int]()

    def token(path: str) -> str:
        found = TOKEN.search(client.get(path).text)
        return found[1] if found else ""

    client.post("/login", data={"login": register.staff["dispatcher"], "password": register.staff["password"],
                                "csrf_token": token("/login")})
    csrf = token("/cases/new")
    for _ in range(rounds):
        answers[client.post("/cases/new", data={**FORM, "csrf_token": csrf}).status_code] += 1
        pages[client.get("/cases").status_code] += 1
    return answers, pages


if __name__ == "__main__":
    main()
