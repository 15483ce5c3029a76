"""Registers of sites from files: whole or not at all, known rows stay, changes and endings have to be wanted."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.services.sites.test_sites import registered
from tests.support.makers import Town
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Invalid, NotAllowed, WrongState
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.sites.sight import EVERY_SITE
from tracker.services.house.work import reading
from tracker.services.sites import entering
from tracker.services.tables.registers import batches
from tracker.services.tables.registers.exporting import export_entries
from tracker.services.tables.registers.importing import (
    SYNC,
    BadRegisterRows,
    RegisterFileOrder,
    RegisterOutcome,
    import_register,
    require_endings,
)
from tracker.services.upkeep.integrity import verify
from tracker.storage.sites import listing, register
from tracker.storage.sites.holding import sites_holding
from tracker.storage.sites.listing import SiteFilters

R = SiteRegister
HEADERS = ("名称", "统一社会信用代码", "登记编号", "有效期起", "有效期止")
TODAY = date(2026, 3, 2)
Line = tuple[object, ...]


def line(number: int, name: str = "", *, first: str = "2025-01-01", last: str = "2029-12-31", code: str = "") -> Line:
    return (name or f"第{number}号厂", code, f"登{number:05d}", first, last)


def sheet(tmp_path: Path, lines: Iterable[Line], name: str = "登记.csv", headers: Line = HEADERS) -> Path:
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headers, *lines])
    return path


def taken(path: Path, **asked: object) -> RegisterOutcome:
    return import_register(OPERATOR, path, RegisterFileOrder(R.registration, **asked))  # type: ignore[arg-type]


def counts(outcome: RegisterOutcome) -> tuple[int, int, int, int]:
    return outcome.created_count, outcome.known_count, outcome.changed_count, outcome.ended_count


def test_a_register_enters_in_one_batch_comes_again_unchanged_and_is_taken_back(town: Town, tmp_path: Path) -> None:
    path = sheet(tmp_path, [line(n) for n in range(1, 31)])
    dry = taken(path, is_dry=True)
    assert counts(dry) == (30, 0, 0, 0) and dry.new_sites == 30
    assert listing.page(reading(), EVERY_SITE, SiteFilters(), date(2026, 3, 2)).lines == ()
    done = taken(path)
    assert counts(done) == (30, 0, 0, 0) and done.batch == "IMP-2026-0001"
    assert "已于 2026年3月2日 09:00 导入" in taken(path).already
    assert [str(each) for each in verify().troubles] == []
    again = taken(sheet(tmp_path, [line(n) for n in range(1, 33)], "再来.csv"))
    assert counts(again) == (2, 30, 0, 0) and again.new_sites == 2
    entering.end(OPERATOR, "S-000001", 1, "cancelled", TODAY)
    assert batches.withdraw(OPERATOR, done.batch).sentence().startswith("已撤回批次 IMP-2026-0001，29 条作废；1 条导入后已有变动，保留：登00001")
    assert len(sites_holding(reading(), R.registration, TODAY)) == 3
    with pytest.raises(WrongState, match="已于"):
        batches.withdraw(OPERATOR, done.batch)
    assert counts(taken(path)) == (29, 1, 0, 0)
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_a_file_with_bad_rows_is_refused_whole_and_comes_back_with_a_reason_beside_each(town: Town, tmp_path: Path) -> None:
    bad = [line(4, first="2025-02-30"), line(5, last="2024-01-01"), line(6, code="91360100158264065X"), line(1),
           ("甲厂", "", "=1+1", "2025-01-01", ""), ("", "", "登9", "2025-01-01", "")]
    book = tmp_path / "错.xlsx"
    with pytest.raises(BadRegisterRows) as refused:
        import_register(OPERATOR, sheet(tmp_path, [line(1), line(2), *bad]), RegisterFileOrder(R.registration), errors=book)
    said = [each.sentence for each in refused.value.outcome.troubles]
    assert [each.split("：")[0] for each in said] == [
        "第 4 行“有效期起”", "第 5 行“有效期止”", "第 6 行“统一社会信用代码”", "第 7 行“登记编号”", "第 8 行“登记编号”", "第 9 行“名称”"]
    assert "与第 2 行是同一条" in said[3] and "是公式" in said[4]
    rows = list(openpyxl.load_workbook(book).active.values)
    assert rows[0][-1] == "原因" and [bool(row[-1]) for row in rows[1:]] == [False, False, *[True] * 6]
    assert listing.page(reading(), EVERY_SITE, SiteFilters(), date(2026, 3, 2)).lines == ()


@pytest.mark.one_engine
def test_a_change_is_told_and_entered_only_when_it_is_wanted_as_an_end_and_a_new_entry(town: Town, tmp_path: Path) -> None:
    taken(sheet(tmp_path, [line(1), line(2)]))
    path = sheet(tmp_path, [line(1, last="2030-06-30"), line(2)])
    told = taken(path)
    assert counts(told) == (0, 1, 1, 0) and told.batch == ""
    assert told.changes == ["第 2 行：有效期止：2029-12-31 → 2030-06-30"]
    done = taken(path, applies_changes=True)
    assert counts(done) == (0, 1, 1, 0)
    found = register.site_page(reading(), EVERY_SITE, "S-000001")
    assert found is not None
    assert sorted((str(each.valid_to), each.end_ground) for each in found.entries) == [
        ("2029-12-31", "changed"), ("2030-06-30", "")]
    with pytest.raises(WrongState, match="变更了 1 条"):
        batches.withdraw(OPERATOR, done.batch)
    assert counts(taken(sheet(tmp_path, [line(2), line(1, last="2030-06-30")]))) == (0, 2, 0, 0)
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_a_whole_list_ends_what_it_no_longer_names_and_many_endings_are_typed_back(town: Town, tmp_path: Path) -> None:
    taken(sheet(tmp_path, [line(n) for n in range(1, 41)]))
    path = sheet(tmp_path, [line(n) for n in range(1, 18)])
    for typed in (None, 22):
        with pytest.raises(Invalid, match="23"):
            taken(path, mode=SYNC, endings=typed)
    assert len(sites_holding(reading(), R.registration, TODAY)) == 40
    assert counts(taken(path, mode=SYNC, endings=23, as_of=date(2026, 2, 28))) == (0, 17, 0, 23)
    assert len(sites_holding(reading(), R.registration, TODAY)) == 17
    assert len(sites_holding(reading(), R.registration, date(2026, 2, 28))) == 40
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_what_a_list_dropped_is_taken_up_again_when_that_is_wanted_and_then_is_known(town: Town, tmp_path: Path) -> None:
    path = sheet(tmp_path, [line(n) for n in range(1, 6)])
    taken(path)
    taken(sheet(tmp_path, [line(n) for n in range(1, 4)], "短.csv"), mode=SYNC, endings=2)
    town.clock.advance(timedelta(days=1))
    told = taken(path)
    assert told.already == "" and counts(told) == (0, 3, 2, 0) and told.changes[0] == "第 5 行：有效期止：2026-03-02 → 2029-12-31"
    assert len(sites_holding(reading(), R.registration, town.clock.today())) == 3
    assert counts(taken(path, applies_changes=True)) == (0, 3, 2, 0)
    assert len(sites_holding(reading(), R.registration, town.clock.today())) == 5
    found = register.site_page(reading(), EVERY_SITE, "S-000005")
    assert found is not None
    assert sorted((str(each.valid_from), str(each.ended_on or each.valid_to)) for each in found.entries) == [
        ("2025-01-01", "2026-03-02"), ("2026-03-03", "2029-12-31")]
    again = taken(sheet(tmp_path, [line(n) for n in range(1, 6)], "全.csv", (*HEADERS, "备注")), mode=SYNC)
    assert counts(again) == (0, 5, 0, 0), "nothing of what goes on is dropped"
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_300_endings_of_9262_ask_for_their_number_and_no_other_will_do() -> None:
    with pytest.raises(Invalid, match=r"300 条（在册 9262 条的 3\.2%）"):
        require_endings(300, 9262, None)
    with pytest.raises(Invalid, match="您写的是 301"):
        require_endings(300, 9262, 301)
    require_endings(300, 9262, 300)
    require_endings(20, 9262, None)
    with pytest.raises(Invalid, match="2 条"):
        require_endings(2, 40, None)


@pytest.mark.one_engine
def test_a_site_is_found_by_code_number_credit_code_and_old_name_and_two_of_a_name_are_listed(town: Town, tmp_path: Path) -> None:
    from tracker.services.house.master import rows
    first = registered(town)
    rows.save_row(town.actor("clerk"), "sites", first, {"name": "新桃花纺织有限公司"})
    second = registered(town, name="李家烧烤", kind="catering")
    registered(town, name="李家烧烤", kind="catering", plant_no="2")
    headers = ("监管对象编号", *HEADERS)
    with pytest.raises(BadRegisterRows) as refused:
        taken(sheet(tmp_path, [("", *line(1, "李家烧烤"))], headers=headers))
    assert "第 2 行“名称”：“李家烧烤”对应 2 个监管对象（S-000002、S-000003），请在“监管对象编号”栏写明" in refused.value.outcome.troubles[0].sentence
    done = taken(sheet(tmp_path, [(second, *line(1, "李家烧烤")), ("", *line(2, "桃花纺织有限公司"))], headers=headers))
    assert done.new_sites == 0 and sites_holding(reading(), R.registration, TODAY) == [first, second]
    with pytest.raises(BadRegisterRows, match="已登记在 S-000002 名下"):
        taken(sheet(tmp_path, [(first, *line(1, "", first="2030-01-01", last="2031-01-01"))], headers=headers))


@pytest.mark.one_engine
def test_permit_numbers_are_kept_as_they_are_and_odd_ones_are_told(town: Town, tmp_path: Path) -> None:
    headers = ("企业名称", "排污许可证编号", "管理类别", "发证日期", "执行报告")
    path = sheet(tmp_path, [("甲厂", "91410781694896138P001P", "重点", "2021-04-01", "年报、季报"),
                            ("乙厂", "91410781694896138X001P", "简化管理", "2021/5/1", "")], headers=headers)
    with pytest.raises(BadRegisterRows, match="“管理类别”"):
        import_register(OPERATOR, path, RegisterFileOrder(R.permit))
    path.write_text(path.read_text(encoding="utf-8").replace("重点", "重点管理"), encoding="utf-8")
    done = import_register(OPERATOR, path, RegisterFileOrder(R.permit))
    assert done.odd_numbers == ["第 3 行“91410781694896138X001P”的校验位或格式不符，已照原样登记"]


@pytest.mark.one_engine
def test_what_goes_out_comes_back_and_changes_nothing(town: Town, tmp_path: Path) -> None:
    taken(sheet(tmp_path, [line(n) for n in range(1, 4)]))
    for name in ("台账.xlsx", "台账.csv"):
        assert export_entries(OPERATOR, R.registration, tmp_path / name) == 3
        assert counts(taken(tmp_path / name)) == (0, 3, 0, 0)


@pytest.mark.one_engine
def test_who_may_not_import_does_not_and_the_positive_list_comes_by_no_file(town: Town, tmp_path: Path) -> None:
    path = sheet(tmp_path, [line(1)])
    with pytest.raises(NotAllowed):
        import_register(town.actor("verifier"), path, RegisterFileOrder(R.registration))
    with pytest.raises(Invalid, match="经提出和审批"):
        import_register(OPERATOR, path, RegisterFileOrder(R.positive_list))
    with pytest.raises(Invalid, match="找不到表头"):
        import_register(OPERATOR, sheet(tmp_path, [], headers=("甲", "乙")), RegisterFileOrder(R.registration))
