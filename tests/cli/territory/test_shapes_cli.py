"""`flask shapes`: the same refusals as on the pages; nothing is measured before somebody asks."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import railway
from tests.support.makers import Town
from tracker.domain.territory.shapes.layers import Layer

pytestmark = pytest.mark.one_engine


def said(cli: Any, *words: str, fails: bool = False) -> str:
    done = cli.invoke(args=["shapes", *words])
    assert (done.exit_code != 0) is fails, done.output
    return str(done.output)


def test_a_file_goes_from_draft_to_force_by_two_persons(town: Town, cli: Any, tmp_path: Path) -> None:
    railway.in_force(town, Layer.ownership)
    file = tmp_path / "owners.geojson"
    file.write_bytes(railway.content(railway.YARD, railway.PUMP))
    load = ("load", str(file), "--layer", "ownership", "--source", "南昌工务段", "--document", "南工〔2026〕3号")
    assert "产权 2 个，其中替换现有的 0 个；没有写入" in said(cli, *load, "--dry-run")
    assert "第 5 号草稿：产权 2 个，重叠 0 处" in said(cli, *load, "--as", "admin")
    assert "产权图还有第 5 号草稿没有启用" in said(cli, *load, fails=True)
    near = town.registered(lat=28.663158, lng=115.920409, datum="wgs84", accuracy_metres=3.0, area_code=railway.AREA)
    assert f"建议会变的 1 件\n{near}\tA3 XH-TH → A4 NTJ-GWD" in said(cli, "preview", "5")
    assert "没有“启用铁路沿线图形”的权限" in said(cli, "activate", "5", "--as", "admin", fails=True)
    assert "产权图2026年第1版自 2026-03-02 起用" in said(cli, "activate", "5", "--as", "lead")
    assert "5\t产权\t2026年第1版\t2\t南昌工务段\t南工〔2026〕3号\t2026-03-02" in said(cli, "list")
    assert "不是草稿" in said(cli, "drop", "5", fails=True)


def test_an_overlap_is_told_with_its_place_and_kept_by_name(town: Town, cli: Any, tmp_path: Path) -> None:
    railway.in_force(town)
    file = tmp_path / "owners.geojson"
    file.write_bytes(railway.content(railway.feature(railway.box(115.9205, 28.6630, 115.921, 28.664), code="CQ-03",
                                                     owner_kind="third", name="某公司")))
    told = said(cli, "load", str(file), "--layer", "ownership", "--source", "南昌工务段", "--from", "2026-03-09", "--as", "admin")
    assert "重叠 CQ-03/CQ-01\t975.7 平方米\t东经 115.920557° 北纬 28.663395°" in told
    assert "有 1 处重叠还没有认定" in said(cli, "activate", "6", "--as", "lead", fails=True)
    assert "自 2026-03-09 起用" in said(cli, "activate", "6", "--as", "lead", "--keep", "CQ-03/CQ-01")


def test_who_does_not_measure_does_not_load_what_measures() -> None:
    """Of numpy a process knows anyway where openpyxl finds it."""
    code = ("import sys, tracker.wiring, tracker.web, tracker.scheduler, tracker.services.territory.shapes.places; "
            "sys.exit('shapely' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], env=os.environ.copy(), check=False).returncode == 0
