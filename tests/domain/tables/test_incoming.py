"""One row of a table as a case that may enter, or as troubles that name row and column."""

from datetime import date, datetime

import pytest

from tests.support.first_categories import first_categories
from tracker.domain.house.identifiers import source_number
from tracker.domain.tables.cells import Formula, Reshaped
from tracker.domain.tables.incoming_rows import IncomingCase, digest_of, others_in, others_told, twice
from tracker.domain.tables.layouts import recognise
from tracker.domain.tables.row_reading import RowRead, TableReader

TODAY = date(2026, 11, 23)
HEADER = ["序号", "受理编号", "交办问题基本情况", "行政区域", "问题类型", "调查核实情况", "是否属实", "办结目标", "处理和整改情况", "是否办结",
          "责任人被处理情况"]
ROW = [70, "D3JX202405240023*", "抚生路工地未洒水。", "西湖区", "大气、扬尘", "属实。", "基本属实", "抑尘", "已洒水", "已办结", "无"]


def read(row: list[object], header: list[str] | None = None, *, above: tuple[list[object], ...] = (), source: str = "",
         sheet: str = "") -> RowRead:
    head = [*above, header or HEADER]
    table = recognise(list(enumerate(head, 1)), sheet)
    return TableReader(table, TODAY, source, types=first_categories()).read(len(head) + 1, row)


def case_of(row: list[object], header: list[str] | None = None, **more: str) -> IncomingCase:
    found = read(row, header, **more)  # type: ignore[arg-type]
    assert found.troubles == ()
    assert found.case is not None
    return found.case


def changed(**cells: object) -> list[object]:
    return [cells.get(name, cell) for name, cell in zip(HEADER, ROW, strict=True)]


def sentences(row: list[object], **more: str) -> list[str]:
    return [trouble.sentence for trouble in read(row, **more).troubles]  # type: ignore[arg-type]


def test_a_published_row_becomes_a_case() -> None:
    case = case_of(ROW)
    assert (case.source, case.source_number, case.is_key) == ("D3JX", "D3JX202405240023", True)
    assert (case.description, case.title, case.area_text) == ("抚生路工地未洒水。", "抚生路工地未洒水", "西湖区")
    assert (case.categories, case.finding, case.outcome, case.channel) == (("air", "dust"), "mostly", "done", "phone")
    assert (case.received_on, case.is_received_inferred) == (date(2024, 5, 24), True)
    assert (case.measures, case.target, case.accountability, case.investigation) == ("已洒水", "抑尘", "无", "属实。")


def test_the_batch_comes_from_the_title_and_changes_with_a_batch_line_between_rows() -> None:
    reader = TableReader(recognise([(1, ["(第十七批)"]), (2, list(HEADER))]), TODAY, types=first_categories())
    first = reader.read(3, ROW).case
    between = reader.read(4, ["(第十八批)"])
    second = reader.read(5, ROW).case
    assert first is not None and second is not None
    assert (first.batch, between.aside, second.batch) == ("第十七批", "batch", "第十八批")


def test_blank_rows_repeated_headers_and_notes_are_no_cases() -> None:
    assert read([None, "", " \t"]).aside == "blank"
    assert read(list(HEADER)).aside == "header"
    assert read(["注:摘述,非原文"]).aside == "note"
    assert read(["合计"]).aside == "tail"


@pytest.mark.parametrize("row", [
    ["合计", None, "共 1 件"], [None, "合 计", "共1件"], ["填表人：张某测试", None, None, "审核人：李某测试"], ["小计", None, None, "3"],
    ["总计（件）", None, "2"], ["负责人签字：", None, None, "年 月 日"],
])
def test_a_row_of_sums_or_signatures_is_no_case_and_its_names_are_told_to_nobody(row: list[object]) -> None:
    found = read(row)
    assert (found.aside, found.case, found.troubles) == ("tail", None, ())
    assert "某" not in repr(found)


@pytest.mark.parametrize("row", [
    [70, "D3JX202405240023", "合计三处油烟。"], ["合计", "D3JX202405240023", "油烟"], [None, None, "审核不严，油烟扰民。"], [None, None, "负责人不接电话"],
])
def test_a_row_that_only_begins_like_a_sum_or_has_a_number_is_a_case(row: list[object]) -> None:
    assert read(row).aside == ""


def test_a_row_of_sums_is_a_case_where_somebody_says_so() -> None:
    reader = TableReader(recognise([(1, list(HEADER))]), TODAY, "", {2}, types=first_categories())
    assert reader.read(2, ["合计", None, "一家叫合计的店油烟扰民"]).case is not None


