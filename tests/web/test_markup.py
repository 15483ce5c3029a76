"""Every page is sound HTML, wherever it is in the URL map."""

import pytest
from flask import Flask

from tests.support.markup import faults_of
from tests.support.tour import pages, prepare
from tests.web.visitors import check_page, visitor

pytestmark = pytest.mark.one_engine


def test_every_page_is_sound_html(app: Flask) -> None:
    faults = {}
    for stop in pages(app, prepare(app)):
        response = visitor(app, stop.login).get(stop.path)
        check_page(response)
        faults[stop.path] = faults_of(response.text)
    assert len(faults) > 20
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<div><p>一</div>", "</div> while <p> is open"), ("<ul><div></div></ul>", "<div> in <ul>"), ("<p><div></div></p>", "<div> inside <p>"),
        ("<a><button></button></a>", "<button> inside <a>"), ("<br><img src=a src=b>", "<img> has an attribute twice"),
        ("<section>", "<section> is never closed"), ("<p>水 & 土</p>", "a bare &"), ("<div/>", "<div/> closes itself"),
    ],
)
def test_the_check_sees_what_browsers_forgive(source: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(source))
