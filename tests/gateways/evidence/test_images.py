"""Uploads: what they really are, what a photo knows, and what is refused with one sentence."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from tracker.domain.evidence.evidence import ENDINGS
from tracker.domain.house.errors import Invalid
from tracker.gateways.evidence.images import MAX_PIXELS, OFFICE, PHOTOS, Inspected, Picture, inspect_upload

ZONE = ZoneInfo("Asia/Shanghai")
LIMIT = 20 * 1024 * 1024
XIHU = {1: "N", 2: (28.0, 39.0, 25.2), 3: "E", 4: (115.0, 52.0, 37.2)}


def photo(kind: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **exif: object) -> bytes:
    image, out = Image.new(mode, size, "teal" if mode == "RGB" else 0), io.BytesIO()
    tags = Image.Exif()
    tags[0x0110] = "测试手机".encode().decode("latin1")
    if "orientation" in exif:
        tags[0x0112] = exif["orientation"]
    tags.get_ifd(0x8825).update(exif.get("gps", {}))  # type: ignore[call-overload]
    tags.get_ifd(0x8769).update(exif.get("details", {}))  # type: ignore[call-overload]
    image.save(out, kind, exif=tags)
    return out.getvalue()


def inspect(content: bytes, name: str = "现场.jpg") -> Inspected:
    return inspect_upload(name, content, max_bytes=LIMIT, zone=ZONE)


def picture(content: bytes) -> Picture:
    found = inspect(content).picture
    assert found is not None
    return found


@pytest.mark.parametrize(("kind", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("HEIF", "heic")])
def test_each_accepted_photo_gets_its_copies(kind: str, extension: str) -> None:
    found = inspect(photo(kind, (2400, 1800)), "照片.jpg")
    assert found.extension == extension
    assert found.picture is not None
    assert (found.picture.width, found.picture.height) == (2400, 1800)
    with Image.open(io.BytesIO(found.picture.shown)) as shown, Image.open(io.BytesIO(found.picture.thumbnail)) as thumbnail:
        assert (shown.format, shown.size) == ("JPEG", (1600, 1200))
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (320, 240))


def test_place_and_time_are_read() -> None:
    found = picture(photo(gps=XIHU, details={36867: "2026:03:01 17:30:00"}))
    assert found.taken_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert found.latitude == pytest.approx(28.657, abs=1e-6)
    assert found.longitude == pytest.approx(115.877, abs=1e-6)


def test_an_offset_in_the_photo_wins_over_the_office_zone() -> None:
    found = picture(photo(details={36867: "2026:03:01 17:30:00", 36881: "+09:00"}))
    assert found.taken_at == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {**XIHU, 2: (128.0, 0.0, 0.0)},
        {2: XIHU[2], 4: XIHU[4]},
        {**XIHU, 4: (115.0, 52.0)},
    ],
    ids=["none", "0/1", "beyond the pole", "no hemisphere", "two parts"],
)
def test_a_place_that_is_none_is_absent(gps: dict[int, object]) -> None:
    found = picture(photo(gps=gps))
    assert (found.latitude, found.longitude) == (None, None)


def test_a_place_of_zero_over_zero_is_absent() -> None:
    numbers = (28, 39, 25, 115, 52, 37)
    content = photo(gps={1: "N", 2: numbers[:3], 3: "E", 4: numbers[3:]})
    assert picture(content).latitude is not None
    for number in numbers:  # Pillow reads 0/0 but will not write it
        content = content.replace(struct.pack("<2L", number, 1), bytes(8))
    assert (picture(content).latitude, picture(content).longitude) == (None, None)


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "昨天".encode().decode("latin1"), ""])
def test_a_time_that_is_none_is_absent(text: str) -> None:
    assert picture(photo(details={36867: text})).taken_at is None


def test_the_copies_carry_no_exif_and_no_place() -> None:
    found = picture(photo(gps=XIHU, details={36867: "2026:03:01 17:30:00"}))
    for copy in (found.shown, found.thumbnail):
        assert b"Exif" not in copy
        with Image.open(io.BytesIO(copy)) as image:
            assert dict(image.getexif()) == {}
            assert not {"exif", "xmp", "comment", "icc_profile"} & set(image.info)


def test_a_photo_taken_sideways_is_shown_upright() -> None:
    with Image.open(io.BytesIO(picture(photo(size=(400, 300), orientation=6)).shown)) as shown:
        assert shown.size == (300, 400)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_plain_picture(mode: str) -> None:
    with Image.open(io.BytesIO(picture(photo("PNG", mode=mode)).shown)) as shown:
        assert shown.mode == "RGB"


def office(main: str, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr("docProps/app.xml", "<Properties/>")
        archive.writestr(main, "<x/>")
        for name, content in more.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [(b"%PDF-1.7\n%%EOF\n", "pdf"), (office("word/document.xml"), "docx"), (office("xl/workbook.xml"), "xlsx")],
)
def test_documents_are_taken_as_they_are(content: bytes, extension: str) -> None:
    found = inspect(content, "记录")
    assert (found.extension, found.size, found.picture) == (extension, len(content), None)


def bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (9000, MAX_PIXELS // 9000 + 1)).save(out, "PNG")
    return out.getvalue()


def big_bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20000, 20000)).save(out, "PNG")
    return out.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing in it": (lambda: b"", "0 字节"),
    "text named .jpg": (lambda: "这不是照片".encode(), "不是可以接受的类型"),
    "40 MB": (lambda: photo() + b"\0" * (40 * 1024 * 1024), r"40\.0 MB.*20 MB 的上限"),
    "cut off": (lambda: photo(size=(1200, 1200))[:2000], "损坏"),
    "only a beginning": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 100, "损坏"),
    "a bomb that Pillow warns of": (bomb, "像素超过 65 百万"),
    "a bomb that Pillow refuses": (big_bomb, "像素超过 65 百万"),
    "a plain zip": (lambda: office("a.txt"), "不是可以接受的类型"),
    "a zip bomb named .docx": (lambda: office("word/document.xml", big=bytes(301 * 1024 * 1024)), "展开后过大"),
    "macros": (lambda: office("word/document.xml", **{"word/vbaProject.bin": b"x"}), "含有宏"),
    "a cut document": (lambda: office("word/document.xml")[:-30], "损坏"),
    "html": (lambda: b"<html><script>alert(1)</script>", "不是可以接受的类型"),
    "svg": (lambda: b'<svg xmlns="x" onload="alert(1)"/>', "不是可以接受的类型"),
    "an animation": (lambda: photo("GIF"), "不是可以接受的类型"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_bad_is_refused_with_one_sentence(name: str) -> None:
    make, sentence = BAD[name]
    with pytest.raises(Invalid, match=sentence) as refused:
        inspect(make())
    assert refused.value.field == "evidence"
    assert "现场.jpg" in refused.value.sentence
    assert re.fullmatch("[^。]+。", refused.value.sentence), "one sentence"


def test_every_kind_that_is_accepted_has_an_ending_for_its_name() -> None:
    assert set(ENDINGS) == set(PHOTOS) | set(OFFICE) | {"application/pdf"}
