"""Tables that were read wrongly once: merged cells, sums, hidden rows, words that name nobody; and the files that showed it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tests.support.tables import save_csv, save_xlsx
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Invalid
from tracker.domain.tables.plans import ReadingChoices
from tracker.services.tables.importing import BadRows, ImportOutcome, import_file
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db


def imported(path: Path, **how: Any) -> ImportOutcome:
    return import_file(OPERATOR, path, **how)


def cases() -> list[Case]:
    db.session.rollback()
    return list(db.session.scalars(select(Case).order_by(Case.id).execution_options(populate_existing=True)))


def test_a_merged_area_a_sum_and_a_hidden_row_are_read_as_they_are_meant(town: Town, tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 2, 2, 2, "西湖区")
        sheet.set_row(3, None, None, {"hidden": True})

    rows = [["受理编号", "问题描述", "行政区域"], ["A-1", "甲店油烟。"], ["A-2", "乙店油烟。"], ["A-3", "丙店油烟。", "西湖区"], ["合计", "3 件"],
            ["填表人：张某测试", None, "审核人：李某测试"]]
    path = save_xlsx(tmp_path / "t.xlsx", {"表": rows}, write=write)
    skipped = imported(path, is_dry=True, choices=ReadingChoices(takes_hidden=False))
    assert skipped.created_count == 2 and "隐藏的行 1 行，未导入" in skipped.notes
    report = imported(path)
    assert [case.area_code for case in cases()] == ["360103"] * 3
    assert (report.row_count, report.bad_count) == (3, 0)
    assert [(each.row, each.word) for each in report.left_out] == [(5, "合计"), (6, "填表")]
    assert "隐藏的行 1 行，已一并读取" in report.notes and not any("某" in note for note in report.notes)


@pytest.mark.parametrize("reporter", ["群众", "业主"])
def test_a_reporter_who_is_nobody_changes_no_word_and_the_note_says_so(town: Town, tmp_path: Path, reporter: str) -> None:
    header = ["受理编号", "问题描述", "举报人", "联系电话", "住址", "处理情况"]
    row = ["R-1", f"{reporter}反映油烟，{reporter}委员会已协调。", reporter, "不详", "西湖区", f"已走访西湖区{reporter}，电话不详的未回访。"]
    report = imported(save_csv(tmp_path / "t.csv", [header, row]))
    assert cases()[0].description == row[1]
    assert town.facts(cases()[0].number)[1].payload["published"]["measures"] == row[5]
    assert any("1 行不是姓名" in note for note in report.notes)


# What became of each file that broke the product once: cases, bad rows, and a word of what is said.
FOUND: dict[str, tuple[int, int, str]] = {
    "d01-sci-number.csv": (0, 1, "Excel"), "d01b-sci-number-next-day.csv": (0, 1, "Excel"),
    "d02-semicolon-commas.csv": (1, 0, ""),
    "d02b-tab-commas.txt.csv": (1, 0, ""), "d02c-comma-semicolons.csv": (1, 0, ""), "d03-merged-area.xlsx": (3, 0, ""),
    "d03b-merged-number.xlsx": (1, 0, ""), "d04-1904-styled.xlsx": (1, 0, ""), "d05-filtered-rows.xlsx": (3, 0, "隐藏的行 1 行"),
    "d06-rich.xlsx": (1, 0, ""), "d07-formula.xlsx": (0, 1, "公式"), "d09-idcard-number.xlsx": (0, 1, "Excel"),
    "d10-dates.xlsx": (0, 3, "5月24日"), "d11-unicode.csv": (0, 1, "没有可见的文字"), "d12-bj12345.csv": (1, 0, ""),
    "d12b-normalworkorder.csv": (1, 0, ""), "d12c-xinfang-platform.csv": (1, 0, ""), "d13-invisible-number.csv": (0, 3, "重复"),
    "d14-two-row-header.xlsx": (1, 0, "整改措施"), "d15-newlines.csv": (1, 0, ""), "d16-gb-rare.csv": (1, 0, ""),
    "d17-apostrophe.csv": (2, 0, ""), "d18-total-row.xlsx": (1, 0, "以“合计”开头"), "d19-numfmt-zeros.xlsx": (1, 0, ""),
    "e01-first-row-eaten.csv": (3, 0, ""), "e01b-first-row-eaten-place.csv": (2, 0, ""),
    "e01c-first-row-eaten-and-text-changed.csv": (2, 0, ""), "e02-total-row-becomes-case.xlsx": (1, 0, "以“合计”开头"),
    "e02b-signature-row.xlsx": (1, 0, "以“填表”开头"), "e03-refusal-prints-complainant.csv": (1, 0, ""),
    "h01-two-long-cells.csv": (1, 0, ""),
    "i01-reporter-is-a-common-word.csv": (2, 0, "不是姓名"), "j05-strict-prefixed.xlsx": (1, 0, ""),
}
REFUSED = {"g01-xiaohao-ledger-no-number.csv": "问题描述", "j01-html-table.xls": "网页", "j02-xml2003.xls": "XML",
           "j03-ole.xls": "旧版 .xls", "j03b-encrypted.xlsx": "打开密码", "j04-csv-named.xlsx": ".csv"}


@pytest.mark.one_engine
def test_every_table_that_was_read_wrongly_once_is_read_rightly(town: Town, shared_data: Path) -> None:
    folder = shared_data / "found"
    if not folder.is_dir():
        pytest.skip("the small tables of found/ are not here")
    town.clock.move_to(datetime(2026, 11, 30, 1, tzinfo=UTC))
    for name, (created, wrong, said) in FOUND.items():
        try:
            report = imported(folder / name, is_dry=True)
        except BadRows as refused:
            report = refused.report
        told = "\n".join([*report.notes, *(trouble.sentence for trouble in report.troubles)])
        assert (name, report.created_count, report.bad_count) == (name, created, wrong)
        assert said in told and "某测试" not in told and "138000" not in told, name
    for name, said in REFUSED.items():
        with pytest.raises(Invalid, match=said) as unread:
            imported(folder / name)
        assert "某测试" not in unread.value.sentence
