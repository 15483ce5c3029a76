"""Photographs for the demo district, drawn by the program: a scene, a date stamp, and the place in picture and EXIF.

The same shot always gives the same picture; shots of one spot (`seed`) share its houses, and no two shots are alike.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

from tracker.gateways.house.picture_canvas import HEIGHT, WIDTH, stand
from tracker.gateways.reports.picture_scenes import SCENES, Scene

__all__ = ["Scene", "StagedShot", "photograph"]

JPEG_QUALITY = 70
EXIF_IFD, GPS_IFD = 0x8769, 0x8825
CHINESE_FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "wqy-microhei.ttc", "PingFang.ttc", "msyh.ttc")
STAMP_SIZE = 21
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class StagedShot:
    """What to photograph. `amount` is how much of the trouble shows, from 1 (before) to 0 (put in order).

    `taken_at` is aware, on the office's wall clock. With `has_people` the verification team stands in the picture.
    """

    scene: Scene
    amount: float
    taken_at: datetime
    place: str
    latitude: float
    longitude: float
    seed: int
    has_people: bool = False


def photograph(shot: StagedShot) -> bytes:
    """The JPEG with its EXIF: time, offset and place, as a phone writes them."""
    spot, moment = Random(shot.seed), Random(f"{shot.seed}/{shot.amount}/{shot.taken_at.isoformat()}")
    is_mirrored = spot.random() < 0.5  # before and after of one spot look the same way
    image = SCENES[shot.scene](spot, shot.amount)
    for _ in range(moment.randint(1, 2) if shot.has_people else 0):
        stand(image, moment.randint(90, WIDTH - 90), moment.randint(470, 560))
    if is_mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    image = _add_grain(image, moment)
    _stamp_shot(image, shot)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, exif=_shot_exif(shot))
    return out.getvalue()


def _add_grain(image: Image.Image, rng: Random) -> Image.Image:
    """A sensor's grain and another exposure for every picture."""
    left, top = rng.randint(0, 120), rng.randint(0, 90)
    return Image.blend(image, _noise_image(rng.choice((10, 64, 120))).crop((left, top, left + WIDTH, top + HEIGHT)), 0.1)


@cache
def _noise_image(level: int) -> Image.Image:
    """Grain for all pictures, made once and without the library's own chance, so that the same shot stays the same."""
    size = (WIDTH + 120, HEIGHT + 90)
    grain = Image.frombytes("L", size, Random(20210903).randbytes(size[0] * size[1]))
    return grain.point([level + value // 2 for value in range(256)]).convert("RGB")


def _stamp_shot(image: Image.Image, shot: StagedShot) -> None:
    pen, (font, is_chinese) = ImageDraw.Draw(image, "RGBA"), _stamp_font()
    where = shot.place if is_chinese else f"{shot.latitude:.5f}N {shot.longitude:.5f}E"
    lines = (f"{shot.taken_at:%Y-%m-%d %H:%M:%S}", where)
    pen.rectangle((0, HEIGHT - 66, WIDTH, HEIGHT), (0, 0, 0, 110))
    for index, line in enumerate(lines):
        pen.text((16, HEIGHT - 62 + index * 29), line, (255, 214, 74), font)


@cache
def _stamp_font() -> tuple[Font, bool]:
    """The type of the stamp, and whether it is a Chinese font of this machine: without one the stamp shows coordinates, not the
    place."""
    for name in CHINESE_FONTS:
        try:
            return ImageFont.truetype(name, STAMP_SIZE), True
        except OSError:
            continue
    return ImageFont.load_default(STAMP_SIZE), False


def _shot_exif(shot: StagedShot) -> Image.Exif:
    exif, moment = Image.Exif(), f"{shot.taken_at:%Y:%m:%d %H:%M:%S}"
    offset = f"{shot.taken_at:%z}"
    exif[0x010F], exif[0x0110], exif[0x0132] = "Xiaohao", "Demo camera", moment
    exif.get_ifd(EXIF_IFD).update({36867: moment, 36868: moment, 36881: f"{offset[:3]}:{offset[3:]}"})
    exif.get_ifd(GPS_IFD).update({1: "N", 2: _sexagesimal_angle(shot.latitude), 3: "E", 4: _sexagesimal_angle(shot.longitude)})
    return exif


def _sexagesimal_angle(degrees: float) -> tuple[float, float, float]:
    minutes, whole = degrees % 1 * 60, float(int(degrees))
    return whole, float(int(minutes)), round(minutes % 1 * 60, 4)
