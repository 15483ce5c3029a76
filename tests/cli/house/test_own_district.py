"""README's way to a district of one's own, from an empty database, with the commands as they are printed there."""

import re
import shlex
from typing import Any

import pytest

from tests.support.project_files import ROOT
from tests.support.visitors import send
from tracker.services.people import accounts
from tracker.services.territory import offices

pytestmark = pytest.mark.one_engine
SECRET = "墨绿的旧雨伞挂在门后"
SECTION = (ROOT / "README.md").read_text().split("\n## 从自己的辖区开始\n", 1)[1].split("\n## ", 1)[0]
COMMANDS = [shlex.split(line, comments=True)[2:] for line in re.findall(r"^\./run flask .+", SECTION, flags=re.MULTILINE)]


def test_the_commands_of_readme_make_a_district_that_signs_in_and_the_demo_stays_out(app: Any, client: Any, cli: Any) -> None:
    codes = {}
    for command in [each for each in COMMANDS if each != ["setup", "link"]]:
        done = cli.invoke(args=command)
        assert done.exit_code == 0, (command, done.output)
        login = command[command.index("--admin") + 1].partition(":")[0] if "--admin" in command else command[2]
        if "/account/link#" in done.output:
            codes[login] = done.output.strip().splitlines()[-1].partition("#")[2]
    assert sorted(codes) == ["diaodu", "guanliyuan"]
    with app.app_context():
        home = offices.home()
        assert home is not None and (home.area_code, home.addressees) == ("330106", "各街道办事处、区直各部门")
    for login, code in codes.items():
        given = {"code": code, "new_password": SECRET, "repeat": SECRET}
        assert send(app.test_client(), "/account/link", given).location == "/login"
        with app.app_context():
            assert accounts.authenticate(login, SECRET).login == login
        assert send(app.test_client(), "/login", {"login": login, "password": SECRET}).location == "/"
    assert cli.invoke(args=["demo", "load"]).stderr.startswith("库里已有自己的单位、人员：")


def test_the_page_to_sign_in_names_the_first_command_until_somebody_is_added(client: Any, cli: Any) -> None:
    command = "people add guanliyuan --name 姓名 --role admin"
    assert f"./run flask {command}" in client.get("/login").text
    assert cli.invoke(args=command.split()).exit_code == 0
    assert "./run flask" not in client.get("/login").text
