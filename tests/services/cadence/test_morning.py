"""The morning list: one mail for each person, what stands on it, and what never does."""

import os
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.support.busy import make_busy
from tests.support.district import STREET_AREA
from tests.support.makers import Town
from tests.support.mornings import HOME, morning_of, texts_of
from tests.support.project_files import ROOT
from tests.support.substitutes import delegate
from tracker.domain.cadence.beats import beat_named
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.rules.periods import period_of
from tracker.gateways.mail.pages import render
from tracker.services.cadence import beats as supervision
from tracker.services.cadence import morning, morning_lists
from tracker.services.cases import intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.house.work import Work, wiring
from tracker.services.mail import letters
from tracker.services.people import accounts
from tracker.storage.cadence.beats import BeatRecord, ReminderRow
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person

S = CaseState
GOLDEN = ROOT / "tests" / "golden" / "mails"


def due(town: Town, number: str) -> date:
    on = town.row(number).due_on
    assert on is not None
    return on


def numbers(lines: list[str]) -> list[str]:
    return [line.split()[1] for line in lines]


def test_an_empty_morning_says_so_to_dispatchers_and_leads_and_troubles_nobody_else(town: Town) -> None:
    found = morning_of(town)
    assert set(found.texts) == {"dispatcher", "dispatcher2", "lead", "lead2", "many_hats"}
    assert all("今日无待办、无临期、无超期。" in text for text in found.texts.values())


def test_each_case_stands_on_the_lists_of_those_it_concerns(town: Town) -> None:
    late, waiting, new = town.case_in(S.rectifying), town.case_in(S.submitted), town.registered()
    found = morning_of(town, due(town, late) + timedelta(days=2))
    assert numbers(found.section("officer", "超期")) == [late]
    assert numbers(found.section("lead", "超期")) == [late]
    assert numbers(found.section("dispatcher", "今日必办")) == [new], "it should have been assigned long ago"
    assert waiting in numbers(found.section("verifier", "等您办理") + found.section("verifier", "今日必办"))
    assert "clerk" not in found.texts and "other_dispatcher" not in found.texts


def test_what_is_due_today_must_be_done_today_and_what_is_near_is_said_in_working_days(town: Town) -> None:
    number = town.case_in(S.rectifying)  # due on Monday 9 March
    friday = morning_of(town, date(2026, 3, 6))
    assert numbers(friday.section("officer", "临期")) == [number]
    assert "整改时限3月9日，还有1个工作日" in friday.texts["officer"]
    monday = morning_of(town, date(2026, 3, 9))
    assert numbers(monday.section("officer", "今日必办")) == [number]
    assert monday.section("officer", "临期") == []


def test_requests_wait_for_another_dispatcher_than_who_asked(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "request_extension", by="many_hats")
    found = morning_of(town)
    assert [line for line in found.section("dispatcher", "等您办理") if number in line and "申请延期待审批" in line]
    assert found.section("many_hats", "等您办理") == []


def test_a_verified_case_waits_for_its_notice_or_for_who_closes_it(town: Town) -> None:
    noticed, plain = town.case_in(S.verified, "D2JX"), town.case_in(S.verified)
    town.do(plain, "set_sponsor", sponsor="lead2")
    found = morning_of(town)
    assert numbers(found.section("dispatcher", "等您办理")) == [noticed]
    assert numbers(found.section("lead2", "等您办理")) == [plain]
    assert found.section("lead", "等您办理") == []


def test_two_roles_and_a_delegation_make_one_mail(town: Town) -> None:
    number = town.case_in(S.submitted)
    delegate(town, "dispatcher", "many_hats", days=30)
    delegate(town, "officer", "many_hats", days=30)
    found = morning_of(town)
    assert [letter.person_id for letter in found.composed.letters].count(town.people["many_hats"]) == 1
    assert len({letter.dedupe_key for letter in found.composed.letters}) == len(found.composed.letters)
    assert found.section("many_hats", "等您办理") == [], f"{number} was rectified by the own unit"


def test_a_substitute_is_never_asked_to_verify_what_the_own_unit_rectified(town: Town) -> None:
    number = town.case_in(S.submitted)
    delegate(town, "verifier", "inspector", days=30)
    delegate(town, "verifier", "officer2", days=30)
    found = morning_of(town)
    assert numbers(found.section("inspector", "等您办理")) == [number]
    assert "代verifier先生" in found.texts["inspector"]
    assert "officer2" not in found.texts


