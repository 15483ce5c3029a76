"""A QR code says its address to a reader that is not ours, from a page and from a document."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from tracker.gateways.house.charts import square_png
from tracker.gateways.house.qr import qr_png, qr_svg

ADDRESS = "https://xiaohao.example.cn/cases/XH-2026-000115"


def read(picture: bytes) -> list[str]:
    with Image.open(BytesIO(picture)) as opened:
        return [each.text for each in zxingcpp.read_barcodes(opened.convert("L"))]


@pytest.mark.parametrize("address", [ADDRESS, "http://10.0.0.8:8000/cases/XH-2027-123456"])
def test_the_picture_says_the_address(address: str) -> None:
    assert read(qr_png(address)) == [address]


def test_the_drawing_says_the_address() -> None:
    svg = qr_svg(ADDRESS).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    assert read(square_png(svg.replace("<path", '<rect width="100%" height="100%" fill="#fff"/><path', 1), 400)) == [ADDRESS]


def test_it_is_read_with_a_corner_torn_off() -> None:
    with Image.open(BytesIO(qr_png(ADDRESS))) as opened:
        torn = opened.convert("L")
        torn.paste(255, (torn.width * 7 // 8, torn.height * 7 // 8, torn.width, torn.height))
        assert [each.text for each in zxingcpp.read_barcodes(torn)] == [ADDRESS]
