"""`flask people …`."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from tests.support.makers import Town
from tracker.domain.house.errors import NotFound
from tracker.services.people import accounts

Run = Callable[..., Result]
pytestmark = pytest.mark.one_engine
SECRET = "墨绿的旧雨伞挂在门后"


def test_a_person_is_added_with_roles_and_sets_their_password_with_the_printed_link(town: Town, flask: Run) -> None:
    done = flask("people", "add", "liu", "--name", "刘工", "--unit", "朝阳洲街道", "--role", "officer:360103", "--role", "核查员：360103")
    assert (done.exit_code, done.stderr) == (0, "")
    address, _, code = done.stdout.strip().splitlines()[-1].partition("#")
    assert address.endswith("/account/link")
    accounts.set_by_link(code=code, password=SECRET)
    actor = accounts.authenticate("liu", SECRET)
    assert [(g.role.value, g.area_code) for g in actor.grants] == [("officer", "360103"), ("verifier", "360103")]


def test_grant_revoke_and_deactivate(town: Town, flask: Run, refused: Callable[..., str]) -> None:
    assert flask("people", "grant", "officer", "verifier", "--area", "360103").exit_code == 0
    assert "1 项授权" in flask("people", "revoke", "officer", "verifier").output
    assert "管理员不得参与办案" in refused("people", "grant", "officer", "admin")
    assert "没有角色" in refused("people", "grant", "officer", "king")
    number = town.registered()
    town.walk(number, "assign", "set_sponsor")
    assert "请指定由谁接手" in refused("people", "deactivate", "lead")
    assert "1 件包案已转给 lead2" in flask("people", "deactivate", "lead", "--heir", "lead2").output
    assert "没有登录名为“lead”的在岗人员" in refused("people", "deactivate", "lead")


def test_the_list_says_who_holds_what(town: Town, flask: Run) -> None:
    accounts.deactivate(None, login="neighbour")
    lines = flask("people", "list").output.splitlines()
    assert any(line.startswith("dispatcher\t") and "调度员(360103)" in line.replace("（", "(").replace("）", ")") for line in lines)
    assert any(line.startswith("neighbour\t") and "停用" in line for line in lines)
    people = {p["login"]: p for p in json.loads(flask("people", "list", "--json").output)}
    assert people["admin"]["roles"] == [{"role": "admin", "area_code": "360103"}]


def test_units_come_and_go(town: Town, flask: Run, refused: Callable[..., str]) -> None:
    assert flask("people", "add-unit", "XH-N", "新街道", "--kind", "street", "--parent", "XH").exit_code == 0
    assert flask("people", "end-unit", "XH-N", "--successor", "XH-TY").exit_code == 0
    assert "单位类别" in refused("people", "add-unit", "XH-M", "某", "--kind", "castle")
    assert "应为日期" in refused("people", "end-unit", "XH-TY", "--on", "yesterday")


def test_a_link_for_a_new_password_is_printed_and_opens_once(town: Town, flask: Run) -> None:
    code = flask("people", "reset-password", "officer").output.strip().splitlines()[-1].partition("#")[2]
    assert accounts.set_by_link(code=code, password=SECRET) == "officer"
    assert accounts.authenticate("officer", SECRET)
    with pytest.raises(NotFound):
        accounts.set_by_link(code=code, password=SECRET)


def test_a_service_is_added_without_a_password_and_the_list_says_what_it_is(
    town: Town, flask: Run, refused: Callable[..., str]
) -> None:
    done = flask("people", "add", "station", "--name", "水质自动站", "--service")
    assert done.exit_code == 0
    assert "密码" not in done.output
    assert any(line.startswith("station\t") and line.endswith("服务账号") for line in flask("people", "list").output.splitlines())
    people = {p["login"]: p["kind"] for p in json.loads(flask("people", "list", "--json").output)}
    assert (people["station"], people["officer"]) == ("service", "person")
    number = town.registered()
    assert "不能以它的名义办理" in refused("case", "step", number, "assign", "--as", "station")


def test_somebody_moves_and_is_invited_again(town: Town, flask: Run, refused: Callable[..., str]) -> None:
    assert "已调动 neighbour 到 XH-CYZ" in flask("people", "move", "neighbour", "--unit", "XH-CYZ").output
    assert "不能" not in flask("people", "add", "late", "--name", "迟到").output
    assert "/account/link#" in flask("people", "invite", "late").output
    assert "没有登录名为“nobody”" in refused("people", "invite", "nobody")
    assert "没有现存的单位" in refused("people", "move", "neighbour", "--unit", "XX")
