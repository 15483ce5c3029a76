"""The outlines of a city's counties come from the file that set-up fetched; without it maps have pins and no lines."""

import json
from pathlib import Path

import pytest

from tests.support.makers import Town
from tests.support.outlines import an_archive
from tracker.domain.house.errors import Broken
from tracker.gateways.territory.outlines import outlines_of
from tracker.services.house.work import reading, wiring
from tracker.services.territory import boundaries, outlines
from tracker.services.territory.slices import load_city_slice
from tracker.services.upkeep import integrity
from tracker.storage.house.ledger import stream_of
from tracker.storage.house.preferences import Preference

pytestmark = pytest.mark.one_engine

HANGZHOU = (("330106", "西湖区"), ("330102", "上城区"), ("360103", "西湖区"))


@pytest.fixture
def fetched(town: Town, tmp_path: Path) -> Path:
    wiring().outlines = tmp_path / "outlines"
    return an_archive(tmp_path / "outlines", *HANGZHOU)


def drawn_names() -> list[str]:
    return [feature["properties"]["name"] for feature in json.loads(boundaries.geojson().text)["features"]]


def live_in(area_code: str) -> None:
    """The office moves: its installation is another place's."""
    reading().get(Preference, "home_area").value = area_code  # type: ignore[union-attr]
    reading().commit()
    wiring().cached.clear()


def test_a_city_comes_with_the_lines_of_its_counties(fetched: Path) -> None:
    done = load_city_slice(None, "330106")
    assert done.outline_count == 2
    facts = list(stream_of(reading(), "map"))
    assert [(fact.kind, fact.payload["city"], fact.payload["parts"]) for fact in facts] == [("map:outlines_kept", "3301", 2)]
    assert load_city_slice(None, "3301").outline_count == 2
    assert len(list(stream_of(reading(), "map"))) == 1
    assert integrity.verify().file_count == 1


def test_maps_draw_the_lines_of_the_home_city_and_points_are_named_by_them(fetched: Path) -> None:
    load_city_slice(None, "3301")
    assert "红谷滩区" in drawn_names()
    live_in("330106")
    assert drawn_names() == ["西湖区", "上城区"]
    assert boundaries.district_at(30.15, 120.05) == boundaries.District("330106", "西湖区")
    assert not boundaries.is_blank()


def test_without_the_file_the_map_is_blank_and_knows_the_province(town: Town) -> None:
    done = load_city_slice(None, "3301")
    assert (done.outline_count, outlines.has_archive()) == (0, False)
    live_in("330106")
    assert boundaries.is_blank()
    found = json.loads(boundaries.geojson().text)
    assert (found["features"], found["bbox"]) == ([], [118.02, 27.16, 122.84, 31.19])
    assert boundaries.district_at(30.15, 120.05) is None


def test_the_demo_s_city_has_its_lines_without_any_file(town: Town) -> None:
    assert len(drawn_names()) == 9


def test_a_file_that_cannot_be_read_is_named_and_stops_no_city(fetched: Path) -> None:
    fetched.write_bytes(b"not an archive")
    with pytest.raises(Broken, match="读不出来"):
        outlines.keep_outlines(None, "3301")
    done = load_city_slice(None, "3301")
    assert (done.added > 200, done.outline_count) == (True, 0)


@pytest.mark.one_engine
def test_lines_have_five_decimals_and_the_codes_of_divisions(tmp_path: Path) -> None:
    (found,) = outlines_of(an_archive(tmp_path, ("441900", "东莞市")), "4419")
    assert found["properties"] == {"code": "441900", "name": "东莞市"}
    assert found["geometry"]["coordinates"][0][0][0] == [120, 30.12346]


@pytest.mark.one_engine
def test_lines_that_a_city_has_lost_leave_its_map_standing(fetched: Path, town: Town, tmp_path: Path) -> None:
    load_city_slice(None, "3301")
    live_in("330106")
    (fact,) = stream_of(reading(), "map")
    (kept,) = tmp_path.rglob(str(fact.payload["sha256"]))
    kept.unlink()
    wiring().cached.clear()
    assert boundaries.is_blank()
