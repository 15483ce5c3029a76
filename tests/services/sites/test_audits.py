"""Audits of cleaner production: their days in order, their schemes never deleted; and the figures of the registry."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.services.sites.test_entering import entered, listed
from tests.services.sites.test_sites import registered
from tests.support.makers import Town
from tracker.domain.house.errors import Conflict, Incomplete, Invalid
from tracker.domain.reports.measures.counted import rate_text
from tracker.domain.sites.audits import late_with
from tracker.domain.sites.registers import SiteRegister
from tracker.services.house.work import reading
from tracker.services.reports.measures.readers import asked_window
from tracker.services.reports.measures.sites import count_sites
from tracker.services.sites import audits, entries, obligations
from tracker.services.upkeep.integrity import verify
from tracker.storage.house.base import db

DAYS: dict[str, object] = {"year": "2025", "listed_on": "2025-03-01", "started_on": "2025-04-01", "reported_on": "2026-01-05",
                           "assessed_on": "2026-02-10", "is_mandatory": True, "is_new": True}


def audited(town: Town, code: str, low: int, high: int) -> int:
    audit = audits.record_audit(town.actor("clerk"), code, DAYS)
    for kind, count in (("low", low), ("high", high)):
        for n in range(count):
            audits.add_scheme(town.actor("clerk"), audit, {"kind": kind, "name": f"方案{n}", "invested": "20000"})
    return audit


def figures(first: date = date(2026, 1, 1), last: date = date(2026, 3, 2)) -> dict[str, object]:
    return {key: each.value for key, each in count_sites(reading(), asked_window(first, last)).items()}


def test_three_audits_with_35_and_5_schemes_count_3_35_5_and_34_once_one_is_void(town: Town) -> None:
    codes = [registered(town, name=f"第{n}号厂") for n in range(3)]
    first, *_ = [audited(town, code, low, high) for code, low, high in zip(codes, (12, 12, 11), (2, 2, 1), strict=True)]
    assert [figures()[key] for key in ("audits.assessed", "schemes.low", "schemes.high")] == [3, 35, 5]
    with pytest.raises(IntegrityError):
        db.session.execute(text("DELETE FROM audit_schemes"))
    db.session.rollback()
    audits.void_scheme(town.actor("clerk"), first, 1, "与另一项重复")
    assert [figures()[key] for key in ("audits.assessed", "schemes.low", "schemes.high")] == [3, 34, 5]
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
@pytest.mark.parametrize(("given", "field"), [
    ({"assessed_on": "2025-03-31"}, "assessed_on"), ({"started_on": ""}, "started_on"), ({"listed_on": ""}, "listed_on"),
    ({"reported_on": "2026-03-03"}, "reported_on"), ({"year": "1990"}, "year"), ({"started_on": "2025-02-01"}, "started_on"),
])
def test_days_out_of_order_are_said_at_their_field(town: Town, given: dict[str, object], field: str) -> None:
    with pytest.raises((Invalid, Incomplete)) as refused:
        audits.record_audit(town.actor("clerk"), registered(town), {**DAYS, **given})
    assert refused.value.field == field


@pytest.mark.one_engine
def test_one_audit_a_site_and_year_and_a_scheme_is_not_implemented_tomorrow(town: Town) -> None:
    code = registered(town)
    audit = audited(town, code, 0, 0)
    with pytest.raises(Conflict, match="已有 2025 年度的审核"):
        audits.record_audit(town.actor("clerk"), code, DAYS)
    assert audits.record_audit(town.actor("clerk"), code, {**DAYS, "is_new": "", "accepted_on": "2026-03-01"}) == audit
    with pytest.raises(Invalid, match="不能晚于今天"):
        audits.add_scheme(town.actor("clerk"), audit, {"kind": "low", "name": "换灯", "implemented_on": "2026-03-03"})


@pytest.mark.one_engine
def test_an_audit_that_does_not_begin_in_two_months_or_end_in_a_year_is_late() -> None:
    assert late_with(date(2026, 1, 1), None, None, date(2026, 3, 1)) is None
    assert late_with(date(2026, 1, 1), None, None, date(2026, 3, 2)) == "列入名单满 2 个月未启动"
    assert late_with(date(2025, 1, 1), date(2025, 2, 1), None, date(2026, 1, 2)) == "列入名单满 12 个月未完成"
    assert late_with(date(2025, 1, 1), date(2025, 2, 1), date(2025, 12, 1), date(2026, 1, 2)) is None


@pytest.mark.one_engine
def test_figures_count_sites_once_with_the_records_behind_them_as_was_known_on_the_day(town: Town) -> None:
    codes = [registered(town, name=f"第{n}号厂") for n in range(3)]
    for code, value in zip(codes, "ABB", strict=True):
        entries.propose_class(town.actor("dispatcher"), code, value, ("pollution",), "按监测", valid_from=date(2026, 1, 1))
        entries.decide_class(town.actor("lead"), code, is_accepted=True)
    for _ in range(2):
        entered(town, codes[0], SiteRegister.commitment, valid_from="2026-01-10")
    entered(town, codes[1], valid_from="2025-01-01")
    listed(town, codes[2])
    obligations.make_obligations(date(2026, 3, 2))
    found = count_sites(reading(), asked_window(date(2026, 1, 1), date(2026, 3, 2)))
    assert {key: each.value for key, each in found.items()} == {
        "sites.listed": 3, "sites.class.A": 1, "sites.class.B": 2, "sites.class.C": 0, "commitments.sites": 1, "permits.sites": 1,
        "positive.sites": 1, "reports.rate": 0, "reports.on_time": 0}
    assert [each.target for each in found["commitments.sites"].behind] == ["site:S-000001"]
    assert rate_text(found["sites.class.B"]) == "66.7%"
    assert count_sites(reading(), asked_window(date(2026, 1, 1), date(2026, 3, 2), on=date(2026, 3, 1))) != found
    assert "permits.sites" not in count_sites(reading(), asked_window(date(2026, 1, 1), date(2026, 3, 2), on=date(2026, 3, 1)))
