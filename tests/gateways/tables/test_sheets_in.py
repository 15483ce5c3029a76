"""Reading tables: what comes out of real and made files, and what is said about files that cannot be read."""

import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.support.project_files import ROOT
from tests.support.tables import PUBLISHED, published, rebuilt, save_csv, save_xlsx
from tracker.domain.house.errors import Invalid
from tracker.domain.tables.cells import Formula
from tracker.domain.tables.layouts import recognise
from tracker.gateways.evidence import file_kinds
from tracker.gateways.evidence.file_kinds import OLE
from tracker.gateways.tables.sheets_in import open_sheets

PEAK = """
import re, sys
from pathlib import Path
from tracker.gateways.tables.sheets_in import open_sheets
with open_sheets(Path(sys.argv[1])) as sheets:
    rows = sum(1 for sheet in sheets for _ in sheet.rows)
print(rows, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""
SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl__worksheets__sheet1.xml"


def read(path: Path) -> dict[str, list[tuple[int, list[object]]]]:
    with open_sheets(path) as sheets:
        return {sheet.name: list(sheet.rows) for sheet in sheets}


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as refused:
        read(path)
    return refused.value.sentence


# --- the real files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["yilanbiao-layouts.xlsx", "messages-messy-import.xlsx"])
def test_the_published_workbooks_read_as_openpyxl_reads_them(shared_data: Path, name: str) -> None:
    expected = {}
    for sheet in openpyxl.load_workbook(shared_data / name):
        expected[sheet.title] = [list(row) for row in sheet.iter_rows(values_only=True)]
    for title, rows in read(shared_data / name).items():
        width = len(expected[title][0])
        assert [cells + [None] * (width - len(cells)) for _, cells in rows] == expected[title]


@pytest.mark.parametrize(("name", "layout", "count"), [
    ("cases-real.csv", "cases", 9), ("messages-hotspot-env.csv", "messages", 561),
    ("messages-with-replies-env.csv", "messages", 214),
    ("chicago-environmental-complaints-2021.csv", "chicago", 2425),
])
def test_the_published_text_tables_are_read_and_recognised(shared_data: Path, name: str, layout: str, count: int) -> None:
    rows = read(shared_data / name)[""]
    assert recognise(rows[:30]).layout.key == layout
    assert len(rows) == count + 1


# --- workbooks ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_cell_keeps_its_type(tmp_path: Path) -> None:
    def write(book: object, sheet: object) -> None:
        sheet.write_datetime(0, 5, datetime(2024, 5, 24),
                             book.add_format({"num_format": "yyyy-mm-dd"}))  # type: ignore[attr-defined]
        sheet.write_rich_string(0, 6, "粗", book.add_format({"bold": True}), "细")  # type: ignore[attr-defined]
        sheet.write_string(0, 7, "=1+1")  # type: ignore[attr-defined]

    path = save_xlsx(tmp_path / "t.xlsx", {"一": [["文字", 7, 1.5, datetime(2024, 5, 24, 8, 5), "=SUM(B1:C1)"]]}, write=write)
    row = read(path)["一"][0][1]
    assert row == ["文字", 7, 1.5, datetime(2024, 5, 24, 8, 5), "=SUM(B1:C1)", date(2024, 5, 24), "粗细", "=1+1"]
    assert [isinstance(cell, Formula) for cell in row] == [False, False, False, False, True, False, False, False]


def test_inline_and_shared_strings_read_alike(tmp_path: Path) -> None:
    save_xlsx(tmp_path / "shared.xlsx", {"一": published(3)})
    book = openpyxl.load_workbook(tmp_path / "shared.xlsx")
    book.save(tmp_path / "again.xlsx")
    assert read(tmp_path / "again.xlsx") == read(tmp_path / "shared.xlsx")


def test_escaped_control_characters_and_phonetic_guides_are_no_text(tmp_path: Path) -> None:
    source = save_xlsx(tmp_path / "a.xlsx", {"一": [["x"]]})
    strings = ('<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>甲_x000D_乙</t>'
               '<rPh sb="0" eb="1"><t>jia</t></rPh></si></sst>')
    assert read(rebuilt(source, tmp_path / "b.xlsx", xl__sharedStrings_xml=None,
                        **{"xl__sharedStrings.xml": strings.encode()}))["一"] == [
        (1, ["甲\r乙"])]


def test_a_prefixed_namespace_missing_references_and_a_date1904_book_are_read(tmp_path: Path) -> None:
    source = save_xlsx(tmp_path / "a.xlsx", {"一": [["x"]]})
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row><x:c '
        f't="str"><x:v>甲</x:v></x:c><x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>')
    assert read(rebuilt(source, tmp_path / "b.xlsx", **{BOOK: sheet.encode()}))["一"] == [(1, ["甲", 5])]


def test_a_stated_size_is_not_believed(tmp_path: Path) -> None:
    source = save_xlsx(tmp_path / "a.xlsx", {"一": [["甲", "乙"]]})
    with zipfile.ZipFile(source) as archive:
        sheet = archive.read(SHEET).replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"')
    assert read(rebuilt(source, tmp_path / "b.xlsx", **{BOOK: sheet}))["一"] == [(1, ["甲", "乙"])]


def test_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", {"一": [["甲"]], "底稿": [["乙"]]}, write=lambda book, _: book.worksheets()[1].hide())
    assert list(read(path)) == ["一"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_forty_times_the_rows_do_not_grow_the_memory(tmp_path: Path) -> None:
    sizes = {}
    for count in (1_000, 40_000):
        path = save_xlsx(tmp_path / f"{count}.xlsx", {"一": [[f"编号{n}", f"描述{n}" * 20] for n in range(count)]})
        done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True, cwd=ROOT)
        rows, sizes[count] = map(int, done.stdout.split())
        assert rows == count
    assert sizes[40_000] < sizes[1_000] + 8_000  # KB


# --- text tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_table_is_read_in_any_usual_encoding_and_with_any_usual_separator(tmp_path: Path, encoding: str,
                                                                                 delimiter: str) -> None:
    path = save_csv(tmp_path / "t.csv", [PUBLISHED, [1, "D3JX1", "油烟,扰民;夜间\n更甚", "西湖区"]], encoding, delimiter)
    rows = read(path)[""]
    assert rows[0][1] == PUBLISHED
    assert rows[1] == (2, ["1", "D3JX1", "油烟,扰民;夜间\n更甚", "西湖区"])


def test_text_cells_lose_our_guard_and_the_text_trick_and_formulas_are_marked(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "t.csv", [["'=1+1", "''=x", "'平常", '="0012"', "=HYPERLINK(1)", "-5", "=", "'-"]])
    row = read(path)[""][0][1]
    assert row == ["=1+1", "'=x", "'平常", "0012", "=HYPERLINK(1)", "-5", "=", "-"]
    assert isinstance(row[4], Formula)
    assert not isinstance(row[0], Formula)


@pytest.mark.parametrize(("delimiter", "other"), [(",", ";"), (";", ","), ("\t", ","), ("|", ",")])
def test_the_separator_is_the_one_of_the_headers_and_not_the_commonest_sign(tmp_path: Path, delimiter: str, other: str) -> None:
    long = other.join(["现场查看", "约谈业主", "限期三日", "安装净化器", "复查达标", "回访群众", "张贴公示", "建立台账", "落实专人"])
    body = f"受理编号{delimiter}问题描述{delimiter}处理情况\nN-1{delimiter}油烟。{delimiter}{long}\n"
    (tmp_path / "t.csv").write_text(body, encoding="utf-8")
    assert read(tmp_path / "t.csv")[""][1] == (2, ["N-1", "油烟。", long])


def test_a_separator_line_of_excel_is_followed(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sep=;\n甲;乙\n", encoding="utf-8")
    assert read(tmp_path / "t.csv")[""] == [(2, ["甲", "乙"])]


# --- what cannot be read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "body", "says"), [
    ("空.xlsx", b"", "0 字节"),
    ("空.csv", b"", "0 字节"),
    ("旧.xls", OLE + b"\0" * 2000, "旧版 .xls"),
    ("改名.xlsx", OLE + b"\0" * 2000, "设有打开密码的工作簿或旧版 .xls"),
    ("加密.xlsx", OLE + b"\0" * 700 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99, "打开密码"),
    ("文字.xlsx", "受理编号,内容\n".encode(), "不是 Excel 工作簿"),
    ("网页.csv", b"<!DOCTYPE html><table>", "网页"),
    ("图.csv", b"\x89PNG\r\n\x1a\n....", "PNG"),
    ("文.csv", b"%PDF-1.7", "PDF"),
    ("文.ods", "受理编号".encode(), "不支持"),
    ("空字节.csv", b"a,b\n" * 2000 + b"c\0d,e\n", "空字节"),
    ("空字节.csv", b"a,b\n\0\n" + b"a,b\n" * 9, "空字节"),
    ("乱码.csv", b"\xff\xfe\x00\xd8\x00\xd8", "编码无法识别"),
    ("引号.csv", '受理编号,内容\nA,"没有收尾\nB,c\n'.encode(), "引号"),
    ("宽.csv", (",".join(["x"] * 300) + "\n").encode(), "256 列"),
])
def test_a_file_that_is_no_table_is_refused_in_one_sentence(tmp_path: Path, name: str, body: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    sentence = refusal(path)
    assert says in sentence
    assert name in sentence
    assert sentence.endswith("。") and "\n" not in sentence


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "找不到" in refusal(tmp_path / "没有.xlsx")
    assert "不是文件" in refusal(tmp_path)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
def test_a_truncated_workbook_is_refused(tmp_path: Path, part: float) -> None:
    whole = save_xlsx(tmp_path / "a.xlsx", {"一": published(200)}).read_bytes()
    cut = tmp_path / "断.xlsx"
    cut.write_bytes(whole[: int(len(whole) * part)])
    assert "损坏" in refusal(cut)


def test_a_workbook_with_a_flipped_byte_is_refused(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", {"一": published(200)})
    body = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo(SHEET).header_offset
    body[at + 200] ^= 0xFF
    path.write_bytes(body)
    assert "损坏" in refusal(path)


def test_a_zip_bomb_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    bomb = rebuilt(save_xlsx(tmp_path / "a.xlsx", {"一": [["x"]]}), tmp_path / "弹.xlsx",
                   **{BOOK: b"<a>" + b" " * (40 << 20) + b"</a>"})
    assert bomb.stat().st_size < 100_000
    assert "膨胀" in refusal(bomb)


def test_a_swollen_total_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_kinds, "MAX_UNPACKED", 1000)
    assert "膨胀" in refusal(save_xlsx(tmp_path / "a.xlsx", {"一": published(5)}))


def test_an_entity_declaration_is_refused(tmp_path: Path) -> None:
    body = b'<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData/></worksheet>'
    assert "实体声明" in refusal(rebuilt(save_xlsx(tmp_path / "a.xlsx", {"一": [["x"]]}), tmp_path / "b.xlsx", **{BOOK: body}))


@pytest.mark.parametrize(("sheet", "says"), [
    ('<c r="ABC1" t="str"><v>x</v></c>', "256 列"), ('<c r="A1" t="str"><v>' + "长" * 1_000_001 + "</v></c>", "超过 1,000,000 字"),
])
def test_an_absurd_cell_is_refused(tmp_path: Path, sheet: str, says: str) -> None:
    body = f'<worksheet><sheetData><row r="1">{sheet}</row></sheetData></worksheet>'.encode()
    assert says in refusal(rebuilt(save_xlsx(tmp_path / "a.xlsx", {"一": [["x"]]}), tmp_path / "b.xlsx", **{BOOK: body}))


def test_an_absurd_row_number_is_refused(tmp_path: Path) -> None:
    body = b'<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>'
    assert "行号" in refusal(rebuilt(save_xlsx(tmp_path / "a.xlsx", {"一": [["x"]]}), tmp_path / "b.xlsx", **{BOOK: body}))


@pytest.mark.parametrize(("name", "parts", "says"), [
    ("包.xlsx", {"a.txt": b"x"}, "压缩包"), ("包.csv", {"a.txt": b"x"}, "与内容不符"),
    ("二进制.xlsx", {"[Content_Types].xml": b"x", "xl/workbook.bin": b"x"}, ".xlsb"),
    ("文档.xlsx", {"[Content_Types].xml": b"x", "word/document.xml": b"x"}, "不是 Excel 工作簿"),
])
def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path, name: str, parts: dict[str, bytes], says: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        for part, body in parts.items():
            archive.writestr(part, body)
    assert says in refusal(tmp_path / name)
