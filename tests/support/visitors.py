"""Signed-in visitors, statement counts, and what every page must keep."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_urlsafe
from time import time
from typing import Any

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from lxml import html
from sqlalchemy import event, select

from tests.support.makers import Town
from tracker.domain.house.actor import OPERATOR
from tracker.services.people.signing import sessions
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignInSession

ROLES = ("inspector", "clerk", "dispatcher", "officer", "verifier", "lead", "supervisor", "auditor", "admin", "custodian",
         "enforcer", "legal", "principal")
WITHOUT_CASES = frozenset({"custodian", "enforcer", "legal", "principal"})  # who reads no case by their role
FAR = datetime(2199, 1, 1, tzinfo=UTC)
UNLABELLED = frozenset({"hidden", "submit"})


def found_town(app: Flask) -> None:
    """The district in the application's empty database."""
    with app.app_context():
        Town.founded()


@contextmanager
def in_town(app: Flask) -> Iterator[Town]:
    """The district, to act in; requests must not be made inside."""
    with app.app_context():
        from tests.support.district import District

        people = {p.login: p.id for p in db.session.scalars(select(Person))}
        yield Town(District({}, people))


def visitor(app: Flask, login: str = "") -> Any:
    """A browser of one person, signed in without the password form; nobody's when no login is given."""
    client = app.test_client()
    if login:
        with app.app_context():
            person = db.session.scalars(select(Person).where(Person.login == login)).one()
            kept = session_of(person.id)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = kept, True
    return client


def session_of(person_id: int) -> str:
    """The token of a session that no test outlives, however far it moves the clock, and that is fresh all the while."""
    token = token_urlsafe(16)
    db.session.add(SignInSession(
        digest=sessions.digest_of(token), person_id=person_id, made_at=FAR, seen_at=FAR, ends_at=FAR, fresh_until=FAR,
        sign_in=OPERATOR.sign_in, address="", agent="", why=""))
    db.session.commit()
    return token


def lapsed_visitor(app: Flask, login: str) -> Any:
    """A browser of one person whose session is over."""
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(TimestampSigner, "get_timestamp", lambda signer: int(time()) - 40 * 86_400)
        return visitor(app, login)


def token_of(page: Any) -> str:
    """The CSRF token that a page carries."""
    return str(html.fromstring(page.data).xpath("//input[@name='csrf_token']/@value")[0])


def send(client: Any, path: str, data: dict[str, Any] | None = None, *, at: str = "") -> Any:
    """Fill the form of the page `path` (or of `at`) and send it to `path`, with token and the hidden fields it carries."""
    page = html.fromstring(client.get(at or path).data)
    hidden = {i.get("name"): i.get("value") for i in page.xpath("//main//form[@method='post']//input[@type='hidden']")
              if i.get("value")}
    hidden.setdefault("csrf_token", page.xpath("//input[@name='csrf_token']/@value")[0])
    return client.post(path, data={**hidden, **(data or {})}, content_type="multipart/form-data")


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent inside, without the engine's own BEGIN."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def check_page(response: Any) -> Any:
    """What every page keeps: its language, one h1, a title, labels for fields, no id twice, nothing inline. Returns the tree."""
    page = html.document_fromstring(response.data)
    assert page.get("lang") in ("zh-CN", "en")
    assert len(page.xpath("//h1")) == 1
    assert page.findtext(".//title", "").strip(" ·销号")
    twice = [i for i, n in Counter(page.xpath("//@id")).items() if n > 1]
    assert not twice, f"ids twice: {twice}"
    assert not page.xpath("//@style") and not page.xpath("//style[not(@nonce)]") and not page.xpath("//script[not(@src)]")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    for field in page.xpath("//input | //select | //textarea"):
        if field.get("type") in UNLABELLED:
            continue
        label = page.xpath("//label[@for=$id]", id=field.get("id") or "-")
        assert label and label[0].text_content().strip(), f"no label for {field.get('name')}"
    for anchor in page.xpath("//a[starts-with(@href, '#')]/@href"):
        assert page.xpath("//*[@id=$id]", id=anchor[1:]), f"{anchor} leads nowhere"
    return page


def text_of(response: Any) -> str:
    """What a page says."""
    return " ".join(html.document_fromstring(response.data).text_content().split())


def main_of(response: Any) -> str:
    """The page without head and menu, whose tokens differ from time to time."""
    return str(response.text.partition("<main")[2])
