"""Time and place are written on what is shown of a photo where the office says so; originals and kept copies stay as they are."""

import io

import pytest
from PIL import Image

from tests.support.makers import Town, jpeg, placed_photo
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.evidence.marks import mark_of
from tracker.services.house.work import wiring
from tracker.services.rules import book
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine


def photographed(town: Town, upload: Upload) -> EvidenceRow:
    town.registered("PATROL", place="桃花河东岸", uploads=[upload])
    return db.session.query(EvidenceRow).order_by(EvidenceRow.id.desc()).first()


def opened(town: Town, row: EvidenceRow, size: str = "shown") -> bytes:
    content = evidence.open_file(town.actor("clerk"), row.id, size).content
    assert isinstance(content, bytes)
    return content


def test_a_photo_is_shown_with_time_and_place_from_the_day_on_which_the_office_says_so(town: Town) -> None:
    row = photographed(town, Upload("前.jpg", jpeg(77, taken="2026:03:02 08:30:00")))
    plain, thumb, original = opened(town, row), opened(town, row, "thumb"), opened(town, row, "original")
    book.set_value(None, "field_photos", '{"is_asked": true, "is_marked": true}', town.clock.today(), "试行")
    shown = opened(town, row)
    assert shown != plain
    assert Image.open(io.BytesIO(shown)).size == Image.open(io.BytesIO(plain)).size
    assert (opened(town, row, "thumb"), opened(town, row, "original")) == (thumb, original)
    assert wiring().blobs.sound(str(row.shown_digest)) == plain


def test_the_mark_says_when_it_was_taken_or_received_and_where(town: Town) -> None:
    taken = photographed(town, Upload("前.jpg", jpeg(78, taken="2026:03:01 08:30:00")))
    assert mark_of(taken, "桃花河东岸") == ["2026-03-01 08:30 拍摄", "桃花河东岸"]
    placed = photographed(town, placed_photo())
    assert mark_of(placed, "桃花河东岸") == ["2026-03-02 09:00 收到", "桃花河东岸  28.65700, 115.87700"]
    placed.is_original_sealed = True
    assert mark_of(placed, "") == ["2026-03-02 09:00 收到"]
    db.session.rollback()
