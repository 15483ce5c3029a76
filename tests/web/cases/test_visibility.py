"""The page that says who sees a case and why."""

import pytest
from flask import Flask

from tests.support.visitors import check_page, counted_statements, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.people import accounts

pytestmark = pytest.mark.one_engine


@pytest.fixture
def served(app: Flask) -> Flask:
    found_town(app)
    with in_town(app) as town:
        town.case_in(CaseState.rectifying, "PATROL")
    return app


def test_it_lists_who_sees_the_case_each_with_why(served: Flask) -> None:
    lead = visitor(served, "lead")
    page = lead.get("/cases/XH-2026-000001/access")
    check_page(page)
    said = text_of(page)
    assert "本单位（朝阳洲街道）主办本案。" in said
    assert "neighbour先生" not in said.partition("能看到本案的人")[2]
    assert "/cases/XH-2026-000001/access" in lead.get("/cases/XH-2026-000001").text


def test_it_answers_for_one_person_why_or_why_not(served: Flask) -> None:
    lead = visitor(served, "lead")
    page = lead.get("/cases/XH-2026-000001/access?who=neighbour")
    check_page(page)
    assert "看不到" in page.text.partition('role="status"')[2]
    assert "能看到本案。" in lead.get("/cases/XH-2026-000001/access?who=officer").text
    assert lead.get("/cases/XH-2026-000001/access?who=nobody").status_code == 200


def test_only_people_readers_who_see_the_case_get_it(served: Flask) -> None:
    assert visitor(served, "officer").get("/cases/XH-2026-000001/access").status_code == 403
    assert "谁能看到" not in visitor(served, "officer").get("/cases/XH-2026-000001").text
    assert visitor(served, "other_lead").get("/cases/XH-2026-000001/access").status_code == 404


def test_a_hundred_people_cost_no_more_statements_than_a_few(served: Flask) -> None:
    lead = visitor(served, "lead")
    path = "/cases/XH-2026-000001/access"
    lead.get(path)
    with counted_statements(served) as before:
        lead.get(path)
    with in_town(served):
        from tracker.domain.house.actor import Grant, Role

        for n in range(8):
            accounts.add_person(None, login=f"more{n}", name=f"新人{n}", unit="XH-CYZ", roles=[Grant(Role.officer)])
    lead.get(path)
    with counted_statements(served) as after:
        lead.get(path)
    assert len(after) == len(before) <= 9
