"""Paper leads back to its case: the code on a document opens it for whoever may see it."""

from io import BytesIO
from zipfile import ZipFile

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from tests.support.visitors import check_page, found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState
from tracker.gateways.house.charts import square_png
from tracker.services.house.work import wiring

pytestmark = pytest.mark.one_engine


def codes_in(document: bytes) -> set[str]:
    """What the pictures of a Word document say that are QR codes."""
    with ZipFile(BytesIO(document)) as packed:
        pictures = [Image.open(BytesIO(packed.read(name))).convert("L") for name in packed.namelist() if name.endswith(".png")]
    return {each.text for picture in pictures for each in zxingcpp.read_barcodes(picture)}


@pytest.fixture
def number(app: Flask) -> str:
    found_town(app)
    with in_town(app) as town:
        return str(town.case_in(CaseState.verified))


@pytest.mark.parametrize("paper", ["dossier.docx", "papers/assignment.docx", "papers/approval.docx"])
def test_every_document_of_a_case_bears_its_address(app: Flask, number: str, paper: str) -> None:
    client = visitor(app, "lead")
    (address,) = codes_in(client.get(f"/cases/{number}/{paper}").data)
    with app.app_context():
        assert address == f"{wiring().base_url}/cases/{number}"
    assert client.get(address.partition("//")[2].partition("/")[2].join(("/", ""))).status_code == 200


def test_the_printed_page_bears_it_too(app: Flask, number: str) -> None:
    svg = check_page(visitor(app, "lead").get(f"/cases/{number}/print")).xpath("//figure[@class='qr']/svg")[0]
    box, line = svg.get("viewbox") or svg.get("viewBox"), svg.xpath("./path")[0]
    drawn = square_png(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><rect width="100%" height="100%" fill="#fff"/>'
                       f'<path transform="{line.get("transform") or ""}" stroke="#000" d="{line.get("d")}"/></svg>', 400)
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)).convert("L"))
    assert code.text.endswith(f"/cases/{number}")
