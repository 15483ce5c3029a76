"""A city's areas come into the product: all of them, told, and once."""

import pytest
from sqlalchemy import func, select

from tests.support.makers import Town
from tracker.domain.house.errors import Invalid
from tracker.services.house.work import reading
from tracker.services.rules import rules
from tracker.services.territory.slices import STREAM, load_city_slice
from tracker.storage.house.ledger import stream_of
from tracker.storage.territory.territory import AreaRow


def count_of(city: str) -> int:
    return reading().scalar(select(func.count()).where(AreaRow.code.startswith(city))) or 0


def test_a_city_is_loaded_with_counties_and_towns_and_a_second_time_changes_nothing(town: Town) -> None:
    done = load_city_slice(None, "330106")
    assert (done.code, done.name, done.added) == ("3301", "杭州市", done.count)
    assert count_of("3301") == done.count >= 210
    told = [fact.payload for fact in stream_of(reading(), STREAM)]
    assert sum(len(payload["rows"]) for payload in told) == done.count
    assert load_city_slice(None, "3301").added == 0
    assert len(list(stream_of(reading(), STREAM))) == len(told)


def test_the_demo_s_city_is_there_from_the_start(town: Town) -> None:
    assert load_city_slice(None, "360103").added == 0


def test_what_was_loaded_is_known_at_once(town: Town) -> None:
    assert rules.gazetteer().area("330106") is None
    load_city_slice(None, "3301")
    found = rules.gazetteer().area("330106")
    assert found is not None
    assert found.name == "西湖区"


def test_no_code_loads_nothing(town: Town) -> None:
    with pytest.raises(Invalid, match="没有区划代码“999999”"):
        load_city_slice(None, "999999")
