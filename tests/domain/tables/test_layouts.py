"""Recognising a published table by its headers, however they are written and wherever they stand."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.columns import BY_HEADER, HEADERS, CaseColumn, as_shown, column_of, normalised
from tracker.domain.tables.layouts import LAYOUTS, REGISTER_COLUMNS, batch_in, declared_count, recognise, trailer_line

PUBLISHED = ["序号", "受理编号", "交办问题基本情况", "行政\n区域", "问题\n类型", "调查核实情况", "是否\n属实", "办结\n目标",
             "处理和整改情况", "是否\n办结", "责任人被处理情况"]
MESSAGES = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情(截取200字)", "反对数", "点赞数"]


def table(*rows: list[object]) -> list[tuple[int, list[object]]]:
    return list(enumerate(rows, 1))


def test_no_header_names_two_columns() -> None:
    names = [(normalised(name), column) for column, listed in HEADERS.items() for name in listed]
    assert dict(names) == BY_HEADER
    assert all(BY_HEADER[name] is column for name, column in names)


def test_every_column_has_a_header_and_every_layout_asks_for_known_columns() -> None:
    assert set(HEADERS) == set(CaseColumn)
    assert all(set(layout.required) <= set(layout.usual) for layout in LAYOUTS)


@pytest.mark.parametrize("written", ["行政\n区域", " 行政 区域 ", "行政区域", "*行政区域", "行政区域(县、区)", "行政区域:", "所属区县"])
def test_width_blanks_breaks_marks_and_notes_of_a_header_do_not_matter(written: str) -> None:
    assert column_of(written) is CaseColumn.area


def test_a_latin_header_keeps_its_blanks_in_sentences_and_loses_them_in_comparison() -> None:
    assert as_shown("COMPLAINT\n DATE") == "COMPLAINT DATE"
    assert as_shown("行政\n区域") == "行政区域"
    assert column_of("complaint  Date") is CaseColumn.received_on


def test_merged_title_rows_are_passed_over_and_read_for_the_batch() -> None:
    found = recognise(table(["一览表", None], ["(第十七批 2024年6月4日)"], list(PUBLISHED), [1, "D3JX202405240023", "油烟"]))
    assert found.layout.key == "published_2024"
    assert found.first_data_row == 4
    assert found.batch == "第十七批"
    assert found.title.startswith("一览表")


@given(st.permutations(PUBLISHED))
def test_the_order_of_columns_does_not_matter(order: list[str]) -> None:
    found = recognise(table(order))
    assert found.layout.key == "published_2024"
    assert {found.header.columns[at] for at in range(11)} == {column_of(name) for name in PUBLISHED}


def test_columns_may_be_missing_when_the_required_ones_are_there() -> None:
    rest = [name for name in PUBLISHED if name not in ("受理编号", "交办问题基本情况")]
    for seed in range(20):
        kept = random.Random(seed).sample(rest, seed % len(rest))
        assert recognise(table(["交办问题基本情况", *kept, "受理编号"])).layout.required == (CaseColumn.source_number, CaseColumn.description)


def test_the_2022_layout_the_messages_and_our_own_register_are_told_apart() -> None:
    older = ["序号", "受理编号", "交办问题基本情况", "行政区域", "污染类型", "调查核实情况", "是否属实", "处理和整改情况", "责任人被处理情况"]
    assert recognise(table(older)).layout.key == "published_2022"
    assert recognise(table(MESSAGES)).layout.key == "messages"
    assert recognise(table([HEADERS[column][0] for column in REGISTER_COLUMNS])).layout.key == "register"


def test_a_header_whose_words_are_split_over_two_rows_is_put_together() -> None:
    found = recognise(table(
        ["序号", "受理", "交办问题", "行政", "问题", "是否"],
        [None, "编号", "基本情况", "区域", "类型", "属实"],
        [1, "D3JX202405240023", "油烟", "西湖区", "大气", "属实"]))
    assert found.header.rows == (1, 2)
    assert found.header.found >= {CaseColumn.source_number, CaseColumn.description, CaseColumn.area, CaseColumn.categories,
                                  CaseColumn.finding}


def test_a_group_header_over_two_columns_is_read_together_with_the_row_below() -> None:
    found = recognise(table(["受理编号", "交办问题基本情况", "公示", None], [None, None, "开始", "结束"]))
    assert found.header.columns == {0: CaseColumn.source_number, 1: CaseColumn.description, 2: CaseColumn.notice_from,
                                    3: CaseColumn.notice_to}


def test_a_header_printed_twice_is_one_header_and_a_repetition() -> None:
    found = recognise(table(list(PUBLISHED), list(PUBLISHED), [1, "D3JX202405240023", "油烟"]))
    assert found.header.rows == (1,)
    assert found.repeats_header(PUBLISHED)
    assert not found.repeats_header([1, "D3JX202405240023", "受理编号有误的投诉", "西湖区"])


def test_an_unknown_table_is_refused_with_the_headers_seen_and_those_expected() -> None:
    with pytest.raises(Invalid) as refused:
        recognise(table(["月份", "项目", "数值"], ["2020-08", "接到举报", 1]), "Sheet3")
    sentence = refused.value.sentence
    assert "Sheet3" in sentence
    assert "月份、项目、数值" in sentence
    assert "受理编号、交办问题基本情况" in sentence and "留言编号、留言主题、留言详情" in sentence
    assert refused.value.code == "unknown_layout"


def test_an_almost_right_table_is_told_what_it_has() -> None:
    with pytest.raises(Invalid, match="受理编号、体系、备注"):
        recognise(table(["受理编号", "体系", "备注"]))


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(Invalid, match="没有像表头的行"):
        recognise([])


def test_two_columns_that_say_the_same_are_refused_by_their_names() -> None:
    with pytest.raises(Invalid, match="“问题类型”与“污染类型”"):
        recognise(table(["受理编号", "交办问题基本情况", "问题类型", "污染类型"]))


@pytest.mark.parametrize("line", ["(第十七批)", "第19批 2022年10月9日", "（第 三十 批）"])
def test_the_batch_is_read_from_a_title_line(line: str) -> None:
    assert batch_in(line.replace(" ", "")).endswith("批")


def test_the_last_line_of_our_csv_tells_its_count() -> None:
    assert declared_count([trailer_line(1234, "2026-11-23 18:00", "")]) == 1234
    assert declared_count(["# 共 1234 行", "x"]) is None
    assert declared_count(["D3JX202405240023"]) is None
