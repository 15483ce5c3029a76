"""The pages of the clock: what was due and what became of it, told to who watches over the area, and run twice told once."""

import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import insert, select, update

from tests.support.tampering import tamper
from tests.support.visitors import check_page, counted_statements, found_town, in_town, main_of, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.say import Say
from tracker.services.cadence import beats as supervision
from tracker.services.cases.register import bulk
from tracker.services.house.work import wiring
from tracker.services.mail import outbox
from tracker.services.mail.claims import OVER_CAP
from tracker.services.reports import reports
from tracker.storage.cadence.beats import BeatRecord, ReminderRow
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person
from tracker.storage.reports.stored import StoredReport

pytestmark = pytest.mark.one_engine

WATCHERS = {"dispatcher", "lead", "supervisor", "auditor"}
OTHERS = {"inspector", "clerk", "officer", "verifier", "admin", "custodian"}
WEEKLY = "/supervision/weekly-review/2026-W10"
MISSED = "/supervision/daily-evening/2026-03-06"


@pytest.fixture
def week(app: Flask, clock: Any) -> Flask:
    """Four cases, and the clock's week up to Friday 15:00; the morning of Thursday was late, the evening of Friday is missing."""
    found_town(app)
    with in_town(app) as town:
        for state in (CaseState.rectifying, CaseState.registered, CaseState.closed):
            town.case_in(state, "PATROL")
        town.case_in(CaseState.verified, "PATROL")
        supervision.run_due()
        for when in ("03 08:31", "03 18:00", "04 08:31", "04 18:00", "05 10:12", "05 18:00", "06 08:31", "06 15:00"):
            clock.move_to(datetime.fromisoformat(f"2026-03-{when}").replace(tzinfo=wiring().zone))
            supervision.run_due()
        clock.move_to(datetime.fromisoformat("2026-03-06 20:00").replace(tzinfo=wiring().zone))
    return app


def test_only_who_watches_over_the_area_gets_the_pages(week: Flask) -> None:
    for login in WATCHERS | OTHERS:
        client = visitor(week, login)
        for path in ("/supervision", "/supervision/jobs", "/supervision/close-out", "/supervision/preview", WEEKLY):
            answer = client.get(path)
            assert (answer.status_code == 200) == (login in WATCHERS), f"{login} {path}"
            check_page(answer)
    stranger = visitor(week, "other_dispatcher")
    assert "没有单独的调度" in text_of(stranger.get("/supervision"))
    theirs, absent = stranger.get(WEEKLY), stranger.get("/supervision/weekly-review/2026-W40")
    assert theirs.status_code == absent.status_code == 404
    assert main_of(theirs).replace("W10", "#") == main_of(absent).replace("W40", "#")


def test_the_month_shows_what_is_done_late_missing_and_to_come(week: Flask) -> None:
    page = check_page(visitor(week, "dispatcher").get("/supervision"))
    days = {cell.xpath("string(.//span[@class='only-desk'])"): " ".join(cell.text_content().split())
            for cell in page.xpath("//table[@class='beats']//td")}
    assert "晨间 ◷ 补发" in days["5"]
    assert "周调度 ✓ 完成" in days["6"]
    assert "晚间 ■ 缺" in days["6"]
    assert "晨间 ○ 未到时" in days["9"]
    assert "晨间 ○ 无记录" in days["2"]  # due before the books were opened, on the day on which the ledger begins
    assert "无记录" not in days["1"]
    assert "周调度 ○ 未到时" in text_of(visitor(week, "lead").get("/supervision?month=2026-04"))
    assert visitor(week, "lead").get("/supervision?month=tea").status_code == 422


def test_the_month_of_today_leads_to_the_card_of_today(week: Flask) -> None:
    client = visitor(week, "dispatcher")
    now, past = main_of(client.get("/supervision")), main_of(client.get("/supervision?month=2026-01"))
    assert [now.count(each) for each in ('href="#today"', 'id="today"')] == [1, 1]
    assert [past.count(each) for each in ('href="#today"', 'id="today"')] == [0, 0]


