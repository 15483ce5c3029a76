"""The territory: who answers for what, how long it may take, and the divisions, of which the own district stands open."""

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, visitor

pytestmark = pytest.mark.one_engine


def test_the_own_district_is_open_and_the_others_are_folded(app: Flask) -> None:
    found_town(app)
    page = check_page(visitor(app, "clerk").get("/territory"))
    folds = page.xpath("//details[@class='divisions']")
    (shown,) = [fold for fold in folds if fold.get("open") is not None]
    assert shown is folds[0]
    assert "西湖区" in shown.findtext("summary")
    assert "朝阳洲街道" in shown.text_content()
    assert len(folds) > 5
    assert not any("朝阳洲街道" in fold.text_content() for fold in folds[1:])


def test_limits_are_told_in_words_and_spans_begin_with_no_comma(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "clerk")
    cells = [" ".join(cell.text_content().split()) for cell in check_page(client.get("/territory")).xpath("//table//td")]
    assert "15 个工作日，次日为第 1 日，到期日 24:00 截止" in cells
    assert not [cell for cell in cells if cell.startswith("，")]
