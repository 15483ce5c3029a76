"""The supervision of the demo's time: every record and report, the mails of the last working days, and nothing twice
afterwards."""

import email
import re
from collections import Counter
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tracker.domain.cadence.beats import BEATS
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Role
from tracker.domain.reports.document import Document
from tracker.domain.rules.periods import period_named
from tracker.services.cadence import beats, gaps
from tracker.services.cases.register import desk
from tracker.services.house.work import reading, wiring
from tracker.services.people import access
from tracker.services.reports import reports
from tracker.services.rules import rules, values
from tracker.services.upkeep import integrity, seals
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import Checkpoint
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person, RoleGrant
from tracker.storage.reports.appeals import Appeal
from tracker.storage.reports.stored import StoredReport

pytestmark = [pytest.mark.one_engine, pytest.mark.timeout(600)]
FIRST, UNTIL = date(2025, 2, 2), date(2026, 3, 2)
MAILED = {date(2026, 2, 26), date(2026, 2, 27), date(2026, 2, 28)}  # the 28th, a Saturday, made up for the Spring Festival


def document(name: str, period: str) -> Document:
    return reports.document_of(reading().scalars(select(StoredReport).where(StoredReport.name == name,
                                                                             StoredReport.period == period)).one())


def figures(name: str, period: str) -> dict[str, str]:
    return {figure.word: str(figure.value) for section in document(name, period).sections for figure in section.figures}


def told(first: date, last: date, kind: str) -> int:
    """How many such facts were written from a day to a day, by the office's clock."""
    local = wiring().clock.local
    return sum(first <= local(at).date() <= last for at in reading().scalars(select(FactRow.at).where(FactRow.kind == kind)))


def mails(app: Any) -> list[EmailMessage]:
    folder = Path(app.config["SETTINGS"].instance_dir) / "outbox"
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("*.eml")]  # type: ignore[misc]


def test_nothing_is_missing_from_the_first_day_and_the_clock_repeats_nothing(supervised: Any) -> None:
    now = wiring().clock.now()
    assert gaps.missing(now) == []
    assert beats.run_due(now) == []
    records = Counter(reading().scalars(select(BeatRecord.cadence).where(BeatRecord.state == "done")))
    days = (UNTIL - FIRST).days
    assert records["daily-evening"] == records["daily-morning"] == days
    assert (records["monthly-circular"], records["annual-appraisal"]) == (13, 1)
    assert set(records) == {beat.id for beat in BEATS}
    assert reading().scalar(select(func.count()).select_from(Checkpoint)) == days


def test_the_clock_goes_on_where_the_demo_ended(supervised: Any) -> None:
    wiring().clock.advance(hours=8, minutes=45)  # type: ignore[attr-defined]
    made = [(each.cadence, each.period) for each in beats.run_due()]
    assert made == [("daily-morning", "2026-03-02"), ("monthly-circular", "2026-02")]


def test_every_report_every_chain_and_every_seal_is_as_it_was_made(supervised: Any) -> None:
    assert reports.verify() == reading().scalar(select(func.count()).select_from(StoredReport))
    assert integrity.verify().troubles == []
    assert len(seals.sealed_days(reading())) == (UNTIL - FIRST).days


def test_three_reports_say_what_the_facts_say(supervised: Any) -> None:
    month = figures("monthly", "2025-10")
    assert month["本月登记"] == str(told(date(2025, 10, 1), date(2025, 10, 31), "case:registered"))
    assert month["本月销号"] == str(told(date(2025, 10, 1), date(2025, 10, 31), "case:closed"))
    day = max(wiring().clock.local(at).date()
              for at in reading().scalars(select(FactRow.at).where(FactRow.kind == "case:submitted")))
    evening = figures("daily", day.isoformat())
    assert evening["报送整改"] == str(told(day, day, "case:submitted")) != "0"
    week = figures("weekly", "2026-W09")
    ended = ("销号", "并案", "移送", "不予受理", "作废")
    assert int(week["本周存量"]) == (int(week["上周存量"]) + int(week["新增"]) + int(week["重开"]) + int(week["撤销并案"])
                                 - sum(int(week[word]) for word in ended))


def test_only_the_last_three_working_days_are_mailed_and_lie_as_their_readers_got_them(supervised: Any) -> None:
    sent = list(reading().scalars(select(Message)))
    assert sent
    assert {mail.state for mail in sent} == {"sent"}
    assert {wiring().clock.local(mail.sent_at).date() for mail in sent if mail.sent_at} <= {*MAILED, *(
        day + timedelta(days=1) for day in MAILED)}
    found = mails(supervised)
    assert len(found) == len(sent)
    assert {str(each["To"]).rpartition("@")[2].rstrip(">") for each in found} == {"xihu.example"}
    subjects = " ".join(str(each["Subject"]) for each in found)
    assert "周调度（2026年第9周）" in subjects
    assert {each.recipient_count > 0 for each in reading().scalars(
        select(BeatRecord).where(BeatRecord.cadence == "daily-evening")) if period_named(each.period).first in MAILED} == {True}


def test_one_appeal_waits_and_the_others_were_decided(supervised: Any) -> None:
    outcomes = Counter(reading().scalars(select(Appeal.outcome)))
    assert outcomes.pop(None) == 1
    assert outcomes


def test_one_weekly_review_came_late_and_says_so(supervised: Any) -> None:
    late = list(reading().scalars(select(BeatRecord).where(BeatRecord.is_caught_up.is_(True))))
    assert [each.cadence for each in late] == ["weekly-review"]
    assert re.search(r"应于 15:00，补发于 17:1\d", late[0].outcome)


def test_the_newest_list_of_proposed_closings_is_what_the_leads_desk_speaks_of(supervised: Any) -> None:
    login = reading().scalars(select(Person.login).join(RoleGrant, RoleGrant.person_id == Person.id).where(
        RoleGrant.role == Role.lead).order_by(Person.id)).first()
    assert login is not None
    shown = desk.desk_of(access.actor_by_login(login), (), values.light_bounds(UNTIL))
    waiting = {row.number for row in shown.mine if row.step == "close"}
    closable = set(reading().scalars(select(Case.number).where(Case.state.in_((CaseState.verified, CaseState.noticed)))))
    proposed = set(document("weekly", "2026-W09").cases["proposed"])
    assert waiting == closable == proposed & closable
    assert set(reading().scalars(select(Case.state).where(Case.number.in_(proposed - closable)))) <= {CaseState.closed}


def test_the_last_weeks_have_closings_and_reviews_are_signed_but_the_newest(supervised: Any) -> None:
    reviews = list(reading().scalars(select(BeatRecord).where(BeatRecord.cadence == "weekly-review").order_by(BeatRecord.period)))
    assert [each.signed_at is not None for each in reviews] == [True] * (len(reviews) - 1) + [False]
    mondays = [UNTIL - timedelta(weeks=n) for n in range(1, 6)]
    working = [monday for monday in mondays if rules.calendar().workdays_between(monday, monday + timedelta(days=6)) > 1]
    assert len(working) < len(mondays)  # the week of the Spring Festival
    assert all(told(monday, monday + timedelta(days=6), "case:closed") for monday in working[:2])


def test_no_instant_of_the_ledger_runs_backwards(supervised: Any) -> None:
    instants: list[datetime] = list(reading().scalars(select(FactRow.at).order_by(FactRow.id)))
    assert instants == sorted(instants)
