"""`./run` in a folder where every program is a stand-in: who is started again, and what ends everything."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.project_files import ROOT

PYTHON = """#!/bin/sh
case "$*" in
*gunicorn*) echo $$ >>web.pids; exec {python} -c "
import socket, os, time
listener = socket.create_server(('127.0.0.1', int(os.environ['PORT'])))
time.sleep(60)" ;;
-c*|"- "*) exec {python} "$@" ;;
*) exit 0 ;;
esac
"""
FLASK = """#!/bin/sh
case "$*" in
"people list") echo somebody ;;
"setup link --if-needed") echo http://127.0.0.1/setup#code >&2 ;;
"scheduler run") echo $$ >>clock.pids; [ ! -f broken ] || exit 1; exec sleep 60 ;;
esac
"""
CONFIG = """class SettingsError(Exception): pass
class Settings:
    from_env = staticmethod(lambda: None)
"""


@pytest.fixture
def started(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    (folder / ".env").touch()
    with started_in(folder) as process:
        yield process


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The script among stand-ins, with nothing set up."""
    for name in ("run", "requirements.txt", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "config.py").write_text(CONFIG)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, text in (("python", PYTHON.format(python=sys.executable)), ("flask", FLASK)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    for each in ("bootstrap/bootstrap.min.css", "leaflet/leaflet.js", "idb/umd.js", "fonts/NotoSansSC-Regular.ttf"):
        (tmp_path / "static/vendor" / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "static/vendor" / each).touch()
    for name, files in (("run", ("run", "requirements.txt")), ("front-run", ("package.json", "package-lock.json", "run"))):
        (tmp_path / ".venv" / f".stamp-{name}").write_text(_summed(tmp_path, files))
    return tmp_path


@contextmanager
def started_in(folder: Path, *words: str, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The script on a free port; what it says is in the file `said`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(["sh", "./run", *words], cwd=folder, env={**os.environ, "PORT": str(port), **more},
                                   stdin=subprocess.DEVNULL, stderr=said)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)


def _summed(folder: Path, files: tuple[str, ...]) -> str:
    return subprocess.run(["sh", "-c", f"cat {' '.join(files)} | cksum"], cwd=folder, capture_output=True, text=True,
                          check=True).stdout


def _until(met: Callable[[], bool], seconds: int = 20) -> None:
    for _ in range(seconds * 10):
        if met():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that")


def _ids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def _is_running(process_id: int) -> bool:
    status = Path(f"/proc/{process_id}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_clock_that_was_killed_is_started_again_while_pages_go_on(started: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    _until(lambda: "已启动" in (tmp_path / "said").read_text() and len(_ids(tmp_path / "clock.pids")) == 1)
    os.kill(_ids(tmp_path / "clock.pids")[0], signal.SIGKILL)
    _until(lambda: len(_ids(tmp_path / "clock.pids")) == 2)
    assert _is_running(_ids(tmp_path / "clock.pids")[1])
    assert [_is_running(each) for each in _ids(tmp_path / "web.pids")] == [True]
    assert "时钟进程停了" in (tmp_path / "said").read_text()


def test_a_clock_that_never_lasts_is_started_less_and_less_often(started: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    _until(lambda: "已启动" in (tmp_path / "said").read_text() and len(_ids(tmp_path / "clock.pids")) >= 1)
    if len(_ids(tmp_path / "clock.pids")) == 1 and _is_running(_ids(tmp_path / "clock.pids")[0]):
        os.kill(_ids(tmp_path / "clock.pids")[0], signal.SIGKILL)
    _until(lambda: all(f"{pause} 秒后" in (tmp_path / "said").read_text() for pause in (1, 2, 4)), seconds=30)
    assert started.poll() is None


def test_a_web_server_that_was_killed_ends_everything(started: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    _until(lambda: "已启动" in (tmp_path / "said").read_text() and len(_ids(tmp_path / "clock.pids")) == 1)
    os.kill(_ids(tmp_path / "web.pids")[0], signal.SIGKILL)
    assert started.wait(20) == 1
    assert not _is_running(_ids(tmp_path / "clock.pids")[0])
    assert "网页服务自己停了" in (tmp_path / "said").read_text()


def settings_in(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line and not line.startswith("#"))


def has_greeted(folder: Path) -> bool:
    return "已启动" in (folder / "said").read_text()


def test_an_own_district_gets_new_keys_and_a_folder_of_its_own_and_the_demo_stays(folder: Path) -> None:
    (folder / ".env").write_text("SECRET_KEY=demo\nIDENTITY_KEY=demo\nMAIL_URL=smtp://demo\n")
    with started_in(folder, "own"):
        _until(lambda: "/setup#code" in (folder / "said").read_text())
    mine, demo = settings_in(folder / ".env"), settings_in(folder / "instance" / "demo.env")
    assert demo == {"SECRET_KEY": "demo", "IDENTITY_KEY": "demo", "MAIL_URL": "smtp://demo"}
    assert mine.keys() == {"SECRET_KEY", "IDENTITY_KEY", "DISTRICT"}
    assert (mine["DISTRICT"], mine["SECRET_KEY"] != "demo") == ("own", True)
    for file in (folder / ".env", folder / "instance" / "demo.env", folder / "instance" / "own" / "ledger.key"):
        assert file.stat().st_mode & 0o777 == 0o600, file
    kept = (folder / ".env").read_text()
    for words in ((), ("own",)):
        with started_in(folder, *words):
            _until(lambda: has_greeted(folder))
        assert (folder / ".env").read_text() == kept
    with started_in(folder, "demo"):
        _until(lambda: has_greeted(folder))
        assert "/setup" not in (folder / "said").read_text()
    assert (folder / ".env").read_text() == kept


def test_on_an_empty_machine_the_demo_stands_beside_an_own_district_with_keys_of_its_own(folder: Path) -> None:
    for words in (("own",), ("demo",)):
        with started_in(folder, *words):
            _until(lambda: has_greeted(folder))
    mine, demo = settings_in(folder / ".env"), settings_in(folder / "instance" / "demo.env")
    assert "DISTRICT" not in demo
    assert {mine[name] for name in ("SECRET_KEY", "IDENTITY_KEY")} & set(demo.values()) == set()
    assert (folder / "instance" / "ledger.key").read_text() != (folder / "instance" / "own" / "ledger.key").read_text()


def test_a_database_that_somebody_named_is_not_left_behind_unasked(folder: Path) -> None:
    (folder / ".env").write_text("SECRET_KEY=x\nDATABASE_URL=postgresql+psycopg://db/x\n")
    with started_in(folder, "own") as process:
        assert process.wait(20) == 1
    assert "写上 DISTRICT=own 再 ./run" in (folder / "said").read_text()
    assert not (folder / "instance" / "demo.env").exists()
    (folder / ".env").write_text("SECRET_KEY=x\nDATABASE_URL=postgresql+psycopg://db/x\nDISTRICT=own\n")
    with started_in(folder):
        _until(lambda: "/setup#code" in (folder / "said").read_text())
