"""The pinned guards are those of a database that the migrations have just made. XIAOHAO_RENEW=1 writes them anew."""

import json
import os
from typing import Any

import pytest
from sqlalchemy import text

from tracker.services.house.work import reading
from tracker.services.upkeep.checks.guards import guard_troubles
from tracker.storage.house.base import db
from tracker.storage.upkeep.guards import PINNED, guards

NO_MORE = {"sqlite": {
    "DROP TRIGGER facts_no_UPDATE": "缺触发器 facts_no_UPDATE",
    "DROP TRIGGER facts_no_DELETE; CREATE TRIGGER facts_no_DELETE BEFORE DELETE ON facts BEGIN SELECT 1; END":
        "触发器 facts_no_DELETE 被改动",
    "CREATE TRIGGER quiet AFTER INSERT ON facts BEGIN SELECT 1; END": "多出触发器 quiet",
}, "postgres": {
    "DROP TRIGGER facts_append_only ON facts": "缺触发器 facts_append_only",
    "ALTER TABLE facts DISABLE TRIGGER facts_append_only": "触发器 facts_append_only 被改动",
    "CREATE OR REPLACE FUNCTION refuse_own_verifier() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$":
        "触发器 cases_verifier_unit 被改动",
    "ALTER TABLE cases DROP CONSTRAINT ck_cases_closer_is_not_verifier": "缺约束 ck_cases_closer_is_not_verifier",
    "ALTER TABLE role_grants DROP CONSTRAINT fk_role_grants_person_id": "缺外键 fk_role_grants_person_id",
}}


def test_the_pinned_guards_are_those_of_a_fresh_database(app: Any) -> None:
    with app.app_context():
        standing, every = guards(reading()), json.loads(PINNED.read_text())
        reading().rollback()
        if os.environ.get("XIAOHAO_RENEW"):
            PINNED.write_text(json.dumps(every | {db.engine.dialect.name: standing}, indent=1, sort_keys=True) + "\n")
            return
        assert standing == every[db.engine.dialect.name]
        assert len(standing) > 60
        assert [kind for kind in ("trigger", "check", "foreign_key", "unique")
                if not any(name.startswith(kind) for name in standing)] == []


def test_a_guard_that_is_dropped_emptied_or_made_by_nobody_is_named(app: Any, engine_name: str) -> None:
    with app.app_context():
        for statement, said in NO_MORE[engine_name].items():
            for part in statement.split("; CREATE") if engine_name == "sqlite" else [statement]:
                db.session.execute(text(part if part == statement or part.startswith("DROP") else f"CREATE{part}"))
            assert [each.reason for each in guard_troubles(db.session())] == [said]
            db.session.rollback()
        assert list(guard_troubles(db.session())) == []
        db.session.rollback()


@pytest.mark.one_engine
def test_a_check_that_is_taken_out_of_the_schema_is_named(app: Any) -> None:
    with app.app_context():
        db.session.execute(text("PRAGMA writable_schema=ON"))
        db.session.execute(text("UPDATE sqlite_master SET sql = replace(sql, 'verified_by_id <> submitted_by_id', '1') "
                                "WHERE name = 'cases'"))
        assert [each.reason for each in guard_troubles(db.session())] == ["约束 ck_cases_verifier_is_not_submitter 被改动"]
        db.session.rollback()
