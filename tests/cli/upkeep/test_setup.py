"""`flask setup`: an own district without a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import founding
from tracker.domain.house.clock import SetClock
from tracker.services.house.work import wiring

pytestmark = pytest.mark.one_engine
GIVEN = ("--office", "青山湖区整改办", "--document", "青环督", "--filing", "青环销", "--admin", "guanli:张三:zhang@example.org", "--yes")


@pytest.fixture
def empty(engine_name: str, tmp_path: Path, clock: SetClock) -> Iterator[Any]:
    yield from founding.unclaimed(engine_name, tmp_path, clock)


def said(app: Any, *args: str) -> Any:
    return app.test_cli_runner().invoke(args=["setup", *args])


def test_a_district_is_set_up_by_one_command_that_prints_the_link(empty: Any) -> None:
    made = said(empty, "--area", "青山湖区", *GIVEN)
    assert (made.exit_code, "/account/link#" in made.output.splitlines()[-1]) == (0, True), made.output
    with empty.app_context():
        assert wiring().home_area == "360111"
    again = said(empty, "--area", "360111", *GIVEN)
    assert (again.exit_code, again.output.strip()) == (1, "本系统已经开设过了，请登录。")


@pytest.mark.parametrize(("area", "part"), [("九江", "“九江”有 4 个，请写代码：3604 江西省九江市"), ("999999", "没有叫“999999”的区划")])
def test_a_place_that_is_not_one_is_refused(empty: Any, area: str, part: str) -> None:
    made = said(empty, "--area", area, *GIVEN)
    assert (made.exit_code, part in made.output) == (1, True), made.output


def test_what_is_missing_is_named(empty: Any) -> None:
    made = said(empty, "--area", "360111")
    assert (made.exit_code, "缺少 --office、--document、--filing、--admin" in made.output) == (2, True)
    made = said(empty, "--area", "360111", *GIVEN[:-3], "--admin", "guanli", "--yes")
    assert (made.exit_code, made.output.strip()) == (1, "--admin 应写成 登录名:姓名:邮箱。")


def test_a_link_is_printed_while_there_is_nobody(empty: Any) -> None:
    made = said(empty, "link")
    assert "/setup#" in made.output.splitlines()[-1]
    said(empty, "--area", "360111", *GIVEN)
    assert said(empty, "link").exit_code == 1
    assert (said(empty, "link", "--if-needed").exit_code, said(empty, "link", "--if-needed").output) == (0, "")


def test_the_demo_is_not_loaded_into_an_own_district(empty: Any) -> None:
    made = empty.test_cli_runner().invoke(args=["demo", "load"])
    assert (made.exit_code, "DISTRICT=own" in made.output) == (1, True)


def test_an_office_is_listed_and_changed(empty: Any) -> None:
    said(empty, "--area", "360111", *GIVEN)
    run = empty.test_cli_runner()
    assert run.invoke(args=["office", "set", "360111", "addressees=各街道", "has_imprint=1"]).output.strip() == "已改：主送、版记"
    assert run.invoke(args=["office", "list"]).output.strip() == "* 360111\t青山湖区整改办\t青环督\t青环销"
    bad = run.invoke(args=["office", "set", "360111", "colour=red"])
    assert (bad.exit_code, "没有“colour”这一项" in bad.output) == (1, True)
