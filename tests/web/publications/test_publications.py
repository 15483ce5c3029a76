"""Publications through the door: a draft, its split view, the review by another, and who finds nothing."""

from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import ROLES, check_page, found_town, in_town, send, text_of, visitor
from tracker.services.house.master import rows

pytestmark = pytest.mark.one_engine
ROSTER = "classes:360103/2026"


@pytest.fixture
def town(app: Flask) -> Flask:
    found_town(app)
    with in_town(app) as town:
        rows.save_row(town.actor("clerk"), "sites", None, {"name": "桃花纺织有限公司", "kind": "company", "area_code": "360103"})
    return app


def drafted(app: Flask) -> Any:
    clerk = visitor(app, "clerk")
    answer = send(clerk, "/publications/new", {"kind": "class_roster", "subject": ROSTER}, at="/publications")
    assert answer.headers["Location"] == "/publications/1/edit"
    return clerk


def test_a_draft_is_worded_beside_its_record_and_another_reviews_and_publishes_it(town: Flask) -> None:
    clerk = drafted(town)
    page = check_page(clerk.get("/publications/1/edit"))
    assert "记录里现在写的" in page.text_content() and "公众将看到的" in page.text_content()
    answer = send(clerk, "/publications/1/edit", {"title": "西湖区分类名录", "text": "每年一月更新。", "from_on": "2026-03-02"})
    assert answer.headers["Location"] == "/publications/1"
    shown = check_page(clerk.get("/publications/1")).text_content()
    assert "每年一月更新。" in shown and "公开内容由登记员、调度员或执法员起草" in shown  # why the clerk does not review it
    lead = visitor(town, "lead")
    check_page(lead.get("/publications/1/review"))
    assert send(lead, "/publications/1/review").status_code == 302
    assert "已公开" in text_of(lead.get("/publications/1"))


def test_what_was_typed_stays_when_it_is_refused(town: Flask) -> None:
    clerk = drafted(town)
    answer = send(clerk, "/publications/1/edit", {"title": "名录", "text": "写了很久的说明", "from_on": "2026-03-02",
                                                  "to_on": "2026-03-01"})
    assert answer.status_code == 422 and "写了很久的说明" in answer.text and "早于" in answer.text


def test_a_finding_is_named_on_the_review_and_asks_for_a_reason(town: Flask) -> None:
    clerk = drafted(town)
    send(clerk, "/publications/1/edit", {"title": "名录", "text": "咨询13800138000", "from_on": "2026-03-02"})
    lead = visitor(town, "lead")
    assert "有手机号码或身份证号" in text_of(lead.get("/publications/1/review"))
    assert "确需照此公开的，写明理由" in text_of(send(lead, "/publications/1/review"))
    assert send(lead, "/publications/1/review", {"overruled": "公布的咨询电话"}).status_code == 302


def test_who_neither_drafts_nor_reviews_finds_nothing_at_any_address(town: Flask) -> None:
    drafted(town)
    for login in ROLES:
        client = visitor(town, login)
        for path in ("/publications", "/publications/1"):
            expected = 200 if login in ("clerk", "dispatcher", "lead", "enforcer") else 404
            assert client.get(path).status_code == expected, (login, path)
    assert visitor(town, "dispatcher").get("/publications/99").status_code == 404
    assert visitor(town, "dispatcher").get(f"/publications?before={'9' * 30}&state=x").status_code == 200


def test_a_withdrawn_one_shows_its_reason_and_no_text(town: Flask) -> None:
    clerk = drafted(town)
    send(clerk, "/publications/1/edit", {"title": "名录", "text": "留不得的话", "from_on": "2026-03-02"})
    lead = visitor(town, "lead")
    send(lead, "/publications/1/review")
    assert "不能恢复" in text_of(lead.get("/publications/1/withdraw"))
    assert send(lead, "/publications/1/withdraw", {"reason": "名录有误"}).status_code == 302
    shown = text_of(lead.get("/publications/1"))
    assert "已撤回：名录有误" in shown and "留不得的话" not in shown


def test_the_commands_do_the_same(town: Flask, cli: Any) -> None:
    for args, said in ((("draft", "class_roster", ROSTER, "--as", "clerk"), "第 1 号，待复核"),
                       (("publish", "1", "--as", "dispatcher"), "已公开"), (("show", "1", "--as", "lead"), "已公开"),
                       (("list", "--as", "lead"), "监管对象分类名录"),
                       (("withdraw", "1", "--as", "lead", "--reason", "有误"), "撤下")):
        result = cli.invoke(args=["publications", *args])
        assert result.exit_code == 0 and said in result.output, result.output
    refused = cli.invoke(args=["publications", "show", "1", "--as", "officer"])
    assert refused.exit_code == 1 and "没有找到" in refused.output
