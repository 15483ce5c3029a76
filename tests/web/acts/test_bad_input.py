"""What people may type wrong into acts is refused by page and command alike: one sentence, the field, and nothing half done."""

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from click.testing import Result
from flask import Flask

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tests.support.visitors import check_page, found_town, in_town, send, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.workdays import CalendarDay, DayKind, DaySource
from tracker.services.acts import access
from tracker.services.acts.effects import target_named
from tracker.services.acts.jobs import recount_limits
from tracker.services.cases import recounting
from tracker.services.coordination.jobs import run_duties
from tracker.services.house.work import Work, reading, wiring
from tracker.services.upkeep import integrity
from tracker.storage.cases.entries import entries

pytestmark = pytest.mark.one_engine
Run = Callable[..., Result]
UNSEEN = "没有找到案件或事项“{number}”，或您无权查看。"


@pytest.fixture
def flask(app: Flask, town: Town) -> Run:
    """As an operator would type it."""
    return lambda *args: app.test_cli_runner().invoke(args=list(args))


def fact_count(number: str) -> int:
    return len(entries(reading(), f"act:{number}"))


@pytest.mark.parametrize("login", ["officer", "supporter", "neighbour"])
def test_a_case_that_somebody_may_not_see_is_not_tied_and_looks_as_if_there_were_none(town: Town, login: str) -> None:
    number = town.registered()
    for named in (number, "XH-2026-099999"):
        with Work(wiring()) as work, pytest.raises(Invalid) as told:
            target_named(work, town.actor(login), named.lower(), "target")
        assert (str(told.value), told.value.field) == (UNSEEN.format(number=named), "target")


def test_a_case_that_is_none_is_refused_by_command(town: Town, flask: Run) -> None:
    number = opened(town, "meeting")
    before = fact_count(number)
    said = flask("act", "step", number, "add_item", "--as", "dispatcher", "--set", "target=XH-2026-099999", "--set",
                 "question=由谁牵头")
    assert said.exit_code != 0 and UNSEEN.format(number="XH-2026-099999") in said.output
    assert fact_count(number) == before


