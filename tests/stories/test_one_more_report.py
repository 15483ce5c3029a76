"""A monthly report that nobody has heard of is one row more: made, mailed, opened, printed and recounted like the others."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.district import PEOPLE
from tests.support.makers import Town
from tests.support.one_report import intake_row, one_report_more
from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import ROLE_GRANTS, Permission
from tracker.domain.reports.kinds import Readership
from tracker.domain.reports.sight import may_read
from tracker.services.cadence import beats
from tracker.services.house.work import wiring
from tracker.services.reports import reports
from tracker.services.upkeep import jobs
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine
PAGE, BEAT, DAY = "/reports/intake/2026-03", "/supervision/monthly-intake/2026-03", date(2026, 4, 2)


def mailed(town: Town) -> set[str]:
    by_id = {person: login for login, person in town.people.items()}
    keys = select(Message.person_id).where(Message.dedupe_key.startswith("cadence/monthly-intake/2026-03/"))
    return {by_id[person] for person in db.session.scalars(keys) if person is not None}


def make_it(app: Flask, clock: Any) -> set[str]:
    """March with three cases; on its day the job runs, twice. Says whom it was mailed to."""
    found_town(app)
    with in_town(app) as town:
        beats.run_due()
        for state in (CaseState.registered, CaseState.rectifying, CaseState.closed):
            town.case_in(state, "PATROL")
        clock.move_to(datetime(2026, 4, 2, 10, 0, tzinfo=wiring().zone))
        assert jobs.run("monthly-intake", DAY).was_run
        readers = mailed(town)
        assert not jobs.run("monthly-intake", DAY).was_run
        assert mailed(town) == readers == {login for login in town.people if may_read(town.actor(login), "intake", "360103")}
    return readers


def check_opened(app: Flask, readers: set[str]) -> None:
    """Who got the mail opens it and finds it in the archive; to the others it is not there."""
    for login, _, roles, _ in PEOPLE:
        has_archive = any(Permission.report_read in ROLE_GRANTS[role] for role in roles)
        client = visitor(app, login)
        assert client.get(PAGE).status_code == (200 if login in readers else 404 if has_archive else 403), login
        if has_archive:
            assert ("收件月报（2026年3月）" in text_of(client.get("/reports"))) == (login in readers), login


def check_papers(app: Flask) -> None:
    """Page, print, list, workbook, paper and file, each from the same numbers."""
    client = visitor(app, "lead")
    assert "收件月报" in check_page(client.get(PAGE)).text_content()
    assert "登记的案件" in check_page(client.get(f"{PAGE}/print")).text_content()
    assert len(check_page(client.get(f"{PAGE}/cases?figure=new")).xpath("//main//table/tbody/tr")) == 3
    for kind in ("xlsx", "docx"):
        assert client.get(f"{PAGE}/file.{kind}").data[:2] == b"PK"
    with in_town(app):
        row = reports.find("intake", "2026-03", "360103")
        assert row is not None
        assert reports.rerun(row).digest() == row.digest
    assert sha256(client.get(f"{PAGE}/file.json").data).hexdigest() == row.digest
    assert "重算相符" in text_of(client.get(send(client, f"{PAGE}/check", {}, at=PAGE).location))


def check_supervision(app: Flask) -> None:
    """The pages of the clock know the beat, its job and its mail."""
    client = visitor(app, "lead")
    marks = check_page(client.get("/supervision?month=2026-04")).xpath("//main//*[contains(@class, 'what')]")
    assert "收件月报" in {mark.text_content() for mark in marks}
    assert "案件 3 件" in text_of(client.get(BEAT))
    assert "次月第 2 个工作日 10:00" in text_of(client.get("/supervision/jobs"))
    assert "收件月报" in text_of(client.get("/supervision/preview"))
    assert client.get("/supervision/preview/page?cadence=monthly-intake").status_code == 200
    assert "预览（未存档）" in text_of(client.get("/reports/intake/2026-04?preview=1"))


@pytest.mark.parametrize("readership", list(Readership))
def test_a_report_that_is_one_row_goes_the_whole_way(app: Flask, clock: Any, readership: Readership) -> None:
    with one_report_more(intake_row(readership)):
        readers = make_it(app, clock)
        assert ("officer" in readers) == (readership is Readership.offices)
        assert {"dispatcher", "lead", "supervisor", "auditor"} <= readers
        check_opened(app, readers)
        check_papers(app)
        check_supervision(app)
    assert visitor(app, "officer").get("/supervision/monthly-intake/2026-03").status_code == 403
    assert visitor(app, "lead").get("/supervision/monthly-intake/2026-03").status_code == 404
