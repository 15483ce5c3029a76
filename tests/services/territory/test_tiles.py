"""Tiles of others under the maps: one host, its key sealed, shifted ones refused, set and taken off on the record."""

import json
from typing import Any

import pytest

from tests.support.makers import Town
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, NotFound, Refusal
from tracker.domain.territory.tiles import PRESET
from tracker.services.territory import tiles
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Preference

KEY = "0123456789abcdef"
GIVEN = {"base": PRESET.base, "label": PRESET.label, "credit": "天地图", "approval": "GS（2024）0650号", "key": KEY}


def set_them(town: Town, who: str = "admin", **other: str) -> Any:
    return tiles.set_tiles(town.actor(who), **(GIVEN | other))


def test_the_key_is_sealed_in_the_database_and_stays_when_it_is_left_blank(town: Town) -> None:
    set_them(town)
    row = db.session().get(Preference, "map_tiles")
    assert row is not None and KEY not in row.value
    assert (found := tiles.current()) is not None
    assert (found.key, found.origin) == (KEY, "https://t0.tianditu.gov.cn")
    assert set_them(town, credit="国家地理信息公共服务平台", key="").key == KEY
    facts = ledger.stream_of(db.session(), "map")
    assert [json.loads(fact.body)["source"] for fact in facts] == ["天地图", "国家地理信息公共服务平台"]
    assert all(KEY not in fact.body for fact in facts)


def test_the_same_again_is_no_second_fact(town: Town) -> None:
    set_them(town)
    set_them(town, key="")
    assert [fact.kind for fact in ledger.stream_of(db.session(), "map")] == ["map:tiles_set"]


def test_a_key_never_goes_to_another_host_than_it_was_given_for(town: Town) -> None:
    set_them(town)
    with pytest.raises(Invalid) as refused:
        set_them(town, base="https://tiles.example.cn/{z}/{x}/{y}.png?k={key}", label="", key="")
    assert refused.value.field == "key"


REFUSED = {
    "no https": ({"base": "http://t0.tianditu.gov.cn/{z}/{x}/{y}"}, "base"),
    "no place": ({"base": "https://t0.tianditu.gov.cn/{z}/{x}"}, "base"),
    "subdomains": ({"base": "https://t{s}.tianditu.gov.cn/{z}/{x}/{y}"}, "base"),
    "a policy of its own": ({"base": "https://a.cn;script-src *//{z}/{x}/{y}"}, "base"),
    "a name within the host": ({"base": "https://user@a.cn/{z}/{x}/{y}"}, "base"),
    "shifted": ({"base": "https://webrd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}"}, "base"),
    "two hosts": ({"label": "https://t1.tianditu.gov.cn/{z}/{x}/{y}"}, "label"),
    "no credit": ({"credit": ""}, "credit"),
    "no approval": ({"approval": ""}, "approval"),
    "odd approval": ({"approval": "审图"}, "approval"),
    "no key": ({"key": ""}, "key"),
    "a key with markup": ({"key": '"><script>'}, "key"),
    "a key nobody asks for": ({"base": "https://a.cn/{z}/{x}/{y}", "label": ""}, "key"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_at_its_field_and_nothing_is_set(town: Town, case: str) -> None:
    other, field = REFUSED[case]
    for act in (tiles.set_tiles, tiles.tried):
        with pytest.raises((Invalid, Incomplete)) as refused:
            act(town.actor("admin"), **(GIVEN | other))
        assert refused.value.field == field
    assert tiles.current() is None


def test_only_administrators_set_and_remove_them(town: Town) -> None:
    with pytest.raises(NotAllowed):
        set_them(town, "dispatcher")
    with pytest.raises(NotFound):
        tiles.remove(town.actor("admin"))
    set_them(town)
    with pytest.raises(Refusal):
        tiles.remove(town.actor("dispatcher"))
    tiles.remove(town.actor("admin"))
    assert tiles.current() is None
    assert [fact.kind for fact in ledger.stream_of(db.session(), "map")] == ["map:tiles_set", "map:tiles_removed"]