def test_a_case_that_is_none_is_refused_by_page_and_what_was_typed_stays(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = opened(town, "meeting")
    said = send(visitor(app, "dispatcher"), f"/acts/{number}/steps/add_item", {"target": "XH-2026-099999", "question": "由谁牵头"})
    page = check_page(said)
    assert said.status_code == 422 and UNSEEN.format(number="XH-2026-099999") in page.text_content()
    assert page.xpath("string(//input[@name='target']/@value)") == "XH-2026-099999"
    assert "由谁牵头" in page.text_content()


@pytest.mark.parametrize(("field", "value"), [("vehicle_count", "-1"), ("person_count", "10001"), ("person_count", "12.5"),
                                              ("vehicle_count", "四辆"), ("person_count", "1e3")])
def test_a_number_of_vehicles_or_people_that_is_none_is_refused_by_command_and_page(app: Flask, field: str, value: str) -> None:
    found_town(app)
    with in_town(app) as town:
        number = act_in(town, "operation", "under_way")
        before = fact_count(number)
        typed = {"unit": "XH-CYZ", "vehicle_count": "4", "person_count": "12", field: value}
        said = app.test_cli_runner().invoke(args=["act", "step", number, "set_forces", "--as", "dispatcher", *(
            part for name, each in typed.items() for part in ("--set", f"{name}={each}"))])
        assert said.exit_code != 0 and fact_count(number) == before
    page = send(visitor(app, "dispatcher"), f"/acts/{number}/steps/set_forces", typed)
    assert page.status_code == 422
    assert check_page(page).xpath("string(//*[@name=$name]/@value)", name=field) == value
    assert check_page(page).xpath("//*[@name=$name][@aria-invalid='true']", name=field)
    with in_town(app):
        assert fact_count(number) == before


def held_before_new_year(town: Town) -> str:
    """A meeting whose minutes are due in a year that nobody knows the days off of."""
    town.clock.move_to(datetime(2026, 12, 20, 10, tzinfo=wiring().zone))
    number = opened(town, "meeting", planned_on="2026-12-28")
    do(town, number, "meeting", "add_item")
    do(town, number, "meeting", "call", held_at="2026-12-28 09:30")
    town.clock.move_to(datetime(2026, 12, 28, 18, tzinfo=wiring().zone))
    do(town, number, "meeting", "hold")
    return number


def test_a_limit_that_reaches_into_a_year_without_a_calendar_is_provisional_and_says_so(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = held_before_new_year(town)
        (limit,) = access.page_for(town.actor("dispatcher"), number).clocks
        assert limit.is_provisional and limit.due_on > date(2026, 12, 31)
    assert re.search(r"2027年1月\d+日（暂定）", check_page(visitor(app, "dispatcher").get(f"/acts/{number}")).text_content())


def test_a_provisional_limit_is_counted_again_once_the_calendar_is_there(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = held_before_new_year(town)
        assert recount_limits(town.clock.today()) == 0, "nothing is published yet"
        recounting.load(None, tuple(CalendarDay(date(2027, 1, day), DayKind.holiday, "元旦", DaySource.published, "国办发明电〔2026〕9号")
                                    for day in (1, 2, 3, 4)))
        assert "重算暂定期限 1 项" in run_duties(town.clock.today())
        (limit,) = access.page_for(town.actor("dispatcher"), number).clocks
        assert (limit.is_provisional, limit.due_on) == (False, date(2027, 1, 6))
        assert access.page_for(town.actor("dispatcher"), number).head.list_due_on == date(2027, 1, 6)
        assert recount_limits(town.clock.today()) == 0
        assert integrity.verify().troubles == []
    said = check_page(visitor(app, "dispatcher").get(f"/acts/{number}")).text_content()
    assert "期限随公布的日历重算" in said and "（暂定）" not in said


def test_a_note_needs_its_day_and_its_text_and_moves_nothing(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = act_in(town, "interview", "held")
        state, before = access.page_for(town.actor("dispatcher"), number).head.state, fact_count(number)
    client = visitor(app, "dispatcher")
    for typed, missing in (({"noted_on": "2026-03-02"}, "内容"), ({"text": "电话联系过"}, "日期"),
                           ({"noted_on": "昨天", "text": "x"}, "日期")):
        said = send(client, f"/acts/{number}/steps/note", typed)
        assert said.status_code == 422 and missing in check_page(said).text_content()
    assert send(client, f"/acts/{number}/steps/note", {"noted_on": "2026-03-02", "text": "电话联系过"}).status_code == 302
    with in_town(app) as town:
        assert (access.page_for(town.actor("dispatcher"), number).head.state, fact_count(number)) == (state, before + 1)


def test_a_note_is_open_where_an_act_is_over_and_to_nobody_who_takes_no_step_of_it(town: Town, flask: Run) -> None:
    number = act_in(town, "interview", "cancelled")
    noted = ("note", "--set", "noted_on=2026-03-02", "--set", "text=另行约谈")
    assert flask("act", "step", number, *noted, "--as", "dispatcher").exit_code == 0
    refused = flask("act", "step", number, *noted, "--as", "supervisor")
    assert refused.exit_code != 0 and "您的角色不能做这一步" in refused.output


def test_what_is_tied_twice_or_to_itself_is_named(town: Town, flask: Run) -> None:
    case = town.case_in(CaseState.rectifying)
    number = opened(town, "meeting")
    do(town, number, "meeting", "add_item", target=case)
    for target, said in ((case, "已经列入"), (number, "不能关联到自己")):
        refused = flask("act", "step", number, "add_item", "--as", "dispatcher", "--set", f"target={target}", "--set",
                        "question=由谁牵头")
        assert refused.exit_code != 0 and said in refused.output
    assert len(access.page_for(town.actor("dispatcher"), number).links) == 1
