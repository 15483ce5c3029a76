"""Supervised sites: registered once, found by old names, classed by one and decided by another."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.makers import Town
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.sites.sight import EVERY_SITE, site_scope
from tracker.services.house.master import loading, rows, sheets
from tracker.services.house.work import reading
from tracker.services.sites import entries
from tracker.services.upkeep.integrity import verify
from tracker.storage.house.base import db
from tracker.storage.sites import listing, register
from tracker.storage.sites.listing import SiteFilters
from tracker.storage.sites.register import SitePage

GIVEN: dict[str, object] = {"name": "桃花纺织有限公司", "kind": "company", "area_code": "360103", "unit": "XH-CYZ"}
TODAY = date(2026, 3, 2)


def registered(town: Town, login: str = "clerk", **given: object) -> str:
    rows.save_row(town.actor(login), "sites", None, {**GIVEN, **given})
    return listing.page(reading(), EVERY_SITE, SiteFilters(), date(2026, 3, 2)).lines[-1].code


def page(code: str) -> SitePage:
    found = register.site_page(reading(), EVERY_SITE, code)
    assert found is not None
    return found


def proposed(town: Town, code: str, value: str = "A", **given: object) -> None:
    entries.propose_class(town.actor("dispatcher"), code, value, ("pollution",), "去年两次超标", valid_from=TODAY)


def test_a_site_is_registered_once_and_numbered_by_the_system(town: Town) -> None:
    assert registered(town) == "S-000001"
    for twin in ({"name": "桃花纺织"}, {"name": "桃花纺织 有限公司", "address": "别处"}):
        with pytest.raises(Conflict, match="已登记为 S-000001"):
            registered(town, **twin)
    assert registered(town, plant_no="2") == "S-000002"
    assert [str(each) for each in verify().troubles] == []


def test_a_renamed_site_is_found_by_its_old_name(town: Town) -> None:
    code = registered(town)
    rows.save_row(town.actor("clerk"), "sites", code, {"name": "新桃花纺织"})
    for named in ("桃花纺织", "新桃花纺织有限公司", "s-000001"):
        assert [each.code for each in register.sites_named(reading(), EVERY_SITE, named)] == [code]
    assert register.sites_named(reading(), EVERY_SITE, "桃花") == []
    assert page(code).names[0][0] == "桃花纺织有限公司"


@pytest.mark.parametrize(("given", "field"), [
    ({"credit_code": "91360100158264065X"}, "credit_code"), ({"trade_code": "Z9"}, "trade_code"), ({"kind": "厂"}, "kind"),
    ({"area_code": "999999"}, "area_code"), ({"code": "S-000009"}, "code"), ({"name": ""}, "name"),
    ({"status": "suspended", "status_from": "2026-12-01"}, "status_from"),
])
def test_what_is_wrong_is_said_at_its_column_and_nothing_is_registered(town: Town, given: dict[str, object], field: str) -> None:
    with pytest.raises((Invalid, Incomplete)) as refused:
        registered(town, **given)
    assert refused.value.field == field
    assert listing.page(reading(), EVERY_SITE, SiteFilters(), date(2026, 3, 2)).lines == ()


def test_a_suspended_site_says_since_when(town: Town) -> None:
    code = registered(town)
    rows.save_row(town.actor("clerk"), "sites", code, {"status": "suspended", "status_from": "2026-02-01"})
    assert [(each.value, str(each.valid_from)) for each in page(code).entries] == [("suspended", "2026-02-01")]
    with pytest.raises(Invalid, match="须晚于这一天"):
        rows.save_row(town.actor("clerk"), "sites", code, {"status": "active", "status_from": "2026-01-15"})
    rows.save_row(town.actor("clerk"), "sites", code, {"status": "active"})
    assert page(code).head.status == "active"
    assert [str(each) for each in verify().troubles] == []


def test_a_class_is_proposed_by_one_and_decided_by_another(town: Town) -> None:
    code = registered(town)
    proposed(town, code)
    assert page(code).head.site_class == ""
    with pytest.raises(Conflict, match="待确认"):
        proposed(town, code, "B")
    entries.decide_class(town.actor("lead"), code, is_accepted=True)
    assert page(code).head.site_class == "A"
    with pytest.raises(Invalid, match="须晚于这一天"):
        proposed(town, code, "B")
    assert [str(each) for each in verify().troubles] == []


def test_a_refused_class_says_why_and_changes_nothing(town: Town) -> None:
    code = registered(town)
    proposed(town, code)
    with pytest.raises(Incomplete, match="写明理由"):
        entries.decide_class(town.actor("lead"), code, is_accepted=False)
    entries.decide_class(town.actor("lead"), code, is_accepted=False, reason="证据不足")
    assert page(code).head.site_class == "" and page(code).entries[0].is_accepted is False
    with pytest.raises(NotFound, match="没有待确认"):
        entries.decide_class(town.actor("lead"), code, is_accepted=True)


def test_nobody_decides_whom_the_law_does_not_name_and_the_database_refuses_the_proposer(town: Town) -> None:
    code = registered(town)
    proposed(town, code)
    with pytest.raises(NotAllowed):
        entries.decide_class(town.actor("dispatcher"), code, is_accepted=True)
    with pytest.raises(NotAllowed):
        entries.propose_class(town.actor("verifier"), code, "A", ("risk",), "近水源", valid_from=TODAY)
    from sqlalchemy import text
    from sqlalchemy.exc import IntegrityError
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE site_entries SET decided_by_id = recorded_by_id, decided_at = recorded_at, "
                                "is_accepted = true"))
    db.session.rollback()
    for change in ("UPDATE site_entries SET value = 'C'", "DELETE FROM site_entries"):
        with pytest.raises(IntegrityError):
            db.session.execute(text(change))
        db.session.rollback()


def test_an_officer_sees_the_sites_of_their_unit_alone(town: Town) -> None:
    mine, other = registered(town), registered(town, name="李家烧烤", kind="catering", unit="TL-NC")
    scope = site_scope(town.actor("officer"))
    assert [line.code for line in listing.page(reading(), scope, SiteFilters(), date(2026, 3, 2)).lines] == [mine]
    with pytest.raises(NotFound):
        entries.propose_class(town.actor("officer"), other, "A", ("risk",), "近水源", valid_from=TODAY)


def test_a_sheet_that_is_exported_and_loaded_changes_nothing_and_new_rows_need_no_number(town: Town, tmp_path: Path) -> None:
    registered(town)
    registered(town, name="李家烧烤", kind="catering", status="suspended")
    out = tmp_path / "sites.xlsx"
    out.write_bytes(sheets.export_table(town.actor("clerk"), "sites")[1])
    loaded = loading.load_table(town.actor("clerk"), "sites", out)
    assert (loaded.count("added"), loaded.count("changed"), loaded.count("same")) == (0, 0, 2)
    fresh = tmp_path / "new.csv"
    fresh.write_text("编号,名称,类别,区划\n,甲工地,工地,360103\n,乙工地,工地,360103\n", encoding="utf-8")
    assert loading.load_table(town.actor("clerk"), "sites", fresh).count("added") == 2
    assert [str(each) for each in verify().troubles] == []
