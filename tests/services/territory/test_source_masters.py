"""Sources as master data: offered from a day to a day, with a public notice from a day on, and with a way to write numbers."""

from datetime import date, timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Incomplete, Invalid, Refusal
from tracker.domain.house.master import MasterEdit
from tracker.domain.territory.numbers.grammar import read_grammar
from tracker.services.cases import steps
from tracker.services.cases.source_numbers import doubt_of
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.services.upkeep.checks.law import law_troubles
from tracker.storage.cases.register.choices import choices

pytestmark = pytest.mark.one_engine

FOURTH = {"name": "第四轮中央督察", "kind": "督察信访件", "channel": "上级转办", "level": "中央"}
GRAMMAR = {"number_grammar": "X3JX{年4}{月2}{日2}{数字4}", "number_samples": "X3JX202603020001、X3JX202603020002、X3JX202611300003",
           "number_check": "不予登记"}


def offered(town: Town) -> dict[str, str]:
    return dict(choices(reading(), town.actor("clerk").scope(), town.clock.today()).sources)


def effects(given: dict[str, object], key: str = "H12345") -> str:
    master = rows.master_for(None, "sources")
    edit: MasterEdit = rows.wanted_edit(master, reading(), key, given)
    return " ".join(master.effects(reading(), edit))


def open_to_lead(town: Town, number: str) -> set[str]:
    return {each.name for each in steps.offered(town.actor("lead"), number) if each.why is None}


def test_a_new_source_is_offered_from_its_first_day(town: Town) -> None:
    first = town.clock.today() + timedelta(days=1)
    rows.save_row(town.actor("admin"), "sources", "D4JX", {**FOURTH, "valid_from": first})
    assert "D4JX" not in offered(town)
    with pytest.raises(Invalid, match="起才可选"):
        town.registered("D4JX")
    town.days_pass(1)
    assert offered(town)["D4JX"] == "第四轮中央督察"
    assert town.registered("D4JX")


def test_a_source_that_ended_is_no_longer_offered_and_stays_in_filters(town: Town) -> None:
    number = town.registered("MSG")
    rows.end_row(town.actor("admin"), "sources", "MSG", town.clock.today())
    assert "MSG" in offered(town)
    town.days_pass(1)
    assert "MSG" not in offered(town)
    found = choices(reading(), town.actor("clerk").scope(), town.clock.today())
    assert dict(found.offered("source", ""))["MSG"] == "网络留言（至 2026年3月2日）"
    with pytest.raises(Invalid, match="已于 2026年3月2日 终止"):
        town.registered("MSG")
    town.walk(number, "assign")


def test_a_notice_is_asked_of_what_is_verified_from_its_day_on(town: Town) -> None:
    before = town.case_in(CaseState.verified, "H12345")
    later = town.case_in(CaseState.submitted, "H12345")
    first = town.clock.today() + timedelta(days=7)
    rows.save_row(town.actor("admin"), "sources", "H12345", {"is_notice_required": "是", "notice_from": first})
    town.days_pass(7)
    town.walk(later, "verify")
    assert "close" in open_to_lead(town, before)
    assert "close" not in open_to_lead(town, later)
    with pytest.raises(Refusal):
        town.walk(later, "close")
    town.walk(before, "close")
    town.walk(later, "open_notice")
    assert list(law_troubles(reading())) == []
    assert access.actor_by_login("lead")


def test_a_change_of_the_notice_that_is_still_to_come_is_taken_back(town: Town) -> None:
    later = town.clock.today() + timedelta(days=30)
    rows.save_row(None, "sources", "H12345", {"is_notice_required": "是", "notice_from": later})
    assert rows.row_named(rows.master_for(None, "sources"), reading(), "H12345")["notice_from"] == later
    rows.save_row(None, "sources", "H12345", {"is_notice_required": "否"})
    assert (rules.source("H12345").is_notice_required, rules.source("H12345").notice_since) == (False, None)
    for given in ({"is_notice_required": "是", "notice_from": "2026-02-01"}, {"notice_from": "2026-05-01"}):
        with pytest.raises(Invalid, match=r"不能倒签|没有改动"):
            rows.save_row(None, "sources", "H12345", given)


def test_a_number_that_its_source_writes_otherwise_is_refused_or_told(town: Town) -> None:
    old = town.registered("H12345", source_number="旧号1")
    assert "1 个不符合新格式" in effects(GRAMMAR)
    rows.save_row(town.actor("admin"), "sources", "H12345", GRAMMAR)
    for number in ("X3JX202613010001", "X3JX20260302001", "Y3JX202603020001"):
        with pytest.raises(Invalid, match="不符合“12345热线工单”的格式"):
            town.registered("H12345", source_number=number)
    assert town.registered("H12345", source_number="X3JX202603020009") != old
    rows.save_row(None, "sources", "H12345", {"number_check": "warn"})
    assert town.registered("H12345", source_number="随便1")
    assert "不符合" in str(doubt_of(rules.source("H12345"), "随便2", town.clock.today()))
    rows.save_row(None, "sources", "H12345", {"number_since": date(2027, 1, 1)})
    assert doubt_of(rules.source("H12345"), "随便2", town.clock.today()) is None


@pytest.mark.parametrize(("given", "sentence"), [
    ({"number_grammar": "X{数字}"}, "不认识"), ({"number_grammar": "X{年2}"}, "不认识"), ({"number_grammar": "[0-9]+"}, "附 3 个不同的样例"),
    ({"number_samples": "甲、乙、丙"}, "样例“甲”不符合"), ({"number_check": ""}, "也要选不符时"), ({"number_grammar": ""}, "没有编号格式"),
])
def test_a_grammar_is_fixed_text_digits_letters_and_dates(town: Town, given: dict[str, str], sentence: str) -> None:
    samples = {"number_samples": ""} if "附" in sentence else {}
    with pytest.raises((Invalid, Incomplete), match=sentence):
        rows.save_row(None, "sources", "H12345", {**GRAMMAR, **samples, **given})


def test_letters_and_digits_are_as_many_as_they_say() -> None:
    grammar = read_grammar("{字母2}-{数字3}")
    assert grammar.fits("ab-123")
    assert not any(grammar.fits(number) for number in ("ab-12", "a1-123", "ab-1234", "ab_123", "甲乙-123"))
