"""What somebody sends who is not signed in is not read, whatever it is."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import found_town, lapsed_visitor, token_of, visitor
from tracker.web.house.guard import STRANGERS_BODY, demand_of

pytestmark = pytest.mark.one_engine
MULTIPART, FORM, JSON = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json"
LENGTH = 1_000_000
PART = b'--x\r\nContent-Disposition: form-data; name="file_1"; filename="a.jpg"\r\n\r\n' + b"x" * 600_000


class Untouchable(io.RawIOBase):
    """A body that nobody may read."""

    def readinto(self, buffer: Any) -> int:
        """Fails the test."""
        raise AssertionError("the body was read")

    def readable(self) -> bool:
        """It says so."""
        return True

    place = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """The client of the tests asks how long it is."""
        self.place = LENGTH if whence == io.SEEK_END else offset
        return self.place

    def tell(self) -> int:
        """Likewise."""
        return self.place


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def closed_paths(app: Flask) -> Iterator[str]:
    """An address for each endpoint that takes what somebody sends and is not public."""
    for rule in app.url_map.iter_rules():
        demand = demand_of(app.view_functions[rule.endpoint])
        if "POST" in (rule.methods or ()) and demand is not None and not demand.is_public:
            with app.test_request_context():
                values = dict.fromkeys(rule.arguments, 1)
                yield app.url_map.bind("localhost").build(rule.endpoint, values, "POST")


@pytest.mark.parametrize("kind", [MULTIPART, FORM, JSON])
def test_no_address_for_people_who_are_signed_in_reads_a_strangers_body(town_app: Flask, kind: str) -> None:
    paths = list(closed_paths(town_app))
    assert len(paths) > 30
    for path in paths:
        answer = town_app.test_client().post(path, input_stream=Untouchable(), content_type=kind)
        assert answer.status_code in (302, 401), path


def test_of_somebody_whose_session_is_over_the_form_is_read(town_app: Flask) -> None:
    answer = lapsed_visitor(town_app, "clerk").post("/cases/new", data={"title": "河边"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert "河边" in answer.text


def test_a_cookie_that_somebody_made_up_lets_nothing_be_read(town_app: Flask) -> None:
    client = town_app.test_client()
    name = town_app.config["SESSION_COOKIE_NAME"]
    client.set_cookie(name, visitor(town_app, "clerk").get_cookie(name).value[:-3] + "abc")
    assert client.post("/cases/new", input_stream=Untouchable(), content_type=FORM).status_code == 302


@pytest.mark.parametrize("path", ["/login", "/language"])
def test_where_strangers_may_send_something_it_is_short(town_app: Flask, path: str) -> None:
    client = town_app.test_client()
    token = token_of(client.get("/login"))
    sent = client.post(path, data={"csrf_token": token, "login": "x" * STRANGERS_BODY})
    assert sent.status_code == 413
    spooled = client.post(path, input_stream=io.BytesIO(PART), content_type=MULTIPART)
    assert spooled.status_code == 413


def test_signed_in_people_without_the_token_are_still_refused(town_app: Flask) -> None:
    assert visitor(town_app, "clerk").post("/cases/new", data={"title": "x"}).status_code == 400
