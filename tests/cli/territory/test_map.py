"""`flask map`: boundaries and tiles at the command line, under the refusals of the page."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Run
from tests.services.territory.test_boundaries import FROM, NUMBER, file_of


def test_tiles_are_set_with_a_key_from_a_file_and_taken_off(flask: Run, refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "key").write_text("0123456789abcdef\n")
    assert "审图号" in refused("map", "tiles", "--key-file", str(tmp_path / "key"))
    done = flask("map", "tiles", "--approval", "GS（2024）0650号", "--key-file", str(tmp_path / "key")).output
    assert done == "在线底图已启用：天地图  GS（2024）0650号  https://t0.tianditu.gov.cn\n"
    assert "有密钥" in flask("map", "show").output
    assert "0123456789abcdef" not in flask("map", "show").output
    assert "GCJ-02" in refused("map", "tiles", "--base", "https://wprd01.is.autonavi.com/{x}/{y}/{z}")
    assert "已停用" in flask("map", "tiles", "--off").output
    assert "没有设在线底图" in refused("map", "tiles", "--off")


def test_boundaries_are_loaded_and_taken_off_as_on_the_page(flask: Run, refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "界.geojson").write_bytes(file_of())
    assert "边界数据的来源" in refused("map", "load", str(tmp_path / "界.geojson"), "--source", "")
    done = flask("map", "load", str(tmp_path / "界.geojson"), "--source", FROM, "--approval", NUMBER).output
    assert "边界已启用：界.geojson，1 个" in done
    assert NUMBER in flask("map", "show").output
    assert "已撤下" in flask("map", "remove").output
    assert "没有可以撤下的文件" in refused("map", "remove")