def test_who_left_gets_nothing_and_their_work_shows_up_at_the_dispatcher(town: Town) -> None:
    number = town.registered()
    town.do(number, "assign", lead_unit="XH-TY", supporting_units="")
    town.do(number, "acknowledge", by="neighbour")
    person = db.session.scalars(select(Person).where(Person.login == "neighbour")).one()
    person.deactivated_on = town.clock.today()  # as a restored database may hold it: the deed would ask for an heir
    db.session.commit()
    found = morning_of(town, due(town, number))
    assert "neighbour" not in found.texts
    assert [line for line in found.section("dispatcher", "无人接手") if number in line and "没有在岗经办人" in line]
    assert found.told("dispatcher") == ["今日到期"], "what the officer would have heard"
    assert "无人接手 1 件" in found.composed.outcome


def test_a_request_whose_asker_left_and_a_sponsor_who_left_are_nobodys_work(town: Town) -> None:
    asked, sponsored = town.case_in(S.rectifying), town.case_in(S.rectifying)
    town.do(asked, "request_extension")
    town.do(sponsored, "set_sponsor", sponsor="lead2")
    accounts.deactivate(None, login="officer", heir="officer2")
    person = db.session.scalars(select(Person).where(Person.login == "lead2")).one()
    person.deactivated_on = town.clock.today()
    db.session.commit()
    lines = morning_of(town).section("dispatcher", "无人接手")
    assert len(lines) == 2
    assert any(asked in line and "申请人已停用" in line for line in lines)
    assert any(sponsored in line and "包案领导已停用" in line for line in lines)


def test_officers_without_an_address_are_nobodys_ears(town: Town) -> None:
    number = town.registered()
    town.do(number, "assign", lead_unit="XH-TY", supporting_units="")
    db.session.scalars(select(Person).where(Person.login == "neighbour")).one().email = None
    db.session.commit()
    assert [line for line in morning_of(town).section("dispatcher", "无人接手") if number in line and "没有邮箱" in line]


def test_days_off_past_days_and_quiet_hours_are_recorded_and_mail_nothing(town: Town) -> None:
    number = town.case_in(S.rectifying)
    on = due(town, number)
    at_night = morning_of(town, on, time(21, 0))
    assert (at_night.composed.letters, "免打扰" in at_night.composed.outcome) == ((), True)
    cadence = beat_named(morning.ID)
    past = morning.prepare(cadence, period_of(cadence.kind, on - timedelta(days=3)), HOME)
    with Work(wiring()) as work:
        composed = morning.commit(work, past, None)
    assert (composed.letters, "不补发" in composed.outcome) == ((), True)
    part = morning.prepare(cadence, period_of(cadence.kind, on), "360103002")
    assert "分区不另发" in part.silence, "who works in a part of the district gets one mail, not two"
    assert db.session.scalars(select(ReminderRow)).all() == []


def test_a_late_morning_says_when_it_was_due(town: Town) -> None:
    found = morning_of(town, at=time(10, 12))
    assert all("应于 08:30，补发于 10:12" in text for text in found.texts.values())
    assert "补发于" not in morning_of(town, at=time(8, 45)).texts["lead"]


def test_from_october_every_list_asks_for_the_calendar_of_next_year(town: Town) -> None:
    assert "放假安排" in morning_of(town, date(2026, 10, 12)).texts["lead"]
    assert "放假安排" not in morning_of(town, date(2026, 9, 28)).texts["lead"]


def test_a_beat_that_is_missing_is_said_at_the_head_of_the_next_list_and_never_of_itself(town: Town) -> None:
    supervision.run_due()  # opens the books
    town.days_pass(1)
    found = morning_of(town, at=time(10, 12))
    said = [line for line in found.texts["lead"].splitlines() if line.startswith("【注意】")]
    assert len(said) == 1 and "小结" in said[0], said


def test_a_long_section_is_cut_and_says_how_many_more_there_are(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morning_lists, "MOST_LINES", 2)  # a size, not a behaviour
    for _ in range(5):
        town.registered()
    found = morning_of(town)
    assert len(found.section("dispatcher", "等您办理")) == 2
    assert "等您办理 5 件" in found.texts["dispatcher"]
    assert "另有 3 件，见台账" in found.texts["dispatcher"]


def test_the_preview_of_a_day_is_what_goes_out_on_it_and_writes_nothing(town: Town) -> None:
    make_busy(town)
    tomorrow = town.clock.today() + timedelta(days=1)
    before = len(db.session.scalars(select(Message)).all())
    shown = texts_of(morning.preview(tomorrow))
    assert len(db.session.scalars(select(Message)).all()) == before
    assert db.session.scalars(select(ReminderRow)).all() == []
    assert shown == morning_of(town, tomorrow).texts
    assert morning.preview(date(2026, 4, 5)) == (), "a Sunday"


