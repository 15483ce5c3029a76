"""Law, cellar and deeds hand up links; one table knows addresses, for what has no router."""

import ast
import re
from functools import cache

import pytest

from tests.support.project_files import ROOT, name_of, python_files

BELOW = ("tracker/domain", "tracker/storage", "tracker/gateways", "tracker/services", "tracker/demo")
TABLE = "tracker/domain/house/links.py"


@cache
def first_parts() -> frozenset[str]:
    """What addresses of pages begin with, as the doors have them."""
    said = "".join(path.read_text() for path in python_files("tracker/web"))
    return frozenset(re.findall(r'(?:url_prefix=|\.(?:get|post|route)\()"/([a-z]+)', said))


def addresses_in(text: str) -> list[str]:
    """The addresses in a text of code."""
    parts = "|".join(sorted(first_parts()))
    strings = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [each for each in strings if re.search(rf"(?:^|\s)/(?:{parts})(?:[/?#]|$)", each)]


def test_no_address_of_a_page_stands_below_the_doors_outside_the_one_table() -> None:
    assert {"cases", "reports", "supervision", "map"} <= first_parts()
    found = [f"{name_of(path)}: {each}" for path in python_files(*BELOW) if name_of(path) != TABLE
             for each in addresses_in(path.read_text())]
    assert found == []


def test_no_mail_holds_an_address_but_that_of_the_product() -> None:
    mails = [path for path in (ROOT / "templates" / "mail").rglob("*") if path.is_file()]
    assert mails
    assert [name_of(path) for path in mails if re.search(rf"}}}}/(?:{'|'.join(sorted(first_parts()))})", path.read_text())] == []


@pytest.mark.parametrize("line", ['x = f"/cases/{number}"', 'x = "/supervision"', 'x = f"{base}/reports/{name}"',
                                  'x = "/cases?a=1"'])
def test_every_way_to_write_an_address_is_seen(line: str) -> None:
    assert addresses_in(line)
