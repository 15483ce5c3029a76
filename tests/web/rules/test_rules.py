"""The pages of limits, rule book and calendar: a preview or a form first, refusals at their fields, and nothing for anybody
else."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, main_of, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.reports.monthly.ranking import COMPONENTS
from tracker.domain.rules.limits import Stage, choose
from tracker.services.house.work import wiring
from tracker.services.rules import book, rules, values

pytestmark = pytest.mark.one_engine
PAGES = ("/settings/limits", "/settings/limits/new", "/settings/rules", "/settings/rules/ladder", "/settings/rules/most_returns",
         "/settings/calendar",
         "/settings/calendar?year=2027", "/settings/calendar?year=x")
CSV = "date,kind,name,source,notice\n2027-01-01,holiday,元旦,published,国办\n2027-01-04,holiday,元旦,published,国办\n"


@pytest.fixture
def admin(app: Flask) -> Any:
    found_town(app)
    return visitor(app, "admin")


def today(app: Flask) -> Any:
    with app.app_context():
        return wiring().clock.today()


@pytest.mark.parametrize("path", PAGES)
def test_the_administrator_reads_every_page_and_nobody_else_but_auditors_any(app: Flask, admin: Any, path: str) -> None:
    check_page(admin.get(path))
    for login in ("dispatcher", "lead", "officer"):
        assert visitor(app, login).get(path).status_code == 403


def test_a_limit_is_shown_before_it_is_set(app: Flask, admin: Any) -> None:
    said = {"stage": "rectify", "source": "H12345", "amount": "3", "unit": "working_day", "basis": "西环整改〔2026〕1号",
            "effective_from": today(app).isoformat()}
    seen = send(admin, "/settings/limits/new", said)
    check_page(seen)
    assert "3 个工作日" in main_of(seen) and "5 个工作日" in main_of(seen)
    with in_town(app) as town:
        assert choose(rules.limits(), "H12345", Stage.rectify, town.clock.today()).amount == 5
    done = send(admin, "/settings/limits/new", said | {"confirmed": "1"})
    assert (done.status_code, done.location) == (302, "/settings/limits")
    assert "3 个工作日" in main_of(admin.get("/settings/limits"))
    with in_town(app) as town:
        assert choose(rules.limits(), "H12345", Stage.rectify, town.clock.today()).amount == 3


def test_a_refused_limit_keeps_what_was_typed(app: Flask, admin: Any) -> None:
    said = {"stage": "rectify", "source": "", "amount": "9999", "unit": "working_day", "basis": "某文件",
            "effective_from": today(app).isoformat()}
    answer = send(admin, "/settings/limits/new", said)
    assert answer.status_code == 422
    assert "1 至 250 个工作日" in text_of(answer) and "某文件" in answer.text
    told = text_of(send(admin, "/settings/limits/new", said | {"source": "H12345"}))
    assert "来源“12345热线工单”的" in told and "来源“H12345”" not in told
    late = send(admin, "/settings/limits/new", said | {"amount": "5", "effective_from": "2020-01-01"})
    assert (late.status_code, "不能倒签" in text_of(late)) == (422, True)


def test_a_value_of_the_book_is_set_from_a_day_on(app: Flask, admin: Any) -> None:
    on = today(app) + timedelta(days=1)
    said = {"value": "1", "effective_from": on.isoformat(), "basis": "会议纪要"}
    seen = send(admin, "/settings/rules/most_returns", said)
    check_page(seen)
    assert "会议纪要" in main_of(seen) and "<dt>原来的值</dt><dd>2</dd>" in main_of(seen)
    with in_town(app):
        assert values.value("most_returns", on) == 2
    done = send(admin, "/settings/rules/most_returns", said | {"confirmed": "1"})
    assert done.status_code == 302
    assert "会议纪要" in main_of(admin.get("/settings/rules/most_returns"))
    with in_town(app):
        assert values.value("most_returns", on) == 1
    bad = send(admin, "/settings/rules/ladder", typed(admin, "ladder", {"part.0.days": "三天", "basis": "会议纪要"}))
    assert (bad.status_code, "第 1 项：天数：应为 -60 至 365 的整数" in text_of(bad)) == (422, True)
    assert 'value="三天"' in bad.text
    assert admin.get("/settings/rules/absent").status_code == 404


def typed(admin: Any, key: str, more: dict[str, Any]) -> dict[str, Any]:
    """What a browser sends of a rule's form as it was drawn, with some of it typed anew."""
    page = check_page(admin.get(f"/settings/rules/{key}"))
    form = page.xpath("//form[@method='post' and .//*[@name='basis']]")[0]
    fields: dict[str, Any] = {}
    for box in form.xpath(".//input[@name and not(@type='checkbox')] | .//textarea | .//select"):
        fields[box.get("name")] = box.value or ""
    for box in form.xpath(".//input[@type='checkbox' and @checked]"):
        fields.setdefault(box.get("name"), []).append(box.get("value"))
    return fields | more