def test_what_is_missing_stands_on_top_and_on_the_desks_of_dispatcher_and_lead(week: Flask) -> None:
    said = "日巡查·日志与小结 2026年3月6日 应于 2026年3月6日 18:00，尚未完成"
    assert said in text_of(visitor(week, "auditor").get("/supervision"))
    for login, is_told in (("dispatcher", True), ("lead", True), ("officer", False), ("clerk", False),
                           ("other_dispatcher", False)):
        assert (said in text_of(visitor(week, login).get("/"))) is is_told, login


def test_a_record_tells_due_made_recipients_and_digest(week: Flask) -> None:
    said = text_of(visitor(week, "lead").get(WEEKLY))
    with in_town(week):
        record = db.session.scalars(select(BeatRecord).where(BeatRecord.cadence == "weekly-review")).one()
        mails = list(db.session.scalars(select(Message).where(Message.record_id == record.id)))
    assert mails
    assert all(mail.message_id in said for mail in mails)
    assert "lead先生" in said
    assert "2026年3月6日 15:00" in said
    assert "应于 08:30，补发于 10:12" in text_of(visitor(week, "lead").get("/supervision/daily-morning/2026-03-05"))


def test_a_lead_signs_once_and_the_note_is_kept(week: Flask) -> None:
    client = visitor(week, "lead")
    assert send(client, f"{WEEKLY}/sign", {"note": "已布置，周一复查"}, at=WEEKLY).status_code == 302
    said = text_of(client.get(WEEKLY))
    assert "lead先生 于 2026年3月6日 20:00 签收。" in said
    assert "已布置，周一复查" in said
    assert send(client, f"{WEEKLY}/sign", {}, at=WEEKLY).status_code == 409
    assert send(visitor(week, "auditor"), f"{MISSED}/sign", {}, at=MISSED).status_code == 403


def test_run_now_makes_what_is_missing_and_a_second_time_sends_nothing(week: Flask) -> None:
    client = visitor(week, "dispatcher")
    check_page(client.get(f"{MISSED}/run"))
    token = html.fromstring(client.get(f"{MISSED}/run").data).xpath("//main//input[@name='csrf_token']/@value")[0]
    assert client.post(f"{MISSED}/run", data={"csrf_token": token}).status_code == 302
    assert "应于 18:00，补发于 20:00" in text_of(client.get(MISSED))
    with in_town(week):
        mails = len(list(db.session.scalars(select(Message.id))))
    assert client.post(f"{MISSED}/run", data={"csrf_token": token}).status_code == 409
    assert client.get(f"{MISSED}/run").status_code == 409
    with in_town(week):
        assert len(list(db.session.scalars(select(Message.id)))) == mails
    assert visitor(week, "auditor").get(f"{MISSED}/run").status_code == 403


def test_nothing_runs_before_its_time_or_before_the_books_were_opened(week: Flask) -> None:
    client = visitor(week, "dispatcher")
    assert client.get("/supervision/daily-evening/2026-03-07/run").status_code == 409
    assert client.get("/supervision/daily-evening/2026-02-01/run").status_code == 404
    for strange in ("/supervision/tea/2026-03-06", "/supervision/daily-evening/2026-W10", "/supervision/daily-evening/x"):
        assert client.get(strange).status_code == 404


