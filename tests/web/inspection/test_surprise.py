"""No page in the map of addresses tells who would be warned of a planned inspection, or anybody outside of an undecided penalty:
neither its number nor its words."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.acts import act_in, opened
from tests.support.visitors import found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine
INSPECTION, PENALTY, MARK = ("JC-2026-000001", "夜查暗管"), ("CF-2026-0001", "天机不可泄露"), "桃花纺织"
SAID = (*INSPECTION, *PENALTY)
# Of the site's own unit; who registers sites; who sees every setting; who verifies; who leads elsewhere; who plans inspections.
OUTSIDE = {**dict.fromkeys(("officer", "clerk", "admin", "verifier", "other_lead"), SAID), "dispatcher": PENALTY}
ASKED = ("/search?q={}", "/cases?q={}", "/acts?q={}", "/acts?q={}&over=1", "/sites?q={}")


@pytest.fixture
def secret(app: Flask) -> Flask:
    """A site of the officer's unit with an inspection to come and a penalty that is not decided, both because of one case."""
    found_town(app)
    with in_town(app) as town:
        case = town.case_in(CaseState.rectifying)
        opened(town, "inspection", text=INSPECTION[1], target=case)
        act_in(town, "penalty", "notified", text=PENALTY[1])
        assert case == "XH-2026-000001"
    return app


def addresses(app: Flask) -> Iterator[str]:
    """Every page that asks for nothing, what is found by a search, and the pages of the site and of the case."""
    for rule in app.url_map.iter_rules():
        if not rule.arguments and rule.methods is not None and "GET" in rule.methods:
            yield rule.rule
    yield from (asked.format(said) for asked in ASKED for said in (*SAID, MARK))
    yield from ("/sites/S-000001", "/sites/S-000001/positive", "/cases/XH-2026-000001", "/cases/XH-2026-000001?view=facts",
                "/acts?kind=inspection", "/acts?kind=penalty&over=1", "/acts/JC-2026-000001", "/acts/CF-2026-0001",
                "/publications?state=draft", "/reports/measures?from=2026-01-01&to=2026-12-31",
                "/reports/measures/inspections.done?from=2026-01-01&to=2026-12-31",
                "/reports/measures/penalties.opened?from=2026-01-01&to=2026-12-31")


@pytest.mark.parametrize("login", OUTSIDE)
def test_no_page_tells_of_it(secret: Flask, login: str) -> None:
    client, seen = visitor(secret, login), 0
    for path in addresses(secret):
        if path in ("/logout", "/static/<path:filename>"):
            continue
        page = client.get(path)
        body = page.get_data(as_text=True) if page.mimetype.startswith("text/") or "json" in page.mimetype else ""
        page.close()
        told = [word for word in OUTSIDE[login] if word in body and word not in path]  # what was typed is said again
        assert told == [], (login, path)
        seen += page.status_code == 200
    assert seen > 30


def test_who_plans_and_who_decides_find_both(secret: Flask) -> None:
    assert INSPECTION[0] in visitor(secret, "dispatcher").get("/sites/S-000001").text
    assert PENALTY[0] in visitor(secret, "principal").get("/sites/S-000001").text
    assert PENALTY[0] not in visitor(secret, "dispatcher").get("/sites/S-000001").text
