"""Time and place on the copy of a photo that is shown, as a camera prints them. Neither the original nor the kept copy
changes."""

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from tracker.gateways.evidence.images import JPEG_QUALITY
from tracker.gateways.house.charts import FONT_FILE

OF_HEIGHT, SMALLEST = 30, 12  # a line is this part of the picture's shorter side, and never smaller than so many pixels
BAND = (0, 0, 0, 120)


def marked(shown: bytes, lines: Sequence[str]) -> bytes:
    """The picture with these lines on a dark band at its foot; as it was where there is no font to write with."""
    if not lines or not FONT_FILE.exists():
        return shown
    with Image.open(io.BytesIO(shown)) as opened:
        image = opened.convert("RGB")
    font = _font_of(max(SMALLEST, min(image.size) // OF_HEIGHT))
    step = round(font.size * 1.35)
    top = max(0, image.height - step * len(lines) - step // 3)
    draw = ImageDraw.Draw(image, "RGBA")
    draw.rectangle((0, top, image.width, image.height), fill=BAND)
    for at, line in enumerate(lines):
        draw.text((step // 2, top + step // 6 + at * step), _fit_line(line, font, image.width - step), font=font, fill="white")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _fit_line(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """As much of a line as there is room for."""
    if font.getlength(line) <= width:
        return line
    return next((f"{line[:end]}…" for end in range(len(line) - 1, 0, -1) if font.getlength(f"{line[:end]}…") <= width), "")


@lru_cache(maxsize=4)
def _font_of(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT_FILE), size)
