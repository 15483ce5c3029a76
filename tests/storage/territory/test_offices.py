"""What the coming of the offices does to a database of before."""

from dataclasses import replace
from pathlib import Path

import flask_migrate

from tests.support import databases, schemas
from tracker import create_app
from tracker.storage.house.base import db


def contents() -> dict[str, list[schemas.Row]]:
    with db.engine.connect() as connection:
        return schemas.contents(connection)


def test_closings_of_before_go_on_counting(engine_name: str, tmp_path: Path) -> None:
    for url in databases.empty(engine_name, tmp_path):
        product = create_app(databases.settings_for(url, tmp_path))
        with product.app_context():
            flask_migrate.upgrade(revision="0027")
            with db.engine.begin() as connection:
                connection.exec_driver_sql("INSERT INTO counters (key, last) VALUES ('filing:2026', 7), ('case:2026', 9)")
            flask_migrate.upgrade(revision="0028")
            assert {row["key"]: row["last"] for row in contents()["counters"]} == {"filing:360103:2026": 7, "case:2026": 9}
            assert [(row["area_code"], row["filing_short"]) for row in contents()["offices"]] == [("360103", "西环销")]
            flask_migrate.downgrade(revision="0027")
            assert {row["key"]: row["last"] for row in contents()["counters"]} == {"filing:2026": 7, "case:2026": 9}
        databases.close(product)


def test_an_own_district_begins_with_no_office(engine_name: str, tmp_path: Path) -> None:
    for url in databases.empty(engine_name, tmp_path):
        product = create_app(replace(databases.settings_for(url, tmp_path), district="own"))
        with product.app_context():
            flask_migrate.upgrade()
            found = contents()
            assert (found["offices"], found["facts"]) == ([], [])
            assert [row for row in found["preferences"] if row["key"] == "home_area"] == []
        databases.close(product)
