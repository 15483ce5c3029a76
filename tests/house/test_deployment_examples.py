"""The examples of docs/examples are started: nginx before the web server of ./run, and what the units of systemd say to start."""

import configparser
import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.project_files import ROOT
from tests.support.tools import needs
from tests.web.house.test_web_server import Served, serving

EXAMPLES = ROOT / "docs" / "examples"
STAFF, PUBLIC = "xiaohao.example.org", "12369.example.org"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an nginx with the example's settings before two workers; only ports, certificate and folders differ."""
    nginx = needs("nginx", "/usr/sbin")
    with serving(workers=1) as behind:
        yield from _running(nginx, tmp_path_factory.mktemp("nginx"), behind)


def _running(nginx: str, folder: Path, behind: Served) -> Iterator[int]:
    port = _free_port()
    _certificate(folder)
    text = (EXAMPLES / "nginx.conf").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{behind.port}")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace("/etc/ssl/xiaohao", str(folder / "xiaohao"))
    (folder / "site.conf").write_text(text)
    (folder / "nginx.conf").write_text(
        f"user root root; daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}\nhttp {{ access_log off;\n"
        + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        + f"include {folder}/site.conf; }}\n")
    process = subprocess.Popen([nginx, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "nginx.conf")])
    try:
        _wait_until_open(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _certificate(folder: Path) -> None:
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-days", "2", "-subj", "/CN=xiaohao",
                    "-keyout", str(folder / "xiaohao.key"), "-out", str(folder / "xiaohao.pem")],
                   check=True, capture_output=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")


def _connection(port: int) -> http.client.HTTPSConnection:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)


@contextmanager
def _asked(port: int, host: str, path: str, body: bytes | None = None, **headers: str) -> Iterator[http.client.HTTPResponse]:
    connection = _connection(port)
    connection.request("GET" if body is None else "POST", path, body,
                       {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}})
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def test_behind_nginx_the_application_sees_the_client_and_not_what_the_client_says_of_itself(proxy: int) -> None:
    with _asked(proxy, STAFF, "/cases", X_Forwarded_For="203.0.113.9") as answer:
        said = answer.read().decode().split("\n")
    assert answer.status == 200
    assert said[3] == "127.0.0.1"


def test_a_body_as_large_as_the_settings_allow_goes_through_and_a_larger_one_does_not(proxy: int) -> None:
    with _asked(proxy, STAFF, "/cases/new", b"x" * (30 * MEGABYTE)) as answer:
        assert answer.read().decode().startswith(str(30 * MEGABYTE))
    with _asked(proxy, PUBLIC, "/public/report", b"x" * 1024, Content_Length=str(62 * MEGABYTE)) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("path", ["/cases", "/login", "/api/v1/cases", "/publicity", "/calendar/x.ics", "/public/../cases"])
def test_from_outside_nothing_opens_but_the_public_door(proxy: int, path: str) -> None:
    with _asked(proxy, PUBLIC, path) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("path", ["/public/", "/public/track", "/static/css/base.css", "/healthz"])
def test_the_public_door_opens_from_outside(proxy: int, path: str) -> None:
    with _asked(proxy, PUBLIC, path) as answer:
        assert answer.status == 200


def test_the_bare_name_leads_to_the_public_door(proxy: int) -> None:
    with _asked(proxy, PUBLIC, "/") as answer:
        assert (answer.status, answer.headers["Location"]) == (302, f"https://{PUBLIC}:{proxy}/public/")


def test_whoever_asks_without_end_is_told_to_wait_and_the_others_are_not_touched(proxy: int) -> None:
    connection = _connection(proxy)
    for _ in range(1000):  # over one connection, which is quicker than ten in a second on any machine
        connection.request("GET", "/public/", headers={"Host": PUBLIC})
        answer = connection.getresponse()
        answer.read()
        if answer.status == 429:
            break
    connection.close()
    assert answer.status == 429
    with _asked(proxy, STAFF, "/public/") as other:
        assert other.status == 200


def test_the_room_for_a_body_is_what_the_settings_give() -> None:
    from config import Settings

    usual = Settings("sqlite:///x", "s" * 32, "i", "file:///m", "m", "file:///e")
    found = re.findall(r"client_max_body_size (\d+)m", (EXAMPLES / "nginx.conf").read_text())
    assert int(found[0]) * MEGABYTE == usual.request_max_bytes


@pytest.mark.parametrize("name", ["web", "clock"])
def test_a_unit_is_understood_and_starts_a_command_of_run(name: str, tmp_path: Path) -> None:
    analyze = needs("systemd-analyze")
    unit = tmp_path / f"xiaohao-{name}.service"
    shutil.copy(EXAMPLES / unit.name, unit)
    said = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True)
    assert unit.name not in said.stderr, said.stderr
    section = configparser.ConfigParser(interpolation=None, strict=False)
    section.read(unit)
    assert section["Service"]["ExecStart"].split() == ["/bin/sh", "./run", name]
    assert re.search(rf"^    {name}\) setup; {name} ;;$", (ROOT / "run").read_text(), re.MULTILINE)
