"""The list of the six works is a form: rows with fields, previewed line by line beside the old list, and set from a day on."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tests.web.rules.test_rules import typed
from tracker.services.rules import values

pytestmark = pytest.mark.one_engine
PATH = "/settings/rules/work_standards"


@pytest.fixture
def admin(app: Flask) -> Any:
    found_town(app)
    return visitor(app, "admin")


def test_the_list_is_drawn_as_rows_under_its_standard_and_work(admin: Any) -> None:
    page = check_page(admin.get(PATH))
    assert page.xpath("//input[@name='part.urban.demolish.1.text']/@value") == ["违章广告拆除"]
    assert page.xpath("//input[@name='part.urban.demolish.1.must' and @checked]")
    assert page.xpath("//legend[normalize-space()='农村']") and page.xpath("//legend[normalize-space()='亮：亮化周边环境']")


def test_a_new_list_is_previewed_with_standard_and_work_and_then_set(app: Flask, admin: Any) -> None:
    said = typed(admin, "work_standards", {"part.urban.clear.0.points": "60", "part.urban.clear.1.points": "20", "basis": "铁办发7号",
                                           "effective_from": "2026-07-01"})
    seen = send(admin, PATH, said)
    check_page(seen)
    assert "城区 清：清理卫生死角" in text_of(seen) and "分值 60" in " ".join(re.findall(r"<ins>(.*?)</ins>", seen.text))
    value = re.findall(r'name="value" value="([^"]*)"', seen.text)[0].replace("&#34;", '"')
    done = send(admin, PATH, {"value": value, "effective_from": "2026-07-01", "basis": "铁办发7号", "confirmed": "1"})
    assert done.status_code == 302
    with in_town(app):
        found: Any = values.value("work_standards", date(2026, 7, 1))
        assert found["urban"]["clear"][0]["points"] == 60
        assert values.since("work_standards", date(2026, 7, 1)) == date(2026, 7, 1)
        assert values.since("work_standards", date(2026, 6, 30)) is None


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"part.urban.clear.0.points": "49"}, "城区·清：各项分值之和应为 100，现为 99"),
    ({"part.urban.clear.0.code": "chai-1"}, "城区里代码“chai-1”用了两次"),
    ({"part.rural.clear.0.points": "0", "part.rural.clear.1.points": "80"}, "农村·清：否决项“陈年垃圾清零”的分值不能是 0"),
    ({"effective_from": "2020-01-01"}, "不能倒签"),
])
def test_a_bad_list_is_refused_with_all_that_was_typed(admin: Any, changes: dict[str, str], sentence: str) -> None:
    answer = send(admin, PATH, typed(admin, "work_standards", {"basis": "铁办发7号", "part.urban.light.0.text": "新的内容", **changes}))
    assert answer.status_code >= 400 and sentence in text_of(answer)
    assert check_page(answer).xpath("//input[@name='part.urban.light.0.text']/@value") == ["新的内容"]
