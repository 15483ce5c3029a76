"""The router and the table of addresses below the doors say the same."""

import pytest
from flask import Flask

from tracker.domain.house.links import ADDRESSES, Link, Place, address_of
from tracker.web.house.links import ENDPOINTS, address_here

pytestmark = pytest.mark.one_engine


def test_every_page_that_law_and_deeds_point_to_has_its_endpoint() -> None:
    assert set(ENDPOINTS) == set(ADDRESSES) == set(Place) - {Place.written}


@pytest.mark.parametrize("asked", [(), (("light", "yellow"), ("reason", "超期 3天&"))])
def test_the_router_gives_the_address_that_mails_and_files_give(app: Flask, asked: tuple[tuple[str, str], ...]) -> None:
    keys = ("XH-2026-000123", "2026-W47")
    links = [Link(place, ("7",) if place in (Place.identity_request, Place.import_job) else keys[:len(names)], asked)
             for place, (_, names) in ENDPOINTS.items()]
    with app.test_request_context():
        assert [address_here(link) for link in links] == [address_of(link).replace("%20", "+") for link in links]
        assert [address_here(Link(Place.written, (each,))) for each in ("/old/1", "none")] == ["/old/1", None]
