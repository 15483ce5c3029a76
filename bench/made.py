"""Makes the register of a run, with the settings of the environment; also counts the statements of its pages."""

import json
import re
import sys
import time
from typing import Any

import flask_migrate
from sqlalchemy import event, text

from bench.register import fill
from config import Settings
from tracker import create_app
from tracker.storage.house.base import db

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def make(count: int) -> None:
    """Migrate and fill; says who may sign in, as JSON on the last line."""
    app = create_app(Settings.from_env())
    with app.app_context():
        flask_migrate.upgrade()
        begin = time.perf_counter()
        staff = fill(count, progress=_said(count))
        db.session.remove()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))  # as autovacuum does in a server that has lived with its rows
        db.engine.dispose()
    print(json.dumps({"password": staff.password, "dispatcher": staff.dispatcher, "officer": staff.officer,
                      "seconds": time.perf_counter() - begin}))


def _said(count: int) -> Any:
    def progress(done: int) -> None:
        print(f"\r  {done} / {count}", end="" if done < count else "\n", file=sys.stderr, flush=True)

    return progress if sys.stderr.isatty() else lambda done: None


class Statements:
    """Counts what a request sends to the database, by signing in to an application in this very process."""

    def __init__(self, login: str, password: str) -> None:
        self.app = create_app(Settings.from_env())
        self.client = self.app.test_client()
        self.seen: list[str] = []
        with self.app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._count)
        self.token = ""
        self.token = self._token("/login")
        answer = self.client.post("/login", data={"login": login, "password": password, "csrf_token": self.token})
        assert answer.status_code == 302, answer.status_code

    def of(self, method: str, path: str, form: dict[str, str] | None = None) -> list[str]:
        """The statements of one request, asked twice so that caches are warm."""
        for _ in range(2 if method == "GET" else 1):
            self.seen.clear()
            answer = self.client.open(path, method=method, data={**(form or {}), "csrf_token": self.token} if form else None)
            assert answer.status_code < 400, f"{path}: {answer.status_code}"
        return [s for s in self.seen if not s.startswith("BEGIN")]

    def refresh(self, path: str) -> None:
        """The token of the signed-in session."""
        self.token = self._token(path)

    def _token(self, path: str) -> str:
        found = TOKEN.search(self.client.get(path).get_data(as_text=True))
        assert found is not None, path
        return found[1]

    def _count(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self.seen.append(statement)


def count_statements(login: str, officer: str, password: str, number: str, assigned: str) -> None:
    """How many statements the pages take, as JSON on the last line."""
    as_dispatcher, as_officer = Statements(login, password), Statements(officer, password)
    as_dispatcher.refresh("/cases/new")
    as_officer.refresh(f"/cases/{assigned}/steps/acknowledge")
    form = {"title": "抚生路12号工地夜间施工扬尘很大", "description": "夜间施工扬尘很大。", "place": "抚生路12号", "area_code": "360103009",
            "source": "H12345", "channel": "hotline", "categories": "dust"}
    found = {
        "list": as_dispatcher.of("GET", "/cases"), "list, filtered": as_dispatcher.of("GET", "/cases?state=closed&unit=U000"),
        "search": as_dispatcher.of("GET", "/cases?q=砂石厂"),
        "case page": as_dispatcher.of("GET", f"/cases/{number}"), "create": as_dispatcher.of("POST", "/cases/new", form),
        "one step": as_officer.of("POST", f"/cases/{assigned}/steps/acknowledge", {"seq": "2"}),
    }
    print(json.dumps({name: len(statements) for name, statements in found.items()}))
