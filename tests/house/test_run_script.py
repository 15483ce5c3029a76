"""`./run` in a folder where every program is a stand-in: who is started again, and what ends everything."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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
"scheduler run") echo $$ >>clock.pids; [ ! -f broken ] || exit 1; exec sleep 60 ;;
esac
"""
CONFIG = """class SettingsError(Exception): pass
class Settings:
    from_env = staticmethod(lambda: None)
"""


@pytest.fixture
def started(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    for name in ("run", "requirements.txt", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "config.py").write_text(CONFIG)
    (tmp_path / ".env").touch()
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(["sh", "./run"], cwd=tmp_path, env={**os.environ, "PORT": str(port)},
                                   stdin=subprocess.DEVNULL, stderr=said)
        yield process
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