@pytest.mark.parametrize(("cell", "column"), [
    ("2.02405E+15", "受理编号"), (2.02405e15, "受理编号"), (3.601021990010113e17, "身份证号"), ("3.60102E+17", "联系电话"),
])
def test_a_number_that_excel_has_shortened_is_a_trouble_that_says_so_and_does_not_show_it(cell: object, column: str) -> None:
    header = ["受理编号", "问题描述", column] if column != "受理编号" else ["问题描述", column]
    row = ["油烟。", cell] if column == "受理编号" else ["N-1", "油烟。", cell]
    (sentence,) = (trouble.sentence for trouble in read(row, [*header]).troubles)
    assert sentence == f"第 2 行“{column}”被 Excel 改成了数字，末几位已经丢失，请在原表把这一列设为文本格式后重填。"


def test_a_number_shown_in_another_shape_is_a_trouble_where_it_names_something_and_a_number_elsewhere() -> None:
    shaped = Reshaped(1234)
    shaped.shape = "#,##0"
    (trouble,) = read([shaped, "油烟。"], ["受理编号", "问题描述"]).troubles
    assert "以数字格式“#,##0”显示" in trouble.sentence
    assert case_of(["N-1", "油烟。", shaped], ["受理编号", "问题描述", "点赞数"]).extra == (("likes", "1234"),)


@pytest.mark.parametrize("number", ["INV-001\u200b", "INV\u2011001", "INV\u2013001", "INV-001\u00a0", "\u202aINV-001\u202c"])
def test_a_number_is_the_same_whatever_cannot_be_seen_in_it(number: str) -> None:
    assert case_of([number, "油烟。"], ["受理编号", "问题描述"]).source_number == "INV-001"
    assert source_number(number).key == "INV-001"


@pytest.mark.parametrize("title", ["\u200b", "\u2800\u3164", "\u115f \u2060", "\u202e"])
def test_a_description_without_a_visible_character_is_none(title: str) -> None:
    assert sentences(changed(交办问题基本情况=title)) == ["第 2 行“交办问题基本情况”没有可见的文字。"]
    assert case_of(["N-1", title, "油烟扰民。"], ["留言编号", "留言主题", "留言详情"]).title == "油烟扰民"


def test_a_sheet_of_the_hotline_is_a_table_of_work_orders() -> None:
    case = case_of(["T1", "夜间施工", "测试内容。", "2026-06-01 08:00:00", "西湖区城管局"], ["工单编号", "工单标题", "工单内容", "推送时间", "承办单位"])
    assert (case.source, case.title, case.received_on) == ("H12345", "夜间施工", date(2026, 6, 1))
    assert case_of(["G1", "施工。", "张某", "电话"], ["工单编号", "诉求内容", "求助人员", "诉求渠道"]).source == "H12345"


def test_a_limit_written_in_words_stays_as_it_was_written() -> None:
    assert case_of(["N-1", "垃圾。", "2026年6月底前"], ["问题编号", "问题描述", "整改时限"]).extra == (("due_on", "2026年6月底前"),)


def test_a_message_keeps_its_instant_and_its_writer_goes_to_the_identity_alone() -> None:
    header = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]
    case = case_of([189950, "A909204", "搅拌站噪音", "2020/1/8 8:14:02", "\n\t\t\t尊敬的领导:\n    您好!", 0, 24], header)
    assert (case.source, case.source_number) == ("MSG", "189950")
    assert (case.received_on, case.received_at) == (date(2020, 1, 8), datetime(2020, 1, 8, 8, 14, 2))
    assert case.description == "尊敬的领导:\n    您好!"
    assert case.reporter == "A909204"
    assert "A909204" not in repr(case)
    assert "A909204" not in str(case.extra)


def test_a_chicago_row_is_told_by_type_and_street() -> None:
    header = ["COMPLAINT ID", "COMPLAINT TYPE", "DIRECTION", "STREET NAME", "STREET TYPE", "COMPLAINT DATE", "LATITUDE (3 dp)",
              "LONGITUDE (3 dp)"]
    case = case_of(["600934268", "NOISE COMPLAINT", "N", "CICERO", "AVE", "01/04/2021", "41.951", "-87.747"], header)
    assert (case.source, case.categories, case.place, case.received_on) == ("CHICAGO", ("noise",), "N CICERO AVE",
                                                                            date(2021, 1, 4))
    assert (case.description, case.latitude, case.longitude) == ("NOISE COMPLAINT N CICERO AVE", 41.951, -87.747)


