"""The register: who sees which lines, in which order, under which filters, at what price."""

from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import case, select

from tests.support.visitors import counted_statements, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import OPEN, CaseState
from tracker.domain.house.actor import Grant, Role, Scope
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.lights import light_bounds
from tracker.services.house.work import wiring
from tracker.services.people import access, accounts
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register import register
from tracker.storage.cases.register.register import SORTS, Filters
from tracker.storage.cases.scope import visible
from tracker.storage.house.base import db

STATES = (CaseState.registered, CaseState.assigned, CaseState.rectifying, CaseState.submitted, CaseState.verified,
          CaseState.closed,
          CaseState.suspended, CaseState.declined, CaseState.phased)
VIEWS = (Filters(), Filters(sort="due"), Filters(state=OPEN), Filters(state=(CaseState.closed,)), Filters(is_overdue=True),
         Filters(light="green"), Filters(light="none"), Filters(source="PATROL"), Filters(unit="XH-CYZ", state=OPEN),
         Filters(type="noise"), Filters(q="噪声"), Filters(area="360103002"), Filters(sponsor="any"), Filters(is_key=True),
         Filters(state=OPEN, sort="newest"),
         *(Filters(state=states, sort=sort) for sort in SORTS for states in ((), OPEN)))
SORTED = {"due": (Case.list_due_on, Case.id), "due_last": (Case.list_due_on.desc(), Case.id.desc()), "newest": (Case.id.desc(),),
          "oldest": (Case.id,), "received": (Case.received_on, Case.id),
          "received_last": (Case.received_on.desc(), Case.id.desc())}
IN_FLOW = case({state: place for place, state in enumerate(CaseState)}, value=Case.state)
for heading, keys in {"state": (IN_FLOW,), "unit": (Case.lead_unit_id.is_(None), Case.lead_unit_id), "source": (Case.source_id,),
                      "area": (Case.jurisdiction,)}.items():
    every = (*keys, Case.list_due_on, Case.id)
    SORTED |= {heading: every, f"{heading}_last": tuple(key.desc() for key in every)}
READERS = ("dispatcher", "officer", "supporter", "neighbour", "lead", "supervisor", "other_dispatcher", "custodian", "many_hats")


@pytest.fixture
def filled(app: Flask) -> Flask:
    """Cases in many states, registered over three weeks, some noisy, one with a sponsor."""
    found_town(app)
    with in_town(app) as town:
        for number, state in enumerate(STATES):
            noisy: dict[str, Any] = {"title": "夜间施工噪声", "categories": ("noise",)} if number % 2 else {}
            town.case_in(state, "PATROL" if number % 3 else "H12345", **noisy)
            town.days_pass(2)
        town.do(town.registered("D3JX", is_key=True, source_number="X9*"), "assign", sponsor="lead")
        town.do(town.registered(area_code="360103011"), "assign", lead_unit="XH-TY", supporting_units="XH-CG")
    return app


def walked(scope: Scope, filters: Filters, bounds: Any, size: int = 4) -> list[int]:
    """The ids of all pages, one page after another."""
    ids: list[int] = []
    after = ""
    for _ in range(50):
        page = register.page(db.session(), scope, filters, bounds, after, size=size)
        ids += [line.id for line in page.lines]
        if page.after is None:
            return ids
        after = page.after
    raise AssertionError("the pages do not end")


def test_pages_show_every_visible_case_once_and_in_order(filled: Flask) -> None:
    with in_town(filled) as town:
        bounds = light_bounds(wiring().clock.today(), rules.calendar())
        for login in ("dispatcher", "officer", "supporter", "lead", "other_dispatcher", "many_hats"):
            scope = access.actor_by_login(login).scope()
            for filters in VIEWS:
                wanted = select(Case.id).where(visible(scope), *register._filter_conditions(filters, bounds),
                                               *register._state_condition(filters))
                expected = list(db.session.scalars(wanted.order_by(*SORTED[filters.order])))
                assert walked(scope, filters, bounds) == expected, (login, filters)
                counted = register.counts(db.session(), scope, filters, bounds)
                assert sum(counted.get(s, 0) for s in filters.state or CaseState) == len(expected)
                assert register.numbers(db.session(), scope, [filters], bounds) == [len(expected)]
    assert town


def test_nobody_sees_what_is_not_theirs(filled: Flask) -> None:
    with in_town(filled):
        bounds = light_bounds(wiring().clock.today(), rules.calendar())
        seen = {login: len(walked(access.actor_by_login(login).scope(), Filters(), bounds)) for login in READERS}
    assert seen["dispatcher"] == seen["supervisor"] == len(STATES) + 2
    assert seen["other_dispatcher"] == seen["custodian"] == 0
    assert seen["neighbour"] == 1
    assert 0 < seen["officer"] < seen["dispatcher"]