def test_tomorrows_mails_are_shown_as_they_will_look_and_nothing_is_written(week: Flask) -> None:
    client = visitor(week, "dispatcher")
    with in_town(week):
        before = len(list(db.session.scalars(select(Message.id))))
    page = check_page(client.get("/supervision/preview"))
    assert "3月9日 周一" in text_of(client.get("/supervision/preview"))
    shown = check_page(client.get(page.xpath("//main//nav[@class='preview-list']//a/@href")[0]))
    # on a phone the mail stands far below its list
    assert page.xpath("//nav[@class='preview-list']//a[not(contains(@href, '#mail'))]") == []
    (frame,) = shown.xpath("//iframe")
    assert frame.get("sandbox") == ""
    mail = client.get(frame.get("src"))
    assert (mail.status_code, mail.headers["X-Frame-Options"]) == (200, "SAMEORIGIN")
    assert mail.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'; sandbox")
    report = client.get("/supervision/preview/page?cadence=daily-evening").text
    assert "cid:" not in report
    assert client.get("/supervision/preview?to=99999").status_code == client.get(
        "/supervision/preview?cadence=daily-morning").status_code == 404
    with in_town(week):
        assert len(list(db.session.scalars(select(Message.id)))) == before
    assert "frame-ancestors 'none'" in client.get("/supervision").headers["Content-Security-Policy"]


def test_the_weekly_review_leads_to_closing_its_cases_on_one_page(week: Flask) -> None:
    page = check_page(visitor(week, "lead").get("/supervision/close-out"))
    picked = page.xpath("//main//input[@name='n']/@value")
    (action,) = page.xpath("//main//form[.//input[@name='n']]/@action")
    assert len(picked) == 1
    assert action == "/cases/bulk/close"
    assert picked[0] in text_of(visitor(week, "lead").get(f"{action}?n={picked[0]}"))
    assert check_page(visitor(week, "auditor").get("/supervision/close-out")).xpath("//main//input[@name='n']") == []
    with in_town(week) as town:
        town.do(picked[0], "close")
    said = text_of(visitor(week, "lead").get("/supervision/close-out"))
    assert "都已办理" in said


def test_a_case_that_a_lead_must_not_close_has_no_box_and_says_why(week: Flask) -> None:
    (number,) = check_page(visitor(week, "lead").get("/supervision/close-out")).xpath("//main//input[@name='n']/@value")
    with in_town(week) as town:
        # one person, two roles
        db.session.execute(update(Case).where(Case.number == number).values(verified_by_id=town.people["lead"]))
        db.session.commit()
    page = check_page(visitor(week, "lead").get("/supervision/close-out"))
    assert page.xpath("//main//input[@name='n']") == []
    assert page.xpath("//main//button[contains(., '销号')]") == []
    assert "您不能销号：" in page.text_content()
    assert check_page(visitor(week, "lead2").get("/supervision/close-out")).xpath("//main//input[@name='n']/@value") == [number]


def test_more_than_can_be_closed_at_once_go_on_over_the_page(week: Flask) -> None:
    numbers = [f"XH-2026-{index:06d}" for index in range(1, bulk.MOST + 30)]
    with in_town(week) as town:
        pattern = {column.name: getattr(town.row(town.case_in(CaseState.verified, "PATROL")), column.name)
                   for column in Case.__table__.columns}
        known = set(db.session.scalars(select(Case.number)))
        db.session.execute(insert(Case), [pattern | {"id": 5000 + place, "number": number, "client_id": None,
                                                     "source_number": number}
                                          for place, number in enumerate(numbers) if number not in known])
        db.session.commit()
        row = reports.find("weekly", "2026-W10", "360103")
        assert row is not None
        body = json.loads(row.body)
        body["document"]["cases"]["proposed"] = numbers
        tamper(update(StoredReport).where(StoredReport.id == row.id).values(body=json.dumps(body)))
    client = visitor(week, "lead")
    first = check_page(client.get("/supervision/close-out"))
    (following,) = first.xpath("//main//a[@rel='next']/@href")
    second = check_page(client.get(following))
    picked = [each.rpartition("/")[2] for page in (first, second)
              for each in page.xpath("//main//table//td[contains(@class, 'title')]/a/@href")]
    assert f"本期拟销号 {bulk.MOST + 29} 件" in text_of(client.get("/supervision/close-out"))
    assert len(picked) == len(set(picked)) and set(numbers) - known <= set(picked) <= set(numbers)
    assert second.xpath("//main//a[@rel='next']") == []


