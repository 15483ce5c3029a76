"""Master data: one row, a whole sheet, and what happened; the same for every table that a room declares."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.makers import Town
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotFound
from tracker.services.house.master import history, loading, rows, sheets
from tracker.services.house.master.loading import BadSheet
from tracker.services.house.work import reading, wiring
from tracker.services.rules import rules
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine


def exported(name: str, folder: Path) -> Path:
    path = folder / f"{name}.xlsx"
    sheets.write_table(None, name, path)
    return path


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    """The workbook as somebody saves it after a change of its first sheet."""
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def column(sheet: Any, word: str) -> int:
    return int(next(cell.column for cell in sheet[1] if cell.value == word))


def row_of(sheet: Any, key: str) -> int:
    return int(next(cell.row for cell in sheet["A"] if cell.value == key))


def put(sheet: Any, key: str, word: str, value: object) -> None:
    sheet.cell(row_of(sheet, key), column(sheet, word)).value = value


def counts(found: loading.Loaded) -> tuple[int, int, int, int]:
    return found.count("added"), found.count("changed"), found.count("same"), found.absent


def test_what_is_exported_and_loaded_again_changes_nothing_in_any_table(town: Town, tmp_path: Path) -> None:
    for master in wiring().masters:
        name = master.table.name
        count = len(rows.all_rows(master, reading()))
        found = loading.load_table(None, name, exported(name, tmp_path))
        assert (name, counts(found), found.troubles) == (name, (0, 0, count, 0), ())


def test_a_row_left_out_and_a_column_left_out_stay_as_they_were(town: Town, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        put(sheet, "H12345", "名称", "12345 政务热线工单")
        sheet.delete_rows(row_of(sheet, "MSG"))
        sheet.delete_cols(column(sheet, "默认渠道"))

    before = {source.key: source.channel for source in rules.sources()}
    found = loading.load_table(None, "sources", changed(exported("sources", tmp_path), change))
    assert counts(found) == (0, 1, len(before) - 2, 1)
    assert rules.source("H12345").name == "12345 政务热线工单"
    assert {source.key: source.channel for source in rules.sources()} == before


def test_a_blank_cell_is_blank_and_a_blank_one_that_must_be_filled_is_named(town: Town, tmp_path: Path) -> None:
    rows.save_row(None, "sources", "MSG", {"valid_to": date(2027, 12, 31)})
    path = changed(exported("sources", tmp_path), lambda sheet: put(sheet, "MSG", "终止日", None))
    assert counts(loading.load_table(None, "sources", path))[1] == 1
    assert rules.source("MSG").valid_to is None
    path = changed(exported("sources", tmp_path), lambda sheet: put(sheet, "MSG", "名称", None))
    with pytest.raises(BadSheet, match="“名称”必须填写"):
        loading.load_table(None, "sources", path)


def test_a_dry_run_says_what_would_be_and_writes_nothing(town: Town, tmp_path: Path) -> None:
    path = changed(exported("sources", tmp_path), lambda sheet: put(sheet, "MSG", "名称", "网上留言"))
    found = loading.load_table(None, "sources", path, is_dry=True)
    assert [row.cells for row in found.rows if row.cells] == [(("名称", "网络留言", "网上留言"),)]
    assert rules.source("MSG").name == "网络留言"
    assert history.history_of(None, "sources", "MSG") == ()


def test_one_bad_row_and_nothing_enters(town: Town, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        put(sheet, "MSG", "名称", "网上留言")
        put(sheet, "PATROL", "默认渠道", "飞鸽")
        put(sheet, "RAIL", "终止日", "明天")

    errors = tmp_path / "errors.xlsx"
    path = changed(exported("sources", tmp_path), change)
    with pytest.raises(BadSheet, match="有 2 行有误，一行也没有写入") as bad:
        loading.load_table(None, "sources", path, errors=errors)
    assert ["飞鸽" in sentence or "明天" in sentence for _, sentence in bad.value.loaded.troubles] == [True, True]
    assert rules.source("MSG").name == "网络留言"
    sheet = load_workbook(errors).worksheets[0]
    assert sheet.cell(1, sheet.max_column).value == "原因"
    assert sum(sheet.cell(at, sheet.max_column).value is not None for at in range(2, sheet.max_row + 1)) == 2


def test_a_touched_row_that_changed_since_the_export_is_a_conflict_and_an_untouched_one_stays(town: Town, tmp_path: Path) -> None:
    path = exported("sources", tmp_path)
    rows.save_row(None, "sources", "MSG", {"name": "别人的名称"})
    rows.save_row(None, "sources", "RAIL", {"name": "别人改的铁路"})
    changed(path, lambda sheet: put(sheet, "MSG", "默认渠道", "来电"))
    with pytest.raises(BadSheet, match="导出以后已被别人改过，现为：名称“别人的名称”"):
        loading.load_table(None, "sources", path)
    changed(path, lambda sheet: put(sheet, "MSG", "默认渠道", "网络"))
    assert counts(loading.load_table(None, "sources", path))[:2] == (0, 0)
    assert rules.source("RAIL").name == "别人改的铁路"


def test_unknown_columns_are_named_and_other_tables_files_refused(town: Town, tmp_path: Path) -> None:
    path = changed(exported("sources", tmp_path), lambda sheet: sheet.cell(1, 20, "身份证号"))
    assert loading.load_table(None, "sources", path).notes == ("没有导入不认识的列：身份证号。",)
    book = load_workbook(path)
    front = book["说明"]
    front["B1"], front["B2"] = "单位", "units"
    book.save(path)
    with pytest.raises(Invalid, match="这份文件是“units”，不是“来源”"):
        loading.load_table(None, "sources", path)


def test_a_new_row_comes_by_a_sheet_and_has_a_history(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("代码,名称,种类,默认渠道,启用日\nD4JX,第四轮中央督察,督察信访件,上级转办,2026-12-01\n", encoding="utf-8")
    found = loading.load_table(None, "sources", path)
    assert counts(found)[:2] == (1, 0)
    assert (rules.source("D4JX").name, rules.source("D4JX").is_notice_required) == ("第四轮中央督察", False)
    (line,) = history.history_of(None, "sources", "D4JX")
    assert (line.act, {word: new for word, _, new in line.cells}["种类"]) == ("新增", "督察信访件")


def test_a_preview_that_no_longer_holds_is_not_written(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("代码,名称\nMSG,网上留言\n", encoding="utf-8")
    found = loading.load_table(None, "sources", path, is_dry=True)
    rows.save_row(None, "sources", "MSG", {"name": "另一个"})
    with pytest.raises(Conflict, match="请重新核对"):
        loading.load_table(None, "sources", path, mark=found.mark)


def test_a_form_that_others_overtook_is_told_what_stands_now(town: Town) -> None:
    master = rows.master_for(None, "sources")
    seen = rows.marks_of(master.table, rows.row_named(master, reading(), "MSG"))
    rows.save_row(None, "sources", "MSG", {"name": "别人的名称"})
    with pytest.raises(Conflict, match="“MSG”已被别人改过，现为：名称“别人的名称”"):
        rows.save_row(None, "sources", "MSG", {"channel": "phone"}, seen=seen)


def test_what_is_wrong_is_one_sentence_that_names_the_column(town: Town) -> None:
    for given, sentence in (({"name": ""}, "“名称”必须填写"), ({"kind": "hotline"}, "“种类”启用后不能改"),
                            ({"channel": "pigeon"}, "“默认渠道”只能是"), ({"valid_to": "2020-13-01"}, "“终止日”应为日期"),
                            ({"colour": "red"}, "没有“colour”这一栏"), ({"valid_to": "1999-01-01"}, "最后一天不能更早")):
        with pytest.raises((Invalid, Incomplete), match=sentence):
            rows.save_row(None, "sources", "MSG", given)
    with pytest.raises(NotFound, match="没有主数据表“nothing”"):
        rows.save_row(None, "nothing", "MSG", {})


def test_who_may_not_edit_a_table_does_not_find_it(town: Town) -> None:
    for login in ("dispatcher", "lead", "auditor", "officer"):
        with pytest.raises(NotFound):
            rows.save_row(town.actor(login), "sources", "MSG", {"name": "x"})
    assert rows.save_row(town.actor("admin"), "sources", "MSG", {"name": "网上留言"}).key == "MSG"
    db.session.rollback()


def test_a_sheet_names_units_by_their_codes_for_two_may_have_one_name(town: Town, tmp_path: Path) -> None:
    rows.save_row(None, "units", "XH-TY", {"name": "朝阳洲街道"})
    sheet = load_workbook(exported("people", tmp_path)).worksheets[0]
    assert sheet.cell(row_of(sheet, "officer"), column(sheet, "单位代码")).value == "XH-CYZ"
    assert counts(loading.load_table(None, "people", tmp_path / "people.xlsx"))[:2] == (0, 0)