def test_a_list_of_the_book_is_shown_line_by_line_before_it_is_set(app: Flask, admin: Any) -> None:
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying)
        assert number
    said = typed(admin, "ladder", {"part.2.word": "逾期一日", "part.0.days": "-60", "basis": "会议纪要"})
    seen = send(admin, "/settings/rules/ladder", said)
    check_page(seen)
    gone, new = (" ".join(re.findall(rf"<{name}>(.*?)</{name}>", seen.text)) for name in ("del", "ins"))
    assert ("超期 1 日" in gone, "逾期一日" in new) == (True, True)
    assert "天数 -60" in new
    assert "当天的提醒：" in text_of(seen)
    carried = re.findall(r'name="value" value="[^"]*"', seen.text)[0]
    assert not re.search(r"[{\[]&#34;|&#34;rung", main_of(seen).replace(carried, ""))
    value = re.findall(r'name="value" value="([^"]*)"', seen.text)[0].replace("&#34;", '"')
    confirmed = {"value": value, "effective_from": said["effective_from"], "basis": "会议纪要", "confirmed": "1"}
    assert send(admin, "/settings/rules/ladder", confirmed).status_code == 302
    assert "没有变化" in main_of(send(admin, "/settings/rules/ladder", typed(admin, "ladder", {
        "effective_from": (today(app) + timedelta(days=1)).isoformat(), "basis": "会议纪要"})))


def test_rows_come_and_go_by_buttons_and_nothing_is_set(app: Flask, admin: Any) -> None:
    said = typed(admin, "ladder", {"basis": "会议纪要", "part.1.word": "改了的名称"})
    more = check_page(send(admin, "/settings/rules/ladder", said | {"act": "add part"}))
    assert more.xpath("//input[@name='part.count']/@value") == ["7"]
    less = check_page(send(admin, "/settings/rules/ladder", said | {"act": "drop part.0"}))
    assert less.xpath("//input[@name='part.0.word']/@value") == ["改了的名称"]
    assert less.xpath("//input[@name='basis']/@value") == ["会议纪要"]
    shipped = check_page(send(admin, "/settings/rules/ladder", said | {"act": "default"}))
    assert shipped.xpath("//input[@name='part.1.word']/@value") == ["今日到期"]
    with in_town(app):
        assert next(page for page in book.pages(today(app)) if page.rule.key == "ladder").versions == ()


def test_the_parts_of_the_ranking_are_shown_by_their_words(app: Flask, admin: Any) -> None:
    book_page = main_of(admin.get("/settings/rules"))
    assert "按期办结率 0.4" in book_page
    assert not [name for name in COMPONENTS if f'"{name}"' in book_page or f"{name}、" in book_page]
    form = check_page(admin.get("/settings/rules/ranking_weights"))
    labels = {label.get("for"): label.text_content() for label in form.xpath("//label")}
    assert {f"part.{name}": word for name, word in COMPONENTS.items()}.items() <= labels.items()
    short = typed(admin, "ranking_weights", {"part.on_time": "0.39", "basis": "会议纪要"})
    refused = send(admin, "/settings/rules/ranking_weights", short)
    assert (refused.status_code, "现为 0.99" in text_of(refused)) == (422, True)
    parts = {"part.on_time": "0.5", "part.closing": "0.5", "part.first_pass": "", "part.completion": "", "part.acknowledged": "0",
             "basis": "会议纪要"}
    seen = send(admin, "/settings/rules/ranking_weights", typed(admin, "ranking_weights", parts))
    check_page(seen)
    assert "+ 销号率 0.5" in text_of(seen)


def test_no_page_of_rules_shows_how_a_value_is_stored(app: Flask, admin: Any) -> None:
    for key in ("", *(f"/{page.rule.key}" for page in _all_pages(app))):
        words = re.sub(r"<[^>]*>", " ", main_of(admin.get(f"/settings/rules{key}")))
        assert not re.search(r"&#34;|JSON|[{}]", words), key


def _all_pages(app: Flask) -> Any:
    with in_town(app):
        return book.pages(today(app))


