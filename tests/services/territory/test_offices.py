"""Offices: whose case it is, how closings are numbered, and what is changed of that."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound
from tracker.domain.territory.fact_kinds import OfficeFacts
from tracker.services.house.master.rows import save_row
from tracker.services.house.work import Work, reading, wiring
from tracker.services.territory import offices
from tracker.services.upkeep.checks.numbers import number_troubles
from tracker.services.upkeep.checks.rows import row_troubles
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Counter


def new_office(area_code: str, document_short: str, filing_short: str) -> None:
    with Work(wiring()) as work:
        given = {"name": f"{area_code}整改办", "document_short": document_short, "filing_short": filing_short}
        offices.enter(work, area_code, given, work.clock.today())
        work.record(offices.stream_of(area_code), OfficeFacts.set_up, offices.OPERATOR, {"area_code": area_code})


@pytest.mark.one_engine
def test_home_is_what_its_office_says(town: Town) -> None:
    home = offices.home()
    assert home is not None
    assert (wiring().home_area, home.filing_short, home.document_short) == ("360103", "西环销", "西环督")


@pytest.mark.one_engine
def test_a_closing_is_numbered_by_the_office_with_the_longest_code_over_its_place(town: Town) -> None:
    new_office("360103002", "朝环督", "朝环销")
    street, elsewhere = (town.case_in(CaseState.closed, area_code=code) for code in ("360103002", "360103009"))
    assert (town.row(street).filing_no, town.row(elsewhere).filing_no) == ("朝环销〔2026〕1号", "西环销〔2026〕1号")
    assert sorted(reading().scalars(select(Counter.key).where(Counter.key.startswith("filing:")))) == [
        "filing:360103002:2026", "filing:360103:2026"]


@pytest.mark.one_engine
def test_each_year_begins_with_one_and_another_short_name_goes_on_counting(town: Town) -> None:
    first = town.case_in(CaseState.closed)
    assert offices.change(None, "360103", {"filing_short": "西湖销"}) == ("filing_short",)
    second = town.case_in(CaseState.closed)
    town.clock.move_to(datetime(2027, 1, 4, 2, tzinfo=UTC))
    third = town.case_in(CaseState.closed)
    assert [town.row(each).filing_no for each in (first, second, third)] == ["西环销〔2026〕1号", "西湖销〔2026〕2号", "西湖销〔2027〕1号"]
    assert list(number_troubles(reading())) == []


@pytest.mark.one_engine
def test_a_number_of_closings_that_no_fact_bears_is_a_hole(town: Town) -> None:
    town.case_in(CaseState.closed)
    counter = db.session.get(Counter, "filing:360103:2026")
    assert counter is not None
    counter.last = 3
    db.session.commit()
    assert [str(each) for each in number_troubles(reading())] == [
        "销号文号（360103）2026 年第 2 号 没有登记记录", "销号文号（360103）2026 年第 3 号 没有登记记录"]


def test_a_change_is_told_and_its_row_holds(town: Town) -> None:
    given = {"addressees": "各街道", "has_imprint": True}
    assert offices.change(town.actor("admin"), "360103", given) == tuple(given)
    fact = ledger.stream_of(reading(), "office:360103")[-1]
    assert (fact.kind, fact.payload["to"]) == (OfficeFacts.changed, given)
    assert offices.change(town.actor("admin"), "360103", {"addressees": " 各街道 "}) == ()
    assert list(row_troubles(reading())) == []


@pytest.mark.one_engine
@pytest.mark.parametrize(("given", "field", "sentence"), [
    ({"name": "\u3164\u2800 "}, "name", "机关名称应为 1 至 80 字。"),
    ({"filing_short": "销"}, "filing_short", "销号代字应为 2 至 8 个字，不含括号、数字和空格，如“东环督”。"),
    ({"filing_short": "西环〔销〕"}, "filing_short", "销号代字应为 2 至 8 个字，不含括号、数字和空格，如“东环督”。"),
    ({"document_short": "西环2"}, "document_short", "发文代字应为 2 至 8 个字，不含括号、数字和空格，如“东环督”。"),
])  # fmt: skip
def test_what_no_office_is_called_is_refused_by_field(town: Town, given: dict[str, object], field: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        offices.change(None, "360103", given)
    assert (refusal.value.field, refusal.value.sentence) == (field, sentence)


@pytest.mark.one_engine
def test_a_short_name_is_one_office_s_alone_and_only_an_administrator_changes_one(town: Town) -> None:
    new_office("360111", "青环督", "青环销")
    with pytest.raises(Conflict) as taken:
        offices.change(None, "360103", {"filing_short": "青环销"})
    assert taken.value.sentence == "销号代字“青环销”已由360111整改办使用，请换一个。"
    with pytest.raises(NotAllowed):
        offices.change(town.actor("dispatcher"), "360103", {"name": "别的"})
    with pytest.raises(NotFound):
        offices.change(None, "999999", {"name": "别的"})


def test_offices_are_master_data_and_the_home_s_does_not_end(town: Town) -> None:
    given = {"name": "青山湖区整改办", "document_short": "青环督", "filing_short": "青环销"}
    assert save_row(town.actor("admin"), "offices", "360111", {"area_code": "360111", **given}).key == "360111"
    assert ledger.stream_of(reading(), "office:360111")[-1].kind == OfficeFacts.added
    save_row(town.actor("admin"), "offices", "360111", {"valid_to": "2026-03-31", "addressees": "各镇"})
    found = offices.all_offices()
    assert [each.addressees for each in found.rows if each.area_code == "360111"] == ["各镇"]
    ended, home = found.of("360111001", date(2026, 4, 1)), found.of("360111001", date(2026, 3, 31))
    assert ended is not None and home is not None
    assert (ended.area_code, home.area_code) == ("360103", "360111")
    with pytest.raises(Invalid) as refusal:
        save_row(None, "offices", "360103", {"valid_to": "2026-03-31"})
    assert refusal.value.field == "valid_to"
    with pytest.raises(Invalid) as unknown:
        save_row(None, "offices", "999999", {"area_code": "999999", **given, "document_short": "甲乙", "filing_short": "丙丁"})
    assert "999999" in unknown.value.sentence
    assert list(row_troubles(reading())) == []
