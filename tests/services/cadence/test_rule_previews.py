"""What a rule would do, before it is set: said in sentences, counted on what is open, and nothing written."""

from datetime import date, timedelta

import pytest
import responses

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import NotAllowed, NotFound
from tracker.domain.rules.limits import Limit, LimitUnit, Stage
from tracker.services.cadence import previews
from tracker.services.mail import robots
from tracker.services.rules import rules
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow

pytestmark = pytest.mark.one_engine

ON = date(2026, 3, 3)
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
ROBOTS_ON = '{"is_on": true, "a_minute": 20}'


def told(key: str, text: str) -> str:
    return "；".join(previews.of_value(key, text, ON))


def test_the_bound_on_returns_names_the_cases_that_may_no_longer_ask(town: Town) -> None:
    free, tired = (town.case_in(CaseState.assigned) for _ in range(2))
    town.walk(tired, "grant_return", "assign")
    assert told("most_returns", "2") == "现在停在这一步、还能申请的案件：2 → 2 件"
    assert told("most_returns", "1") == f"现在停在这一步、还能申请的案件：2 → 1 件；不能再申请的：{tired}"
    assert f"不能再申请的：{free}、{tired}" in told("most_returns", "0")


def test_the_bound_on_extensions_counts_the_cases_at_work(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.case_in(CaseState.assigned)
    assert told("most_extensions", "0") == f"现在停在这一步、还能申请的案件：1 → 0 件；不能再申请的：{number}"


def test_quiet_hours_say_whether_the_next_morning_list_would_wait(town: Town) -> None:
    assert told("quiet_hours", "21:00-07:30") == "2026年3月3日 08:30 的晨间清单不在这个时段里，照常发出"
    waits = told("quiet_hours", "20:00-09:00")
    assert "不发信" in waits


def test_the_cap_counts_who_would_have_waited(town: Town) -> None:
    town.case_in(CaseState.rectifying)
    assert told("daily_mail_cap", "1").startswith("以最近 30 日发出的算，一人一天超过上限：0 → ")


def test_robots_name_the_groups_and_what_they_are_told(town: Town) -> None:
    assert "还没有工作群的地址" in told("robots", ROBOTS_ON)
    robots.set_robot("zhengzhi", "wecombot://abc-123")
    assert "zhengzhi" in told("robots", ROBOTS_ON)
    assert told("robots", '{"is_on": false, "a_minute": 20}') == "不发到工作群；已有地址的群 1 个"


@responses.activate
def test_a_group_is_tried_with_one_message_whether_robots_are_on_or_not(town: Town) -> None:
    robots.set_robot("zhengzhi", "wecombot://abc-123")
    responses.post(WECOM, json={"errcode": 0, "errmsg": "ok"})
    assert "已收到" in robots.try_out(town.actor("admin"), "zhengzhi")
    responses.replace(responses.POST, WECOM, status=500)
    assert "没有收到" in robots.try_out(town.actor("admin"), "zhengzhi")
    with pytest.raises(NotFound):
        robots.try_out(town.actor("admin"), "nobody")
    with pytest.raises(NotAllowed):
        robots.try_out(town.actor("dispatcher"), "zhengzhi")


def test_a_limit_names_the_open_cases_whose_date_it_moves_and_those_that_will_begin_under_it(town: Town) -> None:
    number = town.registered()
    facts = db.session().query(FactRow).count()
    today = town.clock.today()
    limit = Limit(None, Stage.assign, 9, LimitUnit.working_day, False, "试", today)
    assert previews.of_limit(limit)[0] == f"正在计时而到期日会变的：{number}"
    later = Limit(None, Stage.assign, 9, LimitUnit.working_day, False, "试", today + timedelta(days=1))
    assert previews.of_limit(later)[0] == "正在计时的未办结案件，到期日都不变"
    rectify = Limit("H12345", Stage.rectify, 9, LimitUnit.working_day, False, "试", today)
    assert previews.of_limit(rectify)[1] == f"待交办，生效日起交办就按新期限的：{number}"
    assert db.session().query(FactRow).count() == facts
    assert limit not in rules.limits()
