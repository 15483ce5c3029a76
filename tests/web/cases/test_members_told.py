"""Who leads a master is told of its members what they need to rectify: place, texts, evidence; and never who reported."""

import pytest
from flask import Flask

from tests.support.makers import Town, photo
from tests.support.visitors import check_page, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import EVERYTHING
from tracker.services.cases import intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.storage.cases import family
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
NAME = "欧阳金丝雀"


def merged(town: Town) -> tuple[str, str, int]:
    """A master that a unit is rectifying, a member that no unit ever had, and the member's photo."""
    master = town.case_in(CaseState.rectifying, "H12345")
    order = RegisterOrder("H12345", "乙路口油烟", f"{NAME}反映后巷排烟口直排。", ("fume",), "乙路 7 号后巷", "360103002")
    member = intake.register(town.actor("clerk"), order, uploads=[photo()], reporter=Reporter(NAME, "13812345678")).number
    town.do(member, "merge", master=master)
    (found,) = family.members_of(db.session, EVERYTHING, town.row(master).id)
    return master, member, found.files[0].id


def test_an_officer_of_the_lead_unit_reads_the_members_and_opens_their_photos(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        master, member, photo_id = merged(town)
    client = visitor(app, "officer")
    page = client.get(f"/cases/{master}")
    check_page(page)
    told = text_of(page)
    assert "乙路 7 号后巷" in told and "后巷排烟口直排" in told and NAME not in told
    assert f'href="/cases/{member}"' not in page.text and client.get(f"/cases/{member}").status_code == 404
    assert client.get(f"/evidence/{photo_id}/thumb").status_code == 200
    assert "乙路 7 号后巷" in text_of(client.get(f"/cases/{master}/print"))


def test_nobody_else_gains_by_a_merging(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        master, _, photo_id = merged(town)
    for login in ("neighbour", "custodian"):
        client = visitor(app, login)
        assert {client.get(f"/evidence/{photo_id}/thumb").status_code, client.get(f"/cases/{master}").status_code} <= {403, 404}
