"""The register sorted by its headings: the link, what a reader of the screen is told, and the index that it is read along."""

from datetime import date

import pytest
from flask import Flask
from lxml import html

from tests.support.visitors import found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.rules.lights import light_bounds
from tracker.services.house.work import wiring
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.storage.cases.register import register
from tracker.storage.cases.register.orders import HEADINGS, ORDERS
from tracker.storage.cases.register.register import Filters
from tracker.storage.cases.search import SearchWay
from tracker.storage.house.base import db


@pytest.mark.one_engine
def test_a_heading_sorts_and_pressed_again_sorts_the_other_way(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        numbers = [town.case_in(CaseState.rectifying) for _ in range(2) if town.days_pass(3) is None]
    client = visitor(app, "dispatcher")
    for name, orders in HEADINGS.items():
        columns = "cols=received&cols=due&cols=state&cols=unit&cols=source&cols=area"
        address, seen = f"/cases?{columns}&sort={'due' if name == 'case' else 'newest'}", []
        for order in (*orders, orders[0]):
            head = _headings(client, address)[name]
            assert head.get("aria-sort") == (None if not seen else _way_of(seen[-1]))
            address = head.find("a").get("href")
            assert f"sort={order}" in address and "cols=received" in address
            lines = html.fromstring(client.get(address).data).xpath("//table[@class='register']//span[@class='nowrap']/text()")
            assert lines == (numbers[::-1] if ORDERS[order].is_falling else numbers), order
            seen.append(order)


def _headings(client: object, address: str) -> dict[str, html.HtmlElement]:
    page = html.fromstring(client.get(address).data)  # type: ignore[attr-defined]
    words = {"案件": "case", "受理日期": "received", "时限": "due", "状态": "state", "主办单位": "unit", "来源": "source", "街道（镇）": "area"}
    return {words[head.xpath("string(a)")]: head for head in page.xpath("//table[@class='register']//th[a]")}


def _way_of(order: str) -> str:
    return "descending" if ORDERS[order].is_falling else "ascending"


@pytest.mark.one_engine  # PostgreSQL's plan depends on how many rows there are
@pytest.mark.parametrize("sort", ORDERS)
def test_every_order_is_read_along_an_index(app: Flask, sort: str) -> None:
    found_town(app)
    with in_town(app):
        scope, bounds = access.actor_by_login("dispatcher").scope(), light_bounds(wiring().clock.today(), rules.calendar())
        for at in ("", CaseState.rectifying.value if ORDERS[sort].is_by_state else "on", *(["blank"] * ORDERS[sort].has_blanks)):
            for states in ((), (CaseState.rectifying,)):
                query = register._page_keys(scope, Filters(state=states, sort=sort), bounds, at, 51, SearchWay.gathered)
                query = query.params(last_id=7, last_on=date(2026, 3, 2), last_group="1")
                sql = str(query.compile(db.engine, compile_kwargs={"render_postcompile": True}))
                given = {"last_id": 7, "last_on": "2026-03-02", "last_group": "1"}
                compiled = query.compile(db.engine)
                plan = str(db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple(
                    given.get(name, str(compiled.params.get(name))) for name in compiled.positiontup or ())).all())
                walks = plan.partition("SCAN merged")[0]  # what was walked is sorted once more: a page of each walk
                assert "TEMP B-TREE" not in walks or ((ORDERS[sort].day == "" or ORDERS[sort].group) and states), plan
