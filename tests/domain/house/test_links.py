"""Links as values: the address of each, and the link of an address that a report was frozen with."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.papers import report
from tracker.domain.house.links import Link, Place, address_of, read_link, to_case, to_report, url_of
from tracker.domain.reports.document import read_document


@pytest.mark.parametrize(("link", "address"), [
    (to_case("XH-2026-000123"), "/cases/XH-2026-000123"),
    (to_report("weekly", "2026-W47", "360103", "360103"), "/reports/weekly/2026-W47"),
    (to_report("daily", "2026-03-02", "360104", "360103", Place.report_cases), "/reports/daily/2026-03-02/cases?area=360104"),
    (Link(Place.desk), "/"),
    (Link(Place.register, asked=(("overdue", "1"),)), "/cases?overdue=1"),
    (Link(Place.step, ("XH-1", "close"), (("level", "ordinary"), ("reason", "超期 3天"))),
     "/cases/XH-1/steps/close?level=ordinary&reason=%E8%B6%85%E6%9C%9F%203%E5%A4%A9"),
    (Link(Place.appeals, ("quarterly", "2026-Q1"), (("area", "360104"),)), "/reports/quarterly/2026-Q1/appeals?area=360104"),
])
def test_a_link_has_one_address(link: Link, address: str) -> None:
    assert address_of(link) == address
    assert url_of(link, "https://xh.example.cn") == f"https://xh.example.cn{address}"


@given(st.text())
def test_whatever_address_a_report_was_frozen_with_comes_out_the_same(address: str) -> None:
    assert address_of(read_link(address)) == address


def test_the_address_of_a_case_is_read_as_the_case() -> None:
    assert read_link("/cases/XH-2026-000045") == to_case("XH-2026-000045")
    assert {read_link(each).place for each in ("/cases/a/b", "/cases/", "/cases/a?b", "", "x")} == {Place.written}


def test_a_report_holds_addresses_in_its_text_and_reads_them_back_as_links() -> None:
    document = report()
    again = read_document(json.loads(document.text()))
    assert '"links":["/cases/XH-2026-000045","/cases/XH-2026-000101"]' in document.text()
    assert (again, again.digest()) == (document, document.digest())
