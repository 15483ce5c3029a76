"""Lines on a dark band at the foot of a picture."""

import io

from PIL import Image

from tracker.gateways.evidence.marks import marked


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "JPEG")
    return out.getvalue()


def test_the_lines_stand_at_the_foot_and_the_rest_of_the_picture_stays() -> None:
    with Image.open(io.BytesIO(marked(picture(800, 600), ["2026-03-02 08:30 拍摄", "桃花河东岸"]))) as image:
        assert image.size == (800, 600)
        assert min(image.crop((0, 0, 800, 520)).getextrema()) == (255, 255)
        foot = image.crop((0, 560, 800, 600)).convert("L")
        assert foot.getextrema()[0] < 150 < 200 < foot.getextrema()[1], "light letters on a dark band"


def test_a_line_that_is_too_long_is_cut_and_no_line_changes_nothing() -> None:
    plain = picture(200, 150)
    assert marked(plain, []) == plain
    assert marked(plain, ["桃花河东岸" * 40]) == marked(plain, ["桃花河东岸" * 60])
    assert marked(picture(4, 4), ["甲"])
