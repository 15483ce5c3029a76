"""Reports that permits ask for: made by the clock, handed in, waived, and gone with their permit."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.services.sites.test_entering import NUMBER, entered
from tests.services.sites.test_sites import registered
from tests.support.makers import Town
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.sites.sight import EVERY_SITE
from tracker.services.house.work import reading
from tracker.services.sites import entering, obligations
from tracker.services.tables.registers import batches
from tracker.services.tables.registers.importing import BadRegisterRows, RegisterFileOrder, import_register
from tracker.services.tables.registers.reports import import_reports
from tracker.services.upkeep.integrity import verify
from tracker.storage.house.base import db
from tracker.storage.sites import obligations as owed
from tracker.storage.sites.obligations import ReportFilters

TODAY = date(2026, 3, 2)


def lines(**asked: str) -> list[tuple[str, str]]:
    found = owed.page(reading(), EVERY_SITE, ReportFilters(**asked), TODAY)
    return [(each.period, each.due_on.isoformat()) for each in found.lines]


def test_reports_are_made_once_handed_in_and_waived_and_the_ledger_agrees(town: Town) -> None:
    code = registered(town)
    entered(town, code, valid_from="2025-09-10", reports="year,quarter,month")
    assert obligations.make_obligations(TODAY) == 6 and obligations.make_obligations(TODAY) == 0
    assert lines() == [("2025-09", "2025-10-15"), ("2025-10", "2025-11-15"), ("2025-11", "2025-12-15"), ("2025", "2026-01-15"),
                       ("2026-01", "2026-02-15"), ("2026-02", "2026-03-15")]
    assert lines(light="green") == [("2026-02", "2026-03-15")] and len(lines(light="red")) == 5
    first, second = (each.id for each in owed.page(reading(), EVERY_SITE, ReportFilters(), TODAY, size=2).lines)
    obligations.satisfy(town.actor("clerk"), first, date(2026, 2, 1), "回执 12")
    with pytest.raises(Conflict, match="已经登记"):
        obligations.satisfy(town.actor("clerk"), first, date(2026, 2, 1))
    obligations.waive(town.actor("dispatcher"), second, "stopped", "10 月全月停产")
    assert len(lines(light="red")) == 3 and lines(light="blue") == [("2025-09", "2025-10-15")]
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_what_is_wrong_is_said_and_nothing_is_noted(town: Town) -> None:
    code = registered(town)
    entered(town, code, valid_from="2025-01-01")
    obligations.make_obligations(TODAY)
    for day in (date(2025, 12, 31), date(2026, 3, 3)):
        with pytest.raises(Invalid, match="应在 2026年1月1日 至 2026年3月2日 之间"):
            obligations.satisfy(town.actor("clerk"), 1, day)
    with pytest.raises(NotAllowed):
        obligations.satisfy(town.actor("verifier"), 1, TODAY)
    with pytest.raises(Incomplete, match="说明"):
        obligations.waive(town.actor("clerk"), 1, "stopped", " ")
    assert len(lines(light="red")) == 1


def test_the_database_lets_a_report_come_in_once_and_nothing_else_change(town: Town) -> None:
    entered(town, registered(town), valid_from="2025-01-01")
    obligations.make_obligations(TODAY)
    obligations.satisfy(town.actor("clerk"), 1, TODAY)
    for change in ("UPDATE site_obligations SET due_on = '2026-12-31'", "UPDATE site_obligations SET satisfied_on = '2026-01-02'",
                   "DELETE FROM site_obligations"):
        with pytest.raises(IntegrityError):
            db.session.execute(text(change))
        db.session.rollback()


@pytest.mark.one_engine
def test_a_permit_that_was_a_mistake_owes_nothing_and_what_came_in_counts_for_the_one_in_its_place(town: Town) -> None:
    code = registered(town)
    first = entered(town, code, valid_from="2025-01-01")
    obligations.make_obligations(TODAY)
    obligations.satisfy(town.actor("clerk"), 1, date(2026, 1, 10))
    entering.end(town.actor("clerk"), code, first, "mistaken", reason="管理类别录错")
    assert lines(light="blue") == []
    entered(town, code, valid_from="2025-01-01", value="simple")
    obligations.make_obligations(TODAY)
    assert lines(light="blue") == [("2025", "2026-01-15")]
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_of_724_yearly_reports_724_are_in_and_721_in_time_and_a_withdrawn_file_owes_nothing(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "许可证.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("名称", "许可证编号", "管理类别", "有效期起", "执行报告"),
                                      *((f"第{n}号厂", f"{NUMBER[:-4]}{n:04d}", "简化管理", "2024-01-01", "年报") for n in range(724))])
    done = import_register(OPERATOR, path, RegisterFileOrder(SiteRegister.permit))
    assert obligations.make_obligations(TODAY) == 724
    listed = tmp_path / "年报.csv"
    with listed.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("许可证编号", "报告类型", "报告期", "提交日期"),
                                      *((f"{NUMBER[:-4]}{n:04d}", "年报", "2025年", f"2026-01-{20 if n < 3 else 10}")
                                        for n in range(724))])
    assert import_reports(OPERATOR, listed).created_count == 724
    assert import_reports(OPERATOR, listed).known_count == 724
    rate = owed.rate(reading(), EVERY_SITE, "year", "2025", TODAY)
    assert (rate.owed, rate.received, rate.on_time) == (724, 724, 721)
    assert owed.rate(reading(), EVERY_SITE, "year", "2025", date(2026, 1, 15)).received == 721
    batches.withdraw(OPERATOR, done.batch)
    assert owed.rate(reading(), EVERY_SITE, "year", "2025", TODAY).owed == 0


@pytest.mark.one_engine
def test_a_list_of_reports_with_a_bad_row_is_refused_whole(town: Town, tmp_path: Path) -> None:
    entered(town, registered(town), valid_from="2025-01-01", reports="year,quarter")
    obligations.make_obligations(TODAY)
    listed = tmp_path / "报告.csv"
    rows = [("年报", "2025", "2026-01-10"), ("季报", "2025年第4季度", "2026-01-10"), ("季报", "2025Q9", "2025-04-10"),
            ("季报", "2025Q1", "2025-03-31"), ("日报", "2025", "2025-03-31"), ("年报", "2025", "2026-01-11")]
    with listed.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("许可证编号", "报告类型", "报告期", "提交日期"), *((NUMBER, *row) for row in rows)])
    with pytest.raises(BadRegisterRows) as refused:
        import_reports(OPERATOR, listed)
    assert sorted(each.row for each in refused.value.outcome.troubles) == [3, 4, 5, 6, 7]
    assert lines(light="blue") == []


@pytest.mark.one_engine
def test_a_permit_with_days_of_its_own_is_due_by_them(town: Town) -> None:
    entering.enter(town.actor("clerk"), registered(town), SiteRegister.permit, {
        "number": NUMBER, "value": "key", "valid_from": "2025-01-01", "reports": ["year", "month"], "report_due": "年报 2-28"})
    obligations.make_obligations(TODAY)
    assert ("2025", "2026-02-28") in lines() and ("2026-01", "2026-02-15") in lines()
    with pytest.raises(Invalid, match="报告期限") as refused:
        entering.enter(town.actor("clerk"), "S-000001", SiteRegister.permit, {
            "number": "许2", "value": "key", "valid_from": "2025-01-01", "report_due": "明年"})
    assert refused.value.field == "report_due"


@pytest.mark.one_engine
def test_a_report_that_was_entered_later_was_not_in_as_far_as_was_known_before(town: Town) -> None:
    entered(town, registered(town), valid_from="2025-01-01")
    obligations.make_obligations(TODAY)
    window = (date(2026, 1, 1), date(2026, 1, 31))
    before = town.clock.now()
    town.clock.advance(timedelta(days=1))
    obligations.satisfy(town.actor("clerk"), 1, date(2026, 1, 10))
    for known_at, is_in in ((before, None), (town.clock.now(), date(2026, 1, 10))):
        assert [each.satisfied_on for each in owed.due_within(reading(), EVERY_SITE, *window, known_at)] == [is_in]
    assert owed.due_within(reading(), EVERY_SITE, *window, before - timedelta(days=1)) == [], "it was not listed yet"
    entering.end(town.actor("clerk"), "S-000001", 1, "cancelled", date(2025, 12, 30))
    town.clock.advance(timedelta(days=1))
    assert owed.due_within(reading(), EVERY_SITE, *window, town.clock.now()) == []
    assert len(owed.due_within(reading(), EVERY_SITE, *window, before)) == 1, "as was known then"
