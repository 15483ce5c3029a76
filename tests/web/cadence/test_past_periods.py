"""Past periods from their pages: offered where they have no record, mailed or kept, once, and refused where there is nothing."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.visitors import check_page, found_town, in_town, main_of, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.cadence import beats as supervision
from tracker.services.house.work import wiring
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine

MADE_LATE = "应于 2026年3月3日 18:00，补发于 2026年3月6日 20:00"


@pytest.fixture
def friday(app: Flask, clock: Any) -> Flask:
    """A case of Monday, and books that were opened on Friday evening."""
    found_town(app)
    with in_town(app) as town:
        town.case_in(CaseState.rectifying, "PATROL")
        clock.move_to(datetime.fromisoformat("2026-03-06 20:00").replace(tzinfo=wiring().zone))
        supervision.run_due()
    return app


@pytest.mark.parametrize("telling", ["mailed", "silent"])
def test_a_period_from_before_the_books_is_made_from_its_page_and_mailed_or_not(friday: Flask, telling: str) -> None:
    with in_town(friday):
        mails = len(list(db.session.scalars(select(Message.id))))
    client, page = visitor(friday, "dispatcher"), "/supervision/daily-evening/2026-03-03"
    month = check_page(client.get("/supervision"))
    assert month.xpath(f"//td//a[@href='{page}']") and "不会自动补办；点开可以补办" in text_of(client.get("/supervision"))
    assert "看这一期的调度记录，可以补办" in text_of(client.get("/reports/daily/2026-03-03"))
    assert "补办这一期" in text_of(client.get(page)) and "补办这一期" not in text_of(visitor(friday, "auditor").get(page))
    asked = check_page(client.get(f"{page}/run"))
    (button,) = asked.xpath("//main//button[@value='mailed']")
    readers = int("".join(filter(str.isdigit, button.text_content())))
    assert readers > 0 and f"现有 {readers} 人" in asked.text_content()
    assert send(client, f"{page}/run", {"telling": "loudly"}).status_code == 422
    assert send(client, f"{page}/run", {"telling": telling}).status_code == 302
    said = text_of(client.get(page))
    assert MADE_LATE in said and ("按办理人的选择只作记录，不发邮件" in said) is (telling == "silent")
    with in_town(friday):
        fresh = list(db.session.scalars(select(Message).order_by(Message.id)))[mails:]
        assert len(fresh) == (readers if telling == "mailed" else 0)
        assert all(MADE_LATE in mail.text for mail in fresh)
    again = send(client, f"{page}/run", {"telling": "mailed"}, at=page)
    assert (again.status_code, "这一期已经办理，不会重办，也不会重发。" in text_of(again)) == (409, True)
    assert send(visitor(friday, "auditor"), f"{page}/run", {"telling": "silent"}, at=page).status_code == 403


def test_a_period_of_which_the_ledger_tells_nothing_says_so_to_who_watches_over_the_area(friday: Flask) -> None:
    for path in ("/supervision/weekly-review/2026-W06", "/supervision/weekly-review/2026-W06/run"):
        answer = visitor(friday, "lead").get(path)
        assert (answer.status_code, "账本从 2026年3月2日 开始记录" in text_of(answer)) == (404, True)
        assert "账本从" not in text_of(visitor(friday, "other_dispatcher").get(path))
    assert "调度记录" not in main_of(visitor(friday, "lead").get("/reports/weekly/2026-W06"))


def test_a_day_whose_list_nobody_gets_any_more_offers_the_record_alone(friday: Flask) -> None:
    page = check_page(visitor(friday, "lead").get("/supervision/daily-morning/2026-03-02/run"))
    assert "不会发给任何人：2026年3月2日 已过，不补发当日清单" in page.text_content()
    assert page.xpath("//main//button[@name='telling']/@value") == ["usual"]