def test_lights_in_sql_and_on_the_line_agree(filled: Flask) -> None:
    with in_town(filled):
        bounds = light_bounds(wiring().clock.today(), rules.calendar())
        scope = access.actor_by_login("dispatcher").scope()
        for light in ("green", "yellow", "red", "blue", "none"):
            lines = register.page(db.session(), scope, Filters(light=light), bounds).lines
            assert {line.light for line in lines} <= {light}
        assert sum(register.numbers(db.session(), scope, [Filters(light=x) for x in ("green", "yellow", "red", "blue", "none")],
                                    bounds)) == len(STATES) + 2


@pytest.mark.one_engine
@pytest.mark.parametrize(("address", "field"), [
    ("state=nothing", "state"), ("light=pink", "light"), ("received_from=31.12.2025", "received_from"),
    ("received_to=2053-13-01", "received_to"), ("sort=x", "sort"), ("q=" + "x" * 101, "q"),
    ("sponsor=abc", "sponsor"), ("sponsor=-1", "sponsor"), ("sponsor=" + "9" * 20, "sponsor"),
])
def test_a_filter_that_means_nothing_is_named(app: Flask, address: str, field: str) -> None:
    with app.test_request_context(f"/cases?{address}"):
        from flask import request

        with pytest.raises(Invalid) as refused:
            Filters.from_args(request.args)
    assert refused.value.field == field
    found_town(app)
    answer = visitor(app, "clerk").get(f"/cases?{address}")
    assert answer.status_code == 422
    assert refused.value.sentence in text_of(answer)


@pytest.mark.one_engine
def test_a_page_mark_that_is_not_ours_is_refused(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "clerk")
    assert client.get("/cases?after=abc").status_code == 422
    assert client.get("/cases?state=assigned&after=2026-02-30.1").status_code == 422


@pytest.mark.one_engine
def test_filters_survive_the_way_into_an_address_and_back(app: Flask) -> None:
    for filters in VIEWS:
        with app.test_request_context("/cases", query_string=filters.to_args()):  # type: ignore[arg-type]
            from flask import request

            assert Filters.from_args(request.args) == filters


@pytest.mark.one_engine
@pytest.mark.parametrize("name", ["key", "overdue", "pending", "supervised"])
def test_a_box_that_says_no_is_no_filter(app: Flask, name: str) -> None:
    for said, is_asked in (("0", False), ("", False), ("1", True)):
        assert Filters.from_args({name: said}).to_args() == ({name: "1"} if is_asked else {})


@pytest.mark.one_engine
def test_the_form_keeps_every_filter_there_is(filled: Flask) -> None:
    """Whoever changes one condition in it loses none of the others."""
    asked = {"state": ["assigned", "closed"], "light": "red", "source": "PATROL", "unit": "XH-XHJ", "area": "360103002",
             "type": "noise", "batch": "第3批",
             "sponsor": "any", "key": "1", "overdue": "1", "pending": "1", "supervised": "1", "unsettled": "1",
             "received_from": "2026-01-01",
             "received_to": "2026-02-01", "closed_from": "2026-01-02", "closed_to": "2026-02-02", "q": "噪声", "sort": "newest"}
    assert Filters.from_args(asked).to_args() == asked
    page = html.fromstring(visitor(filled, "dispatcher").get("/cases", query_string=asked).data)
    kept: dict[str, list[str]] = {}
    for field in page.xpath("(//details[@class='filters'])[1]//form//*[@name and not(@name='cols')]"):
        values = field.xpath(".//option[@selected]/@value") if field.tag == "select" else [field.get("value")]
        if field.get("type") != "checkbox" or field.get("checked") is not None:
            kept.setdefault(field.get("name"), []).extend(values)
    assert {name: values if name == "state" else values[0] for name, values in kept.items()} == asked


@pytest.mark.one_engine
def test_sponsors_are_offered_and_told_by_name(filled: Flask) -> None:
    with in_town(filled) as town:
        lead = access.actor_by_login("lead")
        bounds = light_bounds(wiring().clock.today(), rules.calendar())
        scope = access.actor_by_login("dispatcher").scope()
        assert len(walked(scope, Filters(sponsor=str(lead.id)), bounds)) == 1
        assert town
    client = visitor(filled, "dispatcher")
    page = html.fromstring(client.get(f"/cases?sponsor={lead.id}").data)
    assert page.xpath("//select[@name='sponsor']/option[@selected]/text()") == [lead.name]
    assert f"{lead.name}包案" in page.xpath("string(//div[@class='chips'])")
    assert "不在名单里" in text_of(client.get("/cases?sponsor=999999"))


