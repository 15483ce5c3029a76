"""Appraisals published and appealed against, with real cases: who may, until when, once, and the report stays as it was."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.support.makers import Town
from tests.support.substitutes import delegate, standing
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound
from tracker.domain.house.ledger import canonical, first_bad
from tracker.domain.rules.fact_kinds import RuleFacts
from tracker.domain.rules.periods import period_named
from tracker.services.house import caching
from tracker.services.house.work import Work, wiring
from tracker.services.people import accounts
from tracker.services.reports import appeals, reports
from tracker.services.rules import rules
from tracker.services.rules import values as rule_values
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person
from tracker.storage.reports import appeal_lines as lists
from tracker.storage.reports.appeals import Appeal
from tracker.storage.reports.stored import StoredReport
from tracker.storage.rules.rules import RuleValue

pytestmark = pytest.mark.one_engine

APRIL = datetime(2026, 4, 7, 1, 0, tzinfo=UTC)  # after the third working day of the quarter
WORDS = "现场核查当日道路封闭，整改已到位"


@pytest.fixture
def report(town: Town) -> StoredReport:
    """The first quarter: one case of the street, rejected once; published on 7 April."""
    number = town.registered()
    town.walk(number, "assign", "acknowledge", "submit", "reject", "submit", "verify")
    return published(town, "quarterly", "2026-Q1", APRIL)


def published(town: Town, name: str, period: str, now: datetime) -> StoredReport:
    town.clock.move_to(now)
    return reports.publish(reports.build(name, period_named(period), "360103"))


def key_of(town: Town, report: StoredReport, by: str = "officer") -> str:
    return appeals.open_lines(town.actor(by), report).lines[0].key


def raised(town: Town, report: StoredReport, by: str = "officer") -> int:
    return appeals.raise_appeal(town.actor(by), report, key_of(town, report), WORDS)


def table(row: StoredReport, title: str) -> Any:
    return next((t.rows for section in reports.document_of(row).sections for t in section.tables if t.title == title), ())


def test_a_published_quarter_lists_what_the_walked_case_cost(town: Town, report: StoredReport) -> None:
    rows = table(report, "扣分清单")
    assert [(row[1], row[2], row[7]) for row in rows] == [("核查不通过", "XH-CYZ", "10.00")]
    fact = town.facts(str(rows[0][4]))[int(rows[0][5]) - 1]
    assert fact.kind == "case:rejected"
    assert [row[0] for row in table(report, "不排名的单位")].count("XH-TY") == 1
    assert reports.rerun(report).digest() == report.digest


def test_an_appeal_is_a_row_and_a_fact(town: Town, report: StoredReport) -> None:
    appeal_id = raised(town, report)
    row = db.session.get_one(Appeal, appeal_id)
    assert (row.rule, row.points, row.raised_by_id, row.outcome) == ("rejected", "10.00", town.people["officer"], None)
    appeals.decide(town.actor("dispatcher"), appeal_id, "upheld", "情况属实")
    facts = ledger.stream_of(db.session(), f"appeal:{appeal_id}")
    assert [fact.kind for fact in facts] == ["appeal:raised", "appeal:upheld"]
    assert facts[0].payload["digest"] == report.digest
    assert first_bad(facts) is None


@pytest.mark.parametrize("by", ["officer", "officer2", "many_hats"])
def test_officers_of_the_unit_may_appeal(town: Town, report: StoredReport, by: str) -> None:
    assert raised(town, report, by)


@pytest.mark.parametrize("by", ["below_officer", "neighbour", "supporter", "railman", "clerk", "dispatcher", "lead", "auditor",
                                "admin", "custodian"])
def test_nobody_else_may_appeal(town: Town, report: StoredReport, by: str) -> None:
    with pytest.raises(NotAllowed):
        appeals.raise_appeal(town.actor(by), report, key_of(town, report), WORDS)
    assert appeals.open_lines(town.actor(by), report).lines == ()


def test_each_line_is_appealed_against_once(town: Town, report: StoredReport) -> None:
    key = key_of(town, report)
    raised(town, report)
    with pytest.raises(Conflict):
        appeals.raise_appeal(town.actor("officer2"), report, key, WORDS)
    assert appeals.open_lines(town.actor("officer"), report).lines == ()


def test_the_tenth_working_day_is_the_last(town: Town, report: StoredReport) -> None:
    until = rules.calendar().add_workdays(town.clock.today(), 10).on
    assert appeals.open_lines(town.actor("officer"), report).until == until
    town.clock.move_to(town.clock.end_of(until))
    assert not appeals.open_lines(town.actor("officer"), report).is_open
    with pytest.raises(NotAllowed, match="截止"):
        raised(town, report)


def test_on_the_last_day_itself_it_is_in_time(town: Town, report: StoredReport) -> None:
    until = appeals.open_lines(town.actor("officer"), report).until
    town.days_pass((until - town.clock.today()).days)
    assert raised(town, report)


def test_words_are_needed_and_masked(town: Town, report: StoredReport) -> None:
    with pytest.raises(Invalid):
        appeals.raise_appeal(town.actor("officer"), report, key_of(town, report), "  ")
    appeal_id = appeals.raise_appeal(town.actor("officer"), report, key_of(town, report), "请联系 13812345678")
    assert "13812345678" not in db.session.get_one(Appeal, appeal_id).text
    with pytest.raises(NotAllowed):
        appeals.raise_appeal(town.actor("officer"), report, "1/rejected/XH-2026-999999/1/2026-01-01", WORDS)


@pytest.mark.parametrize("by", ["dispatcher", "dispatcher2", "lead", "lead2"])
def test_dispatchers_and_leads_of_the_area_decide(town: Town, report: StoredReport, by: str) -> None:
    appeals.decide(town.actor(by), raised(town, report), "rejected", "理由不足")
    assert db.session.scalars(select(Appeal.outcome)).one() == "rejected"


@pytest.mark.parametrize(("by", "refusal"), [
    ("officer", NotAllowed), ("many_hats", NotAllowed), ("auditor", NotAllowed), ("supervisor", NotAllowed),
    ("verifier", NotAllowed),
    ("neighbour", NotFound), ("railman", NotFound), ("other_dispatcher", NotFound), ("other_lead", NotFound),
    ("custodian", NotFound),
])
def test_nobody_else_decides_and_outsiders_cannot_tell_that_there_is_one(
        town: Town, report: StoredReport, by: str, refusal: type[Exception]) -> None:
    appeal_id = raised(town, report)
    with pytest.raises(refusal):
        appeals.decide(town.actor(by), appeal_id, "upheld", "同意")
    assert db.session.scalars(select(Appeal.outcome)).one() is None


def told_of(appeal_id: int, kind: str = "%") -> dict[str, Message]:
    """The mails of an appeal by the login of their reader."""
    query = select(Person.login, Message).join(Message, Message.person_id == Person.id)
    return {row[0]: row[1]
            for row in db.session.execute(query.where(Message.dedupe_key.like(f"notice/appeal:{kind}/appeal:{appeal_id}#%")))}


@pytest.mark.parametrize(("outcome", "said"), [("upheld", "申诉成立"), ("rejected", "申诉不成立")])
def test_the_appealing_unit_is_told_of_the_decision(town: Town, report: StoredReport, outcome: str, said: str) -> None:
    accounts.set_head(town.actor("admin"), login="below_officer", is_head=True)  # of the unit below: not concerned
    appeal_id = appeals.raise_appeal(town.actor("officer"), report, key_of(town, report), "申诉人金丝雀")
    assert told_of(appeal_id, outcome) == {}
    appeals.decide(town.actor("dispatcher"), appeal_id, outcome, "决定理由金丝雀")
    mails = told_of(appeal_id, outcome)
    assert set(mails) == {"officer", "officer2", "many_hats"}
    for mail in mails.values():
        assert said in mail.subject and report.title in mail.subject
        assert f"{wiring().base_url}/reports/quarterly/2026-Q1/appeals\n" in mail.text
        assert "金丝雀" not in mail.subject + mail.text


def test_a_decision_that_fails_tells_nobody(town: Town, report: StoredReport) -> None:
    appeal_id = raised(town, report)
    with pytest.raises(Invalid):
        appeals.decide(town.actor("dispatcher"), appeal_id, "upheld", " ")
    with pytest.raises(NotAllowed):
        appeals.decide(town.actor("officer"), appeal_id, "upheld", "同意")
    assert told_of(appeal_id, "upheld") == {}


def test_an_appeal_is_told_to_the_dispatchers_who_may_decide_it(town: Town, report: StoredReport) -> None:
    appeal_id = appeals.raise_appeal(town.actor("officer"), report, key_of(town, report), "申诉人金丝雀")
    mails = told_of(appeal_id, "raised")
    assert set(mails) == {"dispatcher", "dispatcher2"}  # many_hats is of the unit
    for mail in mails.values():
        assert mail.subject == f"【销号】考核申诉待决定：{report.title}"
        assert f"{wiring().base_url}/reports/quarterly/2026-Q1/appeals\n" in mail.text
        assert "金丝雀" not in mail.subject + mail.text


def test_who_stands_in_for_the_raiser_does_not_decide(town: Town, report: StoredReport) -> None:
    delegate(town, "officer", "dispatcher")
    appeal_id = appeals.raise_appeal(standing(town, "dispatcher", "officer"), report, key_of(town, report), WORDS)
    with pytest.raises(NotAllowed):
        appeals.decide(town.actor("dispatcher"), appeal_id, "upheld", "同意")
    appeals.decide(town.actor("dispatcher2"), appeal_id, "upheld", "同意")


def test_a_decision_is_final_and_says_why(town: Town, report: StoredReport) -> None:
    appeal_id, dispatcher = raised(town, report), town.actor("dispatcher")
    for outcome, reason in (("maybe", "同意"), ("upheld", " ")):
        with pytest.raises(Invalid):
            appeals.decide(dispatcher, appeal_id, outcome, reason)
    appeals.decide(dispatcher, appeal_id, "upheld", "同意")
    with pytest.raises(Conflict):
        appeals.decide(town.actor("lead"), appeal_id, "rejected", "不同意")
    with pytest.raises(NotFound):
        appeals.decide(dispatcher, appeal_id + 1, "upheld", "同意")


def test_an_upheld_appeal_changes_the_next_report_and_never_the_published_one(town: Town, report: StoredReport) -> None:
    body, digest = report.body, report.digest
    appeals.decide(town.actor("dispatcher"), raised(town, report), "upheld", "情况属实")
    following = published(town, "quarterly", "2026-Q2", datetime(2026, 7, 7, 1, 0, tzinfo=UTC))
    assert [row[-2:] for row in table(following, "申诉更正")] == [("2026年第1季度", "该期应加回10.00分")]
    year = published(town, "annual", "2026", datetime(2027, 1, 12, 1, 0, tzinfo=UTC))
    assert [row[-1] for row in table(year, "申诉更正")] == ["本期不扣10.00分"]
    assert "核查不通过" not in [row[1] for row in table(year, "扣分清单")]
    db.session.expire_all()
    assert (report.body, report.digest) == (body, digest)
    assert [reports.rerun(each).digest() for each in (report, following, year)] == [report.digest, following.digest, year.digest]


def test_a_decision_after_the_cut_is_for_the_period_after(town: Town, report: StoredReport) -> None:
    appeal_id = raised(town, report)
    town.clock.move_to(datetime(2026, 7, 7, 1, 0, tzinfo=UTC))
    appeals.decide(town.actor("dispatcher"), appeal_id, "upheld", "情况属实")
    second = reports.publish(reports.build("quarterly", period_named("2026-Q2"), "360103"))
    assert table(second, "申诉更正") == ()
    third = published(town, "quarterly", "2026-Q3", datetime(2026, 10, 14, 1, 0, tzinfo=UTC))
    assert len(table(third, "申诉更正")) == 1


def test_rules_changed_later_leave_a_stored_appraisal_as_it_was(town: Town, report: StoredReport) -> None:
    default: Any = rule_values.value("appraisal_rules", town.clock.today())
    harder = {**default, "deductions": [{**row, "points": 3} for row in default["deductions"]]}
    with Work(wiring()) as work:
        work.session.add(RuleValue(key="appraisal_rules", value=canonical(harder), effective_from=datetime(2026, 1, 1).date(),
                                   made_at=work.clock.now()))
        work.record("rules", RuleFacts.value_set, OPERATOR, {"key": "appraisal_rules"})
        caching.rules_changed(work.session)
    assert reports.rerun(report).digest() == report.digest
    fresh = reports.build("quarterly", period_named("2026-Q1"), "360103").document
    assert fresh.foot[-1] != reports.document_of(report).foot[-1]
    assert "40.00" in [row[7] for section in fresh.sections for t in section.tables if t.title == "扣分清单" for row in t.rows]


def test_readers_see_all_of_their_area_and_officers_their_own_units(town: Town, report: StoredReport) -> None:
    appeal_id = raised(town, report)
    seen = {login: [line.id for line in lists.of_report(db.session(), town.actor(login).scope(), report.id)]
            for login in ("officer", "lead", "supervisor", "neighbour", "other_lead", "custodian")}
    assert seen == {"officer": [appeal_id], "lead": [appeal_id], "supervisor": [appeal_id], "neighbour": [], "other_lead": [],
                    "custodian": []}


@pytest.mark.parametrize(("by", "name", "period"), [
    ("lead", "quarterly", "2026-Q2"), ("lead", "daily", "2026-03-02"), ("other_lead", "quarterly", "2026-Q1"),
    ("custodian", "quarterly", "2026-Q1")])
def test_absent_and_forbidden_are_answered_alike(town: Town, report: StoredReport, by: str, name: str, period: str) -> None:
    with pytest.raises(NotFound, match="没有找到这份考核，或您无权查看"):
        appeals.report_for(town.actor(by), name, period)


TRICKS = (
    ("UPDATE appeals SET decided_by_id = raised_by_id, outcome = 'upheld', decided_at = raised_at", "another_person"),
    ("UPDATE appeals SET outcome = 'upheld'", "decided"), ("UPDATE appeals SET outcome = 'maybe'", "outcome|decided"),
)


@pytest.mark.parametrize(("statement", "rule"), TRICKS)
def test_the_database_itself_keeps_the_raiser_from_deciding(town: Town, report: StoredReport, statement: str, rule: str) -> None:
    raised(town, report)
    with pytest.raises(DBAPIError, match=rule):
        db.session.execute(text(statement))
    db.session.rollback()
