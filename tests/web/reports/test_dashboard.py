"""The dashboard: every number is the number of rows behind its link, and the pictures say what the numbers say."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.visitors import check_page, counted_statements, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.rules.lights import light_bounds
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.storage.cases.register import dashboard
from tracker.storage.cases.register.dashboard import CaseFigures, Week
from tracker.storage.house.base import db
from tracker.web.reports import charts
from tracker.web.reports.charts import FiguresRow

S = CaseState
STATES = (S.registered, S.assigned, S.rectifying, S.submitted, S.verified, S.closed, S.suspended, S.declined, S.phased)


@pytest.fixture
def filled(app: Flask, clock: Any) -> Flask:
    """Cases in many states over three weeks, of two types, one without a street, some overdue by now."""
    found_town(app)
    with in_town(app) as town:
        for number, state in enumerate(STATES):
            noisy: dict[str, Any] = {"title": "夜间施工噪声", "categories": ("noise", "dust")} if number % 2 else {}
            town.case_in(state, "PATROL" if number % 3 else "H12345", **noisy)
            town.days_pass(2)
        town.registered(area_code="360103")
        town.do(town.registered(area_code="360103011"), "assign", lead_unit="XH-TY", supporting_units="XH-CG")
    clock.advance(timedelta(days=25))
    return app


def rows_behind(client: Any, address: str) -> int:
    """How many cases the register says it lists at this address."""
    said = text_of(client.get(address))
    return int(said.partition("共 ")[2].partition(" 件")[0])


@pytest.mark.parametrize(("login", "query"), [
    ("dispatcher", ""), ("lead", "?received_from=2026-03-05&received_to=2026-03-12"), ("supervisor", "?source=PATROL")])
def test_every_number_counts_the_rows_behind_its_link(filled: Flask, login: str, query: str) -> None:
    client = visitor(filled, login)
    page = check_page(client.get(f"/dashboard{query}"))
    links = page.xpath("//main//ul[@class='numbers']//a | //main//table[contains(@class, 'figures')]//a")
    assert len(links) > 20
    for link in links:
        number = int("".join(link.xpath("./strong/text() | ./self::*[not(strong)]/text()")))
        assert rows_behind(client, link.get("href")) == number, (link.get("href"), link.get("aria-label"))
    late = int(page.xpath("string(//ul[@class='numbers']/li[3]//strong)"))
    assert late > 0


@pytest.mark.one_engine
def test_days_are_compared_with_as_many_before_and_shares_show_both_numbers(filled: Flask) -> None:
    page = check_page(visitor(filled, "lead").get("/dashboard?received_from=2026-03-08&received_to=2026-03-14"))
    (section,) = page.xpath("//section[@aria-labelledby='b-spans']")
    assert "2026年3月1日至2026年3月7日" in section.text_content()
    rows = {row.xpath("string(th/text())").strip(): [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
            for row in section.xpath(".//tbody/tr")}
    assert list(rows) == ["受理", "其中已完成", "其中现在超期", "销号", "完成率", "超期率"]
    now, before = (int(rows["受理"][place]) for place in (0, 1))
    done, was = (int(rows["其中已完成"][place]) for place in (0, 1))
    assert now and before and rows["受理"][2] == f"{now - before:+d}"
    assert rows["完成率"][0].endswith(f"({done}/{now})") and rows["完成率"][1].endswith(f"({was}/{before})")
    assert rows["完成率"][2].endswith("个百分点")


@pytest.mark.one_engine
def test_days_that_end_before_they_begin_are_refused(filled: Flask) -> None:
    answer = visitor(filled, "lead").get("/dashboard?received_from=2026-03-08&received_to=2026-03-01")
    assert answer.status_code == 422 and "止日早于起日" in text_of(answer)


def test_splits_add_up_to_the_total(filled: Flask) -> None:
    page = html.fromstring(visitor(filled, "dispatcher").get("/dashboard").data)
    totals = [int(number) for number in page.xpath("//ul[@class='numbers']//strong/text()")]
    for board in ("unit", "area"):
        rows = page.xpath(f"//section[starts-with(@aria-labelledby, 'b-{board} ')]//tbody/tr")
        assert [sum(int(row.xpath("string(td[$n])", n=n + 1)) for row in rows) for n in range(4)] == totals
    assert "尚未交办" in page.text_content()
    assert "未标明街道" in page.text_content()


def test_a_week_counts_the_days_of_the_office(app: Flask, clock: Any) -> None:
    found_town(app)
    with in_town(app) as town:
        monday = clock.today() - timedelta(days=clock.today().weekday())
        clock.move_to(clock.end_of(monday + timedelta(days=6)) - timedelta(minutes=1))
        town.registered()
        clock.advance(minutes=2)
        town.registered()
        weeks = dashboard.weeks(db.session(), access.actor_by_login("lead").scope(), clock.today())
    assert len(weeks) == dashboard.WEEKS
    assert [(week.first, week.received) for week in weeks[-2:]] == [(monday, 1), (monday + timedelta(days=7), 1)]
    assert all(week.last - week.first == timedelta(days=6) and not week.closed for week in weeks)


@pytest.mark.one_engine
def test_only_who_supervises_gets_it_and_nobody_counts_what_is_not_theirs(filled: Flask) -> None:
    assert visitor(filled, "officer").get("/dashboard").status_code == 403
    assert visitor(filled, "auditor").get("/dashboard").status_code == 403
    theirs = visitor(filled, "other_dispatcher").get("/dashboard")
    assert "现在一件也没有" in text_of(theirs)
    check_page(theirs)


@pytest.mark.one_engine
def test_the_price_of_the_dashboard_in_statements(filled: Flask) -> None:
    client = visitor(filled, "lead")
    client.get("/dashboard")
    with counted_statements(filled) as sent:
        answer = client.get("/dashboard")
    assert len(sent) <= 7, sent
    assert len(answer.data) < 100_000


@pytest.mark.one_engine
def test_types_are_counted_along_an_index_without_fetching_a_case(filled: Flask) -> None:
    """Fetching each case for each of its types would be half of the price of the whole page."""
    with in_town(filled) as town:
        scope, bounds = access.actor_by_login("lead").scope(), light_bounds(town.clock.today(), rules.calendar())
        with counted_statements(filled) as sent:
            found = dashboard.by_type(db.session(), scope, bounds)
        (statement,) = sent
        plan = [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("",
                                                                          ) * statement.count("?"))]
    assert found and "" not in found and None not in found
    assert [line for line in plan if "USING" in line and "COVERING INDEX" not in line and "B-TREE" not in line] == []


@pytest.mark.one_engine
def test_pictures_carry_no_style_and_name_what_they_show(filled: Flask) -> None:
    page = html.fromstring(visitor(filled, "lead").get("/dashboard").data)
    pictures = page.xpath("//main//*[local-name()='svg']")
    assert len(pictures) == 4
    assert all(picture.get("role") == "img" and picture.get("aria-label") for picture in pictures)


def row(code: str, *figures: int) -> FiguresRow:
    return FiguresRow(code, f"{code}街道", CaseFigures(*figures))


@pytest.mark.parametrize(("rows", "said"), [
    ([row("甲", 9, 1, 7), row("乙", 3, 0, 2)], "甲街道超期最多：7 件"),
    ([row("甲", 9, 1, 2), row("乙", 3, 0, 2)], "甲街道、乙街道超期最多：各 2 件"),
    ([row(name, 1, 0, 1) for name in "甲乙丙"], "甲街道、乙街道等 3 个单位超期最多：各 1 件"),
    ([row("甲", 9), row("乙", 3)], "没有超期；甲街道在办最多：9 件"),
    ([row("none", 5, 0, 5), row("乙", 3)], "没有超期；乙街道在办最多：3 件"),
    ([row("甲", 0, 0, 0, 4)], "没有在办案件"), ([], "没有在办案件"),
])
def test_a_title_is_the_answer(rows: list[FiguresRow], said: str) -> None:
    assert charts.answer(rows, "{n} 个单位") == said


def test_bars_fill_the_picture_and_never_leave_it() -> None:
    drawn = charts.bars(charts.ordered([row(str(n), n, n // 2, n // 3) for n in range(12)]))
    assert len(drawn) == charts.MOST_ROWS
    assert max(sum(part.width for part in bar.parts) for bar in drawn) == pytest.approx(charts.WIDTH, abs=0.1)
    assert charts.bars([row("甲", 0, 0, 0, 4)]) == []
    assert all(column.received == column.closed == 0
               for column in charts.columns([Week(None, None, 0, 0)] * 12))  # type: ignore[arg-type]
