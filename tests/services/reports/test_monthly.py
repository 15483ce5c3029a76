"""The monthly circular from the ledger: shifted points, repeat reporters, frozen and made again, and no reporter anywhere in it."""

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.reports.document import Document
from tracker.domain.rules.periods import period_named
from tracker.gateways.territory.datums import shifted
from tracker.services.cases import intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.reports import reports

HOME, MARCH = "360103", period_named("2026-03")
HERE = (28.6627, 115.8751)
CANARY, OTHER = Reporter("独特名字金丝雀", "138 0013 8000"), Reporter("另一位", "138 0013 8001")
REGISTERED = {"title": "夜间施工噪声", "description": "深夜施工", "categories": ("noise",), "place": "桃花河边3栋502室", "area_code": "360103002"}


def complained(town: Town, reporter: Reporter | None, **where: object) -> str:
    order = RegisterOrder(source="H12345", **{**REGISTERED, **where})  # type: ignore[arg-type]
    return intake.register(town.actor("clerk"), order, reporter=reporter).number


def at_the_end_of_march(town: Town) -> None:
    town.clock.move_to(town.clock.end_of(MARCH.last) + timedelta(hours=9))


def at_the_end_of_may(town: Town) -> None:
    town.clock.move_to(town.clock.end_of(period_named("2026-05").last) + timedelta(hours=9))


def frozen(number: str, document: Document) -> Mapping[str, tuple[str, ...]]:
    return {key: numbers for key, numbers in document.cases.items() if number in numbers}


@pytest.mark.one_engine
def test_points_of_shifted_maps_and_of_phones_meet_and_a_repeat_reporter_counts_once(town: Town) -> None:
    lat, lng = shifted(*HERE)
    first = complained(town, CANARY, lat=HERE[0], lng=HERE[1])
    complained(town, CANARY, lat=HERE[0], lng=HERE[1])
    complained(town, OTHER, lat=lat, lng=lng, datum="gcj02")
    at_the_end_of_march(town)
    assert "hot_spot/1" not in reports.build("monthly", MARCH, HOME).document.cases
    town.clock.move_to(town.clock.now() - timedelta(days=3))
    complained(town, None, lat=lat, lng=lng, datum="gcj02")
    at_the_end_of_march(town)
    document = reports.build("monthly", MARCH, HOME).document
    assert len(document.cases["hot_spot/1"]) == 4
    assert set(frozen(first, document)) >= {"received", "complaints", "hot_spot/1", "load", "stock"}


@pytest.mark.one_engine
def test_a_frozen_circular_comes_out_again_after_everything_changed_and_names_no_reporter(town: Town) -> None:
    number = complained(town, CANARY, lat=HERE[0], lng=HERE[1])
    town.walk(number, "assign", "acknowledge")
    at_the_end_of_march(town)
    row = reports.publish(reports.build("monthly", MARCH, HOME))
    town.do(number, "correct_field", field="area_code", value="360103014")
    complained(town, CANARY, received_on=MARCH.first)
    assert reports.rerun(row).digest() == row.digest
    assert not any(part in kept for kept in (row.body, row.inputs) for part in ("金丝雀", "13800138000", "138 0013 8000"))
    assert "502室" not in row.body
    assert json.loads(row.inputs)["reporters"] == {}
    town.clock.move_to(town.clock.now() + timedelta(hours=1))
    april = reports.build("monthly", period_named("2026-04"), HOME).document
    assert april.cases["corrected_fields"] == (number,)
    assert len(april.cases["corrected_late"]) == 1


@pytest.mark.one_engine
def test_stored_inputs_hold_of_reporters_only_which_compared_complaints_share_one(town: Town) -> None:
    spoken = {"title": "独特名字金丝雀反映夜间施工噪声，请回电13800138000", "place": "桃花河边3栋502室独特名字家，电话13800138000"}
    numbers = [complained(town, CANARY, **spoken) for _ in range(2)]
    complained(town, OTHER, lat=shifted(*HERE)[0], lng=shifted(*HERE)[1], datum="gcj02")
    at_the_end_of_march(town)
    kept = reports.publish(reports.build("monthly", MARCH, HOME)).inputs
    assert json.loads(kept)["reporters"] == dict.fromkeys(numbers, 1)
    assert not any(part in kept for part in ("独特名字", "13800138000", "138 0013 8000", "13800138001", "502室"))
    assert len(json.loads(kept)["points"]) == 1
    at_the_end_of_may(town)
    later = json.loads(reports.publish(reports.build("monthly", period_named("2026-05"), HOME)).inputs)
    assert (later["reporters"], later["points"], later["texts"]) == ({}, {}, {}), "what is not compared is not kept"


@pytest.mark.one_engine
def test_a_complaint_of_the_same_month_of_the_year_before_has_its_point_and_its_reporter(town: Town) -> None:
    lat, lng = shifted(*HERE)
    old = [complained(town, CANARY, lat=lat, lng=lng, datum="gcj02") for _ in range(2)]
    town.clock.move_to(town.clock.end_of(period_named("2027-03").last) + timedelta(hours=9))
    inputs = reports.build("monthly", period_named("2027-03"), HOME).inputs
    assert (sorted(inputs.points), sorted(inputs.reporters)) == (sorted(old), sorted(old))