@pytest.mark.parametrize(("column", "cell", "clause"), [
    ("交办问题基本情况", None, "不能为空"), ("交办问题基本情况", "   ", "不能为空"), ("交办问题基本情况", "长" * 20_001, "最多 20000 字"),
    ("是否属实", "也许", "只能是"), ("是否办结", "不知道", "只能是"), ("受理编号", Formula("=A1"), "是公式"), ("受理编号", 2.02e19, "末几位已经丢失"),
])
def test_a_bad_cell_is_named_by_row_and_column(column: str, cell: object, clause: str) -> None:
    told = sentences(changed(**{column: cell}))
    assert len(told) == 1
    assert told[0].startswith(f"第 2 行“{column}”")
    assert clause in told[0]


def test_all_troubles_of_a_row_are_told_with_its_sheet() -> None:
    told = sentences(changed(是否属实="也许", 是否办结="不知道"), sheet="2024年")
    assert len(told) == 2
    assert all(sentence.startswith("工作表“2024年”第 2 行") for sentence in told)


def test_a_formula_in_a_column_that_is_not_imported_is_no_trouble() -> None:
    assert case_of(changed(序号=Formula("=ROW()-1"))).source_number == "D3JX202405240023"


@pytest.mark.parametrize("column", ["办理时限", "公示开始"])
def test_a_date_kept_as_text_is_still_checked_for_its_year(column: str) -> None:
    found = read(["D3JX1", "噪声", "2053-01-22"], ["受理编号", "交办问题基本情况", column])
    assert bool(found.troubles) is (column == "公示开始")


def test_a_row_without_a_source_number_is_known_by_its_content() -> None:
    one, same, other = (case_of(changed(受理编号=None, 交办问题基本情况=text)) for text in ("油烟 扰民", "油烟扰民", "噪声扰民"))
    assert one.source_number is None
    assert one.dedupe_key == same.dedupe_key != other.dedupe_key


def test_the_source_may_be_named_and_is_otherwise_read_from_level_or_title() -> None:
    assert case_of(ROW, source="D2JX").source == "D2JX"
    header = ["受理编号", "督察层级", "交办问题基本情况", "行政区域"]
    assert case_of(["BCD2022092601", "省级督察(白城市)", "噪声", "经开区"], header).source == "PSJX"
    assert case_of(["D3JX202405240023", "第三轮中央督察", "噪声", "经开区"], header).source == "D3JX"
    assert case_of(["D2JX202105240023", "第二轮中央督察", "噪声", "经开区"], header).source == "D2JX"


def test_personal_columns_of_any_table_never_reach_the_case() -> None:
    header = ["受理编号", "交办问题基本情况", "行政区域", "举报人", "联系电话", "住址"]
    case = case_of(["D3JX1", "噪声", "西湖区", "张三", "13800138000", "抚生路1号"], header)
    assert (case.reporter, case.contact, case.address) == ("张三", "13800138000", "抚生路1号")
    shown = repr(case)
    assert not any(secret in shown for secret in ("张三", "13800138000", "抚生路1号"))


def test_a_number_twice_in_one_file_names_both_rows() -> None:
    trouble = twice(case_of(ROW), "受理编号", "D3JX202405240023", "", 1)
    assert trouble.sentence == "第 2 行“受理编号”D3JX202405240023 与第 1 行重复。"


def test_our_own_register_comes_back_with_number_state_and_units() -> None:
    header = ["案件编号", "来源代码", "受理编号", "标题", "问题描述", "状态", "主办单位", "区划代码", "收到时间"]
    case = case_of(["XH-2026-000001", "H12345", None, "油烟", "油烟扰民", "整改中", "西湖区城管局", "360103002", datetime(2026, 3, 1)], header)
    assert (case.number, case.source, case.source_number, case.area_code) == ("XH-2026-000001", "H12345", None, "360103002")
    assert case.received_at == datetime(2026, 3, 1)
    assert dict(case.extra) == {"state": "整改中", "lead_unit": "西湖区城管局", "received_at": "2026-03-01 00:00:00"}


def test_what_has_no_column_of_its_own_is_told_in_one_cell_and_read_back() -> None:
    said = (("likes", "24"), ("reply", "已回复：处理中"), ("category_note", "光污染"))
    told = others_told(said)
    assert told == "点赞数：24\n答复意见：已回复：处理中\n类型原文：光污染"
    assert {column.value: text for column, text in others_in(told).items()} == dict(said)


def test_the_content_digest_does_not_depend_on_blanks() -> None:
    assert digest_of("油烟 扰民", "西湖区", TODAY) == digest_of("油烟扰民", " 西湖区", TODAY)
    assert digest_of("油烟扰民", "西湖区", TODAY) != digest_of("油烟扰民", "西湖区", None)
