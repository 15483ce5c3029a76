"""Reminders of cases become reminders of streams, and back."""

from typing import Any

import flask_migrate
from sqlalchemy import text

from tests.storage.house.test_migrations import DESPITE, REVISIONS, contents, use
from tracker.storage.house.base import db


def test_a_reminder_of_a_case_is_one_of_its_stream_and_back(old_product: Any) -> None:
    for revision in REVISIONS[:REVISIONS.index("0053")]:
        flask_migrate.upgrade(revision=revision, x_arg=DESPITE)
        use(revision)
    (before,) = contents()["reminders"]
    flask_migrate.upgrade(revision="0053", x_arg=DESPITE)
    (now,) = contents()["reminders"]
    rest = {name: value for name, value in before.items() if name != "case_id"}
    assert now == rest | {"stream": "case:XH-2021-000003"}
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO reminders (id, stream, round, lap, rung, on_date, due_on, made_at) SELECT id + 1, "
                                "'act:YT-2021-0001/1', round, lap, rung, on_date, due_on, made_at FROM reminders"))
    flask_migrate.downgrade(revision="-1")
    assert contents()["reminders"] == [before]
