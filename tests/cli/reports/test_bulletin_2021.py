"""The figures of the bulletin of 2021 come out of its year: each by the command, by facts as by rows, and on any day."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import text

from tests.support.acts import do
from tests.support.bulletin import CUT, FIRST, FOUND, RECTIFIED, WINDOW, bulletin_2021
from tests.support.makers import Town
from tracker.domain.reports.measures.counted import MeasureKind
from tracker.domain.rules.periods import period_named
from tracker.services.house.work import reading, wiring
from tracker.services.reports import reports
from tracker.services.reports.measures.readers import asked_window, every_measured

pytestmark = [pytest.mark.one_engine, pytest.mark.timeout(600)]
HOME = "360103"
SAID = {
    "operations.count(campaign)": "12 次", "operations.count(kind=midnight)": "24 次", "operations.vehicles": "195 车次",
    "operations.people": "380 人次", "operations.found": "230 个", "operations.rectified": "227 个（227/230，98.7%）",
    "interviews.held": "12 次", "interviews.held.operations": "12 次", "controls.count": "8 次",
    "controls.good_kept": "5 次（5/8，62.5%）", "meetings.held": "3 次", "meetings.items": "3 件", "patrols.single": "1 次",
    "patrols.coverage": "42.1%（1600/3800）", "cases.received(source=OPER)": "230 件", "complaints.handled": "0 件",
}
# The bulletin's own line → the figure here.
LINES = {27: "controls.count", 28: "controls.good_kept", 57: "operations.count.campaign", 58: "operations.count.midnight",
         59: "operations.vehicles", 60: "operations.people", 61: "operations.found", 62: "operations.rectified",
         63: "interviews.held"}
OVER_ROWS = {
    "operations.count.campaign": "SELECT count(*) FROM acts a WHERE kind = 'operation' AND subkind = 'campaign'"
                                 " AND state NOT IN ('planned', 'cancelled') AND {window}",
    "operations.count.midnight": "SELECT count(*) FROM acts a WHERE kind = 'operation' AND subkind = 'midnight'"
                                 " AND state NOT IN ('planned', 'cancelled') AND {window}",
    "operations.vehicles": "SELECT sum(f.vehicle_count) FROM act_forces f JOIN acts a ON a.id = f.act_id"
                           " WHERE a.kind = 'operation' AND {window}",
    "operations.people": "SELECT sum(f.person_count) FROM act_forces f JOIN acts a ON a.id = f.act_id"
                         " WHERE a.kind = 'operation' AND {window}",
    "operations.found": "SELECT count(*) FROM act_links l JOIN acts a ON a.id = l.act_id"
                        " WHERE l.role = 'found' AND a.kind = 'operation' AND {window}",
    "operations.rectified": "SELECT sum(coalesce(m.state, c.state) IN ('verified', 'noticing', 'noticed', 'closed'))"
                            " FROM act_links l JOIN acts a ON a.id = l.act_id JOIN cases c ON 'case:' || c.number = l.target"
                            " LEFT JOIN cases m ON m.id = c.master_id"
                            " WHERE l.role = 'found' AND a.kind = 'operation' AND {window}",
    "interviews.held": "SELECT count(*) FROM acts a WHERE kind = 'interview' AND state IN ('held', 'settled') AND {window}",
    "controls.count": "SELECT count(*) FROM acts a WHERE kind = 'control' AND state NOT IN ('drafted', 'voided') AND {window}",
    "controls.good_kept": "SELECT sum(json_extract(details, '$.result') = 'kept') FROM acts a"
                          " WHERE kind = 'control' AND {window}",
    "meetings.held": "SELECT count(*) FROM acts a WHERE kind = 'meeting' AND state IN ('held', 'issued', 'settled') AND {window}",
}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with bulletin_2021(tmp_path_factory.mktemp("year")) as town:
        yield town


@pytest.fixture
def own_year(tmp_path: Path) -> Iterator[Town]:
    with bulletin_2021(tmp_path) as town:
        yield town


def run(*args: str) -> str:
    done = current_app.test_cli_runner().invoke(args=["measures", "show", *args, *WINDOW])
    assert done.exit_code == 0, done.output
    return str(done.output)


def value(key: str, on: date | None = None) -> int:
    return int(json.loads(run(key, "--json", *(("--as-of", on.isoformat()) if on else ())))["value"])


@pytest.mark.parametrize(("key", "said"), SAID.items())
def test_each_figure_of_the_bulletin_comes_out_of_the_command(year: Town, key: str, said: str) -> None:
    assert run(key).splitlines()[1].split("\t")[1] == said


def test_the_published_figures_are_those_of_the_year(year: Town, shared_data: Path) -> None:
    with (shared_data / "bulletin-figures.csv").open(encoding="utf-8-sig") as file:
        published = {int(row["seq"]): row["value"] for row in csv.DictReader(file)}
    assert {seq: value(key) for seq, key in LINES.items()} == {seq: int(published[seq]) for seq in LINES}


def test_what_is_of_facts_is_what_is_of_rows(year: Town) -> None:
    window = "a.began_on BETWEEN :first AND :last AND a.area_code LIKE '360103%'"
    asked = {"first": FIRST.isoformat(), "last": CUT.isoformat()}
    over_rows = {key: reading().scalar(text(query.format(window=window)), asked) for key, query in OVER_ROWS.items()}
    assert {key: value(key) for key in OVER_ROWS} == over_rows


def test_a_number_of_things_has_as_many_records_behind_it(year: Town) -> None:
    found = every_measured(reading(), asked_window(FIRST, CUT, HOME))
    counted = {each.measure.key: each.counted for figures in found.values() for each in figures
               if each.measure.kind is MeasureKind.number and each.counted is not None}
    assert {key: sum(each.amount for each in one.behind) for key, one in counted.items()} == {
        key: one.value for key, one in counted.items()}


def test_one_that_is_reopened_after_the_circular_was_rectified_at_its_cut(own_year: Town) -> None:
    frozen = reports.publish(reports.build("monthly", period_named("2021-08"), HOME))
    closed = str(reading().scalar(text("SELECT number FROM cases WHERE state = 'closed'")))
    own_year.walk(closed, "reopen")
    merged_too = 2  # the case that was merged into it follows its master
    assert value("operations.rectified", CUT) == RECTIFIED
    assert value("operations.rectified") == RECTIFIED - merged_too and value("operations.found") == FOUND
    assert reports.rerun(frozen).text() == reports.document_of(frozen).text()


def test_forces_that_are_corrected_after_the_circular_stand_in_the_next_one(own_year: Town) -> None:
    frozen = reports.publish(reports.build("monthly", period_named("2021-08"), HOME))
    number = "XD-2021-0036"
    do(own_year, number, "operation", "set_forces", vehicle_count="6", person_count="9", reason="两人请假")
    assert (value("operations.people", CUT), value("operations.people")) == (380, 380 - 2)
    assert reports.rerun(frozen).text() == reports.document_of(frozen).text()
    own_year.clock.move_to(datetime(2021, 10, 12, 9, tzinfo=wiring().zone) + timedelta(0))  # type: ignore[arg-type]
    later: Any = reports.build("monthly", period_named("2021-09"), HOME).document
    assert f"更正 {number}" in later.text() and "11 → 9 人次" in later.text()
