"""Reports, appeals and rule values stand in rows of their own; whoever changes one behind the product's back is found by the ledger."""

import pytest
from sqlalchemy import text

from tests.support.makers import Town
from tests.support.tampering import tamper
from tests.support.tour import appraise_last_year
from tracker.services.reports import appeals
from tracker.services.rules import book
from tracker.services.upkeep import integrity
from tracker.storage.house.base import db
from tracker.storage.reports.appeals import Appeal

PUBLISHED, VALUE = "report:annual/2025/360103#1 report:published", "rules#1 rules:value_set"
FORGED_VALUE = ("INSERT INTO rule_values (key, value, basis, effective_from, made_at) "
                "VALUES ('daily_mail_cap', '9', '', '2026-03-09', '2026-03-02 00:00:00')")
TAMPERINGS = {
    "a report taken away": (("UPDATE cadence_records SET report_id = NULL", "DELETE FROM appeals", "DELETE FROM reports"), PUBLISHED,
                            "存档的报告不见了"),
    "a report's text": (("UPDATE reports SET body = replace(body, '360103', '360104')",), PUBLISHED, "存档的报告被改动"),
    "a report's title": (("UPDATE reports SET title = '另一份'",), PUBLISHED, "存档的报告被改动"),
    "a report's period": (("UPDATE reports SET period = '2024'",), PUBLISHED, "存档的报告不见了"),
    "an appeal taken away": (("DELETE FROM appeals",), "appeal:1#1 appeal:raised", "申诉的行不见了"),
    "an appeal's reason": (("UPDATE appeals SET text = '别的理由'",), "appeal:1#1 appeal:raised", "申诉的行被改动"),
    "a decision turned round": (("UPDATE appeals SET outcome = 'upheld'",), "appeal:1#2 appeal:rejected", "申诉的行被改动"),
    "a decision taken back": (("UPDATE appeals SET outcome = NULL, decided_at = NULL, decided_by_id = NULL",), "appeal:1#2 appeal:rejected",
                              "申诉的行被改动"),
    "a rule's value": (("UPDATE rule_values SET value = '999'",), VALUE, "规则的这个值被改动"),
    "a rule's day": (("UPDATE rule_values SET effective_from = '2026-04-01'",), VALUE, "规则的这个值不见了"),
    "a value that nobody set": ((FORGED_VALUE,), "daily_mail_cap 2026-03-09", "没有账本记录"),
}


@pytest.fixture
def judged(town: Town) -> Town:
    """A district with a published appraisal, an appeal that was rejected, and a value of the rule book."""
    appraise_last_year(town)
    book.set_value(town.actor("admin"), "daily_mail_cap", "7", town.clock.today(), "会议纪要")
    appeal = db.session.query(Appeal).one()
    appeals.decide(town.actor("lead"), appeal.id, appeals.REJECTED, "证据不足")
    assert (appeal.id, integrity.verify().first) == (1, None)
    return town


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_row_that_is_not_what_the_ledger_says_is_named(judged: Town, name: str) -> None:
    statements, where, reason = TAMPERINGS[name]
    tamper(*statements)
    found = integrity.verify().first
    assert (found.where, found.reason) == (where, reason) if found else pytest.fail("nothing was found")


def test_a_decision_that_nobody_took_is_named(town: Town) -> None:
    appraise_last_year(town)
    lead = town.people["lead"]
    tamper(f"UPDATE appeals SET outcome = 'upheld', decided_by_id = {lead}, decided_at = raised_at")
    assert str(integrity.verify().first) == "appeal:1 appeal:upheld：没有账本记录"
    assert db.session.scalar(text("SELECT outcome FROM appeals")) == "upheld"
