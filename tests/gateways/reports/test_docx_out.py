"""Word documents: they open, hold what was given, and tell nothing of the machine that made them."""

import io

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from tests.support.makers import jpeg
from tracker.gateways.reports.docx_out import Paper, Picture, write_paper
from tracker.gateways.reports.docx_parts import Table

HASH = "0123456789abcdef" * 4


def written(**more: object) -> Document:
    given: dict[str, object] = {
        "title": "一案一档", "subtitle": "河边垃圾", "number": "XH-2026-000001", "sections": (("一、案件情况", (("地点", "桃花河东岸"),)),),
        "pictures_title": "四、照片", "pictures": (), "closing": (("五、证据目录", Table(("类别", "指纹"), (80, 80), (("文件", HASH),))),),
        "made": "2026年3月2日"}
    return Document(io.BytesIO(write_paper(Paper(**(given | more)))))  # type: ignore[arg-type]


def test_a_paper_holds_what_it_was_given_on_a4() -> None:
    document = written()
    assert [p.text for p in document.paragraphs if p.text][:3] == ["一案一档", "河边垃圾", "XH-2026-000001 · 2026年3月2日"]
    assert [[c.text for c in row.cells] for table in document.tables for row in table.rows] == [["地点", "桃花河东岸"], ["类别", "指纹"], ["文件", HASH]]
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


def test_number_and_page_stand_in_the_foot() -> None:
    foot = written().sections[0].footer.paragraphs[0]
    assert foot.text.startswith("XH-2026-000001")
    assert [field.text for field in foot._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_pictures_stand_two_in_a_row_within_the_page() -> None:
    row = (Picture(jpeg(1), "整改前"), Picture(jpeg(2), "整改后"))
    document = written(pictures=((row, "相隔 3 天"), ((Picture(jpeg(3), "现场"),), "")))
    assert len(document.inline_shapes) == 3
    assert all(shape.width <= Mm(76) and shape.height <= Mm(70) for shape in document.inline_shapes)
    assert "相隔 3 天" in [p.text for p in document.paragraphs]
    assert [p._inline.docPr.get("descr") for p in document.inline_shapes] == ["整改前", "整改后", "现场"]


def test_control_characters_and_markup_do_no_harm() -> None:
    document = written(subtitle="<b>&\x00\x0b\ufffe\U0002a6d6", sections=(("空", ()),))
    assert document.paragraphs[1].text == "<b>&\U0002a6d6"
    assert "无。" in [p.text for p in document.paragraphs]


def test_nothing_of_the_machine_is_in_it() -> None:
    about = written().core_properties
    assert (about.author, about.comments, about.last_modified_by) == ("", "", "")
    assert about.title == "一案一档 XH-2026-000001"
