"""Areas come and go by sheet: added, renamed and ended like on their page, with the same refusals."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.makers import Town
from tracker.domain.house.errors import Invalid, NotAllowed, Refusal
from tracker.services.house.master import history, loading, sheets
from tracker.services.house.master.rows import foresee, save_row
from tracker.services.rules import rules

pytestmark = pytest.mark.one_engine
TODAY = date(2026, 3, 2)
GRID = {"code": "360103002G01", "name": "第一网格"}
PAPER = "洪府字〔2026〕1号"


def test_a_sheet_adds_renames_and_ends_in_one_go(town: Town, tmp_path: Path) -> None:
    save_row(None, "areas", None, GRID)
    path = tmp_path / "areas.xlsx"
    sheets.write_table(None, "areas", path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[1]}
    line = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2)}
    sheet.cell(line["360103002G01"], at["名称"]).value = "一网格"
    sheet.cell(line["360103002G01"], at["起始日"]).value = date(2026, 4, 1)
    sheet.cell(line["360103014"], at["终止日"]).value = date(2026, 6, 30)
    sheet.cell(line["360103014"], at["承接"]).value = "360103002"
    sheet.cell(line["360103014"], at["文号"]).value = PAPER
    sheet.append([{"代码": "360103002G02", "名称": "第二网格"}.get(word) for word in at])
    book.save(path)
    found = loading.load_table(None, "areas", path)
    assert (found.count("added"), found.count("changed"), found.troubles) == (1, 2, ())
    now = rules.gazetteer()
    assert [each.name for each in now.areas_with("360103002G01")] == ["第一网格", "一网格"]
    assert (now.areas_with("360103014")[0].valid_to, now.areas_with("360103014")[0].successor_codes) == (
        date(2026, 6, 30), ("360103002",))
    assert history.history_of(None, "areas", "360103002G01")[0].cells == (
        ("名称", "第一网格", "一网格"), ("起始日", "2026-03-02", "2026-04-01"))


def test_before_an_end_it_is_said_what_hangs_on_the_area(town: Town) -> None:
    foreseen = foresee(None, "areas", "360103002", {"valid_to": date(2026, 6, 30), "successors": "360103014"})
    assert foreseen.effects == (
        "下级 0 个一同撤销；未办结案件 0 件、授权 0 项、单位 2 个、责任清单 0 条、机关 0 个受影响。",)
    assert rules.gazetteer().areas_with("360103002")[0].valid_to is None


@pytest.mark.parametrize(("key", "given", "sentence"), [
    (None, {"code": "360103099", "name": "某街道"}, "全国区划表里没有 360103099：新设的国家区划须写明文号。"),
    (None, {**GRID, "valid_to": TODAY}, "新增的区划先不写终止日。"),
    ("360103002", {"name": "新街道"}, "国家区划更名或倒签，须写明文号。"),
    ("360103002", {"name": "新街道", "document_no": PAPER, "valid_to": TODAY, "successors": "360103014"},
     "一行一次只做一件事：改名，或者写最后一天。"),
    ("360103002", {"document_no": PAPER}, "起始日和文号随新增、改名或撤并一起写，不单独改。"),
    ("360103002", {"successors": "360103014"}, "撤并须写明终止日；已登记的撤并不能取消。"),
    ("360103002", {"valid_to": TODAY}, "没有承接的区划时，须写明原因。"),
    ("360103002", {"formal_code": "360103014"}, "“法定代码”启用后不能改；要换一个，请新增一条并终止这一条。"),
])
def test_what_the_page_refuses_the_sheet_refuses(town: Town, key: str | None, given: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        save_row(None, "areas", key, given)
    assert refused.value.sentence == sentence


def test_a_dispatcher_changes_only_what_lies_below_the_own_area(town: Town) -> None:
    save_row(town.actor("dispatcher"), "areas", None, GRID)
    with pytest.raises(NotAllowed):
        save_row(town.actor("dispatcher"), "areas", "360103002", {"name": "新街道", "document_no": PAPER})
    with pytest.raises((NotAllowed, Invalid, Refusal), match="没有主数据表"):
        save_row(town.actor("clerk"), "areas", None, GRID)
