"""A register of sites by page: looked at first, then done, with the file kept in between; and taken back."""

import io
import re
from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, send, text_of, visitor

pytestmark = pytest.mark.one_engine
AT = "/sites/registers"
GOOD = "名称,登记编号,有效期起\n甲厂,登1,2025-01-01\n乙厂,登2,2025-01-01\n"


@pytest.fixture
def site_app(app: Flask) -> Flask:
    found_town(app)
    return app


def posted(client: Any, text: str = "", **given: str) -> Any:
    file = {"file": (io.BytesIO(text.encode()), "登记.csv")} if text else {}
    return send(client, AT, {"register": "registration", "mode": "add", **given, **file})


def carried(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" type="hidden" value="([^"]*)"', response.text)
    return found[1] if found else ""


def test_a_file_is_looked_at_then_entered_then_taken_back(site_app: Flask) -> None:
    clerk = visitor(site_app, "clerk")
    looked = posted(clerk, GOOD)
    check_page(looked)
    assert "新增 2 条（新监管对象 2 个）" in text_of(looked) and "登记.csv" in text_of(looked)
    kept = {name: carried(looked, name) for name in ("name", "content")}
    done = posted(clerk, **kept, is_confirmed="1")
    assert done.status_code == 302
    page = text_of(clerk.get(AT))
    assert "IMP-2026-0001" in page and "新增 2 条" in page
    assert "已于" in text_of(posted(clerk, GOOD))
    assert clerk.get(f"{AT}/registration.xlsx").data[:2] == b"PK"
    assert send(clerk, f"{AT}/withdraw", {"code": "IMP-2026-0001"}, at=AT).status_code == 302
    assert "2 条作废" in text_of(clerk.get(AT))


def test_bad_rows_and_a_missing_file_are_told_and_nothing_is_entered(site_app: Flask) -> None:
    clerk = visitor(site_app, "clerk")
    bad = posted(clerk, GOOD.replace("2025-01-01\n乙", "2025-13-01\n乙"))
    check_page(bad)
    assert bad.status_code == 422 and "第 2 行“有效期起”" in text_of(bad)
    assert posted(clerk).status_code == 422
    assert "请选择一个文件" in text_of(posted(clerk))
    assert visitor(site_app, "verifier").get(AT).status_code == 403