def test_written_twice_there_is_one_mail_for_each_person(town: Town) -> None:
    make_busy(town)
    first, again = morning_of(town), morning_of(town)
    kept = db.session.scalars(select(Message).where(Message.mail == "morning")).all()
    assert len(kept) == len(first.composed.letters) == len(again.composed.letters)
    assert {message.dedupe_key for message in kept} == {letter.dedupe_key for letter in first.composed.letters}


def test_the_clock_makes_the_morning_once_and_its_record_says_what_it_came_to(town: Town) -> None:
    supervision.run_due()  # opens the books
    number = town.case_in(S.rectifying)
    on = due(town, number)
    town.clock.move_to(datetime.combine(on, time(8, 31), wiring().zone))
    assert supervision.run_due() != []
    record = db.session.scalars(select(BeatRecord).where(BeatRecord.cadence == morning.ID,
                                                         BeatRecord.period == on.isoformat())).one()
    mails = db.session.scalars(select(Message).where(Message.record_id == record.id)).all()
    assert (record.state, record.recipient_count) == ("done", len(mails))
    assert "新到提醒 1 项，越过 1 级" in record.outcome
    assert supervision.run_due() == []
    assert len(db.session.scalars(select(Message).where(Message.mail == "morning"))
               .all()) == len(mails), "days gone by are not made up for"


CANARIES = ("独特标题金丝雀", "独特描述金丝雀", "独特地点金丝雀", "金丝雀举报人", "13800001234")


def test_no_mail_names_a_title_a_place_or_a_reporter(town: Town) -> None:
    title, description, place, name, phone = CANARIES
    for state in (S.registered, S.assigned, S.rectifying, S.submitted, S.verified):
        order = RegisterOrder("H12345", title, description, place=place, categories=("garbage",), area_code=STREET_AREA)
        number = intake.register(town.actor("clerk"), order, reporter=Reporter(name=name, phone=phone)).number
        for step in CASE_FLOW.walk(S.registered, state):
            town.walk(number, step)
    found = morning_of(town, town.clock.today() + timedelta(days=11))
    assert found.composed.case_count == 5
    for letter in found.composed.letters:
        page = render(letter.mail, {"base_url": "https://x.example", **letter.words})
        assert not [canary for canary in CANARIES if canary in page.subject + page.text + (page.html or "")]


def statements_of(town: Town) -> int:
    """How many statements one morning's reading takes."""
    cadence = beat_named(morning.ID)
    period = period_of(cadence.kind, town.clock.today())
    morning.prepare(cadence, period, HOME)
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        morning.prepare(cadence, period, HOME)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in sent if not statement.startswith(("BEGIN", "PRAGMA"))])


def test_gathering_costs_as_many_statements_for_many_cases_as_for_few(town: Town) -> None:
    make_busy(town)
    few = statements_of(town)
    make_busy(town)
    assert statements_of(town) == few <= 9


@pytest.mark.one_engine
@pytest.mark.parametrize("login", ["officer", "dispatcher", "lead2"])
def test_the_mail_reads_as_it_was_agreed(town: Town, login: str) -> None:
    accounts.set_head(town.actor("admin"), login="officer2", is_head=True)
    late, near = town.case_in(S.rectifying), town.registered()
    town.do(late, "set_sponsor", sponsor="lead2")
    town.days_pass(11)
    town.walk(near, "assign", "acknowledge")
    for state in (S.assigned, S.submitted, S.verified):
        town.case_in(state)
    town.do(near, "request_extension")
    found = morning_of(town, date(2026, 3, 24), time(10, 12))
    (letter,) = (each for each in found.composed.letters if each.person_id == town.people[login])
    page = render(letter.mail, {"base_url": "https://xh.example.cn", **letter.words})
    golden(f"morning_{login}.txt", f"{page.subject}\n\n{page.text}")
    golden(f"morning_{login}.html", page.html or "")


@pytest.mark.one_engine
def test_letters_reach_the_outbox_with_both_parts(town: Town) -> None:
    town.registered()
    found = morning_of(town)
    with Work(wiring()) as work:
        assert letters.put(work, found.composed.letters) == 0, "they are there already"
    mail = db.session.scalars(select(Message).where(Message.mail == "morning").limit(1)).one()
    assert mail.text and mail.html and "晨间清单" in mail.subject


def golden(name: str, text: str) -> None:
    """Equal to the kept file; XIAOHAO_RENEW=1 keeps a new one."""
    if os.environ.get("XIAOHAO_RENEW"):
        (GOLDEN / name).write_text(text)
    assert text == (GOLDEN / name).read_text()
