"""What an issue noted on the spot is given by itself, and that one found on patrol is shown or says why not."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.makers import Town, jpeg, photo
from tracker.domain.cases.intake_fields import NO_PHOTO, is_shown_or_explained
from tracker.domain.evidence.sources import SOURCES
from tracker.domain.house.errors import Invalid
from tracker.services.cases import intake
from tracker.services.cases.intake import RegisterOrder
from tracker.services.cases.outside import known_places, noted
from tracker.services.evidence import uploads
from tracker.services.house.work import Work, reading, wiring
from tracker.services.rules import book, rules
from tracker.storage.cases import page

pytestmark = pytest.mark.one_engine


def order(source: str = "PATROL", **given: Any) -> RegisterOrder:
    filled = {"title": "河边垃圾", "description": "河边又堆了十米垃圾", "categories": ("garbage",), "place": "桃花河东岸",
              "area_code": "360103002"} | given
    return RegisterOrder(source, **filled)


def test_an_issue_found_on_patrol_is_refused_without_a_photo_or_a_reason(town: Town) -> None:
    with pytest.raises(Invalid) as refusal:
        intake.register(town.actor("inspector"), order())
    assert (refusal.value.field, refusal.value.sentence) == ("no_photo", "巡查问题要有一张现场照片；拍不了的，请在照片下面选原因。")
    with pytest.raises(Invalid):
        intake.register(town.actor("inspector"), order(no_photo="lazy"))
    assert intake.register(town.actor("inspector"), order(), uploads=[photo()]).number
    made = intake.register(town.actor("inspector"), order(no_photo="dark"))
    (fact,) = page.case_page(reading(), town.actor("inspector").scope(), made.number).facts
    assert fact.details["no_photo"] == "dark"


def test_the_hotline_and_imported_tables_are_not_asked_for_a_photo(town: Town) -> None:
    assert intake.register(town.actor("clerk"), order("H12345")).number
    with Work(wiring()) as work:
        assert intake.register_many(work, town.actor("clerk"), rules.source("PATROL"), [order()])


def test_an_office_that_does_not_ask_for_photos_gets_none(town: Town) -> None:
    book.set_value(None, "field_photos", '{"is_asked": false, "is_marked": false}', town.clock.today(), "试行")
    assert intake.register(town.actor("inspector"), order()).number


@pytest.mark.parametrize("rule", SOURCES, ids=lambda rule: rule.key)
def test_who_patrols_shows_or_explains(rule: Any) -> None:
    is_patrol = rule.key in ("PATROL", "RAIL", "OPER", "CONTROL", "INSPECT")
    assert is_shown_or_explained(rule.kind, 0, "") is not is_patrol
    assert is_shown_or_explained(rule.kind, 1, "") and is_shown_or_explained(rule.kind, 0, NO_PHOTO[0][0])


def test_a_title_is_proposed_from_place_and_types_and_a_written_one_stays(town: Town) -> None:
    actor = town.actor("inspector")
    assert noted.completed(actor, order(title=" "), files=[], begun="").title == "桃花河东岸：垃圾"
    assert noted.completed(actor, order(), files=[], begun="").title == "河边垃圾"
    assert noted.completed(actor, order(title="", place=""), files=[], begun="").title == ""


@pytest.mark.parametrize(("begun", "days"), [
    ("2026-02-28T22:00:00Z", 1), ("2026-03-01T23:00:00Z", 0), ("2026-02-20T08:00:00Z", None), ("2026-03-05T08:00:00Z", None),
    ("yesterday", None),
])
def test_an_issue_was_found_when_its_draft_was_begun_not_when_it_was_sent(town: Town, begun: str, days: int | None) -> None:
    done = noted.completed(town.actor("inspector"), order(), files=[], begun=begun)
    assert done.received_on == (None if days is None else town.clock.today() - timedelta(days))
    assert (done.found_at is None) is (days is None)
    assert noted.completed(town.actor("clerk"), order("H12345"), files=[], begun=begun).received_on is None


def test_an_issue_was_found_when_its_photo_was_taken(town: Town) -> None:
    actor = town.actor("inspector")
    uploads.receive(actor, "p1", "前.jpg", jpeg(7, taken="2026:02:27 08:30:00"))
    done = noted.completed(actor, order(no_photo="dark"), files=["p1"], begun="2026-03-01T23:00:00Z")
    assert (done.received_on, done.no_photo) == (date(2026, 2, 27), "")
    given = noted.completed(actor, order(received_on=town.clock.today()), files=["p1"], begun="")
    assert given.received_on == town.clock.today()


def test_a_place_is_named_after_what_was_reported_nearest_to_it(town: Town) -> None:
    town.registered("PATROL", place="桃花河东岸", lat=28.655, lng=115.865, datum="wgs84")
    town.registered("PATROL", place="抚河桥下", lat=28.6555, lng=115.865, datum="wgs84")
    actor = town.actor("inspector")
    near = known_places.place_at(actor, 28.65505, 115.865, "wgs84")
    assert near is not None and (near.place, near.area_code, near.metres) == ("桃花河东岸", "360103002", 6)
    assert known_places.place_at(actor, 28.66, 115.865, "wgs84") is None
