"""The page of figures: definitions, numbers of a window, and the records behind one as far as the reader may open them."""

from typing import Any

import pytest
from flask import Flask

from tests.support.acts import act_in, do
from tests.support.visitors import check_page, found_town, in_town, visitor

pytestmark = pytest.mark.one_engine
WINDOW = "from=2026-03-01&to=2026-03-31"


@pytest.fixture
def filled(app: Flask) -> Flask:
    """An operation that found a problem."""
    found_town(app)
    with in_town(app) as town:
        number = act_in(town, "operation", "under_way")
        do(town, number, "operation", "set_forces")
        do(town, number, "operation", "find")
    return app


def said_in(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_figures_are_counted_when_a_window_is_asked_for_and_lead_to_their_records(filled: Flask) -> None:
    client = visitor(filled, "lead")
    assert check_page(client.get("/reports/measures")).xpath("//td[@data-word='数']") == []
    page = check_page(client.get(f"/reports/measures?{WINDOW}"))
    said = {said_in(row[0]): said_in(row[1]) for row in page.xpath("//tbody/tr")}
    assert (said["零点行动"], said["出动人员"], said["已整改"]) == ("1 次", "12 人次", "0 个 0/1 · 0.0%")
    assert said["约谈"] == said["应巡"] == "—"
    behind = check_page(client.get(page.xpath("//a[.='发现问题']/@href")[0]))
    assert [said_in(row[1]) for row in behind.xpath("//tbody/tr")] == ["渣土未覆盖"]


def test_who_may_not_open_the_records_sees_the_figure_alone(filled: Flask) -> None:
    said = said_in(check_page(visitor(filled, "neighbour").get(f"/reports/measures/operations.found?{WINDOW}")))
    assert "1 个" in said and "XH-2026-" not in said and "这里没有您有权查看的记录。" in said


@pytest.mark.parametrize(("login", "path", "status"), [
    ("lead", "/reports/measures?from=2026-03-31&to=2026-03-01", 422), ("lead", "/reports/measures?from=三月", 422),
    ("lead", f"/reports/measures?{WINDOW}&area=360102", 404), ("lead", f"/reports/measures/weather?{WINDOW}", 422),
    ("lead", f"/reports/measures/cases.received?{WINDOW}&source=XX", 422), ("inspector", "/reports/measures", 403)])
def test_what_is_asked_wrongly_is_refused_in_one_sentence(filled: Flask, login: str, path: str, status: int) -> None:
    assert visitor(filled, login).get(path).status_code == status
