"""Letters: rendered from their templates into the outbox, once for each key, in the deed's transaction."""

import json

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.house.links import to_case
from tracker.services.house.work import Work, wiring
from tracker.services.mail import letters
from tracker.services.mail.letters import Letter
from tracker.services.mail.mails import message_id
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message

WORDS = {"number": "XH-2026-000123", "due": "2026-03-09", "link": to_case("XH-2026-000123"), "title": "夜间施工噪声",
         "place": "", "notes": ()}


def put(*wanted: Letter) -> int:
    with Work(wiring()) as work:
        return letters.put(work, wanted)


def rows() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_a_letter_is_written_once_for_its_key(town: Town) -> None:
    mine = Letter(town.people["officer"], "case_assigned", "k/1", WORDS)
    assert put(mine) == 1
    assert put(mine, Letter(town.people["officer2"], "case_assigned", "k/2", WORDS)) == 1
    first, second = rows()
    assert (first.subject, first.state, first.html, first.pictures) == ("【销号】新交办案件待签收", "waiting", None, "")
    assert first.message_id == message_id("k/1", wiring().mail_from) != second.message_id
    assert f"{wiring().base_url}/cases/XH-2026-000123" in first.text


def test_no_letters_put_nothing_into_the_outbox(town: Town) -> None:
    assert put() == 0
    assert rows() == []


def test_pictures_are_kept_as_files_and_named_in_the_row(town: Town) -> None:
    shared = {"chart1": b"PNG"}
    put(*(Letter(town.people[login], "case_assigned", f"k/{login}", WORDS, None, shared) for login in ("officer", "lead")))
    first, second = rows()
    assert json.loads(first.pictures) == json.loads(second.pictures)
    assert wiring().blobs.get(json.loads(first.pictures)["chart1"]) == b"PNG"


def test_a_letter_that_lacks_a_word_leaves_nothing_behind(town: Town) -> None:
    with pytest.raises(Exception, match="due"):
        put(Letter(town.people["officer"], "case_assigned", "k/1", WORDS),
            Letter(town.people["officer"], "case_assigned", "k/2", {"number": "x"}))
    assert rows() == []


def test_a_group_robot_is_a_reader_too_and_nobody_is_none(town: Town) -> None:
    put(Letter(None, "case_assigned", "k/robot", WORDS, robot="work-group"))
    assert [(row.person_id, row.robot) for row in rows()] == [(None, "work-group")]
    with pytest.raises(Exception, match=r"(?i)check|reader"):
        put(Letter(None, "case_assigned", "k/nobody", WORDS))
