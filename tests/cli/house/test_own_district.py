"""README's way to a district of one's own, from an empty database, with the commands as they are printed there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import founding
from tests.support.project_files import ROOT
from tests.support.visitors import send
from tracker.domain.house.clock import SetClock
from tracker.services.people import accounts

pytestmark = pytest.mark.one_engine
SECRET = "墨绿的旧雨伞挂在门后"
SECTION = (ROOT / "README.md").read_text().split("\n## 从自己的辖区开始\n", 1)[1].split("\n## ", 1)[0].replace("\\\n", " ")
COMMANDS = [shlex.split(line, comments=True)[2:] for line in re.findall(r"^\./run flask .+", SECTION, flags=re.MULTILINE)]


@pytest.fixture
def empty(engine_name: str, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.chdir(tmp_path)  # where the commands leave their files
    yield from founding.unclaimed(engine_name, tmp_path, clock)


def test_the_commands_of_readme_make_a_district_that_signs_in_and_the_demo_stays_out(empty: Any) -> None:
    codes, cli = {}, empty.test_cli_runner()
    for command in COMMANDS:
        done = cli.invoke(args=command)
        assert done.exit_code == 0, (command, done.output)
        if "#" in done.output:
            login = command[2] if command[0] == "people" else command[command.index("--admin") + 1].partition(":")[0]
            codes[login] = done.output.strip().splitlines()[-1].partition("#")[2]
    assert sorted(codes) == ["diaodu", "guanliyuan"]
    for login, code in codes.items():
        given = {"code": code, "new_password": SECRET, "repeat": SECRET}
        assert send(empty.test_client(), "/account/link", given).location == "/login"
        with empty.app_context():
            assert accounts.authenticate(login, SECRET).login == login
        assert send(empty.test_client(), "/login", {"login": login, "password": SECRET}).location == "/"


def test_the_page_to_sign_in_names_the_way_to_begin_until_somebody_is_there(empty: Any) -> None:
    assert "./run flask setup link" in empty.test_client().get("/login").text
    empty.test_cli_runner().invoke(args=COMMANDS[0])
    assert "./run flask" not in empty.test_client().get("/login").text