def test_areas_with_records_of_their_own_are_chosen_by_name(app: Flask, admin: Any) -> None:
    """No code is typed or read: the districts of the city, and the streets of the district."""
    path = "/settings/rules/supervision_areas"
    page = check_page(admin.get(path))
    offered = {box.get("value"): box.getparent().text_content()
               for box in page.xpath("//input[@type='checkbox' and @name='value']")}
    assert (offered["360102"], offered["360103002"]) == ("东湖区", "朝阳洲街道")
    assert not {"3601", "360103", "360102001"} & set(offered)
    said = {"value": ["360102", "360103002"], "effective_from": today(app).isoformat(), "basis": "会议纪要"}
    seen = send(admin, path, said)
    check_page(seen)
    assert "<strong>东湖区、朝阳洲街道</strong>" in main_of(seen)
    assert "360102" not in main_of(seen).replace('value="360102"', "")
    assert send(admin, path, said | {"confirmed": "1"}).status_code == 302
    with in_town(app) as town:
        assert values.value("supervision_areas", town.clock.today()) == ["360102", "360103002"]
    again = check_page(admin.get(path))
    assert again.xpath("//input[@name='value' and @checked]/@value") == ["360102", "360103002"]
    assert "东湖区、朝阳洲街道" in main_of(admin.get("/settings/rules"))
    later = said | {"value": [], "effective_from": (today(app) + timedelta(days=1)).isoformat()}
    assert "只有本区" in main_of(send(admin, path, later))
    bad = send(admin, path, later | {"value": ["西湖"]})
    assert (bad.status_code, "应为区划代码" in text_of(bad)) == (422, True)


def test_a_calendar_is_previewed_with_its_cases_and_then_loaded(app: Flask, admin: Any) -> None:
    with in_town(app) as town:
        town.clock.move_to(town.clock.end_of(town.clock.today().replace(month=12, day=28)) + timedelta(hours=9))
        number = town.case_in(CaseState.rectifying, "H12345")
        before = town.row(number).due_on
        assert town.row(number).is_due_provisional
    admin = visitor(app, "admin")
    seen = send(admin, "/settings/calendar", {"file": (io.BytesIO(CSV.encode()), "2027.csv")}, at="/settings/calendar")
    check_page(seen)
    assert number in main_of(seen) and "暂定" in main_of(seen) and "只有 2 个放假日" in main_of(seen)
    done = send(admin, "/settings/calendar/load", {"days": CSV, "name": "2027.csv"}, at="/settings/calendar")
    assert (done.status_code, done.location) == (302, "/settings/calendar?year=2027")
    shown = main_of(admin.get("/settings/calendar?year=2027"))
    assert "已公布" in shown and "2027.csv" in shown
    with in_town(app) as town:
        assert (town.row(number).is_due_provisional, town.row(number).due_on == before) == (False, False)
    assert "重算时限" in main_of(visitor(app, "dispatcher").get(f"/cases/{number}/due"))
    assert "按新公布的日历重算，时限 2027年1月" in main_of(visitor(app, "dispatcher").get(f"/cases/{number}"))


@pytest.mark.parametrize(("content", "said"), [
    (b"", "请选择"), (b"a,b\n1,2\n", "缺少列"), (b"\x89PNG\r\n\x00\x00", "像是图片"),
    (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "没有写“休”或“班”"),
])
def test_a_bad_file_is_refused_at_its_field(app: Flask, admin: Any, content: bytes, said: str) -> None:
    answer = send(admin, "/settings/calendar", {"file": (io.BytesIO(content), "x.csv")}, at="/settings/calendar")
    assert (answer.status_code, said in text_of(answer)) == (422, True)


def test_the_missing_calendar_is_told_on_the_desk_of_who_can_do_something(app: Flask, admin: Any) -> None:
    assert "放假安排" not in main_of(visitor(app, "dispatcher").get("/"))
    with in_town(app) as town:
        town.clock.move_to(town.clock.end_of(town.clock.today().replace(month=10, day=8)))
    for login in ("admin", "dispatcher"):
        assert "还没有 2027 年的放假安排" in main_of(visitor(app, login).get("/"))
    assert "放假安排" not in main_of(visitor(app, "officer").get("/"))
    assert "还没有 2027 年的放假安排" in main_of(visitor(app, "admin").get("/settings"))
    assert "2027" in visitor(app).get("/readyz").json["calendar"]["alarm"]


def test_a_rule_of_a_report_is_foreseen_by_the_last_one_counted_both_ways(app: Flask, admin: Any) -> None:
    with in_town(app) as town:
        town.case_in(CaseState.closed)
        town.case_in(CaseState.rectifying)
        town.clock.move_to(town.clock.end_of(town.clock.today().replace(day=31)) + timedelta(hours=9))
    parts = {"part.on_time": "", "part.closing": "1", "part.first_pass": "", "part.completion": "", "part.acknowledged": "",
             "basis": "会议纪要"}
    seen = send(admin, "/settings/rules/ranking_weights", typed(admin, "ranking_weights", parts))
    check_page(seen)
    assert "按新值重算2026年3月的月通报" in text_of(seen)
    for key in ("hot_spot", "appraisal_rules", "warn_workdays"):
        assert send(admin, f"/settings/rules/{key}", typed(admin, key, {"basis": "会议纪要"})).status_code == 200
