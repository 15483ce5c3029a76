"""The figures of the bulletin's registry come out of a fortieth of it, each by the command; all of it is made by
`python -m tests.support.bulletin_registry`."""

from pathlib import Path

import pytest

from tests.support.bulletin import opened_at
from tests.support.bulletin_registry import FIGURES, BulletinRegistry, printed
from tracker.services.upkeep.integrity import verify

pytestmark = [pytest.mark.one_engine, pytest.mark.timeout(600)]
SAID = ("65 家", "（4/65）", "（14/65）", "（47/65）", "11 家", "51 家次", "14 家", "13 家", "18 家", "232 家", "18/18", "15/18", "3 家", "35 个",
        "5 个", "3 起", "3 起", "2 家", "2 起", "2.56 万元")


def test_every_figure_is_counted_by_its_command(tmp_path: Path) -> None:
    with opened_at(tmp_path) as town:
        BulletinRegistry(town, tmp_path, 40).walk()
        found = {(key, area): printed(key, area) for key, area in FIGURES}
        missing = {asked: said for (asked, said), expected in zip(found.items(), SAID, strict=True) if expected not in said}
        assert missing == {}
        assert [str(each) for each in verify().troubles] == []
