"""The demo's photographs: small, different, with time and place where a phone puts them."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.gateways.evidence.images import inspect_upload
from tracker.gateways.reports.pictures import Scene, Shot, photograph

OFFICE = ZoneInfo("Asia/Shanghai")
TAKEN_AT = datetime(2026, 3, 2, 9, 41, 7, tzinfo=OFFICE)


def shot(scene: Scene = Scene.garbage, amount: float = 1, seed: int = 1, has_people: bool = False) -> Shot:
    return Shot(scene, amount, TAKEN_AT, "西湖区朝阳洲街道桃花河东侧", 28.6553, 115.8651, seed, has_people)


@pytest.mark.parametrize("scene", Scene)
def test_every_scene_shows_trouble_and_order_as_small_different_photographs(scene: Scene) -> None:
    pictures = [photograph(shot(scene, amount, has_people=people)) for amount, people in ((1, False), (0.5, False), (0, False), (0, True))]
    assert len(set(pictures)) == 4
    assert max(len(picture) for picture in pictures) < 80_000


def test_a_photograph_carries_its_time_and_place_and_opens_as_an_upload() -> None:
    found = inspect_upload("IMG_1.jpg", photograph(shot()), max_bytes=1_000_000, zone=OFFICE)
    assert found.mime == "image/jpeg"
    assert found.picture is not None
    assert (found.picture.width, found.picture.height) == (800, 600)
    assert found.picture.taken_at == TAKEN_AT
    assert found.picture.latitude == pytest.approx(28.6553, abs=1e-6)
    assert found.picture.longitude == pytest.approx(115.8651, abs=1e-6)


def test_the_same_shot_is_the_same_picture_and_another_spot_or_moment_another() -> None:
    one = photograph(shot())
    assert photograph(shot()) == one
    assert photograph(shot(seed=2)) != one
    assert photograph(replace(shot(), taken_at=TAKEN_AT.replace(minute=42))) != one
