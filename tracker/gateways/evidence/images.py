"""Uploaded files: what they really are, what a photo knows, and the copy that may be shown.

The original is sealed as it came. What is shown is a new picture made from its pixels, so no EXIF (place, device, owner) and no
hidden attachment travels with it.
"""

import io
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import filetype
import pillow_heif
from PIL import Image, ImageOps

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say

MAX_PIXELS = 65_000_000  # a phone's 64-megapixel mode; four bytes each must fit beside the other requests
SHOWN_PX, THUMBNAIL_PX, JPEG_QUALITY = 1600, 320, 82
MAX_UNPACKED = 300 * 1024 * 1024
ACCEPTED = "照片 jpg、png、webp、heic，文档 pdf、docx、xlsx"
PHOTOS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/heif": "heic"}
OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
EXIF_IFD, GPS_IFD = 0x8769, 0x8825
TAKEN_AT, TAKEN_OFFSET = 36867, 36881

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Picture:
    """What a photo says and the two copies made of it (JPEG without any EXIF). Place and time are as claimed by the device."""

    width: int
    height: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    shown: bytes
    thumbnail: bytes


@dataclass(frozen=True)
class Inspected:
    """What an upload really is. `picture` is None for documents."""

    mime: str
    extension: str
    size: int
    picture: Picture | None


def inspect_upload(name: str, content: bytes, *, max_bytes: int, zone: ZoneInfo, field: str = "evidence") -> Inspected:
    """The file looked into; Invalid with one sentence when it is empty, too big, of another kind, or does not open."""
    _check_size(name, len(content), max_bytes, field)
    mime = filetype.guess_mime(content)
    if mime in PHOTOS:
        return Inspected(mime, PHOTOS[mime], len(content), _read_picture(name, content, zone, field))
    if mime in OFFICE:
        _open_office(name, content, field)
        return Inspected(mime, OFFICE[mime], len(content), None)
    if mime == "application/pdf":
        return Inspected(mime, "pdf", len(content), None)
    raise Invalid(Say("文件“{name}”的内容不是可以接受的类型（{accepted}），请换成原始文件再传。", name=name, accepted=ACCEPTED), code="not_accepted",
                  field=field)


def _check_size(name: str, size: int, most: int, field: str) -> None:
    if size == 0:
        raise Invalid(Say("文件“{name}”是空的（0 字节），请重新选择。", name=name), field=field)
    if size > most:
        large, limit = f"{size / 1048576:.1f} MB", f"{most // 1048576} MB"
        raise Invalid(Say("文件“{name}”有 {large}，超过每个文件 {limit} 的上限，请压缩后再传。", name=name, large=large, limit=limit), code="too_big",
                      field=field)


def _open_office(name: str, content: bytes, field: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Invalid(Say("文件“{name}”损坏，打不开，请重新导出后再传。", name=name), field=field) from None
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Invalid(Say("文件“{name}”展开后过大，不能接受。", name=name), field=field)
    if any(part.filename.endswith("vbaProject.bin") for part in parts):
        raise Invalid(Say("文件“{name}”含有宏，不能接受，请另存为不含宏的文件。", name=name), field=field)


def _read_picture(name: str, content: bytes, zone: ZoneInfo, field: str) -> Picture:
    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Image.DecompressionBombError
            exif = image.getexif()
            tags, place = exif.get_ifd(EXIF_IFD), exif.get_ifd(GPS_IFD)
            upright = _upright_image(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(Say("照片“{name}”的像素超过 {max_pixels} 百万，不能接受，请缩小后再传。", name=name, max_pixels=MAX_PIXELS // 1_000_000),
                      field=field) from None
    except Exception:  # noqa: BLE001 - decoders of hostile input raise whatever they like; all of it means the same to the sender
        raise Invalid(Say("照片“{name}”损坏，解不开，请重新导出后再传。", name=name), field=field) from None
    latitude, longitude = _read_place(place)
    shown, thumbnail = _jpeg_bytes(upright, SHOWN_PX), _jpeg_bytes(upright, THUMBNAIL_PX)
    return Picture(width, height, _taken_at(tags, zone), latitude, longitude, shown, thumbnail)


def _upright_image(image: Image.Image) -> Image.Image:
    """The pixels, decoded to the last one, turned the right way up and laid on white."""
    image.draft("RGB", (SHOWN_PX, SHOWN_PX))  # a JPEG decodes straight to about the size that is shown
    image.load()
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((SHOWN_PX, SHOWN_PX), Image.Resampling.LANCZOS)
    if turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info:
        layer = turned.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        turned = Image.alpha_composite(white, layer)
    return turned.convert("RGB")


def _jpeg_bytes(image: Image.Image, most: int) -> bytes:
    copy = Image.new("RGB", image.size)  # a fresh picture: pixels only, none of the metadata
    copy.paste(image)
    copy.thumbnail((most, most), Image.Resampling.LANCZOS, reducing_gap=1.0)  # halved by plain averaging before the fine work
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()


def _taken_at(tags: Mapping[int, Any], zone: ZoneInfo) -> datetime | None:
    """DateTimeOriginal as an instant; without an offset it is read in the office's zone. Nonsense counts as absent."""
    try:
        naive = datetime.strptime(str(tags[TAKEN_AT]).strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - zone follows
        return naive.replace(tzinfo=_read_offset(tags.get(TAKEN_OFFSET)) or zone).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _read_offset(text: object) -> timezone | None:
    try:
        sign, hours, minutes = str(text)[0], int(str(text)[1:3]), int(str(text)[4:6])
        return timezone((-1 if sign == "-" else 1) * timedelta(hours=hours, minutes=minutes))
    except (IndexError, ValueError):
        return None


def _read_place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees. Phones that hide the place write 0/0 or 0/1: that is no place, not the equator."""
    latitude = _read_degrees(gps.get(2), gps.get(1), "NS", 90)
    longitude = _read_degrees(gps.get(4), gps.get(3), "EW", 180)
    return (None, None) if latitude is None or longitude is None else (latitude, longitude)


def _read_degrees(parts: Any, half: Any, halves: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
        value = degrees + minutes / 60 + seconds / 3600
        sign = {halves[0]: 1, halves[1]: -1}[str(half).strip("\x00 ").upper()]
    except (TypeError, ValueError, KeyError, ZeroDivisionError):
        return None
    return round(sign * value, 7) if math.isfinite(value) and 0 < value <= most else None
