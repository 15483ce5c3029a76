"""Every page for every role: who sees it, and that it is a sound page."""

import re

import pytest
from flask import Flask

from tests.support.visitors import ROLES, WITHOUT_CASES, check_page, found_town, in_town, main_of, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine

EVERYBODY = frozenset(ROLES)
READERS = EVERYBODY - WITHOUT_CASES
PEOPLE_READERS = frozenset({"clerk", "dispatcher", "lead", "supervisor", "auditor", "admin"})
WATCHERS = frozenset({"dispatcher", "lead", "supervisor", "auditor"})
# path -> who gets it; everybody else is refused
PAGES: dict[str, frozenset[str]] = {
    "/map": READERS, "/map?sort=due&light=red": READERS, "/dashboard": frozenset({"dispatcher", "lead", "supervisor"}),
    "/supervision": WATCHERS, "/supervision/jobs": WATCHERS, "/reports": WATCHERS | {"officer"},
    "/": EVERYBODY, "/password": EVERYBODY, "/territory": EVERYBODY, "/cases": READERS,
    "/cases?state=assigned&light=red&q=桃花": READERS, "/cases/XH-2026-000001": READERS, "/cases/XH-2026-000002": READERS,
    "/cases/new": frozenset({"inspector", "clerk", "dispatcher"}), "/people": PEOPLE_READERS, "/people/officer": PEOPLE_READERS,
    "/people/units": PEOPLE_READERS, "/my": EVERYBODY, "/my/delegations": EVERYBODY,
    "/cases/XH-2026-000001/access": PEOPLE_READERS, "/people/add": frozenset({"admin"}),
    "/people/units/add": frozenset({"admin"}),
    "/people/units/XH-TY/end": frozenset({"admin"}), "/settings": frozenset({"admin", "auditor"}),
    "/identities": frozenset({"custodian"}),
    "/identities/XH-2026-000001": frozenset({"custodian"}), "/identities/erase": frozenset({"custodian"}),
    "/identities/requests": frozenset({"custodian", "lead"}),
    "/cases/XH-2026-000002/steps/comment": READERS - {"auditor", "admin"},
}


@pytest.fixture
def served(app: Flask) -> Flask:
    """A closed case and one in rectification, both led by the officer's unit."""
    found_town(app)
    with in_town(app) as town:
        town.case_in(CaseState.closed, "PATROL")
        town.case_in(CaseState.rectifying, "D3JX")
    return app


def test_each_role_gets_its_pages_and_no_others(served: Flask) -> None:
    for login in ROLES:
        client = visitor(served, login)
        for path, admitted in PAGES.items():
            answer = client.get(path)
            assert (answer.status_code == 200) == (login in admitted), f"{login} {path}: {answer.status_code}"
            assert answer.status_code in (200, 403, 404)
            check_page(answer)


def test_the_sign_in_is_a_sound_page(app: Flask) -> None:
    check_page(app.test_client().get("/login"))


def test_what_is_not_mine_looks_like_what_is_not_there(served: Flask) -> None:
    client = visitor(served, "neighbour")
    theirs, absent = client.get("/cases/XH-2026-000001"), client.get("/cases/XH-2026-000009")
    assert theirs.status_code == absent.status_code == 404
    assert main_of(theirs).replace("000001", "#") == main_of(absent).replace("000009", "#")
    assert client.get("/cases/XH-2026-000001/steps/comment").status_code == 404
    assert client.get("/evidence/1").status_code == 404
    assert client.get("/evidence/1/thumb").status_code == client.get("/evidence/999").status_code == 404


def test_evidence_is_shown_to_readers_and_downloaded_by_those_who_handle_it(served: Flask) -> None:
    reader, handler = visitor(served, "auditor"), visitor(served, "officer")
    shown = reader.get("/evidence/1")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert reader.get("/evidence/1/thumb").status_code == 200
    assert reader.get("/evidence/1/original").status_code == 403
    original = handler.get("/evidence/1/original")
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert "%E5%89%8D.jpg" in original.headers["Content-Disposition"]
    assert original.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_speaks_in_codes(served: Flask) -> None:
    client = visitor(served, "dispatcher")
    for path in ("/", "/cases", "/cases/XH-2026-000001", "/cases/XH-2026-000002", "/people", "/people/units", "/territory"):
        words = re.sub(r"<[^>]*>", " ", main_of(client.get(path)))
        for code in ("rectifying", "closed", "garbage", "hotline", "None", "case:assigned", "after_photo", "{{", "working_day"):
            assert code not in words, f"{code} on {path}"