@pytest.mark.one_engine
def test_a_new_lead_can_be_asked_for_at_once(filled: Flask) -> None:
    client = visitor(filled, "dispatcher")
    assert "新来的领导" not in text_of(client.get("/cases"))
    with in_town(filled):
        accounts.add_person(access.actor_by_login("admin"), login="lead9", name="新来的领导", unit="XH",
                            roles=[Grant(Role.lead, "360103")])
    assert "新来的领导" in text_of(client.get("/cases"))


@pytest.mark.one_engine
def test_a_unit_that_is_no_more_is_told_by_its_name(filled: Flask) -> None:
    page = html.fromstring(visitor(filled, "dispatcher").get("/cases?unit=XH-XHJ").data)
    chips = page.xpath("string(//div[@class='chips'])")
    assert "西湖街道" in chips
    assert "XH-XHJ" not in chips


@pytest.mark.one_engine
def test_days_that_end_before_they_begin_are_told(filled: Flask) -> None:
    client = visitor(filled, "dispatcher")
    for name in ("received", "closed"):
        assert "止日早于起日" in text_of(client.get(f"/cases?{name}_from=2026-03-01&{name}_to=2026-02-01"))
    assert "止日早于起日" not in text_of(client.get("/cases?received_from=2050-03-01&received_to=2050-03-01"))


@pytest.mark.one_engine
def test_fifty_lines_a_page_then_the_next(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        for _ in range(53):
            town.registered()
    client = visitor(app, "clerk")
    first = html.fromstring(client.get("/cases").data)
    assert len(first.xpath("//table[contains(@class, 'register')]/tbody/tr")) == 50
    (further,) = first.xpath("//a[@rel='next']/@href")
    second = html.fromstring(client.get(further).data)
    assert len(second.xpath("//table[contains(@class, 'register')]/tbody/tr")) == 3
    assert not second.xpath("//a[@rel='next']")
    assert "已到末尾" in second.text_content()


@pytest.mark.one_engine
def test_an_empty_register_says_what_would_stand_here(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "clerk")
    assert "现在一件也没有" in text_of(client.get("/cases"))
    assert "没有符合这些条件的案件" in text_of(client.get("/cases?light=red"))


@pytest.mark.one_engine
def test_chips_say_what_is_asked_and_drop_it(filled: Flask) -> None:
    page = html.fromstring(visitor(filled, "dispatcher").get("/cases?state=assigned&light=red&q=垃圾&unit=XH-CYZ&key=1").data)
    chips = page.xpath("//span[@class='chip']")
    assert [chip.text for chip in chips] == ["待签收", "超期", "朝阳洲街道", "重点件", "“垃圾”"]
    for chip in chips:
        left = visitor(filled, "dispatcher").get(chip.xpath("a/@href")[0])
        assert len(html.fromstring(left.data).xpath("//span[@class='chip']")) == len(chips) - 1


@pytest.mark.one_engine
def test_counts_follow_every_step(filled: Flask) -> None:
    client = visitor(filled, "dispatcher")
    before = text_of(client.get("/cases"))
    assert "待交办 1" in before
    with in_town(filled) as town:
        town.registered()
    assert "待交办 2" in text_of(client.get("/cases"))


@pytest.mark.one_engine
def test_the_price_of_lists_in_statements(filled: Flask) -> None:
    for login in ("dispatcher", "officer", "lead"):
        client = visitor(filled, login)
        client.get("/cases")
        for path, most in (("/cases", 7), ("/cases?state=assigned&q=垃圾&unit=XH-CYZ", 8),
                           ("/cases?state=rectifying&light=red", 8), ("/", 12), ("/", 5)):  # the second time nothing has happened
            with counted_statements(filled) as sent:
                assert client.get(path).status_code == 200
            assert len(sent) <= most, (login, path, sent)


@pytest.mark.parametrize("query", ["light=purple", "after=abc", "cols=reporter"])
def test_a_refused_address_leads_to_the_same_page_without_its_conditions(app: Flask, query: str) -> None:
    found_town(app)
    client = visitor(app, "dispatcher")
    links = html.fromstring(client.get(f"/cases?{query}").data).xpath("//main//a/@href")
    assert "/cases" in links
    assert client.get("/cases").status_code == 200


def test_a_refused_export_does_not_lead_to_the_export_of_everything(app: Flask) -> None:
    found_town(app)
    refused = visitor(app, "dispatcher").get("/cases/export.csv?cols=reporter")
    assert refused.status_code == 422
    assert not [href for href in html.fromstring(refused.data).xpath("//main//a/@href") if "export" in href]
