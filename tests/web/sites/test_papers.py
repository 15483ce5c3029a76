"""Files at an entry of a site: added by who manages it, opened by who sees the site, and papers of a penalty by who enforces."""

import io

import pytest
from flask import Flask

from tests.support.acts import act_in, do, site_of
from tests.support.makers import paper
from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.sites.registers import SiteRegister
from tracker.services.sites import entering
from tracker.services.upkeep.integrity import verify
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
AT = "/sites/S-000001/entries/1/files"


@pytest.fixture
def site_app(app: Flask) -> Flask:
    found_town(app)
    with in_town(app) as town:
        site_of(town)
        entering.enter(town.actor("clerk"), "S-000001", SiteRegister.permit, {
            "number": "许1", "value": "key", "valid_from": "2026-01-01"})
    return app


def test_a_scanned_permit_is_added_and_opened_by_who_sees_the_site_alone(site_app: Flask) -> None:
    clerk = visitor(site_app, "clerk")
    check_page(clerk.get(AT))
    assert "请选择文件" in text_of(send(clerk, AT, {}))
    assert send(clerk, AT, {"files": (io.BytesIO(b"not a paper"), "许可证.pdf")}).status_code == 422
    assert send(clerk, AT, {"files": (io.BytesIO(paper().content), "许可证.pdf")}).status_code == 302
    assert "许可证.pdf" in text_of(clerk.get("/sites/S-000001"))
    with in_town(site_app):
        (row,) = db.session.query(EvidenceRow)
        number = row.id
        assert (row.subject, row.round) == ("site:S-000001", 1)
        assert [str(each) for each in verify().troubles] == []
    for login, status in (("officer", 200), ("lead", 200), ("enforcer", 200), ("railman", 404), ("other_lead", 404)):
        assert visitor(site_app, login).get(f"/evidence/{number}").status_code == status, login
    assert visitor(site_app, "verifier").get(AT).status_code == 403


def test_who_enforces_opens_the_papers_of_their_penalty(site_app: Flask) -> None:
    with in_town(site_app) as town:
        number = act_in(town, "penalty", "filed")
        do(town, number, "penalty", "conclude")
        (row,) = db.session.query(EvidenceRow)
        paper_id = row.id
    for login, status in (("enforcer", 200), ("legal", 200), ("principal", 200), ("clerk", 404), ("officer", 404)):
        assert visitor(site_app, login).get(f"/evidence/{paper_id}").status_code == status, login