def test_empty_pages_say_what_would_stand_there(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "lead")
    assert "时钟进程还没有运行过" in text_of(client.get("/supervision"))
    assert "周调度存档后" in text_of(client.get("/supervision/close-out"))
    assert "还没有" in text_of(client.get("/supervision/jobs"))


def test_the_price_of_the_pages_in_statements(week: Flask) -> None:
    client = visitor(week, "dispatcher")
    for path, most in (("/supervision", 10), (WEEKLY, 6), ("/supervision/jobs", 9), ("/supervision/close-out", 5)):
        client.get(path)
        with counted_statements(week) as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= most, (path, sent)


def test_the_receipt_of_a_morning_and_the_page_of_a_date_tell_what_was_told_and_what_passed_over(week: Flask, clock: Any) -> None:
    with in_town(week):
        clock.move_to(datetime.fromisoformat("2026-03-23 08:31").replace(tzinfo=wiring().zone))
        supervision.run_due()
        row = db.session.scalars(select(ReminderRow).where(ReminderRow.rung == "overdue_1")).first()
        assert row is not None
        number = row.stream.removeprefix("case:")
        db.session.execute(update(ReminderRow).where(ReminderRow.id == row.id).values(is_told=None))
        db.session.commit()
    client = visitor(week, "dispatcher")
    receipt = main_of(client.get(f"/supervision/daily-morning/{row.on_date}"))
    assert all(word in receipt for word in ("已到期的提醒", "已提醒", "越过", "未记载"))
    page = main_of(client.get(f"/cases/{number}/due"))
    assert all(word in page for word in ("已到期的提醒", "已提醒", "越过，改发更高一级", "未记载（早期记录）"))


def test_mails_over_the_daily_cap_are_counted_with_their_readers(week: Flask) -> None:
    client = visitor(week, "lead")
    assert 'id="capped"' not in main_of(client.get("/supervision"))
    with in_town(week):
        waiting = db.session.scalars(select(Message).where(Message.person_id.is_not(None)).order_by(Message.id)).all()
        reader = waiting[0].person_id
        theirs = [mail for mail in waiting if mail.person_id == reader]
        for mail in theirs:
            mail.state, mail.sent_at, mail.error = "waiting", None, Say(OVER_CAP, most=20)
            mail.due_at = datetime.fromisoformat("2026-03-07 07:30").replace(tzinfo=wiring().zone)
        name, count = db.session.get_one(Person, reader).name, len(theirs)
        db.session.commit()
    page = client.get("/supervision")
    check_page(page)
    assert f"{count} 封邮件超过每人每日上限" in main_of(page)
    assert f"{name} {count} 封" in main_of(page)
    assert 'id="capped"' not in main_of(visitor(week, "other_lead").get("/supervision"))


def test_mail_that_does_not_arrive_is_seen_by_who_watches_over_the_district(week: Flask) -> None:
    client = visitor(week, "dispatcher")
    assert 'id="stuck"' not in main_of(client.get("/supervision"))
    with in_town(week):
        one, two, *_ = db.session.scalars(select(Message).where(Message.person_id.is_not(None)).order_by(Message.id)).all()
        one.state = "given_up"
        two.state, two.bounce = "sent", "550 no such user"
        two.sent_at = two.bounced_at = datetime.fromisoformat("2026-03-06 09:00").replace(tzinfo=wiring().zone)
        name = db.session.get_one(Person, two.person_id).name
        db.session.commit()
        outbox.hold()
    page = client.get("/supervision")
    check_page(page)
    said = main_of(page)
    assert "1 封多次发送失败，已放弃" in said and f"1 封被退回：{name}；" in said and "发送已冻结" in said
    with in_town(week):
        outbox.release()
    assert "发送已冻结" not in main_of(client.get("/supervision"))
    assert 'id="stuck"' not in main_of(visitor(week, "other_lead").get("/supervision"))


def test_the_calendar_names_its_periods_in_words(week: Flask) -> None:
    said = main_of(visitor(week, "dispatcher").get("/supervision"))
    assert "2026年第10周</a>" in said and ">2026-W10</a>" not in said
